import type { Page } from '@playwright/test';
import { choose, dialog, entry, save, takeFromMenu } from './forms';
import { PASSWORD } from './office';
import { expect, expectAccessible, test } from './test';

// One story in four chapters: each goes on where the one before ended.
test.use({ place: { name: 'first start' }, storageState: { cookies: [], origins: [] } });
test.describe.configure({ mode: 'serial' });

const TEAM = '华东销售部';
const SECOND_TEAM = '战略客户部';
const ADMIN = { number: 'A0001', name: '周管理' };
const REP = { number: 'S1001', name: '陈立' };
const NEW_PASSWORD = 'Bamboo-9bridge';

let oneTimePassword = '';

async function logIn(page: Page, number: string, password: string, team: string): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('工号').fill(number);
  await page.getByLabel(/^密码/).fill(password);
  await choose(page.getByRole('main'), '所属团队', team);
  await page.getByRole('button', { name: '登录' }).click();
}

const account = (page: Page) => page.getByRole('button', { name: /^账号/ });

/** The team worked in: in the header, on a phone in the menu of the account. */
async function expectTeam(page: Page, name: string, isMobile: boolean, many = false): Promise<void> {
  if (isMobile) await account(page).click();
  const place = page.getByRole(isMobile ? 'menu' : 'banner');
  await expect(place.getByText(isMobile && many ? `切换团队，当前：${name}` : name, { exact: true })).toBeVisible();
  if (isMobile) await page.keyboard.press('Escape');
}

// S11: no default password exists; the link on the console makes the first account, once.
test('the set-up link makes the first administrator and team, and works once', { tag: '@phone' }, async ({
  page,
  isMobile,
  server,
}) => {
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
  await expect(page.getByRole('button', { name: `账号：${ADMIN.name}` })).toBeVisible();
  await expectTeam(page, TEAM, isMobile);

  await page.goto(server.setupLink ?? '');
  await expect(page.getByText('系统已完成初始化，请直接登录。')).toBeVisible();
});

// S11, I42: a second team and a sales person who belongs to both; the password is shown once.
test('the administrator makes a team and a user, whose password is shown once', { tag: '@phone' }, async ({
  page,
  isMobile,
}) => {
  await logIn(page, ADMIN.number, PASSWORD, TEAM);
  if (isMobile) await takeFromMenu(page, '更多', '设置');
  else await page.getByRole('link', { name: '设置' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '用户' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: '团队', exact: true }).click();
  await page.getByRole('button', { name: '新建团队' }).click();
  const team = dialog(page, '新建团队');
  await team.getByLabel('团队名称').fill(SECOND_TEAM);
  await save(team);
  await expect(page.getByRole('listitem').filter({ hasText: SECOND_TEAM })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: '用户', exact: true }).click();
  await page.getByRole('button', { name: '新建用户' }).click();
  const form = dialog(page, '新建用户');
  await save(form);
  await expect(form.getByLabel('工号')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('工号').fill(REP.number);
  await form.getByLabel('姓名').fill(REP.name);
  await choose(form, '角色', '销售');
  for (const name of [TEAM, SECOND_TEAM]) await choose(form, '团队', name);
  await page.keyboard.press('Tab');
  await expectAccessible(page);
  await save(form);
  const shown = dialog(page, `${REP.name} 的一次性密码`);
  oneTimePassword = await shown.getByLabel('一次性密码').inputValue();
  expect(oneTimePassword.length).toBeGreaterThanOrEqual(8);
  await expectAccessible(page);
  await shown.getByRole('button', { name: '我已记下' }).click();
  await expect(shown).toBeHidden();
  const row = entry(page, REP.number);
  await expect(row.getByText('待改密')).toBeVisible();
  await page.reload();
  await expect(row).toBeVisible();
  await expect(page.getByText(oneTimePassword)).toHaveCount(0);
});

// S10, S12, S13
test('the first log-in forces a new password; a wrong team is said only after the right password', {
  tag: '@phone',
}, async ({ page }) => {
  await logIn(page, REP.number, 'Wrong-pass1', TEAM);
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page);
  const wrongPassword = await page.getByRole('alert').textContent();
  await page.getByLabel('工号').fill('nobody');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('alert')).toHaveText(wrongPassword ?? '');

  // 工号: spaces around it and the case do no harm.
  await logIn(page, ` ${REP.number.toLowerCase()} `, oneTimePassword, TEAM);
  await expect(page.getByRole('heading', { name: '修改密码' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/customers');
  await expect(page.getByRole('heading', { name: '修改密码' })).toBeVisible();
  const answer = await page.request.get('/api/v1/customers');
  expect(answer.status()).toBe(403);
  expect((await answer.json()).code).toBe('PASSWORD_CHANGE_REQUIRED');

  await page.getByLabel('当前密码').fill(oneTimePassword);
  await page.getByLabel(/^新密码/).fill(oneTimePassword);
  await page.getByLabel('再次输入新密码').fill(oneTimePassword);
  await save(page.getByRole('main'));
  await expect(page.getByLabel(/^新密码/)).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel(/^新密码/).fill(NEW_PASSWORD);
  await page.getByLabel('再次输入新密码').fill(`${NEW_PASSWORD}x`);
  await save(page.getByRole('main'));
  await expect(page.getByText('两次输入的新密码不一致')).toBeVisible();
  await page.getByLabel('再次输入新密码').fill(NEW_PASSWORD);
  await save(page.getByRole('main'));
  await expect(page.getByText('密码已修改')).toBeVisible();
  await expect(account(page)).toBeVisible();
});

// S13: the last team is chosen already; a member of two teams switches without logging in again.
test('log out, log in with the last team, switch teams', { tag: '@phone' }, async ({ page, isMobile }) => {
  await logIn(page, REP.number, NEW_PASSWORD, SECOND_TEAM);
  await expectTeam(page, SECOND_TEAM, isMobile, true);
  await account(page).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '登录' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: '所属团队' })).toHaveValue(SECOND_TEAM);
  await page.getByLabel('工号').fill(REP.number);
  await page.getByLabel(/^密码/).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await takeFromMenu(page, isMobile ? /^账号/ : `切换团队，当前：${SECOND_TEAM}`, TEAM);
  await expectTeam(page, TEAM, isMobile, true);
  await page.reload();
  await expectTeam(page, TEAM, isMobile, true);
  // Sales people have no settings.
  await expect(page.getByRole('link', { name: '设置' })).toHaveCount(0);
});
