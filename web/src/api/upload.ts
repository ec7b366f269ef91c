import { getLocale } from '@/paraglide/runtime';
import { networkProblem, problemFrom } from './problem';
import type { Attachment } from './types';

/** Sends one file; by XMLHttpRequest, because `fetch` tells nothing of how far it has come (S50). */
export function upload(
  record: { kind: 'follow-ups' | 'tasks'; id: number },
  file: File,
  key: string,
  onProgress: (share: number) => void,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/${record.kind}/${record.id}/attachments`);
    request.setRequestHeader('Accept-Language', getLocale() === 'en' ? 'en' : 'zh-CN');
    request.setRequestHeader('Idempotency-Key', key);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = read(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as Attachment);
      else reject(problemFrom(new Response(null, { status: request.status }), body));
    };
    request.onerror = () => reject(networkProblem());
    request.onabort = () => reject(networkProblem());
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
