import { networkProblem, problemFrom } from '@/api/problem';
import type { TaskSheetPreview } from '@/api/types';
import { getLocale } from '@/paraglide/runtime';

/** Sends a 任务分配表 to be looked at; nothing is given by it. */
export async function sendSheet(file: File): Promise<TaskSheetPreview> {
  const body = new FormData();
  body.append('file', file);
  const answer = await fetch('/api/v1/tasks/batch/sheet', {
    method: 'POST',
    headers: { 'Accept-Language': getLocale() === 'en' ? 'en' : 'zh-CN' },
    body,
  }).catch(() => {
    throw networkProblem();
  });
  const told: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw problemFrom(answer, told);
  return told as TaskSheetPreview;
}
