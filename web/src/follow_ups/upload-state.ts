import * as m from '@/paraglide/messages';

/** 10 MB per file (S50). The server judges by content; this only spares an upload that cannot succeed. */
export const MAX_BYTES = 10_485_760;
export const EXTENSIONS = ['pdf', 'doc', 'docx', 'xls', 'xlsx'] as const;
export const ACCEPT = EXTENSIONS.map((extension) => `.${extension}`).join(',');

export type Upload = {
  key: number;
  name: string;
  size: number;
  state: 'waiting' | 'sending' | 'done' | 'refused';
  /** 0–1 while sending. */
  progress: number;
  error?: string;
  /** Refused before it was sent: another try would be refused again. */
  final?: boolean;
};

export type UploadEvent =
  | { kind: 'added'; files: { key: number; name: string; size: number }[] }
  | { kind: 'sent'; key: number; progress: number }
  | { kind: 'done'; key: number }
  | { kind: 'refused'; key: number; error: string }
  | { kind: 'retried'; key: number }
  | { kind: 'removed'; key: number };

/** Why a file cannot be attached, as far as its name and size tell; undefined when they tell nothing. */
export function refusal(file: { name: string; size: number }): string | undefined {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase();
  if (!EXTENSIONS.some((known) => known === extension)) return m.follow_ups_file_type();
  if (file.size === 0) return m.follow_ups_file_empty();
  return file.size > MAX_BYTES ? m.follow_ups_file_size() : undefined;
}

export function uploadsAfter(uploads: readonly Upload[], event: UploadEvent): Upload[] {
  if (event.kind === 'added') return [...uploads, ...event.files.map(fresh)];
  if (event.kind === 'removed') return uploads.filter((upload) => upload.key !== event.key);
  return uploads.map((upload) => (upload.key === event.key ? next(upload, event) : upload));
}

function fresh(file: { key: number; name: string; size: number }): Upload {
  const error = refusal(file);
  const upload = { key: file.key, name: file.name, size: file.size, progress: 0 };
  return error ? { ...upload, state: 'refused', error, final: true } : { ...upload, state: 'waiting' };
}

function next(upload: Upload, event: Exclude<UploadEvent, { kind: 'added' | 'removed' }>): Upload {
  const { error: _, ...rest } = upload;
  switch (event.kind) {
    case 'sent':
      // A late progress event must not reopen a file that is through.
      return upload.state === 'done' ? upload : { ...rest, state: 'sending', progress: Math.min(event.progress, 1) };
    case 'done':
      return { ...rest, state: 'done', progress: 1 };
    case 'refused':
      return { ...rest, state: 'refused', progress: 0, error: event.error };
    case 'retried':
      return upload.final ? upload : { ...rest, state: 'waiting', progress: 0 };
  }
}

/** Whether everything that can be attached is attached. */
export const settled = (uploads: readonly Upload[]): boolean => uploads.every((upload) => upload.state === 'done');
