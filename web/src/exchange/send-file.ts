import { networkProblem, problemFrom } from '@/api/problem';
import type { ExchangeKind, Import } from '@/api/types';
import { getLocale } from '@/paraglide/runtime';

/** Sends a spreadsheet to wait for its run; by XMLHttpRequest, because `fetch` tells nothing of how far it has come. */
export function sendFile(
  file: File,
  { kind, byRules }: { kind: ExchangeKind; byRules: boolean },
  onProgress: (share: number) => void,
): Promise<Import> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/imports');
    request.setRequestHeader('Accept-Language', getLocale() === 'en' ? 'en' : 'zh-CN');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = read(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as Import);
      else reject(problemFrom(new Response(null, { status: request.status }), body));
    };
    request.onerror = () => reject(networkProblem());
    request.onabort = () => reject(networkProblem());
    const form = new FormData();
    form.append('kind', kind);
    form.append('prepare', 'true');
    if (byRules) form.append('assign', 'rules');
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
