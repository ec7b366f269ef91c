import { useQuery } from '@tanstack/react-query';
import { FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { AssignmentRule, RuleTarget } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { EntryActions, type EntryDeeds } from './EntryActions';
import { Frame } from './Frame';
import { methodLabels, targetLabels } from './labels';
import { moved } from './order';
import { RuleForm } from './RuleForm';
import { RuleTrial } from './RuleTrial';
import css from './settings.module.css';

const TARGETS = ['customer', 'task'] as const satisfies readonly RuleTarget[];

/** The words stand in sentences, too; at the head of a card they begin with a capital. */
const headed = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** 分配规则 (S65): the first that fits says who gets a new customer or task that nobody is named for. */
export default function RulesPage() {
  const found = useQuery({ queryKey: ['rules'], queryFn: () => api.get<AssignmentRule[]>('/assignment-rules') });
  const [editing, setEditing] = useState<{ target: RuleTarget; rule?: AssignmentRule }>();
  const [trying, setTrying] = useState<RuleTarget>();
  const [busy, setBusy] = useState(false);
  const labels = targetLabels();

  async function attempt(work: () => Promise<unknown>) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (!toldStale(error, 'rule')) toast.problem(error);
    }
    refreshAfter('rule');
    setBusy(false);
  }

  const patch = (rule: AssignmentRule, body: { enabled?: boolean; position?: number }) =>
    api.patch('/assignment-rules/{id}', { path: { id: rule.id }, version: rule.version, body });

  return (
    <Frame title={m.rules_title()}>
      <p className={css.hint}>{m.rules_hint()}</p>
      {found.isPending && <SkeletonRows rows={6} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data &&
        TARGETS.map((target) => {
          const rules = found.data.filter((rule) => rule.target === target);
          return (
            <Card
              key={target}
              flush
              title={headed(labels[target])}
              actions={
                <div className={css.inline}>
                  <Button size="sm" icon={<FlaskConical size={14} aria-hidden />} onClick={() => setTrying(target)}>
                    {m.rules_try()}
                  </Button>
                  <Button
                    size="sm"
                    icon={<Plus size={14} aria-hidden />}
                    aria-label={m.rules_add_to({ target: labels[target] })}
                    onClick={() => setEditing({ target })}
                  >
                    {m.rules_add()}
                  </Button>
                </div>
              }
            >
              {rules.length === 0 && <EmptyState small>{m.rules_none()}</EmptyState>}
              <ol>
                {rules.map((rule, i) => (
                  <Row
                    key={rule.id}
                    rule={rule}
                    busy={busy}
                    first={i === 0}
                    last={i === rules.length - 1}
                    onMove={(by) =>
                      attempt(async () => {
                        for (const change of moved(rules, rule.id, by)) {
                          await patch(change.entry, { position: change.position });
                        }
                      })
                    }
                    onEdit={() => setEditing({ target, rule })}
                    onTurn={() => attempt(() => patch(rule, { enabled: !rule.enabled }))}
                    onRemove={() =>
                      attempt(() =>
                        api.delete('/assignment-rules/{id}', { path: { id: rule.id }, version: rule.version }),
                      )
                    }
                  />
                ))}
              </ol>
            </Card>
          );
        })}
      {editing && <RuleForm {...editing} onClose={() => setEditing(undefined)} />}
      {trying && <RuleTrial target={trying} onClose={() => setTrying(undefined)} />}
    </Frame>
  );
}

type RowProps = EntryDeeds & { rule: AssignmentRule };

function Row({ rule, ...deeds }: RowProps) {
  const stages = useStages();
  const { name } = rule;
  const asked = [
    ...rule.regions.map((one) => one.name),
    ...rule.source_channels.map((one) => one.name),
    ...rule.stages.map((key) => stages.find((stage) => stage.key === key)?.name ?? key),
  ];
  const people = rule.people.map((person) =>
    person.status !== 'active'
      ? m.rules_gone({ name: person.name })
      : person.on_leave_from && person.on_leave_until
        ? m.rules_away({ name: person.name, from: person.on_leave_from, day: person.on_leave_until })
        : person.name,
  );
  return (
    <li className={css.item}>
      <div className={css.itemMain}>
        <span className={rule.enabled ? css.itemTitle : css.itemOff}>{name}</span>
        <Badge tone="blue">{methodLabels()[rule.method]}</Badge>
        {!rule.enabled && <Badge>{m.settings_status_disabled()}</Badge>}
        {rule.is_void && <Badge tone="red">{m.rules_void()}</Badge>}
        <span className={css.itemMeta}>
          {asked.length > 0 ? asked.join(' · ') : rule.is_void ? '—' : m.rules_any()} → {people.join('、')}
        </span>
      </div>
      <EntryActions name={name} enabled={rule.enabled} deeds={deeds} />
    </li>
  );
}
