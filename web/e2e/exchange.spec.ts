import { readFile } from 'node:fs/promises';
import { dialog } from './forms';
import { givenCustomer, givenOpportunity } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'exchange', demoNow: '2024-03-18T09:00:00+08:00' } });

const csv = (rows: string[][]) => Buffer.from(rows.map((row) => `${row.join(',')}\r\n`).join(''));

// I46: a file of somebody's own, mapped, tried, imported; the bad row comes back; all of it is undone.
test('a spreadsheet is mapped, tried, imported and taken back', async ({ page }) => {
  await page.goto('/exchange');
  await expect(page.getByRole('heading', { name: '导入数据' })).toBeVisible();
  await expect(page.getByText('还没有导入过文件')).toBeVisible();
  await expectAccessible(page);

  await page.locator('input[type="file"]').setInputFiles({
    name: '老客户.csv',
    mimeType: 'text/csv',
    buffer: csv([
      ['公司', '对接人', '手机', '行业', '来源'],
      ['苏州导入机械有限公司', '张伟', '13800138000', '制造业', '官网注册'],
      ['杭州导入软件有限公司', '李娜', '123', '互联网', '官网注册'],
    ]),
  });
  await expect(page.getByRole('heading', { name: '第一步：核对每一列的含义' })).toBeVisible();
  await expect(page.getByLabel('「公司」的含义')).toHaveValue('name');
  await page.getByRole('button', { name: '试运行' }).click();
  await expect(page.getByRole('alert')).toContainText('联系人姓名');
  await page.getByLabel('「对接人」的含义').selectOption('contact_name');
  await expectAccessible(page);
  await page.getByRole('button', { name: '试运行' }).click();

  await expect(page.getByText('新增 1，更新 0，跳过 0，错误 1')).toBeVisible({ timeout: 10_000 });
  await expect(page.getByRole('row', { name: /杭州导入软件.*联系电话/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '导入 1 行正确数据' }).click();
  await expect(page.getByRole('heading', { name: '导入结果' })).toBeVisible({ timeout: 10_000 });
  const refused = page.waitForEvent('download');
  await page.getByRole('link', { name: '下载错误行' }).click();
  expect((await refused).suggestedFilename()).toBe('老客户-错误.xlsx');

  await page.getByRole('button', { name: '撤销整个导入' }).click();
  await dialog(page, '撤销整个导入').getByRole('button', { name: '撤销整个导入' }).click();
  await expect(page.getByText('已撤回 1 行，保留 0 行')).toBeVisible({ timeout: 10_000 });
});

// I47: the list as it is seen, as a file.
test('a list is exported with its columns', async ({ page, me }) => {
  await givenCustomer(me.api, '无锡导出科技有限公司');
  await page.goto('/customers');
  await page.getByRole('button', { name: '导出' }).click();
  const form = dialog(page, '导出客户');
  await expect(form.getByLabel('客户名称')).toBeChecked();
  await form.getByLabel('CSV（UTF-8）').check();
  await expectAccessible(page);
  await form.getByRole('button', { name: '开始导出' }).click();
  await expect(form.getByText('已导出 1 行')).toBeVisible({ timeout: 10_000 });
  const fetched = page.waitForEvent('download');
  await form.getByRole('link', { name: '下载' }).click();
  const file = await fetched;
  expect(file.suggestedFilename()).toMatch(/^客户-\d{8}\.csv$/);
  expect(await readFile(await file.path(), 'utf8')).toContain('无锡导出科技有限公司');
  await page.goto('/exchange?tab=exports');
  await expect(
    page
      .getByRole('region', { name: '导出记录' })
      .getByRole('row', { name: /客户.*已完成/ })
      .first(),
  ).toBeVisible();
  await expectAccessible(page);
});

// I33: the record sheet is printed without menu and buttons.
test('the record sheet of an opportunity is made for paper', async ({ page, me }) => {
  const customer = await givenCustomer(me.api, '常州打印设备有限公司');
  const opportunity = await givenOpportunity(me.api, customer.id, '打印设备采购');
  await page.goto(`/opportunities/${opportunity.id}/record-sheet`);
  await expect(page.getByText(opportunity.number)).toBeVisible();
  await expectAccessible(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: '打印' })).toBeHidden();
  await expect(page.getByRole('navigation', { name: '主菜单' })).toBeHidden();
  await expect(page.getByText(opportunity.number)).toBeVisible();

  await page.emulateMedia({ media: 'screen' });
  await page.goto(`/customers/${customer.id}/record-sheet`);
  await expect(page.getByRole('heading', { name: '客户跟进记录表' })).toBeVisible();
  await expect(page.getByRole('cell', { name: '打印设备采购' })).toBeVisible();
  await expectAccessible(page);
});
