import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { COMPANIES, type Company } from './companies';
import { daysAfter } from './dates';
import { dialog, enter, save, takeFromMenu } from './forms';
import { today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'ten companies' } });

const yuan = (amount: number): string =>
  `¥${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** The listed companies as somebody would hand them over: with a made-up contact each, in the product's own trades. */
async function spreadsheet(): Promise<{ content: Buffer; rows: number }> {
  const text = await readFile(new URL('../../load/companies.csv', import.meta.url), 'utf8');
  const listed = text.trim().split(/\r?\n/).slice(1);
  const rows = listed.map((line, index) => {
    const [name = '', , province = ''] = line.split(',');
    const industry = COMPANIES.find((company) => company.name === name)?.industry ?? '其他';
    return [name, '测经理', `1990000${String(index).padStart(4, '0')}`, industry, '官网注册', province];
  });
  const head = ['客户名称', '联系人姓名', '联系电话', '所属行业', '来源渠道', '公司地址'];
  return { content: Buffer.from([head, ...rows].map((row) => `${row.join(',')}\r\n`).join('')), rows: rows.length };
}

async function importAll(page: Page): Promise<number> {
  const { content, rows } = await spreadsheet();
  await page.goto('/exchange');
  const file = { name: '上市公司.csv', mimeType: 'text/csv', buffer: content };
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByRole('button', { name: '试运行' }).click();
  await expect(page.getByText(`新增 ${rows}，更新 0，跳过 0，错误 0`)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: /^导入 [\d,]+ 行正确数据$/ }).click();
  await expect(page.getByRole('heading', { name: '导入结果' })).toBeVisible({ timeout: 120_000 });
  return rows;
}

const search = (page: Page) => page.getByRole('searchbox', { name: '名称、联系人、电话、拼音' });

/** Found as people look for it: by the first letters of its pinyin. */
async function openCustomer(page: Page, company: Company): Promise<void> {
  await page.goto('/customers');
  await search(page).fill(company.initials);
  await page.getByRole('link', { name: company.name, exact: true }).click();
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

async function plan(page: Page, day: string): Promise<void> {
  await page.getByRole('button', { name: '跟进计划', exact: true }).first().click();
  const form = dialog(page, '新建跟进计划');
  await enter(form, '日期', day);
  await enter(form, '开始', '14:00');
  await enter(form, '结束', '14:30');
  await form.getByLabel('跟进内容').fill('确认采购预算与时间表');
  await save(form);
  await expect(form).toBeHidden();
}

/** The plan becomes a record, whose next action becomes a task. */
async function record(page: Page, due: string): Promise<void> {
  await page.getByRole('tab', { name: '跟进计划' }).click();
  await page.getByRole('listitem').getByRole('button', { name: '写跟进', exact: true }).click();
  const form = dialog(page, '完成跟进计划');
  await form.getByLabel('沟通结果').fill('对方认可方案，进入合同流程');
  await form.getByLabel('下一步行动').fill('发送合同草稿');
  await enter(form, '截止日期', due);
  await form.getByRole('radio', { name: '任务' }).check();
  await save(form);
  await expect(form).toBeHidden();
}

/** A task about a contact with the customer is done and recorded in one go (I3). */
async function completeTask(page: Page): Promise<void> {
  const address = page.url().split('?')[0] ?? '';
  await page.getByRole('tab', { name: '任务' }).click();
  await page.getByRole('link', { name: /发送合同草稿/ }).click();
  await page.getByRole('row').filter({ hasText: '发送合同草稿' }).getByRole('button', { name: '完成' }).click();
  const form = dialog(page, '完成任务');
  await form.getByLabel('完成情况').fill('合同草稿已发');
  await form.getByRole('button', { name: '完成', exact: true }).click();
  await expect(form.getByLabel('下一步行动')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('下一步行动').fill('约签合同');
  await form.getByRole('button', { name: '完成', exact: true }).click();
  await expect(form).toBeHidden();
  await page.goto(address);
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

// The listed companies come in by a spreadsheet; ten of them go through the whole guide by one person in one browser; list,
// search and sums agree at the end.
test('three thousand real companies, ten of them to the deal', async ({ page, me }) => {
  test.setTimeout(400_000);
  const day = await today(me.api);
  const all = await importAll(page);
  for (const company of COMPANIES) {
    await openCustomer(page, company);
    await enterOpportunity(page, company, daysAfter(day, 20));
    await plan(page, daysAfter(day, 2));
    await record(page, daysAfter(day, 3));
    await completeTask(page);
    await win(page, company);
  }

  const cents = COMPANIES.reduce((sum, company) => sum + Math.round(company.amount * 100), 0);
  await page.goto('/customers?status=won');
  await expect(page.getByText('共 10 家')).toBeVisible();
  const numbers = await page.getByRole('cell', { name: /^CUST\d{11,}$/ }).allTextContents();
  expect(new Set(numbers).size).toBe(10);
  for (const company of COMPANIES) {
    await search(page).fill(company.initials);
    await expect(page.getByRole('link', { name: company.name, exact: true })).toBeVisible();
  }
  await page.goto('/opportunities?view=board');
  const won = page.getByRole('region', { name: '成交', exact: true });
  await expect(won.getByRole('article')).toHaveCount(10);
  await expect(won.getByTitle(yuan(cents / 100)).first()).toBeVisible();
  await expectAccessible(page);
  expect((await me.api.get<{ total: number }>('/customers?limit=1')).total).toBe(all);
  const tasks = await me.api.get<{ total: number }>('/tasks?mine=true&status=done');
  const records = await me.api.get<{ total: number }>('/follow-ups?limit=1');
  expect([tasks.total, records.total]).toEqual([10, 20]);
  const answer = await me.api.get<{ items: { total_won_amount: string }[]; total: number }>(
    '/customers?status=won&limit=100',
  );
  const sum = answer.items.reduce((before, row) => before + Math.round(Number(row.total_won_amount) * 100), 0);
  expect([answer.total, sum]).toEqual([10, cents]);
  const mine = await me.api.get<{ target: { won: string } }>('/my-day');
  expect(mine.target.won).toBe((cents / 100).toFixed(2));
});
