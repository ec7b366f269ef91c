import type { Page } from '@playwright/test';
import { COMPANIES, type Company } from './companies';
import { daysAfter } from './dates';
import { choose, dialog, enter, phone, save, takeFromMenu } from './forms';
import { today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'ten companies' } });

const yuan = (amount: number): string =>
  `¥${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

async function enterCustomer(page: Page, company: Company): Promise<void> {
  await page.goto('/customers?new=customer');
  const form = dialog(page, '新建客户');
  await form.getByLabel('客户名称').fill(company.name);
  await form.getByLabel('联系人姓名').fill('赵倩');
  await form.getByLabel('联系电话').fill(phone());
  await choose(form, '所属行业', company.industry);
  await form.getByLabel('官网注册').check();
  await save(form);
  await expect(page.getByRole('heading', { level: 1, name: company.name })).toBeVisible();
}

async function enterOpportunity(page: Page, company: Company, close: string): Promise<void> {
  await page.getByRole('button', { name: '新建商机', exact: true }).click();
  const form = dialog(page, '新建商机');
  await expect(form.getByRole('combobox', { name: '客户' })).toHaveValue(company.name);
  await form.getByLabel('商机名称').fill(`${company.name}年度采购`);
  await enter(form, '预计成交金额', String(company.amount));
  await enter(form, '预计成交日', close);
  await save(form);
  await expect(page.getByRole('heading', { level: 1, name: `${company.name}年度采购` })).toBeVisible();
}

async function writeFollowUp(page: Page): Promise<void> {
  await page.getByRole('button', { name: '写跟进', exact: true }).first().click();
  const form = dialog(page, '写跟进记录');
  await form.getByLabel('沟通结果').fill('对方认可方案，进入合同流程');
  await form.getByLabel('下一步行动').fill('发送合同草稿');
  await save(form);
  await expect(form).toBeHidden();
}

async function win(page: Page, company: Company): Promise<void> {
  for (const [from, to] of [
    ['初步接触', '需求分析'],
    ['需求分析', '方案提交'],
    ['方案提交', '商务谈判'],
  ] as const) {
    await takeFromMenu(page, `阶段: ${from}`, to);
    await expect(page.getByRole('button', { name: `阶段: ${to}` })).toBeVisible();
  }
  await takeFromMenu(page, '阶段: 商务谈判', '成交');
  const deal = dialog(page, '成交');
  await expect(deal.getByLabel('成交金额')).toHaveValue(yuan(company.amount).slice(1));
  await deal.getByRole('button', { name: '确认成交' }).click();
  await expect(page.getByRole('button', { name: '阶段: 成交' })).toBeVisible();
}

// From entry to the deal, ten times, by one person in one browser; list, search and sums agree at the end.
test('ten real companies from entry to the deal', async ({ page, me }) => {
  test.setTimeout(180_000);
  const close = daysAfter(await today(me.api), 20);
  for (const company of COMPANIES) {
    await enterCustomer(page, company);
    await enterOpportunity(page, company, close);
    await writeFollowUp(page);
    await win(page, company);
  }

  const cents = COMPANIES.reduce((sum, company) => sum + Math.round(company.amount * 100), 0);
  await page.goto('/customers?status=won');
  await expect(page.getByText('共 10 家')).toBeVisible();
  const numbers = await page.getByRole('cell', { name: /^CUST\d{11,}$/ }).allTextContents();
  expect(new Set(numbers).size).toBe(10);
  const search = page.getByRole('searchbox', { name: '名称、联系人、电话、拼音' });
  for (const company of COMPANIES) {
    await search.fill(company.initials);
    await expect(page.getByRole('link', { name: company.name, exact: true })).toBeVisible();
  }
  await page.goto('/opportunities?view=board');
  const won = page.getByRole('region', { name: '成交', exact: true });
  await expect(won.getByRole('article')).toHaveCount(10);
  await expect(won.getByTitle(yuan(cents / 100)).first()).toBeVisible();
  await expectAccessible(page);
  const answer = await me.api.get<{ items: { total_won_amount: string }[]; total: number }>(
    '/customers?status=won&limit=100',
  );
  const sum = answer.items.reduce((before, row) => before + Math.round(Number(row.total_won_amount) * 100), 0);
  expect([answer.total, sum]).toEqual([10, cents]);
  const day = await me.api.get<{ target: { won: string } }>('/my-day');
  expect(day.target.won).toBe((cents / 100).toFixed(2));
});
