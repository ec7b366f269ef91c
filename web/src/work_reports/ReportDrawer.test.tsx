import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { queryClient } from '@/api/query-client';
import { sessionQuery } from '@/api/session';
import type { Session } from '@/api/types';
import { UiProvider } from '@/ui/UiProvider';
import { ReportDrawer, WriteDrawer } from './ReportDrawer';

const DAY = '2024-03-18';
const figures = {
  as_of: '2024-03-18T09:00:00+08:00',
  customers_new: 0,
  follow_ups: 0,
  next_plans: [],
  opportunities_moved: 0,
  opportunities_new: 0,
  opportunities_won: 0,
  plans_ahead: 0,
  tasks_done: 0,
  tasks_overdue: 0,
  won_amount: '0.00',
};

type Kept = { version: number; done: string; problems: string; plan: string };
let kept: Kept | undefined;
let asked: string[] = [];

const report = () => ({
  ...kept,
  id: 5,
  kind: 'daily',
  starts_on: DAY,
  ends_on: DAY,
  state: 'draft',
  can_edit: true,
  figures,
});

const refuse = (status: number, body: object) => Response.json({ title: '', status, ...body }, { status });

beforeEach(() => {
  kept = undefined;
  asked = [];
  queryClient.clear();
  localStorage.clear();
  queryClient.setQueryData(sessionQuery.queryKey, { user: { id: 7 } } as Session);
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace('/api/v1', '');
    const asks = `${request.method} ${path}`;
    asked.push(asks);
    if (asks === 'GET /work-reports/draft') {
      const on = new URL(request.url).searchParams.get('on') ?? DAY;
      return Response.json({ kind: 'daily', starts_on: on, ends_on: on, figures, report_id: kept ? 5 : null });
    }
    if (asks === 'GET /work-reports/5') return Response.json(report());
    if (asks === 'POST /work-reports') {
      if (kept) return refuse(409, { code: 'WORK_REPORT_EXISTS', title: '已有日报' });
      kept = { version: 1, ...(await request.json()) };
      return Response.json(report(), { status: 201 });
    }
    const matches = request.headers.get('If-Match') === `"${kept?.version}"`;
    if (!matches) return refuse(412, { code: 'CHANGED', title: '已被修改', current: report() });
    if (asks === 'PATCH /work-reports/5') {
      kept = { ...(await request.json()), version: (kept?.version ?? 0) + 1 };
      return Response.json(report());
    }
    if (!kept?.done) return refuse(422, { code: 'INVALID', fields: [{ field: 'done', message: '请填写完成' }] });
    return Response.json(report());
  });
});
afterEach(() => vi.unstubAllGlobals());

const closed = vi.fn();
const show = (drawer: React.ReactNode) =>
  render(
    <UiProvider>
      <QueryClientProvider client={queryClient}>{drawer}</QueryClientProvider>
    </UiProvider>,
  );
const write = () => show(<WriteDrawer kind="daily" on={DAY} onDays={() => undefined} onClose={closed} />);
const field = (name: RegExp) => screen.findByRole('textbox', { name });
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));

it('keeps what is typed when everything is read again after a refused submission made a draft', async () => {
  write();
  await userEvent.type(await field(/^问题/), '缺样机');
  await press('提交给主管');
  await screen.findByText('请填写完成');
  expect(kept?.problems).toBe('缺样机');
  await userEvent.type(await field(/^完成/), '拜访');
  await queryClient.invalidateQueries();
  expect(await field(/^完成/)).toHaveProperty('value', '拜访');
  closed.mockClear();
  await press('提交给主管');
  await waitFor(() => expect(closed).toHaveBeenCalled());
  expect(kept).toMatchObject({ version: 2, done: '拜访', problems: '缺样机' });
});

it('goes on from the newer version after a 412', async () => {
  kept = { version: 1, done: '电话', problems: '', plan: '' };
  show(<ReportDrawer id={5} onClose={closed} />);
  await userEvent.type(await field(/^完成/), '与拜访');
  kept = { ...kept, version: 4 };
  await press('保存草稿');
  await screen.findByText('已被修改');
  expect(await field(/^完成/)).toHaveProperty('value', '电话与拜访');
  closed.mockClear();
  await press('保存草稿');
  await waitFor(() => expect(closed).toHaveBeenCalled());
  expect(kept).toMatchObject({ version: 5, done: '电话与拜访' });
});

it('writes on at the report that another window began', async () => {
  write();
  await userEvent.type(await field(/^完成/), '拜访');
  kept = { version: 3, done: '', problems: '', plan: '' };
  await press('保存草稿');
  await screen.findByText('已有日报');
  await press('保存草稿');
  await waitFor(() => expect(kept).toMatchObject({ version: 4, done: '拜访' }));
});

it('begins to write only on what was read since it was opened', async () => {
  kept = { version: 1, done: '旧', problems: '', plan: '' };
  queryClient.setQueryData(['work_reports', 'one', 5], report());
  kept = { version: 2, done: '新', problems: '', plan: '' };
  show(<ReportDrawer id={5} onClose={closed} />);
  expect(await field(/^完成/)).toHaveProperty('value', '新');
  expect(asked).toEqual(['GET /work-reports/5']);
});

it('asks before what was typed is thrown away, and forgets it then', async () => {
  write();
  await userEvent.type(await field(/^完成/), '拜访');
  closed.mockClear();
  await press('关闭');
  expect(closed).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole('button', { name: '放弃' }));
  expect(closed).toHaveBeenCalled();
  expect(Object.keys(localStorage)).toEqual([]);
});

it('keeps what was typed for each day', async () => {
  const first = write();
  await userEvent.type(await field(/^完成/), '周一的拜访');
  first.unmount();
  const other = show(<WriteDrawer kind="daily" on="2024-03-15" onDays={() => undefined} onClose={closed} />);
  expect(await field(/^完成/)).toHaveProperty('value', '');
  other.unmount();
  write();
  expect(await field(/^完成/)).toHaveProperty('value', '周一的拜访');
  await screen.findByText(/已恢复上次未保存的内容/);
  await press('保存草稿');
  await waitFor(() => expect(kept).toMatchObject({ done: '周一的拜访' }));
  expect(Object.keys(localStorage)).toEqual([]);
});

it('offers what was typed before the report was saved elsewhere', async () => {
  kept = { version: 1, done: '电话', problems: '', plan: '' };
  const here = show(<ReportDrawer id={5} onClose={closed} />);
  await userEvent.type(await field(/^完成/), '与拜访');
  here.unmount();
  kept = { version: 2, done: '邮件', problems: '', plan: '' };
  show(<ReportDrawer id={5} onClose={closed} />);
  expect(await field(/^完成/)).toHaveProperty('value', '邮件');
  await press('换成我写的');
  expect(await field(/^完成/)).toHaveProperty('value', '电话与拜访');
  await press('保存草稿');
  await waitFor(() => expect(kept).toMatchObject({ version: 3, done: '电话与拜访' }));
  expect(Object.keys(localStorage)).toEqual([]);
});
