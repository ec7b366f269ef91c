import { Problem } from '@/api/problem';
import { type RecordKind, refreshAfter } from '@/api/query-client';
import * as m from '@/paraglide/messages';
import { toast } from '@/ui/toast';

/** A stale version (412): what is shown is read again, and the person told. */
export function toldStale(problem: unknown, kind: RecordKind): boolean {
  if (!(problem instanceof Problem) || problem.status !== 412) return false;
  refreshAfter(kind);
  toast.warning(m.settings_changed_meanwhile());
  return true;
}
