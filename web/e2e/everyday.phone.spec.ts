import { daysAfter } from './dates';
import { choose, dialog, enter, openForm, phone, save, takeFromMenu } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { picture } from './pictures';
import { expect, expectAccessible, expectFits, test } from './test';

test.use({ place: { name: 'phone', demoNow: '2024-03-18T09:00:00+08:00' } });

test('customers on a phone: new by ＋, found by pinyin, call and follow-up under the thumb', async ({ page }) => {
  await page.goto('/customers');
  await expectAccessible(page);
  await takeFromMenu(page, '新建', '客户');
  const form = dialog(page, '新建客户');
  await form.getByLabel('客户名称').fill('温州正泰电器有限公司');
  await form.getByLabel('联系人姓名').fill('金晓');
  await form.getByLabel('联系电话').fill(phone());
  await choose(form, '所属行业', '制造业');
  await form.getByLabel('官网注册').check();
  await expectAccessible(page);
  await save(form);
  await expect(page.getByRole('heading', { level: 1, name: '温州正泰电器有限公司' })).toBeVisible();
  await expect(page.getByRole('link', { name: '打电话' })).toHaveAttribute('href', /^tel:139/);
  await expectAccessible(page);
  await page.getByRole('button', { name: '写跟进' }).click();
  await expect(dialog(page, '写跟进记录')).toBeVisible();
  await expectAccessible(page);
  // Back closes the sheet, it does not leave the customer.
  await page.goBack();
  await expect(dialog(page, '写跟进记录')).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: '温州正泰电器有限公司' })).toBeVisible();

  await page.getByRole('link', { name: '客户', exact: true }).click();
  await page.getByRole('searchbox', { name: '名称、联系人、电话、拼音' }).fill('wzzt');
  await expect(page.getByRole('list', { name: '客户' }).getByRole('listitem')).toHaveCount(1);
  await expectFits(page);
});

test('opportunities on a phone: the board moves by menu', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '嘉兴景兴纸业有限公司');
  await givenOpportunity(me.api, customer.id, '公司ERP系统采购项目');
  await page.goto('/opportunities');
  await expectAccessible(page);
  await page.getByRole('button', { name: '看板' }).click();
  const first = page.getByRole('region', { name: '初步接触' });
  await expect(first.getByRole('article', { name: '公司ERP系统采购项目' })).toBeVisible();
  await expectAccessible(page);
  await takeFromMenu(page, '「公司ERP系统采购项目」的操作', '方案提交');
  const third = page.getByRole('region', { name: '方案提交' });
  await expect(third.getByRole('article', { name: '公司ERP系统采购项目' })).toBeAttached();
  await takeFromMenu(page, '「公司ERP系统采购项目」的操作', '成交');
  const deal = dialog(page, '成交');
  await expectAccessible(page);
  await deal.getByRole('button', { name: '确认成交' }).click();
  await expect(deal).toBeHidden();
  await third
    .getByRole('article')
    .or(page.getByRole('article', { name: '公司ERP系统采购项目' }))
    .first()
    .getByRole('link')
    .click();
  await expect(page.getByRole('button', { name: '阶段: 成交' })).toBeVisible();
  await expectAccessible(page);
});

test('a plan and the agenda on a phone', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '绍兴精功科技有限公司');
  const day = daysAfter(await today(me.api), 2);
  const form = await openForm(page, `/customers/${customer.id}?new=plan&for_customer=${customer.id}`, '新建跟进计划');
  await enter(form, '日期', day);
  await enter(form, '开始', '14:00');
  await enter(form, '结束', '15:00');
  await form.getByLabel('跟进内容').fill('确认采购预算');
  await expectAccessible(page);
  await save(form);
  await expect(form).toBeHidden();
  await takeFromMenu(page, '更多', '日程');
  const entry = page.getByRole('button', { name: `14:00–15:00 电话拜访 ${customer.name}` });
  await expect(entry).toBeVisible();
  await expectAccessible(page);
  await entry.click();
  await expect(page.getByRole('button', { name: '改期' })).toBeVisible();
  await expectAccessible(page);
});

test('tasks on a phone: made, opened, completed', async ({ page, me }) => {
  const day = await today(me.api);
  await page.goto('/tasks');
  await takeFromMenu(page, '新建', '任务');
  const form = dialog(page, '新建任务');
  await form.getByLabel('任务内容').fill('整理报价资料');
  await enter(form, '截止日期', daysAfter(day, 1));
  await expectAccessible(page);
  await save(form);
  await expectFits(page);
  await page.getByRole('link', { name: /整理报价资料/ }).click();
  const detail = dialog(page, '任务详情');
  await expectAccessible(page);
  await detail.getByRole('button', { name: '完成', exact: true }).click();
  const done = dialog(page, '完成任务');
  await done.getByLabel('完成情况').fill('已整理');
  await done.getByRole('button', { name: '完成', exact: true }).click();
  await expect(detail.getByText('已整理')).toBeVisible();
  await page.goto('/tasks?tab=done');
  await expect(page.getByRole('link', { name: /整理报价资料/ })).toBeVisible();
});

test('my day on a phone', async ({ openAs, demo }) => {
  const page = await openAs(await demo('sales'));
  await page.goto('/');
  await expect(page.getByRole('heading', { name: '接下来' })).toBeVisible();
  await expectAccessible(page);
  await picture(page, 'phone');
});
