import { daysAfter } from './dates';
import { dialog, openForm } from './forms';
import { givenCustomer, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'calendar day', demoNow: '2024-03-18T09:00:00+08:00' } });

// I10, S41: a day by its hours; plans at the same time are marked.
test('a day shows its plans and marks those at the same time', async ({ page, me }) => {
  const day = daysAfter(await today(me.api), 2);
  const customer = await givenCustomer(me.api, '上海东方制造有限公司');
  const plan = { customer_id: customer.id, method: 'phone_call', content: '确认采购预算' };
  await me.api.post('/follow-up-plans', {
    ...plan,
    starts_at: `${day}T14:00:00+08:00`,
    ends_at: `${day}T15:00:00+08:00`,
  });
  await me.api.post('/follow-up-plans', {
    ...plan,
    starts_at: `${day}T14:30:00+08:00`,
    ends_at: `${day}T15:30:00+08:00`,
  });
  await page.goto(`/calendar?view=day&day=${day}`);
  await expect(page.getByRole('region', { name: '日', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /14:00–15:00.*时间冲突/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /14:30–15:30.*时间冲突/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '后一天' }).click();
  await expect(page).toHaveURL(new RegExp(`day=${daysAfter(day, 1)}`));
  // 清明: off from Thursday on, made up for on Sunday.
  await page.goto('/calendar?view=week&day=2024-04-04');
  await expect(page.getByText('休息日：清明节').first()).toBeAttached();
  await expect(page.getByText('上班日：清明节').first()).toBeAttached();
});

// I11: free time fills the slot of a new plan.
test('free time is found from the form of a plan', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '苏州新区精密仪器有限公司');
  const form = await openForm(page, `/calendar?new=plan&for_customer=${customer.id}`, '新建跟进计划');
  await form.getByRole('button', { name: '查找空闲时间' }).click();
  const found = dialog(page, '查找空闲时间');
  await expectAccessible(page);
  await found
    .getByRole('listitem')
    .filter({ hasText: '周二' })
    .first()
    .getByRole('button', { name: '09:00–18:00' })
    .click();
  await expect(found).toBeHidden();
  await expect(form.getByLabel('日期')).toHaveValue('2024-03-19');
  await expect(form.getByLabel('开始')).toHaveValue('09:00');
  await expect(form.getByLabel('结束')).toHaveValue('10:00');
});

// I12: a secret address of one's own calendar, shown once and ended at will.
test('one subscribes to the calendar and ends it', async ({ page, me }) => {
  await page.goto('/calendar');
  await page.getByRole('button', { name: '订阅日历' }).click();
  const form = dialog(page, '订阅日历');
  await form.getByRole('button', { name: '生成地址' }).click();
  const address = await form.getByLabel('订阅地址').inputValue();
  expect(address).toMatch(/\/api\/v1\/calendar\/feed\/[\w-]{43}\.ics$/);
  await expectAccessible(page);
  const feed = await me.api.context.get(address);
  expect(await feed.text()).toContain('BEGIN:VCALENDAR');
  await form.getByRole('button', { name: '停止订阅' }).click();
  await expect(form.getByText('尚未启用')).toBeVisible();
  expect((await me.api.context.get(address)).status()).toBe(404);
});
