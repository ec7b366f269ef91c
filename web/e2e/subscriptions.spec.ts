import { dialog } from './forms';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'subscriptions', demoNow: '2024-03-18T09:00:00+08:00' } });

// I31: subscribed on a report, paused and gone on; who runs the product sees that it is there, not what it says.
test('a report by one’s own bot every month', async ({ page, me, openAs, office }) => {
  await me.api.put('/notification-preferences', { bots: [{ kind: 'wecom', url: 'http://127.0.0.1:9/' }] });
  await page.goto('/reports?report=funnel');
  await page.getByRole('region', { name: '销售漏斗' }).first().getByRole('button', { name: '订阅' }).click();
  const form = dialog(page, '订阅「销售漏斗」');
  await form.getByRole('radio', { name: '每月' }).check();
  await expectAccessible(page);
  await form.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已订阅')).toBeVisible();

  await page.goto('/subscriptions');
  const row = page.getByRole('list', { name: '我的订阅' }).getByRole('listitem');
  await expect(row.getByText(/每月 1 日 08:30/)).toBeVisible();
  await row.getByRole('button', { name: /暂停/ }).click();
  await expect(row.getByText('已暂停')).toBeVisible();
  await row.getByRole('button', { name: /恢复/ }).click();
  await expect(row.getByText('已暂停')).toBeHidden();
  await expectAccessible(page);

  const admin = await openAs({ api: office.admin });
  await admin.goto('/settings/subscriptions');
  await expect(admin.getByRole('row', { name: /陈立.*报表.*每月 1 日/ })).toBeVisible();
  await expect(admin.getByText('销售漏斗')).toBeHidden();
});
