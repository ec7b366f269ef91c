import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, freshName, freshPhone, logIn } from './journey';

const drawer = (page: Page) => page.getByRole('dialog', { name: '新建客户' });

async function fillCustomer(page: Page, name: string): Promise<void> {
  const form = drawer(page);
  await form.getByLabel('客户名称').fill(name);
  await form.getByLabel('联系人姓名').fill('王芳');
  await form.getByLabel('联系电话').fill(freshPhone());
  await form.getByRole('combobox', { name: '所属行业' }).click();
  await page.getByRole('option').first().click();
  await form.getByLabel('官网注册').check();
}

async function createCustomer(page: Page): Promise<string> {
  const name = freshName();
  await page.goto('/customers?new=customer');
  await fillCustomer(page, name);
  await drawer(page).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return name;
}

test.beforeEach(async ({ page }) => logIn(page));

// S14, S23
test('marks every missing field, then saves and shows the number', async ({ page }) => {
  await page.goto('/customers?new=customer');
  await drawer(page).getByRole('button', { name: '保存', exact: true }).click();
  for (const label of ['客户名称', '联系人姓名', '联系电话']) {
    await expect(drawer(page).getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  const name = freshName();
  await fillCustomer(page, name);
  await drawer(page).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText(/已保存，客户编号 CUST\d{11,}/)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
});

// S64: C opens the form, everything by keyboard; 保存并新建 keeps industry and source; a draft survives reload.
test('keeps industry and source for the next customer, and a draft over a reload', async ({ page }) => {
  await page.goto('/customers');
  await expect(page.getByRole('heading', { level: 1, name: '客户' })).toBeVisible();
  await page.keyboard.press('c');
  await fillCustomer(page, freshName());
  const industry = await drawer(page).getByRole('combobox', { name: '所属行业' }).inputValue();
  await drawer(page).getByRole('button', { name: '保存并新建' }).click();
  await expect(drawer(page).getByLabel('客户名称')).toHaveValue('');
  await expect(drawer(page).getByRole('combobox', { name: '所属行业' })).toHaveValue(industry);
  await expect(drawer(page).getByLabel('官网注册')).toBeChecked();

  await drawer(page).getByLabel('客户名称').fill('写到一半的公司');
  await page.reload();
  await expect(drawer(page).getByLabel('客户名称')).toHaveValue('写到一半的公司');
  await drawer(page).getByRole('button', { name: '清空' }).click();
  await expect(drawer(page).getByLabel('客户名称')).toHaveValue('');
});

// S15
test('warns while typing that the name is taken', async ({ page }) => {
  const name = await createCustomer(page);
  await page.goto('/customers?new=customer');
  await drawer(page).getByLabel('客户名称').fill(name);
  await expect(drawer(page).getByText(/已有同名客户 CUST\d+/)).toBeVisible();
});

// S26, I58
test('shows both values when two people edit the same customer', async ({ page }) => {
  await createCustomer(page);
  const address = page.url();
  const other = await page.context().newPage();
  await page.goto(`${address}?edit=true`);
  await page.getByLabel('备注').fill('先写的备注');
  await other.goto(`${address}?edit=true`);
  await other.getByLabel('备注').fill('抢先保存的备注');
  await other.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await expect(other.getByRole('dialog')).toBeHidden();

  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  const conflict = page.getByRole('dialog', { name: '他人已修改这条记录' });
  await expect(conflict.getByText('抢先保存的备注')).toBeVisible();
  await expectAccessible(page);
  await conflict
    .getByLabel(/先写的备注/)
    .last()
    .check();
  await conflict.getByRole('button', { name: '按所选保存' }).click();
  await expect(page.getByRole('definition').filter({ hasText: /^先写的备注$/ })).toBeVisible();
});

// S28, S29
test('asks for date and amount of a deal and shows it', async ({ page }) => {
  await createCustomer(page);
  await page.getByRole('button', { name: /^客户状态/ }).click();
  await page.getByRole('menuitem', { name: '成交客户' }).click();
  const dialog = page.getByRole('dialog', { name: '成交信息' });
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(dialog.getByLabel('合同金额')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('合同金额').fill('500000');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('button', { name: '客户状态: 成交客户' })).toBeVisible();
  await expect(page.getByText('¥500,000.00').first()).toBeVisible();
});

// S25, S31: the whole view is in the address.
test('keeps the filters in the address', async ({ page }) => {
  await page.goto('/customers');
  await page.getByRole('button', { name: '近30天未跟进' }).click();
  await expect(page).toHaveURL(/not_followed_up_days=30/);
  await page.getByRole('button', { name: /^客户状态/ }).click();
  await page.getByRole('checkbox', { name: '成交客户' }).check();
  await expect(page).toHaveURL(/status=won/);
  await expectAccessible(page);
  await page.reload();
  await expect(page.getByRole('button', { name: '近30天未跟进' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page).not.toHaveURL(/status|not_followed/);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`is accessible in ${scheme} @phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto('/customers');
    await expect(page.getByRole('link', { name: /公司/ }).first()).toBeVisible();
    await expectAccessible(page);
    await page.goto('/customers?new=customer');
    await expect(drawer(page).getByLabel('客户名称')).toBeVisible();
    await expectAccessible(page);
    await page.goto('/customers');
    await page.getByRole('link', { name: /公司/ }).first().click();
    await expect(page.getByRole('tab', { name: '动态' })).toBeVisible();
    await expectAccessible(page);
  });
}
