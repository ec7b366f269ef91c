import { FileText, X } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { entryName, keyOptions, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { Attachment, FollowUp } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, IconButton } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { ConflictDialog, type ConflictField, conflicts } from '@/ui/ConflictDialog';
import { DateField } from '@/ui/DateField';
import { Drawer } from '@/ui/Drawer';
import { fileSize, relativeTime } from '@/ui/format';
import { Textarea } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { FileField } from './FileField';
import css from './follow_ups.module.css';
import { Given } from './Subject';
import { useUploads } from './use-uploads';

type Values = { method: string; result: string; next_action: string; next_action_due: string };

const valuesOf = (record: FollowUp): Values => ({
  method: record.method,
  result: record.result,
  next_action: record.next_action,
  next_action_due: record.next_action_due ?? '',
});

/** Edits a record; who and when stay as they were (S47). The server says for how long and keeps the history. */
export default function EditFollowUp({ record, onClose }: { record: FollowUp; onClose: () => void }) {
  const methods = useDictionary('follow_up_method');
  const uploads = useUploads();
  const [base, setBase] = useState(() => ({ values: valuesOf(record), version: record.version }));
  const [files, setFiles] = useState(record.attachments);
  const [clash, setClash] = useState<{ theirs: FollowUp; fields: ConflictField[] }>();
  const form = useForm<Values>({
    initial: base.values,
    save: (values) => save(base, values),
    handled: (problem) => {
      if (problem.status !== 412 || !problem.current) return false;
      const theirs = problem.current as FollowUp;
      const labels = {
        method: m.follow_ups_method(),
        result: m.follow_ups_result(),
        next_action: m.follow_ups_next_action(),
        next_action_due: m.follow_ups_next_due(),
      };
      const show = (name: string, value: unknown) =>
        name === 'method' ? entryName(methods, String(value)) : String(value ?? '');
      setClash({ theirs, fields: conflicts(base.values, form.values, valuesOf(theirs), labels, show) });
      return true;
    },
  });

  async function save(from: typeof base, values: Values) {
    const changed = Object.entries(values).filter(([name, value]) => value !== from.values[name as keyof Values]);
    if (changed.length > 0) {
      const saved = await api.patch<FollowUp>('/follow-ups/{id}', {
        path: { id: record.id },
        version: from.version,
        body: Object.fromEntries(changed.map(([name, value]) => [name, value === '' ? null : value])),
      });
      setBase({ values: valuesOf(saved), version: saved.version });
    }
    const complete = uploads.list.length === 0 || (await uploads.send(record.id));
    refreshAfter('follow_up');
    if (!complete) return;
    toast.success(m.follow_ups_saved());
    onClose();
  }

  async function remove(file: Attachment) {
    try {
      await api.delete('/attachments/{id}', { path: { id: file.id } });
      setFiles((before) => before.filter((other) => other.id !== file.id));
      refreshAfter('follow_up');
    } catch (error) {
      toast.problem(error);
    }
  }

  function resolve(keepMine: string[]) {
    if (!clash) return;
    const theirs = valuesOf(clash.theirs);
    const clashing = clash.fields.map((field) => field.name);
    const kept = Object.entries(form.values).filter(
      ([name, value]) =>
        value !== base.values[name as keyof Values] && (!clashing.includes(name) || keepMine.includes(name)),
    );
    const next = { ...theirs, ...Object.fromEntries(kept) };
    const from = { values: theirs, version: clash.theirs.version };
    setBase(from);
    setClash(undefined);
    form.set(next);
    save(from, next).catch((error: unknown) => form.setProblem(error));
  }

  return (
    <Drawer
      title={m.follow_ups_edit()}
      onClose={onClose}
      width={560}
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
        <Given
          main={record.opportunity_name ?? record.customer_name}
          meta={`${record.author_name} · ${relativeTime(record.contacted_at)}`}
        />
        <RadioGroup label={m.follow_ups_method()} required options={keyOptions(methods)} {...form.field('method')} />
        <Textarea label={m.follow_ups_result()} required rows={6} limit={2000} {...form.field('result')} />
        <Textarea label={m.follow_ups_next_action()} required rows={2} limit={500} {...form.field('next_action')} />
        <DateField label={m.follow_ups_next_due()} {...form.field('next_action_due')} />
        {files.length > 0 && (
          <ul className={css.uploads} aria-label={m.follow_ups_attachments()}>
            {files.map((file) => (
              <li key={file.id} className={css.upload}>
                <FileText size={15} aria-hidden />
                <div className={css.uploadHead}>
                  <span className={css.uploadName}>{file.name}</span>
                  <span className={css.hint}>{fileSize(file.size)}</span>
                </div>
                <IconButton
                  size="sm"
                  label={m.follow_ups_remove_file({ name: file.name })}
                  onClick={() => void remove(file)}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
        <FileField uploads={uploads} disabled={form.submitting} />
        <button type="submit" hidden />
      </form>
      {clash && <ConflictDialog fields={clash.fields} onClose={() => setClash(undefined)} onResolve={resolve} />}
    </Drawer>
  );
}
