import { dialog } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'scope' } });

const NOT_FOUND = '记录不存在，或您无权访问。';

// I40: one and the same answer for what is absent and for what is another's.
test("another team's records do not exist: not by address, list, search or number", async ({
  page,
  me,
  office,
  openAs,
}) => {
  const customer = await givenCustomer(me.api, '大连冰山集团有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, '冷库改造项目');
  const due_date = `${Number((await today(me.api)).slice(0, 4)) + 1}-01-15`;
  const task = await me.api.post<{ id: number }>('/tasks', {
    kind: 'customer_follow_up',
    content: '冷库勘察',
    assignee_id: me.id,
    due_date,
  });
  await page.goto(`/customers/${customer.id}`);
  await expect(page.getByRole('heading', { level: 1, name: customer.name })).toBeVisible();

  const stranger = await openAs(await office.hire('罗晨', 'sales', await office.team('东北销售部')));
  for (const path of [
    `/customers/${customer.id}`,
    '/customers/987654',
    `/opportunities/${opportunity.id}`,
    `/tasks?task=${task.id}`,
  ]) {
    await stranger.goto(path);
    await expect(stranger.getByText(NOT_FOUND)).toBeVisible();
    await expect(stranger.getByText(/冰山|冷库/)).toHaveCount(0);
  }
  await expectAccessible(stranger);
  await stranger.goto('/customers');
  await expect(stranger.getByText('还没有客户。')).toBeVisible();
  await stranger.keyboard.press('Control+k');
  for (const text of ['冰山', customer.number]) {
    await stranger.getByRole('combobox', { name: /拼音首字母/ }).fill(text);
    await expect(stranger.getByRole('status').filter({ hasText: '没有找到' })).toBeVisible();
  }
  await stranger.keyboard.press('Escape');
  await stranger.goto('/opportunities?new=opportunity');
  const picker = dialog(stranger, '新建商机').getByRole('combobox', { name: '客户' });
  await picker.fill(customer.number);
  await picker.press('Tab');
  await expect(stranger.getByText('编号不存在或无权访问')).toBeVisible();
  await stranger.goto('/nowhere');
  await expect(stranger.getByText('没有这个页面。')).toBeVisible();
});

// I39: a manager sees the team's records; finance reads and changes nothing.
test('a manager sees his team; finance reads only', async ({ me, office, openAs }) => {
  const customer = await givenCustomer(me.api, '哈尔滨电气有限公司', { phone: '13812348888' });
  const manager = await openAs(await office.hire('孟凡', 'sales_manager', me.team));
  await manager.goto(`/customers/${customer.id}`);
  await expect(manager.getByRole('button', { name: '编辑', exact: true })).toBeVisible();

  const finance = await openAs(await office.hire('许清', 'finance_readonly', me.team));
  await finance.goto(`/customers/${customer.id}`);
  await expect(finance.getByRole('heading', { level: 1, name: customer.name })).toBeVisible();
  await expect(finance.getByText('138****8888').first()).toBeVisible();
  for (const name of ['编辑', '写跟进', '新建商机', '任务']) {
    await expect(finance.getByRole('button', { name, exact: true })).toHaveCount(0);
  }
  await expectAccessible(finance);
  await finance.goto('/customers');
  await expect(finance.getByRole('button', { name: '新建客户' })).toHaveCount(0);
});
