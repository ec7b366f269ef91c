import type { Problem } from '@/api/problem';
import * as m from '@/paraglide/messages';
import type { Form } from '@/ui/use-form';
import type { CustomerValues } from './values';

/** 409 `DUPLICATE_NAME` belongs to the name field: number, owner and team of the record that has it (S15). */
export function takenName(problem: Problem, form: Pick<Form<CustomerValues>, 'setErrors'>): boolean {
  const { hit } = problem;
  const field = { DUPLICATE_NAME: 'name', DUPLICATE_CREDIT_CODE: 'credit_code' }[problem.code];
  if (!hit || !field) return false;
  const owner = [hit.owner_name ?? m.customers_pool(), hit.team_name].filter(Boolean).join(' · ');
  const text = field === 'name' ? m.stewardship_taken_name({ number: hit.number, owner }) : problem.message;
  form.setErrors({ [field]: text });
  requestAnimationFrame(() =>
    document.querySelector<HTMLInputElement>(`[role="dialog"] input[name="${field}"]`)?.focus(),
  );
  return true;
}
