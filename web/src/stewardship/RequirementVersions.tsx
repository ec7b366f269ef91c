import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import css from './stewardship.module.css';
import type { RequirementVersion } from './types';

/** 客户需求 over time: before, after, by whom, when, from which record (S6). */
export default function RequirementVersions({ customerId, onClose }: { customerId: number; onClose: () => void }) {
  const list = useList<RequirementVersion>(
    ['customers', 'requirements', customerId],
    '/customers/{id}/requirements',
    {},
    { path: { id: customerId } },
  );
  return (
    <Modal title={m.stewardship_requirements()} onClose={onClose} width={620}>
      {list.pending && <SkeletonRows rows={3} />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && (
        <EmptyState small>{m.stewardship_changes_none()}</EmptyState>
      )}
      <ol className={css.log} aria-label={m.stewardship_requirements()}>
        {list.rows.map((version) => (
          <li key={version.id}>
            <span className={css.change}>
              <del>{version.old || m.ui_empty_value()}</del> → <ins>{version.new || m.ui_empty_value()}</ins>
            </span>
            <span className={css.meta}>
              <time dateTime={version.at}>{dateTime(version.at)}</time> · {version.by_name ?? m.app_by_system()}
              {version.follow_up_id ? ` · ${m.stewardship_from_follow_up({ id: String(version.follow_up_id) })}` : ''}
            </span>
          </li>
        ))}
      </ol>
      <Pager list={list} />
    </Modal>
  );
}
