import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

type Account = { employee_number: string; password: string; role: string; team: string };

/** The accounts that `serve --demo` names in its first line of output. */
export function account(role: string): Account {
  const accounts = JSON.parse(process.env.CHENGDAN_ACCOUNTS ?? '[]') as Account[];
  const found = accounts.find((one) => one.role === role);
  if (!found) throw new Error(`CHENGDAN_ACCOUNTS names no ${role}; pass the "accounts" of serve --demo`);
  return found;
}

export async function logIn(page: Page, role = 'sales'): Promise<void> {
  const { employee_number, password, team } = account(role);
  await page.goto('/login');
  await page.getByLabel('工号').fill(employee_number);
  await page.getByLabel('密码', { exact: false }).first().fill(password);
  await page.getByRole('combobox', { name: '所属团队' }).click();
  await page.getByRole('option', { name: team, exact: true }).click();
  await page.getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('button', { name: /^账号/ })).toBeVisible();
}

/** No violation of WCAG 2.1 AA in what is on the screen now, open popups included. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target.join(' '))])).toEqual([]);
}

/** A name nobody has yet. */
export const freshName = (): string => `杭州云杉${Date.now()}科技有限公司`;

/** A mobile number nobody has yet, by chance of one in a hundred million. */
export const freshPhone = (): string => `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
