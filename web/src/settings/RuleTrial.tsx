import { useState } from 'react';
import { api } from '@/api/client';
import { entryOptions, useDictionary, useStages } from '@/api/dictionaries';
import type { AssignmentTrial, RuleTarget } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { Select } from '@/ui/Select';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { stepLabels } from './labels';
import css from './settings.module.css';

/** 试算: which rule would take a record, and why the others would not; nobody's turn is taken. */
export function RuleTrial({ target, onClose }: { target: RuleTarget; onClose: () => void }) {
  const regions = entryOptions(useDictionary('region'));
  const sources = entryOptions(useDictionary('source_channel'));
  const stages = useStages().filter((stage) => stage.kind === 'open');
  const [trial, setTrial] = useState<AssignmentTrial>();
  const labels = stepLabels();
  const form = useForm({
    initial: { region: '', source_channel: '', stage: '' },
    save: async ({ region, source_channel, stage }) => {
      const body = {
        target,
        region: region ? Number(region) : null,
        ...(target === 'customer'
          ? { source_channel: source_channel ? Number(source_channel) : null }
          : { stage: stage || null }),
      };
      setTrial(await api.post<AssignmentTrial>('/assignment-rules/try', { body }));
    },
  });
  return (
    <Modal
      title={m.rules_try()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_close()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.rules_try()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <div className={layout.two}>
          <Select label={m.settings_dict_region()} clearable options={regions} {...form.field('region')} />
          {target === 'customer' ? (
            <Select label={m.rules_source()} clearable options={sources} {...form.field('source_channel')} />
          ) : (
            <Select
              label={m.tasks_batch_stage()}
              clearable
              options={stages.map((stage) => ({ value: stage.key, label: stage.name }))}
              {...form.field('stage')}
            />
          )}
        </div>
        <button type="submit" hidden />
      </form>
      {trial && (
        <>
          <p role="status">
            {trial.rule && trial.person
              ? m.rules_would({ rule: trial.rule.name, name: trial.person.name })
              : m.rules_would_stay()}
          </p>
          <ol>
            {trial.steps.map((step) => (
              <li key={step.id} className={css.item}>
                <span className={css.itemMain}>{step.name}</span>
                <Badge tone={step.outcome === 'takes' ? 'brand' : undefined}>{labels[step.outcome]}</Badge>
              </li>
            ))}
          </ol>
        </>
      )}
    </Modal>
  );
}
