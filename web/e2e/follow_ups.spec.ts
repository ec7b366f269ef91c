import type { Locator, Page } from '@playwright/test';
import { daysAfter } from './dates';
import { dialog, enter, entry, save } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

// The guide's own week: a plan for 2024-03-20, an offer promised for 2024-03-25.
test.use({ place: { name: 'follow-ups', demoNow: '2024-03-18T09:00:00+08:00' } });

const PROJECT = '公司ERP系统采购项目';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');

const bell = (page: Page): Locator => page.getByRole('button', { name: /^消息中心/ });

async function fillPlan(form: Locator, day: string, start: string, end: string, content: string): Promise<void> {
  await enter(form, '日期', day);
  await enter(form, '开始', start);
  await enter(form, '结束', end);
  await form.getByRole('radio', { name: '电话拜访' }).check();
  await form.getByLabel('跟进内容').fill(content);
}

// S47–S51: a contact that was, with its files, the next action turned into a task.
test('a record with a next action that becomes a task, and attachments', { tag: '@phone' }, async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '广州达意隆包装机械有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, PROJECT);
  const due = daysAfter(await today(me.api), 7);
  await page.goto(`/opportunities/${opportunity.id}`);
  await page.getByRole('button', { name: '写跟进', exact: true }).first().click();
  const form = dialog(page, '写跟进记录');
  await save(form);
  await expect(form.getByLabel('沟通结果')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('下一步行动')).toHaveAttribute('aria-invalid', 'true');
  await form.getByRole('radio', { name: '上门拜访' }).check();
  await form.getByLabel('沟通结果').fill('客户确认预算，要求三家比价');
  await form.getByLabel('下一步行动').fill('3月25日前提供报价单');
  await enter(form, '截止日期', due);
  await form.getByRole('radio', { name: '任务' }).check();
  const files = form.locator('input[type=file]');
  await files.setInputFiles({ name: '笔记.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
  await expect(form.getByText('只支持 PDF、Word（.doc .docx）、Excel（.xls .xlsx）文件')).toBeVisible();
  await form.getByRole('button', { name: '移除 笔记.txt' }).click();
  // The ending lies; the content tells (S49).
  await files.setInputFiles([
    { name: '报价单.pdf', mimeType: 'application/pdf', buffer: PDF },
    { name: '程序.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ this is a program') },
  ]);
  await expectAccessible(page);

  // Upload is held until its progress has been seen (S50).
  let release = (): void => undefined;
  const seen = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/attachments', async (route) => {
    await seen;
    await route.continue();
  });
  await save(form);
  await expect(form.getByRole('progressbar').first()).toBeVisible();
  release();
  await expect(form.getByText('记录已保存，但有附件没有上传成功。可移除或重试。')).toBeVisible();
  await expect(form.getByRole('listitem').filter({ hasText: '报价单.pdf' })).toContainText('已上传');
  await expect(form.getByRole('listitem').filter({ hasText: '程序.pdf' }).getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  await form.getByRole('button', { name: '完成' }).click();
  await expect(form).toBeHidden();

  await page.getByRole('tab', { name: '跟进记录' }).click();
  const record = page.getByRole('list', { name: '跟进记录' }).getByRole('article');
  await expect(record).toHaveCount(1);
  await expect(record).toContainText('客户确认预算，要求三家比价');
  await expect(record).toContainText('已转为任务');
  const download = page.waitForEvent('download');
  await record.getByRole('link', { name: /报价单\.pdf/ }).click();
  expect((await download).suggestedFilename()).toBe('报价单.pdf');
  await expectAccessible(page);

  await page.goto('/tasks');
  await expect(entry(page, '3月25日前提供报价单')).toHaveCount(1);
  // The customer shows the records of all its opportunities, and is 跟进中 by itself (S27, S51).
  await page.goto(`/customers/${customer.id}?tab=follow_ups`);
  await expect(page.getByText('客户确认预算，要求三家比价').first()).toBeVisible();
  await expect(page.getByRole('button', { name: '跟进状态: 跟进中' })).toBeVisible();
  await expectAccessible(page);
});

