import type { Page } from '@playwright/test';
import { daysAfter } from './dates';
import { choose, dialog, enter, pick, save } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'tasks', demoNow: '2024-03-18T09:00:00+08:00' } });

const bell = (page: Page) => page.getByRole('button', { name: /^消息中心/ });
const rows = (page: Page) => page.getByRole('region', { name: '我的任务' }).getByRole('row');

// S4, S54–S62, I1: two people, two browsers.
test('assigned, on his bell within two seconds, completed with feedback', async ({ page, me, office, openAs }) => {
  const customer = await givenCustomer(me.api, '珠海优特电力有限公司');
  await givenOpportunity(me.api, customer.id, '公司ERP系统采购项目');
  const colleague = await office.hire('王建国', 'sales', await office.team('售前支持部'));
  const other = await openAs(colleague);
  await other.goto('/tasks');
  await expect(other.getByText('没有待办任务，手头很清爽。')).toBeVisible();
  await expectAccessible(other);
  await expect(bell(other)).toHaveAccessibleName('消息中心');

  const day = await today(me.api);
  await page.goto('/tasks');
  await page.getByRole('button', { name: '新建任务' }).first().click();
  const form = dialog(page, '新建任务');
  await save(form);
  await expect(form.getByLabel('任务内容')).toHaveAttribute('aria-invalid', 'true');
  await choose(form, '任务类型', '资料准备');
  await form.getByLabel('任务内容').fill('整理报价资料并发给王经理');
  await pick(form, '关联商机', 'ERP', /公司ERP系统采购项目/);
  await pick(form, '负责人', '王建国', /王建国/);
  await enter(form, '截止日期', daysAfter(day, 1));
  await expectAccessible(page);
  const saved = page.waitForResponse((response) => response.url().endsWith('/api/v1/tasks'));
  await save(form);
  expect((await saved).status()).toBe(201);
  await expect(bell(other)).toHaveAccessibleName('消息中心，1 条未读', { timeout: 2_000 });
  await expect(rows(other).filter({ hasText: '整理报价资料并发给王经理' })).toHaveCount(1);
  // The opportunity is not his: he reads its name, no amount, and no link (S4).
  await expect(rows(other).getByText(/公司ERP系统采购项目/)).toBeVisible();
  await expect(rows(other).getByRole('link', { name: /公司ERP系统采购项目/ })).toHaveCount(0);
  await expectAccessible(other);

  await rows(other).getByRole('button', { name: '完成' }).click();
  const done = dialog(other, '完成任务');
  await done.getByRole('button', { name: '完成', exact: true }).click();
  await expect(done.getByLabel('完成情况')).toHaveAttribute('aria-invalid', 'true');
  await done.getByLabel('完成情况').fill('资料已发，王经理确认收到');
  await expectAccessible(other);
  await done.getByRole('button', { name: '完成', exact: true }).click();
  await expect(other.getByText('没有待办任务，手头很清爽。')).toBeVisible();

  await expect(bell(page)).toHaveAccessibleName('消息中心，1 条未读');
  await page.getByRole('tab', { name: /^我指派的/ }).click();
  await rows(page).getByRole('link', { name: '整理报价资料并发给王经理' }).click();
  const detail = dialog(page, '任务详情');
  await expect(detail.getByText('资料已发，王经理确认收到')).toBeVisible();
  await expectAccessible(page);
});

// S58, S62, I4–I6
test('due tomorrow at the earliest; overdue is red and on top; postponed and handed on with a reason', async ({
  page,
  me,
  office,
}) => {
  const day = await today(me.api);
  const task = { kind: 'customer_follow_up', assignee_id: me.id };
  await me.api.post('/tasks', { ...task, content: '回访老客户', due_date: daysAfter(day, 9) });
  await me.api.post('/tasks', { ...task, content: '寄送合同样本', due_date: daysAfter(day, 1) });
  const colleague = await office.hire('周岚', 'sales', me.team);
  await page.goto('/tasks?new=task');
  const form = dialog(page, '新建任务');
  await form.getByLabel('任务内容').fill('今天就要');
  await enter(form, '截止日期', day);
  await save(form);
  await expect(form.getByLabel('截止日期')).toHaveAttribute('aria-invalid', 'true');
  await form.getByRole('button', { name: '取消' }).click();

  await office.moveClock(`${daysAfter(day, 4)}T10:00:00+08:00`);
  await page.goto('/tasks');
  await expect(rows(page).nth(1)).toContainText('寄送合同样本');
  const late = rows(page).nth(1).getByText('逾期3天');
  await expect(late).toHaveCSS('color', 'rgb(196, 49, 43)');
  await expect(rows(page).nth(2)).toContainText('回访老客户');
  await expect(page.getByRole('tab', { name: /^逾期/ })).toHaveText('逾期1');
  await expect(page.getByRole('tab', { name: /^待办/ })).toHaveText('待办2');
  await expectAccessible(page);

  await rows(page).getByRole('link', { name: '寄送合同样本' }).click();
  const detail = dialog(page, '任务详情');
  await detail.getByRole('button', { name: '延期' }).click();
  const postpone = dialog(page, '任务延期');
  await enter(postpone, '新的截止日期', daysAfter(day, 6));
  await postpone.getByRole('button', { name: '延期' }).click();
  await expect(postpone.getByLabel('原因')).toHaveAttribute('aria-invalid', 'true');
  await postpone.getByLabel('原因').fill('客户出差');
  await postpone.getByRole('button', { name: '延期' }).click();
  await expect(detail.getByText('1 次')).toBeVisible();
  await expect(detail.getByText('逾期3天')).toHaveCount(0);

  await detail.getByRole('button', { name: '更多' }).click();
  await page.getByRole('menuitem', { name: '转派' }).click();
  const hand = dialog(page, '转派任务');
  await pick(hand, '新的负责人', '周岚', /周岚/);
  await hand.getByLabel('原因').fill('区域调整');
  await expectAccessible(page);
  await hand.getByRole('button', { name: '转派' }).click();
  await expect(detail.getByText('周岚')).toBeVisible();
  const theirs = await colleague.api.get<{ items: { content: string }[] }>('/tasks?mine=true');
  expect(theirs.items.map((one) => one.content)).toEqual(['寄送合同样本']);
});
