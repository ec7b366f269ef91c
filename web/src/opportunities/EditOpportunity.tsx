import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { ConflictDialog, type ConflictField, conflicts } from '@/ui/ConflictDialog';
import { Drawer } from '@/ui/Drawer';
import { Select } from '@/ui/Select';
import { Textarea } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { forecastLabels } from './labels';
import { EditFields } from './OpportunityFields';
import { changes, type EditValues, editValues, fieldLabels, merged, patchBody } from './values';

type Props = { opportunity: Opportunity; onClose: () => void };

/** Edit: sends what changed; when somebody saved in between, both values per field and a choice (I58). */
export default function EditOpportunity({ opportunity, onClose }: Props) {
  // The record as it was when the edit began; news from the server must not shift it under the editor.
  const [base, setBase] = useState(() => ({ values: editValues(opportunity), version: opportunity.version }));
  const [clash, setClash] = useState<{ theirs: Opportunity; fields: ConflictField[] }>();
  const form = useForm<EditValues>({
    initial: base.values,
    save: (values) => save(base, values),
    handled: (problem) => {
      if (problem.status !== 412 || !problem.current) return false;
      const theirs = problem.current as Opportunity;
      setClash({ theirs, fields: conflicts(base.values, form.values, editValues(theirs), fieldLabels()) });
      return true;
    },
  });

  async function save(from: typeof base, values: EditValues) {
    if (Object.keys(changes(from.values, values)).length > 0) {
      const saved = await api.patch<Opportunity>('/opportunities/{id}', {
        path: { id: opportunity.id },
        version: from.version,
        body: patchBody(from.values, values),
      });
      refreshAfter('opportunity');
      toast.success(m.opportunities_updated());
      toast.warnings(saved.warnings);
    }
    onClose();
  }

  function resolve(keepMine: string[]) {
    if (!clash) return;
    const theirs = editValues(clash.theirs);
    const names = clash.fields.map((field) => field.name);
    const next = merged(base.values, form.values, theirs, names, keepMine);
    const from = { values: theirs, version: clash.theirs.version };
    setBase(from);
    setClash(undefined);
    form.set(next);
    save(from, next).catch((error: unknown) => form.setProblem(error));
  }

  return (
    <Drawer
      title={m.opportunities_edit()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <EditFields form={form} autoFocus />
        {opportunity.status === 'open' && (
          <Select
            label={m.opportunities_forecast_class()}
            description={m.opportunities_forecast_hint()}
            clearable
            options={Object.entries(forecastLabels()).map(([value, label]) => ({ value, label }))}
            {...form.field('forecast_class')}
          />
        )}
        <Textarea label={m.opportunities_remark()} rows={5} {...form.field('remark')} />
        <button type="submit" hidden />
      </form>
      {clash && <ConflictDialog fields={clash.fields} onClose={() => setClash(undefined)} onResolve={resolve} />}
    </Drawer>
  );
}
