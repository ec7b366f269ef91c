import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { TargetFigures, TargetNode, TargetTree as Tree } from '@/api/types';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { moneyShort } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { Table } from '@/ui/Table';
import css from './settings.module.css';

const DEPTHS = [css.depth0, css.depth1, css.depth2, css.depth3, css.depth4];

type Column = { label: string; figures: (node: TargetNode) => TargetFigures | undefined; sum?: boolean };

/** Each quarter behind its months, the year behind all. */
function columns(): Column[] {
  const quarters = [0, 1, 2, 3].flatMap((quarter): Column[] => [
    ...[0, 1, 2].map((nth) => ({
      label: m.settings_target_month({ n: quarter * 3 + nth + 1 }),
      figures: (node: TargetNode) => node.months[quarter * 3 + nth],
    })),
    { label: m.settings_target_quarter({ n: quarter + 1 }), figures: (node) => node.quarters[quarter], sum: true },
  ]);
  return [...quarters, { label: m.settings_target_total(), figures: (node) => node.year, sum: true }];
}

/** 业绩目标 from the company down to people, with what is missing between the levels (I22). */
export function TargetTree({ year }: { year: number }) {
  const found = useQuery({
    queryKey: ['targets', 'tree', year],
    queryFn: ({ signal }) => api.get<Tree>('/targets/tree', { query: { year }, signal }),
  });
  if (found.isPending) return <SkeletonRows rows={8} />;
  if (!found.data) return <FailedState error={found.error} retry={() => void found.refetch()} />;
  if (found.data.nodes.length === 0) return <EmptyState>{m.settings_target_none()}</EmptyState>;
  const all = columns();
  return (
    <>
      <p className={css.gridHint}>{m.settings_target_tree_hint()}</p>
      <Table label={m.settings_target_tree()}>
        <thead>
          <tr>
            <th scope="col" className={css.owner}>
              {m.settings_target_owner()}
            </th>
            {all.map((column) => (
              <th key={column.label} scope="col" className={css.month}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.data.nodes.map((node) => (
            <tr key={`${node.owner_type} ${node.owner_id}`}>
              <th scope="row" className={css.owner}>
                <span className={DEPTHS[Math.min(node.depth, DEPTHS.length - 1)]}>
                  {node.name || m.settings_target_company()}
                </span>
              </th>
              {all.map((column) => (
                <td key={column.label} className={column.sum ? css.total : css.figure}>
                  <Figures figures={column.figures(node)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function Figures({ figures }: { figures: TargetFigures | undefined }) {
  if (!figures || (!figures.amount && !figures.below)) return <>—</>;
  if (!figures.amount) {
    return <span className={css.below}>{m.settings_target_below({ amount: moneyShort(figures.below) })}</span>;
  }
  const off = figures.difference && Number(figures.difference) !== 0 ? figures.difference : undefined;
  return (
    <>
      {moneyShort(figures.amount)}
      {off && <span className={css.off}>{m.settings_target_difference({ amount: moneyShort(off) })}</span>}
    </>
  );
}
