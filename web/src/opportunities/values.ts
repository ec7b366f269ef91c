import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { parseMoney, showMoney } from '@/ui/format';

/** The fields of the opportunity form as the form holds them: absent texts as ''. */
export type OpportunityValues = {
  customer_id: number | null;
  name: string;
  expected_amount: string;
  expected_close_date: string;
  stage: string;
  owner_id: number | null;
  remark: string;
  /** '' for what the stage says (I27). */
  forecast_class: string;
};

export const FIRST_STAGE = 'initial_contact';

export const EMPTY: OpportunityValues = {
  customer_id: null,
  name: '',
  expected_amount: '',
  expected_close_date: '',
  stage: FIRST_STAGE,
  owner_id: null,
  remark: '',
  forecast_class: '',
};

/** What an edit changes; stage, owner and customer change by ways of their own, each with its log. */
export type EditValues = Pick<
  OpportunityValues,
  'name' | 'expected_amount' | 'expected_close_date' | 'remark' | 'forecast_class'
>;

export function editValues(opportunity: Opportunity): EditValues {
  return {
    name: opportunity.name,
    expected_amount: showMoney(opportunity.expected_amount),
    expected_close_date: opportunity.expected_close_date ?? '',
    remark: opportunity.remark ?? '',
    forecast_class: (opportunity.forecast_class_is_own && opportunity.forecast_class) || '',
  };
}

type Body = Record<string, unknown>;

/** Empty optional fields travel as null, amounts as plain decimals; an empty amount as null, so that the server names it. */
function bodyOf(values: Partial<OpportunityValues>): Body {
  const body: Body = { ...values };
  if (values.expected_amount !== undefined) body.expected_amount = parseMoney(values.expected_amount) || null;
  for (const name of ['expected_close_date', 'remark', 'forecast_class'] as const)
    if (body[name] === '') body[name] = null;
  return body;
}

/** What a new opportunity is made from; what is missing and required is left for the server to name. */
export function createBody(values: OpportunityValues): Body {
  return Object.fromEntries(Object.entries(bodyOf(values)).filter(([, value]) => value !== null && value !== ''));
}

/** Only what differs from the record the edit began with; 500,000.00 and 500000 are the same amount. */
export function changes(base: EditValues, values: EditValues): Partial<EditValues> {
  const plain = (name: string, value: unknown) =>
    name === 'expected_amount' ? showMoney(String(value)) : JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => plain(name, value) !== plain(name, base[name as keyof EditValues]),
    ),
  );
}

export const patchBody = (base: EditValues, values: EditValues): Body => bodyOf(changes(base, values));

/** The server's present record with this editor's changes on top; where both changed a field, `keepMine` decides. */
export function merged(
  base: EditValues,
  mine: EditValues,
  theirs: EditValues,
  conflicting: readonly string[],
  keepMine: readonly string[],
): EditValues {
  const wanted = Object.entries(changes(base, mine)).filter(
    ([name]) => !conflicting.includes(name) || keepMine.includes(name),
  );
  return { ...theirs, ...Object.fromEntries(wanted) };
}

export const fieldLabels = (): Record<keyof EditValues, string> => ({
  name: m.opportunities_name(),
  expected_amount: m.opportunities_expected_amount(),
  expected_close_date: m.opportunities_close_date(),
  remark: m.opportunities_remark(),
  forecast_class: m.opportunities_forecast_class(),
});