// S41–S46: plan → calendar → one reminder a day before → done.
test('a plan: in the calendar, moved there, reminded of once, struck through when done', { tag: '@phone' }, async ({
  page,
  me,
  office,
}) => {
  const customer = await givenCustomer(me.api, '佛山国星光电有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, PROJECT);
  const now = await today(me.api);
  const day = daysAfter(now, 2);
  await page.goto(`/opportunities/${opportunity.id}`);
  await page.getByRole('button', { name: '跟进计划', exact: true }).first().click();
  const form = dialog(page, '新建跟进计划');
  await fillPlan(form, day, '14:00', '13:00', '确认采购预算与时间表');
  await save(form);
  await expect(form.getByLabel('结束')).toHaveAttribute('aria-invalid', 'true');
  await enter(form, '结束', '15:00');
  await expectAccessible(page);
  await save(form);
  await expect(page.getByText('跟进计划已保存，已同步到日程')).toBeVisible();
  await expect(form).toBeHidden();
  await expect(page.getByText('没有下一步计划')).toHaveCount(0);

  // An overlap only warns.
  await page.getByRole('button', { name: '跟进计划', exact: true }).first().click();
  await fillPlan(form, day, '14:30', '15:30', '同时段的另一个电话');
  await expect(form.getByText(/时间重叠，仍可保存/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();

  await page.goto('/calendar');
  const entry = page.getByRole('button', { name: new RegExp(`14:00–15:00 电话拜访 ${customer.name}`) });
  await expect(entry).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('button', { name: '周', exact: true }).click();
  await expect(entry).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('button', { name: '列表', exact: true }).click();
  await expect(entry).toHaveCount(1);
  await expectAccessible(page);
  await entry.click();
  await expect(page.getByRole('dialog').getByText('确认采购预算与时间表')).toBeVisible();
  await expectAccessible(page);

  // Moved to another time: the reminder moves along (S46).
  await page.getByRole('button', { name: '改期' }).click();
  const move = dialog(page, '跟进计划改期');
  await enter(move, '开始时间', '16:00');
  await enter(move, '结束时间', '17:00');
  await move.getByRole('button', { name: '改期' }).click();
  await expect(page.getByRole('button', { name: new RegExp(`16:00–17:00 电话拜访 ${customer.name}`) })).toHaveCount(1);

  const eve = daysAfter(day, -1);
  await office.moveClock(`${eve}T15:58:00+08:00`);
  await page.reload();
  await expect(bell(page)).toHaveAccessibleName('消息中心');
  await office.moveClock(`${eve}T16:01:00+08:00`);
  await expect(bell(page)).toHaveAccessibleName('消息中心，1 条未读');
  await office.moveClock(`${day}T10:00:00+08:00`);
  await page.reload();
  await expect(bell(page)).toHaveAccessibleName('消息中心，1 条未读');
  await bell(page).click();
  const reminder = page.getByRole('dialog').getByRole('button', { name: /确认采购预算与时间表/ });
  await expect(reminder).toHaveCount(1);
  await expectAccessible(page);
  await reminder.click();
  await expect(page.getByRole('heading', { level: 1, name: PROJECT })).toBeVisible();

  await page.goto(`/opportunities/${opportunity.id}?tab=plans`);
  await page.getByRole('listitem').getByRole('button', { name: '写跟进', exact: true }).click();
  const record = dialog(page, '完成跟进计划');
  await record.getByLabel('沟通结果').fill('预算 50 万，月底决定');
  await record.getByLabel('下一步行动').fill('准备演示');
  await save(record);
  await expect(record).toBeHidden();
  await expect(
    page.getByRole('deletion').or(page.locator('s')).filter({ hasText: '确认采购预算与时间表' }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.goto('/calendar?view=agenda');
  await expect(
    page.getByRole('button', { name: new RegExp(`16:00–17:00 电话拜访 ${customer.name} 已完成`) }),
  ).toBeVisible();
});

// I10: a click into the calendar opens the form at that time.
test('a click into the week plans at that hour', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '中山大洋电机有限公司');
  const day = daysAfter(await today(me.api), 7);
  await page.goto(`/calendar?view=week&day=${day}`);
  const [, month = '', date = ''] = day.split('-');
  await page.getByRole('button', { name: `在 ${Number(month)}月${Number(date)}日 10:00 安排日程` }).click();
  const form = dialog(page, '新建跟进计划');
  await expect(form.getByLabel('日期')).toHaveValue(day);
  await expect(form.getByLabel('开始')).toHaveValue('10:00');
  await form.getByRole('combobox', { name: '客户' }).fill(customer.number);
  await form.getByRole('combobox', { name: '客户' }).press('Tab');
  await expect(form.getByRole('combobox', { name: '客户' })).toHaveValue(customer.name);
  await form.getByLabel('跟进内容').fill('上门看现场');
  await save(form);
  await expect(page.getByRole('button', { name: new RegExp(`10:00–11:00 电话拜访 ${customer.name}`) })).toBeVisible();
});

// S31, S51: the last contact counts, by calendar days in the business zone.
test('近30天未跟进: not after 29 days, but after 30', async ({ page, me, office }) => {
  const customer = await givenCustomer(me.api, '惠州亿纬锂能有限公司');
  await me.api.post('/follow-ups', {
    customer_id: customer.id,
    method: 'phone_call',
    result: '已寄样品',
    next_action: '等待测试结果',
  });
  const day = await today(me.api);
  await office.moveClock(`${daysAfter(day, 29)}T23:30:00+08:00`);
  await page.goto('/customers?not_followed_up_days=30');
  await expect(page.getByText('没有符合条件的客户。')).toBeVisible();
  await office.moveClock(`${daysAfter(day, 30)}T00:30:00+08:00`);
  await page.goto('/customers?not_followed_up_days=30');
  await expect(page.getByRole('button', { name: '近30天未跟进' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('row').filter({ hasText: customer.name })).toContainText('30');
});
