import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { api } from '@/api/client';
import { useDictionary, useStages } from '@/api/dictionaries';
import type { PickableUser } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { ClearFilters, chipClass, FilterBar, FilterChip, SearchField, ToggleChip } from '@/ui/FilterBar';
import { Popover } from '@/ui/Menu';
import type { Option } from '@/ui/Select';
import { usePhone } from '@/ui/use-phone';
import { forecastLabels, statusLabels } from './labels';
import css from './opportunities.module.css';
import type { OpportunitiesSearch } from './routes';
import { inOrder } from './stage-moves';

type Props = {
  search: OpportunitiesSearch;
  onChange: (patch: Partial<OpportunitiesSearch>) => void;
  /** The board shows every stage and takes fewer filters. */
  board?: boolean;
  children?: ReactNode;
};

const BOARD_FILTERS = ['q', 'owner_id', 'team_id'] as const satisfies readonly (keyof OpportunitiesSearch)[];

const FILTERS = [
  ...BOARD_FILTERS,
  'stage',
  'status',
  'customer_id',
  'region',
  'close_from',
  'close_to',
  'overdue_close',
  'without_next_step',
  'stuck',
  'industry',
  'source_channel',
  'primary_source',
  'tag',
  'won_by',
  'won_team_id',
  'created_from',
  'created_to',
  'won_from',
  'won_to',
  'lost_from',
  'lost_to',
  'lost_reason',
  'competitor',
  'lost_stage',
  'forecast_class',
  'reached_from',
  'reached_to',
  'reached',
  'also_reached',
] as const satisfies readonly (keyof OpportunitiesSearch)[];

export function isFiltered(search: OpportunitiesSearch, board = false): boolean {
  return (board ? BOARD_FILTERS : FILTERS).some((name) => search[name] !== undefined);
}

export function OpportunityFilters({ search, onChange, board = false, children }: Props) {
  const phone = usePhone();
  const stages = inOrder(useStages()).map((stage) => ({ value: stage.key, label: stage.name }));
  const regions = useDictionary('region').map((region) => ({ value: String(region.id), label: region.name }));
  const statuses = Object.entries(statusLabels()).map(([value, { label }]) => ({ value, label }));
  const users = useQuery({
    queryKey: ['users', 'pickable'],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
  });
  const owners = (users.data ?? []).map((user) => ({ value: String(user.id), label: user.name }));

  const classes = Object.entries(forecastLabels()).map(([value, label]) => ({ value, label }));

  const chip = (
    name: 'stage' | 'status' | 'region' | 'owner_id' | 'forecast_class',
    label: string,
    options: Option[],
  ) => (
    <FilterChip
      label={label}
      options={options}
      value={search[name] ?? []}
      onChange={(value) => onChange({ [name]: value.length > 0 ? value : undefined })}
    />
  );
  const toggle = (name: 'overdue_close' | 'without_next_step' | 'stuck', label: string) => (
    <ToggleChip
      label={label}
      on={search[name] === true}
      onChange={(on) => onChange({ [name]: on ? true : undefined })}
    />
  );

  return (
    <FilterBar>
      <SearchField
        label={m.opportunities_search()}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      {!board && chip('stage', m.opportunities_stage(), stages)}
      {!board && chip('status', m.opportunities_status(), statuses)}
      {chip('owner_id', m.opportunities_owner(), owners)}
      {!board && (
        <>
          {chip('region', m.opportunities_region(), regions)}
          {chip('forecast_class', m.opportunities_forecast_class(), classes)}
          <CloseDates search={search} onChange={onChange} />
          {toggle('overdue_close', m.opportunities_overdue())}
          {toggle('without_next_step', m.opportunities_without_next_step())}
          {toggle('stuck', m.opportunities_stuck())}
        </>
      )}
      {phone && !board && (
        <FilterChip
          single
          label={m.opportunities_sort()}
          options={[
            { value: '-updated_at', label: m.opportunities_sort_updated() },
            { value: '-created_at', label: m.opportunities_sort_created() },
            { value: '-expected_amount', label: m.opportunities_expected_amount() },
            { value: 'expected_close_date', label: m.opportunities_close_date() },
            { value: 'entered_stage_at', label: m.opportunities_sort_stay() },
          ]}
          value={search.sort ? [search.sort] : []}
          onChange={([sort]) => onChange({ sort: sort as OpportunitiesSearch['sort'] })}
        />
      )}
      {isFiltered(search, board) && (
        <ClearFilters
          onClear={() =>
            onChange(Object.fromEntries((board ? BOARD_FILTERS : FILTERS).map((name) => [name, undefined])))
          }
        />
      )}
      {children}
    </FilterBar>
  );
}

/** 预计成交日 from–to, with the spans people ask for. */
function CloseDates({ search, onChange }: Omit<Props, 'board' | 'children'>) {
  const on = search.close_from !== undefined || search.close_to !== undefined;
  const month = today().slice(0, 7);
  const nextMonth = addDays(`${month}-28`, 4).slice(0, 7);
  const spans = [
    { label: m.opportunities_next_7_days(), from: today(), to: addDays(today(), 7) },
    { label: m.opportunities_this_month(), from: `${month}-01`, to: addDays(`${nextMonth}-01`, -1) },
    {
      label: m.opportunities_next_month(),
      from: `${nextMonth}-01`,
      to: addDays(`${addDays(`${nextMonth}-28`, 4).slice(0, 7)}-01`, -1),
    },
  ];
  return (
    <Popover
      label={m.opportunities_close_date()}
      width={280}
      trigger={(open, isOpen) => (
        <button type="button" className={chipClass(on)} aria-haspopup="dialog" aria-expanded={isOpen} onClick={open}>
          {m.opportunities_close_date()}
          {on && <strong>{`${search.close_from ?? '…'} – ${search.close_to ?? '…'}`}</strong>}
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
    >
      {(close) => (
        <div className={css.span}>
          <div className={css.spans}>
            {spans.map((span) => (
              <Button
                key={span.label}
                size="sm"
                onClick={() => {
                  onChange({ close_from: span.from, close_to: span.to });
                  close();
                }}
              >
                {span.label}
              </Button>
            ))}
          </div>
          <DateField
            label={m.opportunities_from()}
            clearable
            insidePopup
            value={search.close_from ?? ''}
            onChange={(value) => onChange({ close_from: value || undefined })}
          />
          <DateField
            label={m.opportunities_to()}
            clearable
            insidePopup
            value={search.close_to ?? ''}
            onChange={(value) => onChange({ close_to: value || undefined })}
          />
          <div className={css.spanFoot}>
            <Button
              variant="ghost"
              size="sm"
              disabled={!on}
              onClick={() => onChange({ close_from: undefined, close_to: undefined })}
            >
              {m.ui_clear()}
            </Button>
            <Button size="sm" onClick={close}>
              {m.ui_done()}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
