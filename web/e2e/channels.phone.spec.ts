import { givenCustomer } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'channels-phone', demoNow: '2024-03-18T09:00:00+08:00' } });

// I13: the choice of channels and one's own reminders in the hand.
test('choices and own reminders on a phone', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '烟台万华化学集团');
  await me.api.post('/follow-up-plans', {
    customer_id: customer.id,
    method: 'phone_call',
    content: '确认报价',
    starts_at: '2024-03-25T14:00:00+08:00',
    ends_at: '2024-03-25T15:00:00+08:00',
    own_reminders: [60, 15],
  });
  await page.goto('/notifications/preferences');
  await page.getByRole('checkbox', { name: '任务变动 · 邮件' }).check();
  await page.getByLabel('开始时间').fill('22:00');
  await page.getByLabel('结束时间').fill('08:00');
  await page.getByRole('region', { name: '免打扰与语言' }).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await expectAccessible(page);
  await page.goto('/notifications/reminders');
  await expect(page.getByRole('list', { name: '我的提醒' }).getByRole('listitem')).toHaveCount(3);
  await expectAccessible(page);
});
