import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { messageOf, Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import type { Page, PickableUser, Settings, Target } from '@/api/types';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { IconButton } from '@/ui/Button';
import { today } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { moneyShort, parseMoney, showMoney } from '@/ui/format';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { Frame } from './Frame';
import { TARGET_VIEWS, type TargetLevel, type TargetView, targetsRoute } from './routes';
import css from './settings.module.css';
import { TargetChanges } from './TargetChanges';
import { placeOf, TargetFile } from './TargetFile';
import { TargetTree } from './TargetTree';
import { useTeams } from './use-teams';
import { byCell, cellKey, months, sum } from './year';

type Owner = { id: number; name: string };

const COMPANY_ID = 0;

/** The current month is what one comes for; on a narrow screen it would lie out of sight. */
const intoView = (head: HTMLTableCellElement | null) =>
  head?.scrollIntoView({ inline: 'center', block: 'nearest', behavior: 'instant' });

async function targetsOf(level: TargetLevel, year: number): Promise<Target[]> {
  const all: Target[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Target> = await api.get('/targets', {
      query: { period: months(year), owner_type: level, limit: 100, cursor },
    });
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return all;
}

/** 销售目标 (I22): a year's months for people, teams or the company; a cell is saved when it is left. */
export default function TargetsPage() {
  const search = targetsRoute.useSearch();
  const navigate = useNavigate({ from: '/settings/targets' });
  const year = search.year ?? Number(today().slice(0, 4));
  const view = search.level ?? 'user';
  const level = view === 'tree' || view === 'changes' ? undefined : view;
  const [reason, setReason] = useState('');
  const owners = useOwners(level);
  const found = useQuery({
    queryKey: ['targets', level, year],
    queryFn: () => targetsOf(level ?? 'user', year),
    enabled: level !== undefined,
  });
  const cells = byCell(found.data ?? []);
  const labels: Record<TargetView, string> = {
    user: m.settings_target_people(),
    team: m.settings_target_teams(),
    company: m.settings_target_company(),
    tree: m.settings_target_tree(),
    changes: m.settings_target_changes(),
  };
  const go = (patch: typeof search) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true });

  return (
    <Frame
      title={m.settings_targets()}
      actions={
        <div className={css.year}>
          <IconButton label={m.settings_target_previous()} onClick={() => go({ year: year - 1 })}>
            <ChevronLeft size={17} aria-hidden />
          </IconButton>
          <strong>{year}</strong>
          <IconButton label={m.settings_target_next()} onClick={() => go({ year: year + 1 })}>
            <ChevronRight size={17} aria-hidden />
          </IconButton>
        </div>
      }
    >
      <Card flush>
        <div className={css.tabs}>
          <Tabs
            label={m.settings_target_levels()}
            tabs={TARGET_VIEWS.map((value) => ({ value, label: labels[value] }))}
            value={view}
            onChange={(next) => go({ level: next === 'user' ? undefined : next })}
          />
        </div>
        {view !== 'changes' && (
          <div className={css.targetTools}>
            <TextField
              label={m.settings_target_reason()}
              description={m.settings_target_reason_hint()}
              value={reason}
              onChange={setReason}
            />
            <TargetFile year={year} reason={reason} />
          </div>
        )}
        {view === 'tree' && <TargetTree year={year} />}
        {view === 'changes' && <TargetChanges year={year} />}
        {level && (
          <p className={css.gridHint}>
            {m.settings_target_hint()} {m.settings_target_remove_hint()}
          </p>
        )}
        {level && (found.isPending || !owners) && !found.error && <SkeletonRows rows={6} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {level && found.data && owners?.length === 0 && <EmptyState>{m.settings_target_none()}</EmptyState>}
        {level && found.data && owners && owners.length > 0 && (
          <Table label={m.settings_targets()}>
            <thead>
              <tr>
                <th scope="col" className={css.owner}>
                  {m.settings_target_owner()}
                </th>
                {months(year).map((period, i) => (
                  <th
                    key={period}
                    scope="col"
                    className={css.month}
                    ref={period === today().slice(0, 7) ? intoView : undefined}
                  >
                    {m.settings_target_month({ n: i + 1 })}
                  </th>
                ))}
                <th scope="col" className={css.month}>
                  {m.settings_target_total()}
                </th>
              </tr>
            </thead>
            <tbody>
              {owners.map((owner) => (
                <tr key={owner.id}>
                  <th scope="row" className={css.owner}>
                    {owner.name}
                  </th>
                  {months(year).map((period) => (
                    <td key={period} className={css.cell}>
                      <TargetCell
                        key={`${cellKey(owner.id, period)} ${cells.get(cellKey(owner.id, period))?.version ?? 0}`}
                        level={level}
                        reason={reason}
                        owner={owner}
                        period={period}
                        target={cells.get(cellKey(owner.id, period))}
                      />
                    </td>
                  ))}
                  <td className={css.total}>
                    {moneyShort(
                      sum(months(year).flatMap((period) => cells.get(cellKey(owner.id, period))?.amount ?? [])),
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Card>
    </Frame>
  );
}

function useOwners(level: TargetLevel | undefined): Owner[] | undefined {
  const people = useQuery({
    queryKey: ['picker', 'users of all', ''],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    enabled: level === 'user',
  });
  const teams = useTeams();
  const company = useQuery({
    queryKey: ['settings'],
    queryFn: () => api.get<Settings>('/settings'),
    enabled: level === 'company',
  });
  if (level === 'user') return people.data;
  if (level === 'team') return teams.filter((team) => team.kind !== 'company');
  return company.data && [{ id: COMPANY_ID, name: company.data.company_name || m.settings_target_company() }];
}

/** Twelve months stand side by side: whole 元 go without their decimals. */
const shortened = (amount: string): string => showMoney(amount).replace(/\.00$/, '');

type CellProps = { level: TargetLevel; reason: string; owner: Owner; period: string; target: Target | undefined };

function TargetCell({ level, reason, owner, period, target }: CellProps) {
  const saved = target ? shortened(target.amount) : '';
  const [text, setText] = useState(saved);
  const [problem, setProblem] = useState<string>();

  async function save() {
    const amount = parseMoney(text);
    const shown = shortened(text);
    setText(shown);
    if (shown === saved) {
      setProblem(undefined);
      return;
    }
    const why = reason.trim() || null;
    try {
      if (!text.trim() && target) {
        await api.delete('/targets/{id}', {
          path: { id: target.id },
          version: target.version,
          ...(why && { query: { reason: why } }),
        });
        setProblem(undefined);
        refreshAfter('target');
        return;
      }
      await api.put<Target>('/targets', {
        body: { period, owner_type: level, owner_id: owner.id, amount, reason: why },
      });
      setProblem(undefined);
      refreshAfter('target');
    } catch (error) {
      const said =
        !text.trim() && !why
          ? m.settings_target_needs_reason()
          : error instanceof Problem
            ? error.fields.map((field) => placeOf(field.field) + field.message).join('；')
            : '';
      setProblem(said || messageOf(error));
      toast.error(said || messageOf(error));
    }
  }

  return (
    <input
      className={css.amount}
      value={text}
      inputMode="decimal"
      autoComplete="off"
      aria-label={m.settings_target_cell({ owner: owner.name, month: period })}
      aria-invalid={problem ? true : undefined}
      title={problem}
      placeholder="—"
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setText(saved);
      }}
    />
  );
}
