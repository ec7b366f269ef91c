import { type APIRequestContext, type APIResponse, expect, request } from '@playwright/test';
import { businessDay } from './dates';
import { phone } from './forms';
import type { Server } from './server';

export type Role = 'administrator' | 'sales_director' | 'sales_manager' | 'sales' | 'finance_readonly';
type Named = { id: number; name: string };
export type Customer = { id: number; number: string; name: string; version: number };
export type Opportunity = Customer & { stage: string };

/** Somebody who can work: the forced change of the first password lies behind him or her. */
export type Person = {
  id: number;
  name: string;
  employee_number: string;
  password: string;
  team: Named;
  api: Api;
};

export const PASSWORD = 'Yun-shan7Lake';

/** Requests beside the page, to prepare what a journey does not tell about. Every answer must be a success. */
export class Api {
  private constructor(readonly context: APIRequestContext) {}

  static async open(url: string): Promise<Api> {
    return new Api(await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } }));
  }

  static async logIn(url: string, employee_number: string, password: string, team: string): Promise<Api> {
    const api = await Api.open(url);
    const teams = await api.get<Named[]>('/login-teams');
    const team_id = teams.find((one) => one.name === team)?.id;
    await api.post('/session', { employee_number, password, team_id });
    return api;
  }

  get<T = unknown>(path: string): Promise<T> {
    return read(this.context.get(`/api/v1${path}`));
  }

  post<T = unknown>(path: string, data: unknown, version?: number): Promise<T> {
    const headers = { 'idempotency-key': crypto.randomUUID(), ...ifMatch(version) };
    return read(this.context.post(`/api/v1${path}`, { data, headers }));
  }

  put<T = unknown>(path: string, data: unknown): Promise<T> {
    return read(this.context.put(`/api/v1${path}`, { data }));
  }

  patch<T = unknown>(path: string, data: unknown, version: number): Promise<T> {
    return read(this.context.patch(`/api/v1${path}`, { data, headers: ifMatch(version) }));
  }
}

const ifMatch = (version: number | undefined): Record<string, string> =>
  version === undefined ? {} : { 'if-match': `"${version}"` };

async function read<T>(answer: Promise<APIResponse>): Promise<T> {
  const response = await answer;
  expect(response.ok(), `${response.url()} → ${response.status()} ${await response.text()}`).toBe(true);
  return (response.status() === 204 ? undefined : await response.json()) as T;
}

/** The company of one server: its administrator hires whom a journey needs. */
export class Office {
  private hired = 0;

  private constructor(
    readonly url: string,
    readonly admin: Api,
  ) {}

  static async of(server: Server): Promise<Office> {
    const known = server.accounts.find((account) => account.role === 'administrator');
    if (known) {
      return new Office(server.url, await Api.logIn(server.url, known.employee_number, known.password, known.team));
    }
    const admin = await Api.open(server.url);
    const token = new URL(server.setupLink ?? '').searchParams.get('token');
    await admin.post('/setup', { token, ...ADMINISTRATOR, password: PASSWORD, team_name: '总部' });
    return new Office(server.url, admin);
  }

  team(name: string): Promise<Named> {
    return this.admin.post('/teams', { name, kind: 'team' });
  }

  async hire(name: string, role: Role, team: Named, others: Named[] = []): Promise<Person> {
    this.hired += 1;
    const employee_number = `Y${String(this.hired).padStart(4, '0')}`;
    const user = await this.admin.post<{ id: number; one_time_password: string }>('/users', {
      employee_number,
      name,
      role,
      team_ids: [team.id, ...others.map((other) => other.id)],
    });
    const api = await Api.open(this.url);
    await api.post('/session', { employee_number, password: user.one_time_password, team_id: team.id });
    await api.put('/session/password', { current_password: user.one_time_password, new_password: PASSWORD });
    return { id: user.id, name, employee_number, password: PASSWORD, team, api };
  }

  /** Moves the demonstration's clock forward; whatever falls due on the way is done at its own minute. */
  moveClock(now: string): Promise<{ now: string; jobs_run: number }> {
    return this.admin.put('/demo/clock', { now, keep_sessions: true });
  }
}

/** A customer to work on, made beside the page. */
export function givenCustomer(api: Api, name: string, more: object = {}): Promise<Customer> {
  const body = { name, contact_name: '王芳', phone: phone(), industry: '制造业', source_channels: ['官网注册'] };
  return api.post('/customers', { ...body, ...more });
}

export function givenOpportunity(api: Api, customer_id: number, name: string, more: object = {}): Promise<Opportunity> {
  return api.post('/opportunities', { customer_id, name, expected_amount: '500000.00', ...more });
}

/** The business day at the server. */
export const today = async (api: Api): Promise<string> => businessDay((await api.get<{ now: string }>('/session')).now);

const ADMINISTRATOR = { employee_number: 'A0001', name: '周管理' };
