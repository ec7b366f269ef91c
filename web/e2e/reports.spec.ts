import { daysAfter } from './dates';
import { dialog } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'reports', demoNow: '2024-03-18T09:00:00+08:00' } });

// S7, S8, I29: the overview counts what stands there, a number opens its records, and what stays too long is urged on.
test('the overview, its numbers and its bottlenecks', async ({ page, me, office }) => {
  const day = await today(me.api);
  const customer = await givenCustomer(me.api, '东莞劲胜智能装备有限公司');
  const slow = await givenOpportunity(me.api, customer.id, '产线改造项目');
  await office.moveClock(`${daysAfter(day, 20)}T10:00:00+08:00`);
  await page.goto('/reports');
  await expect(page.getByRole('heading', { level: 1, name: '报表' })).toBeVisible();
  const pipeline = page.getByRole('region', { name: '销售管道' }).first();
  await expect(pipeline.getByText(/1 · ¥/).first()).toBeVisible();
  await expectAccessible(page);

  const stuck = page.getByRole('list', { name: '超过时限的商机' }).getByRole('listitem');
  await expect(stuck).toHaveCount(1);
  await expect(stuck.getByText(/超出 6天/)).toBeVisible();
  await stuck.getByRole('button', { name: '催办' }).click();
  await expect(page.getByText(/派发催办任务/)).toBeVisible();

  // 截至: before the opportunity was there; the numbers of then lead nowhere, and back to now they do.
  await page.goto(`/reports?as_of=${daysAfter(day, -1)}T10:00:00Z`);
  await expect(page.getByRole('status').getByText(/^截至 .* 的数据$/)).toBeVisible();
  await expect(pipeline.getByText(/0 · ¥/).first()).toBeVisible();
  await expect(pipeline.getByRole('link', { name: /· ¥/ })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: '回到现在' }).click();
  await expect(page).not.toHaveURL(/as_of/);

  await pipeline.getByRole('link', { name: /1 · ¥/ }).first().click();
  await expect(page).toHaveURL(/\/opportunities\?.*stage=initial_contact/);
  await expect(page.getByRole('link', { name: slow.name }).first()).toBeVisible();
});

// S9, I18, I30: a report by name, its definition on screen, and what cannot be divided is 「—」.
test('a report says what it means', async ({ page }) => {
  await page.goto('/reports?report=conversion');
  const report = page.getByRole('region', { name: '转化率' }).first();
  await report.getByRole('button', { name: '指标口径' }).click();
  await expect(dialog(page, '指标口径').getByText(/赢单率 = 赢单 ÷/)).toBeVisible();
  await page.keyboard.press('Escape');
  const download = page.waitForEvent('download');
  await report.getByRole('button', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toContain('转化率');
  await expectAccessible(page);

  // I27, I28: the forecast by month and class, and the report as a workbook.
  await page.goto('/reports?report=forecast');
  const forecast = page.getByRole('region', { name: '销售预测' }).first();
  await expect(forecast.getByText('承诺').first()).toBeVisible();
  await expect(page.getByRole('region', { name: '预测回顾' }).first()).toBeVisible();
  const workbook = page.waitForEvent('download');
  await forecast.getByRole('link', { name: /^Excel/ }).click();
  expect((await workbook).suggestedFilename()).toMatch(/\.xlsx$/);
  await expectAccessible(page);
});
