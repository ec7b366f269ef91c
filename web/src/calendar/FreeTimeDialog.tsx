import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useSession } from '@/api/session';
import type { FreeSlots, PickableUser } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { addDays, inZone, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dayMonth, time, weekday } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { MultiSelect, Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { layout } from '@/ui/use-form';
import css from './calendar.module.css';

const LENGTHS = [30, 60, 90, 120, 180, 240];
const SPAN_DAYS = 14;
const OTHERS = 9;
const SEES_OTHERS = ['administrator', 'sales_director', 'sales_manager'];

/** A chosen slot: a day and two wall times of the business zone. */
export type FreeChoice = { date: string; starts_at: string; ends_at: string };

type Props = { ownerId: number; onChoose: (slot: FreeChoice) => void; onClose: () => void };

/** When the plan's owner, and whoever comes along, are free (I11); a choice fills day and hours of the plan. */
export default function FreeTimeDialog({ ownerId, onChoose, onClose }: Props) {
  const { user } = useSession();
  const leads = SEES_OTHERS.includes(user.role);
  const [others, setOthers] = useState<string[]>([]);
  const [minutes, setMinutes] = useState('60');
  const [from, setFrom] = useState(today());
  const people = useQuery({
    queryKey: ['picker', 'users of all', ''],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
    enabled: leads,
  });
  const start = from || today();
  const query = {
    user_id: [ownerId, ...others.map(Number)],
    from: start,
    to: addDays(start, SPAN_DAYS - 1),
    minutes: Number(minutes),
  };
  const found = useQuery({
    queryKey: ['calendar', 'free', query],
    queryFn: ({ signal }) => api.get<FreeSlots>('/calendar/free', { query, signal }),
  });
  const choose = (starts_at: string) => {
    const begin = inZone(starts_at);
    const end = inZone(new Date(Date.parse(starts_at) + Number(minutes) * 60_000));
    onChoose({ date: begin.date, starts_at: begin.time, ends_at: end.time });
    onClose();
  };
  return (
    <Modal title={m.calendar_free()} width={560} onClose={onClose}>
      <div className={layout.form}>
        <p className={css.note}>{m.calendar_free_text()}</p>
        {leads && (
          <MultiSelect
            label={m.calendar_free_people()}
            options={(people.data ?? [])
              .filter((one) => one.id !== ownerId)
              .map((one) => ({ value: String(one.id), label: one.name, disabled: others.length >= OTHERS }))}
            value={others}
            onChange={setOthers}
          />
        )}
        <div className={layout.two}>
          <Select
            label={m.calendar_free_minutes()}
            options={LENGTHS.map((n) => ({ value: String(n), label: m.calendar_minutes({ n }) }))}
            value={minutes}
            onChange={setMinutes}
          />
          <DateField label={m.calendar_free_from()} min={today()} value={from} onChange={setFrom} />
        </div>
      </div>
      {found.isPending && <SkeletonRows rows={4} />}
      {found.error && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data?.slots.length === 0 && <EmptyState small>{m.calendar_free_none()}</EmptyState>}
      <ul className={css.freeDays} aria-label={m.calendar_free()}>
        {byDate(found.data?.slots ?? []).map(([day, slots]) => (
          <li key={day}>
            <span className={css.freeDay}>
              {dayMonth(day)} {weekday(day)}
            </span>
            {slots.map((slot) => (
              <Button key={slot.starts_at} size="sm" onClick={() => choose(slot.starts_at)}>
                {`${time(slot.starts_at)}–${time(slot.ends_at)}`}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function byDate(slots: FreeSlots['slots']): [string, FreeSlots['slots']][] {
  const days = new Map<string, FreeSlots['slots']>();
  for (const slot of slots) days.set(slot.date, [...(days.get(slot.date) ?? []), slot]);
  return [...days];
}
