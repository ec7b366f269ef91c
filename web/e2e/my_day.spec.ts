import { daysAfter } from './dates';
import { dialog, enter } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { picture } from './pictures';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'my day', demoNow: '2024-03-18T09:00:00+08:00' } });

test('a free day offers the first steps', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByText('今天没有要处理的事，可以从这里开始：')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('main').getByRole('button', { name: '新建客户' }).click();
  await expect(dialog(page, '新建客户')).toBeVisible();
});

// S63, I4, I21: what burns first, the day's plans, the quarter's target; each row settles itself in one step.
test('what is due, what is planned, what has no next step; settled from here', async ({ page, me, office }) => {
  const day = await today(me.api);
  const customer = await givenCustomer(me.api, '东莞劲胜智能装备有限公司');
  const bare = await givenOpportunity(me.api, customer.id, '产线改造项目');
  const busy = await givenOpportunity(me.api, customer.id, '公司ERP系统采购项目');
  const next = daysAfter(day, 1);
  await me.api.post('/tasks', {
    kind: 'material_preparation',
    content: '3月25日前提供报价单',
    opportunity_id: busy.id,
    assignee_id: me.id,
    due_date: next,
  });
  await me.api.post('/follow-up-plans', {
    opportunity_id: busy.id,
    starts_at: `${next}T14:00:00+08:00`,
    ends_at: `${next}T15:00:00+08:00`,
    method: 'phone_call',
    content: '确认采购预算',
  });
  await office.admin.put('/targets', {
    period: next.slice(0, 7),
    owner_type: 'user',
    owner_id: me.id,
    amount: '1000000.00',
  });
  await office.moveClock(`${next}T09:00:00+08:00`);
  await page.goto('/');
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1, name: /早上好|上午好/ })).toBeVisible();
  await expect(main.getByText('1 件今天到期')).toBeVisible();
  await expect(main.getByText('1 个今天的计划')).toBeVisible();
  await expect(main.getByText('1 个商机没有下一步')).toBeVisible();
  await expect(main.getByRole('link', { name: bare.name })).toBeVisible();
  await expect(main.getByText('14:00–15:00').first()).toBeVisible();
  await expect(main.getByText('¥100.0万').first()).toBeVisible();
  await expectAccessible(page);

  const task = main.getByRole('listitem').filter({ hasText: '3月25日前提供报价单' });
  await task.getByRole('button', { name: '完成' }).click();
  const done = dialog(page, '完成任务');
  await done.getByLabel('完成情况').fill('报价单已发');
  await done.getByRole('button', { name: '完成', exact: true }).click();
  await expect(task).toHaveCount(0);

  const plan = main.getByRole('listitem').filter({ hasText: '确认采购预算' }).first();
  await plan.getByRole('button', { name: '改期' }).click();
  const move = dialog(page, '跟进计划改期');
  await enter(move, '日期', daysAfter(next, 1));
  await move.getByRole('button', { name: '改期' }).click();
  await expect(main.getByText('今天没有安排。')).toBeVisible();

  const open = main.getByRole('listitem').filter({ hasText: bare.name });
  await open.getByRole('button', { name: '写跟进' }).first().click();
  await expect(dialog(page, '写跟进记录').getByText(bare.name)).toBeVisible();
});

// The demonstration company: full pages are accessible too, and are what the pictures in docs/ show.
test('the demonstration company by day, list and board', async ({ openAs, demo }) => {
  const page = await openAs(await demo('sales'));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '接下来' })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'my-day');
  await page.goto('/customers');
  await expect(page.getByRole('region', { name: '客户' }).getByRole('row').nth(5)).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'customers');
  await page.goto('/opportunities?view=board');
  await expect(page.getByRole('article').first()).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'board');
});
