import type { Page } from '@playwright/test';
import { Office, PASSWORD } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'first start' }, storageState: { cookies: [], origins: [] } });
test.describe.configure({ mode: 'serial' });

const TEAM = '华东销售部';
const ADMIN = { number: 'A0001', name: '周管理' };

async function logIn(page: Page, number: string, password: string, team: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('工号').fill(number);
  await page.getByLabel(/^密码/).fill(password);
  await page.getByRole('combobox', { name: '所属团队' }).click();
  await page.getByRole('option', { name: team, exact: true }).click();
  await page.getByRole('button', { name: '登录' }).click();
}

async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^账号/ }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '登录' })).toBeVisible();
}

// S11: no default password exists; the link on the console makes the first account, once.
test('the set-up link makes the first administrator and team, and works once', async ({ page, server }) => {
  await page.goto(server.setupLink ?? '');
  await expect(page.getByRole('heading', { name: '初始化' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('团队名称').fill(TEAM);
  await page.getByLabel('姓名').fill(ADMIN.name);
  await page.getByLabel('工号').fill(ADMIN.number);
  await page.getByLabel(/^密码/).fill('short');
  await page.getByRole('button', { name: '完成并登录' }).click();
  await expect(page.getByLabel(/^密码/)).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel(/^密码/).fill(PASSWORD);
  await page.getByRole('button', { name: '完成并登录' }).click();
  await expect(page.getByRole('banner').getByText(TEAM)).toBeVisible();
  await expect(page.getByRole('button', { name: `账号：${ADMIN.name}` })).toBeVisible();
  await expectAccessible(page);

  await page.goto(server.setupLink ?? '');
  await expect(page.getByText('系统已完成初始化，请直接登录。')).toBeVisible();
});
