import * as m from '@/paraglide/messages';
import type { DuplicateHit, FieldProblem, OpportunityCandidate, ProblemBody } from './types';

/** A refused or failed request: the server's problem document, or what stands in for it when there is none. */
export class Problem extends Error {
  readonly status: number;
  /** Stable SCREAMING_SNAKE code; `NETWORK` when no answer came at all. */
  readonly code: string;
  readonly requestId: string | undefined;
  readonly fields: FieldProblem[];
  readonly hit: DuplicateHit | undefined;
  readonly candidates: OpportunityCandidate[];
  /** The record as it stands on the server (412 only). */
  readonly current: unknown;
  /** Seconds to wait before the next attempt (429, 503). */
  readonly retryAfter: number | undefined;

  constructor(body: ProblemBody, retryAfter?: number) {
    super(body.detail || body.title || m.problem_unexpected());
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code;
    this.requestId = body.request_id;
    this.fields = body.fields ?? [];
    this.hit = body.hit ?? undefined;
    this.candidates = body.candidates ?? [];
    this.current = body.current;
    this.retryAfter = retryAfter;
  }
}

/** Reads the problem out of an answer that is not ok. Proxies may answer HTML; that becomes a plain problem. */
export function problemFrom(response: Response, body: unknown): Problem {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  if (isProblemBody(body)) return new Problem({ ...body, status: response.status }, retryAfter);
  const title = response.status >= 500 ? m.problem_server() : m.problem_unexpected();
  return new Problem({ title, status: response.status, code: `HTTP_${response.status}` }, retryAfter);
}

export function networkProblem(): Problem {
  return new Problem({ title: m.problem_network(), status: 0, code: 'NETWORK' });
}

/** Whatever was thrown, as one sentence for people. */
export function messageOf(error: unknown): string {
  return error instanceof Problem ? error.message : m.problem_unexpected();
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
}
