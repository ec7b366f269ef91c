import { dialog } from './forms';
import { givenCustomer } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'groups-phone', demoNow: '2024-03-18T09:00:00+08:00' } });

// S33 on a phone: choose with the thumb, tag together.
test('customers are selected and tagged on a phone', async ({ page, me }) => {
  await givenCustomer(me.api, '绍兴黄酒集团');
  await givenCustomer(me.api, '湖州久立特材');
  await page.goto('/customers');
  await page.getByRole('button', { name: '批量选择' }).click();
  await page.getByRole('checkbox', { name: '选择 绍兴黄酒集团' }).check();
  const bar = page.getByRole('region', { name: '批量操作' });
  await bar.getByRole('button', { name: '选择全部符合条件的 2 家' }).click();
  await expectAccessible(page);
  await bar.getByRole('button', { name: '更多操作' }).click();
  await page.getByRole('menuitem', { name: '添加标签' }).click();
  const batch = dialog(page, '添加标签');
  const tags = batch
    .getByRole('combobox', { name: '标签' })
    .or(batch.getByRole('textbox', { name: '标签' }))
    .first();
  await tags.fill('江浙');
  await tags.press('Enter');
  await batch.getByRole('button', { name: '预览' }).click();
  await expect(batch.getByText('将处理 2 家客户')).toBeVisible();
  await expectAccessible(page);
  await batch.getByRole('button', { name: '对 2 家执行' }).click();
  await expect(batch.getByText('完成：成功 2 家')).toBeVisible();
});
