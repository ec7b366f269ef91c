import type { Locator, Page } from '@playwright/test';
import { daysAfter } from './dates';
import { dialog, enter, save, takeFromMenu } from './forms';
import { givenCustomer, givenOpportunity, type Opportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'opportunities' } });

const FORM = '新建商机';
const NAME = '公司ERP系统采购项目';

const column = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const card = (scope: Page | Locator, name: string): Locator => scope.getByRole('article', { name });

/** Drags with the mouse, in steps, as a hand does. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await from.boundingBox();
  const end = await to.boundingBox();
  if (!start || !end) throw new Error('nothing to drag');
  await page.mouse.move(start.x + start.width / 2, start.y + 8);
  await page.mouse.down();
  await page.mouse.move(start.x + start.width / 2 + 12, start.y + 20, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + Math.min(end.height / 2, 120), { steps: 10 });
  await page.mouse.up();
}

// S35–S40: the example of the guide, the customer by its number.
test('an opportunity by customer number, amount with two decimals, then its number', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '上海柘中电气有限公司');
  const day = await today(me.api);
  await page.goto('/opportunities');
  await expect(page.getByText('还没有商机。')).toBeVisible();
  await page.getByRole('button', { name: FORM }).first().click();
  const form = dialog(page, FORM);
  const picker = form.getByRole('combobox', { name: '客户' });
  await picker.fill('CUST20240101999');
  await picker.press('Tab');
  await expect(form.getByText('编号不存在或无权访问')).toBeVisible();
  await picker.fill(` ${customer.number.toLowerCase()} `);
  await picker.press('Tab');
  await expect(picker).toHaveValue(customer.name);
  await form.getByLabel('商机名称').fill(NAME);
  for (const wrong of ['五万', '12.345', '-1']) {
    await enter(form, '预计成交金额', wrong);
    await save(form);
    await expect(form.getByLabel('预计成交金额')).toHaveAttribute('aria-invalid', 'true');
  }
  await enter(form, '预计成交金额', '500000');
  await expect(form.getByLabel('预计成交金额')).toHaveValue('500,000.00');
  await enter(form, '预计成交日', daysAfter(day, 30));
  await expect(form.getByRole('combobox', { name: '阶段' })).toHaveValue('初步接触');
  await expect(form.getByRole('combobox', { name: '负责人' })).toHaveValue(me.name);
  await expectAccessible(page);
  await save(form);
  await expect(page.getByText(new RegExp(`已保存，商机编号 OPP${day.replaceAll('-', '')}\\d{3}`))).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible();
  await expect(page.getByText('¥500,000.00').first()).toBeVisible();
  await expect(page.getByText(daysAfter(day, 30)).first()).toBeVisible();
  await expect(page.getByRole('button', { name: '阶段: 初步接触' })).toBeVisible();
  await expectAccessible(page);

  await page.goto('/opportunities');
  const row = page.getByRole('row').filter({ hasText: NAME });
  await expect(row.getByText('没有下一步计划')).toBeVisible();
  await expectAccessible(page);
});

// S52, S53: mouse, keys, menu; won asks amount and day, lost asks why.
test('the board: drag, keys and menu move a card; won and lost ask first', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '合肥阳光电源有限公司');
  const won = await givenOpportunity(me.api, customer.id, NAME);
  await givenOpportunity(me.api, customer.id, '储能试点项目', { expected_amount: '120000.10' });
  await page.goto('/opportunities?view=board');
  await expect(card(column(page, '初步接触'), NAME)).toBeVisible();
  // 500000.00 + 120000.10, summed exactly (S37).
  await expect(column(page, '初步接触').getByTitle('¥620,000.10')).toBeVisible();
  await expectAccessible(page);

  await drag(page, card(page, NAME), column(page, '需求分析'));
  await expect(card(column(page, '需求分析'), NAME)).toBeVisible();
  await expect(page.getByText(`「${NAME}」已移动到「需求分析」`)).toBeVisible();

  await card(page, NAME).getByRole('link').focus();
  await page.keyboard.press(']');
  await expect(card(column(page, '方案提交'), NAME)).toBeVisible();

  // Space lifts the card, the arrows choose the column, Space drops it.
  await page.getByRole('button', { name: `拖动「${NAME}」` }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText(`已拿起「${NAME}」`).or(page.getByText(`「${NAME}」位于「方案提交」`))).toBeAttached();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(`「${NAME}」位于「商务谈判」`)).toBeAttached();
  await page.keyboard.press('Space');
  await expect(card(column(page, '商务谈判'), NAME)).toBeVisible();

  await drag(page, card(page, NAME), column(page, '成交'));
  const deal = dialog(page, '成交');
  await expectAccessible(page);
  await enter(deal, '成交金额', '0');
  await deal.getByRole('button', { name: '确认成交' }).click();
  await expect(deal.getByLabel('成交金额')).toHaveAttribute('aria-invalid', 'true');
  await enter(deal, '成交金额', '480000');
  await deal.getByRole('button', { name: '确认成交' }).click();
  await expect(card(column(page, '成交'), NAME)).toBeVisible();

  await takeFromMenu(page, '「储能试点项目」的操作', '输单');
  const lost = dialog(page, '输单');
  await lost.getByRole('button', { name: '确认输单' }).click();
  await expect(lost.getByLabel('输单原因')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await lost.locator('button[aria-pressed]').first().click();
  await lost.getByLabel('竞争对手').fill('云帆软件');
  await lost.getByRole('button', { name: '确认输单' }).click();
  await expect(lost).toBeHidden();

  await page.goto('/reports?report=losses&group_by=competitor');
  await expect(page.getByRole('row', { name: /云帆软件/ })).toBeVisible();
  await expectAccessible(page);

  // The deal is the customer's too (S30), and every change of stage is in the log.
  await page.goto(`/opportunities/${won.id}?tab=stages`);
  const log = page.getByRole('listitem').filter({ hasText: me.name });
  await expect(log).toHaveCount(5);
  await expect(log.first()).toContainText('商务谈判');
  await expect(log.first()).toContainText(/成交.*\d\d:\d\d:\d\d/);
  await expectAccessible(page);
  await page.goto(`/customers/${customer.id}`);
  await expect(page.getByRole('button', { name: '客户状态: 成交客户' })).toBeVisible();
  await expect(page.getByText('¥480,000.00').first()).toBeVisible();
});

// S2: the manager's open board follows without a reload. S52: a parallel change is no overwrite.
test("a colleague's board follows a change of stage; who comes second is told", async ({
  page,
  me,
  office,
  openAs,
}) => {
  const customer = await givenCustomer(me.api, '青岛海信网络有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, NAME);
  const manager = await office.hire('吴敏', 'sales_manager', me.team);
  const board = await openAs(manager);
  await board.goto('/opportunities?view=board');
  await expect(card(column(board, '初步接触'), NAME)).toBeVisible();

  await page.goto(`/opportunities/${opportunity.id}`);
  await takeFromMenu(page, '阶段: 初步接触', '需求分析');
  await expect(page.getByRole('button', { name: '阶段: 需求分析' })).toBeVisible();
  await expect(card(column(board, '需求分析'), NAME)).toBeVisible({ timeout: 5_000 });

  // The manager is deciding in a dialog while the rep moves the opportunity on.
  await takeFromMenu(board, `「${NAME}」的操作`, '输单');
  const lost = dialog(board, '输单');
  await lost.getByLabel('输单原因').fill('预算取消');
  const now = await me.api.get<Opportunity>(`/opportunities/${opportunity.id}`);
  await me.api.post(`/opportunities/${opportunity.id}/stage`, { stage: 'proposal' }, now.version);
  await lost.getByRole('button', { name: '确认输单' }).click();
  await expect(board.getByText(new RegExp(`「${NAME}」刚被他人修改`))).toBeVisible();
  await expect(card(column(board, '方案提交'), NAME)).toBeVisible();
});

// S26 for opportunities, S40
test('edit, filters in the address, passed close date', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '长沙中联重科有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, '起重机备件项目', {
    expected_close_date: daysAfter(await today(me.api), -3),
  });
  await givenOpportunity(me.api, customer.id, NAME, { stage: 'proposal' });
  await page.goto(`/opportunities/${opportunity.id}`);
  await expect(page.getByText('预计成交日已过').first()).toBeVisible();
  await page.getByRole('button', { name: '编辑', exact: true }).click();
  const form = dialog(page, '编辑商机');
  await enter(form, '预计成交金额', '1,234.5');
  await form.getByLabel('备注').fill('改由集团采购');
  await expectAccessible(page);
  await save(form);
  await expect(page.getByText('¥1,234.50').first()).toBeVisible();
  await expect(page.getByText('改由集团采购').first()).toBeVisible();

  await page.goto('/opportunities');
  await page.getByRole('button', { name: '已过预计成交日' }).click();
  await expect(page).toHaveURL(/overdue/);
  await expect(page.getByText('共 1 个')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('link', { name: '起重机备件项目' })).toBeVisible();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.getByRole('searchbox').fill('erp');
  await expect(page.getByText('共 1 个')).toBeVisible();
  await expect(page.getByRole('link', { name: NAME })).toBeVisible();
});
