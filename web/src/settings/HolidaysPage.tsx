import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Trash2 } from 'lucide-react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import type { Holiday } from '@/api/types';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date, weekday } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import { holidaysRoute } from './routes';
import css from './settings.module.css';

type Days = Holiday[];

/** Puts these days in the place of those of the year; calendars and working days follow (I8, I10). */
async function keep(year: number, days: Days) {
  await api.put<Days>('/holidays', { query: { year }, body: { days } });
  void queryClient.invalidateQueries({ queryKey: ['holidays'] });
}

/** 节假日: days off and days made up for, year by year. */
export default function HolidaysPage() {
  const search = holidaysRoute.useSearch();
  const navigate = useNavigate({ from: '/settings/holidays' });
  const year = search.year ?? Number(today().slice(0, 4));
  const found = useQuery({
    queryKey: ['holidays', String(year)],
    queryFn: () => api.get<Days>('/holidays', { query: { year } }),
  });
  const days = found.data;
  const go = (next: number) => void navigate({ search: compact({ year: next }), replace: true });

  async function remove(day: Holiday) {
    try {
      await keep(
        year,
        (days ?? []).filter((one) => one.day !== day.day),
      );
      toast.success(m.settings_deleted());
    } catch (error) {
      toast.problem(error);
    }
  }

  return (
    <Frame
      title={m.settings_holidays()}
      actions={
        <div className={css.year}>
          <IconButton label={m.settings_target_previous()} onClick={() => go(year - 1)}>
            <ChevronLeft size={17} aria-hidden />
          </IconButton>
          <strong>{year}</strong>
          <IconButton label={m.settings_target_next()} onClick={() => go(year + 1)}>
            <ChevronRight size={17} aria-hidden />
          </IconButton>
        </div>
      }
    >
      <Card flush>
        <p className={css.gridHint}>{m.settings_holidays_hint()}</p>
        {found.isPending && <SkeletonRows rows={6} />}
        {found.error && !days && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {days && <AddDay key={year} year={year} days={days} />}
        {days?.length === 0 && <EmptyState small>{m.settings_holidays_none({ year })}</EmptyState>}
        <ul aria-label={m.settings_holidays()}>
          {days?.map((day) => (
            <li key={day.day} className={css.item}>
              <div className={css.itemMain}>
                <Badge tone={day.kind === 'holiday' ? 'red' : 'blue'}>{kindLabel(day.kind)}</Badge>
                <span>{dayLabel(day)}</span>
                <span className={css.hint}>{day.name}</span>
              </div>
              <div className={css.itemActions}>
                <IconButton
                  size="sm"
                  label={m.settings_holiday_delete({ day: dayLabel(day) })}
                  onClick={() => void remove(day)}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      </Card>
    </Frame>
  );
}

const dayLabel = ({ day }: Holiday) => `${date(day)} ${weekday(day)}`;

const kindLabel = (kind: Holiday['kind']) =>
  kind === 'holiday' ? m.settings_holiday_off() : m.settings_holiday_worked();

/** Another day of the year; one that is marked already is marked anew. */
function AddDay({ year, days }: { year: number; days: Days }) {
  const form = useForm({
    initial: { day: '', kind: 'holiday', name: '' },
    save: async ({ day, kind, name }) => {
      const others = days.filter((one) => one.day !== day);
      await keep(year, [...others, { day, name, kind: kind === 'workday' ? 'workday' : 'holiday' }]);
      form.reset({ day: '', kind, name });
    },
  });
  return (
    <form className={css.addDay} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <DateField label={m.settings_holiday_day()} min={`${year}-01-01`} max={`${year}-12-31`} {...form.field('day')} />
      <Select
        label={m.settings_holiday_kind()}
        options={[
          { value: 'holiday', label: m.settings_holiday_off() },
          { value: 'workday', label: m.settings_holiday_worked() },
        ]}
        {...form.field('kind')}
      />
      <TextField label={m.settings_holiday_name()} {...form.field('name')} />
      <Button
        type="submit"
        loading={form.submitting}
        disabled={form.values.day === '' || form.values.name.trim() === ''}
      >
        {m.settings_entry_add()}
      </Button>
      <FormAlert form={form} />
    </form>
  );
}
