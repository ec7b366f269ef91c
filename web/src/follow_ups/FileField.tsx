import { FileText, Paperclip, X } from 'lucide-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import * as m from '@/paraglide/messages';
import { Button, IconButton } from '@/ui/Button';
import { fileSize, percent } from '@/ui/format';
import css from './follow_ups.module.css';
import { ACCEPT, type Upload } from './upload-state';
import type { Uploads } from './use-uploads';

/** Files for a record: chosen or dropped here, sent once the record is saved, each with its own bar and error (S49, S50). */
export function FileField({ uploads, disabled }: { uploads: Uploads; disabled?: boolean }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    if (!disabled) uploads.add(event.dataTransfer.files);
  }

  return (
    <fieldset
      className={css.files}
      aria-describedby={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend className={css.filesLabel}>{m.follow_ups_attachments()}</legend>
      <div className={`${css.dropZone} ${over ? css.dropOver : ''}`}>
        <Button
          size="sm"
          icon={<Paperclip size={14} aria-hidden />}
          disabled={disabled}
          onClick={() => input.current?.click()}
        >
          {m.follow_ups_add_files()}
        </Button>
        <span className={css.hint} id={id}>
          {m.follow_ups_files_hint()}
        </span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={ACCEPT}
          aria-label={m.follow_ups_add_files()}
          onChange={(event) => {
            uploads.add(event.currentTarget.files ?? []);
            // The same file may be chosen again after it was taken out.
            event.currentTarget.value = '';
          }}
        />
      </div>
      {uploads.list.length > 0 && (
        <ul className={css.uploads}>
          {uploads.list.map((upload) => (
            <UploadRow key={upload.key} upload={upload} onRemove={() => uploads.remove(upload.key)} />
          ))}
        </ul>
      )}
    </fieldset>
  );
}

function UploadRow({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  return (
    <li className={css.upload}>
      <FileText size={15} aria-hidden />
      <div className={css.uploadMain}>
        <div className={css.uploadHead}>
          <span className={css.uploadName} title={upload.name}>
            {upload.name}
          </span>
          <span className={css.hint}>
            {upload.state === 'sending' && percent(upload.progress)}
            {upload.state === 'done' && m.follow_ups_uploaded()}
            {(upload.state === 'waiting' || upload.state === 'refused') && fileSize(upload.size)}
          </span>
        </div>
        {upload.state === 'sending' && (
          <progress className={css.progress} max={1} value={upload.progress} aria-label={upload.name} />
        )}
        {upload.error && (
          <p role="alert" className={css.uploadError}>
            {upload.error}
          </p>
        )}
      </div>
      {(upload.state === 'waiting' || upload.state === 'refused') && (
        <IconButton size="sm" label={m.follow_ups_remove_file({ name: upload.name })} onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </li>
  );
}
