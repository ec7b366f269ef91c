import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import type { Customer } from '@/api/types';
import { toast } from '@/ui/toast';

/** One field changed on the page itself. When somebody was faster, the page shows the record as it now stands. */
export async function patchCustomer(customer: Customer, body: Record<string, unknown>): Promise<boolean> {
  try {
    const saved = await api.patch<Customer>('/customers/{id}', {
      path: { id: customer.id },
      version: customer.version,
      body,
    });
    refreshAfter('customer', 'opportunity');
    toast.warnings(saved.warnings);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 412) refreshAfter('customer');
    toast.problem(error);
    return false;
  }
}
