import type { Page } from '@playwright/test';
import { choose, dialog, openForm, phone, pick, save, takeFromMenu } from './forms';
import { givenCustomer as given, givenOpportunity } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'stewardship' } });

const FORM = '新建客户';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

// S64: a pasted line fills the form, by keyboard alone; the rest is typed and saved.
test('a pasted line becomes a customer', async ({ page }) => {
  const form = await openForm(page, '/customers?new=customer', FORM);
  const paste = form.getByRole('button', { name: '粘贴识别' });
  await paste.focus();
  await page.keyboard.press('Enter');
  const box = form.getByLabel('粘贴名片、签名或聊天内容');
  await expect(box).toBeFocused();
  await box.fill(`张伟 ${phone()} 上海粘贴科技 采购经理\n邮箱：zhangwei@example.com 微信同号`);
  await page.keyboard.press('Control+Enter');
  await expect(form.getByLabel('客户名称')).toHaveValue('上海粘贴科技');
  await expect(form.getByLabel('客户名称')).toBeFocused();
  await expect(form.getByLabel('联系人姓名')).toHaveValue('张伟');
  await expect(form.getByLabel('联系人职务')).toHaveValue('采购经理');
  await expect(form.getByLabel('邮箱')).toHaveValue('zhangwei@example.com');
  await expect(form.getByRole('combobox', { name: '区域' })).toHaveValue('华东');
  await expect(form.getByText('未识别：微信同号')).toBeVisible();
  await expectAccessible(page);
  await choose(form, '所属行业', '制造业');
  await form.getByLabel('官网注册').check();
  await save(form);
  await expect(heading(page, '上海粘贴科技')).toBeVisible();
  // I49: what is missing leads to its field.
  await expect(page.getByText('50%')).toBeVisible();
  await page.getByRole('button', { name: '地址 +10%' }).click();
  const edit = dialog(page, '编辑客户');
  await expect(edit.getByLabel('地址')).toBeFocused();
  await edit.getByLabel('地址').fill('张江路1号');
  await save(edit);
  await expect(page.getByText('60%')).toBeVisible();
  // I50
  await page.getByRole('tab', { name: '变更记录' }).click();
  await expect(page.getByRole('list', { name: '变更记录' })).toContainText('地址: （空） → 张江路1号');
  await expectAccessible(page);
});

// S15: the taken name is told at its field.
test('a taken name is told at the name field', async ({ page, me }) => {
  const first = await given(me.api, '同名科技有限公司');
  const form = await openForm(page, '/customers?new=customer', FORM);
  await form.getByLabel('客户名称').fill('同名科技有限公司');
  await form.getByLabel('联系人姓名').fill('王芳');
  await form.getByLabel('联系电话').fill(phone());
  await choose(form, '所属行业', '制造业');
  await form.getByLabel('官网注册').check();
  await save(form);
  await expect(form.getByLabel('客户名称')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('客户名称')).toBeFocused();
  await expect(form.getByText(`名称已被使用：${first.number}，负责人 陈立`)).toBeVisible();
});

// S23: two records become one, the old address finds it, and the merge can be taken back.
test('merge two customers and take it back', async ({ page, me }) => {
  const goes = await given(me.api, '恒信机械', { address: '张江路1号' });
  const stays = await given(me.api, '恒信机械有限公司');
  await givenOpportunity(me.api, goes.id, 'ERP 采购');
  await page.goto('/data-quality');
  await expect(page.getByText('2 个客户')).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/customers/${goes.id}`);
  await takeFromMenu(page, '更多操作', '合并客户');
  const merge = dialog(page, '合并客户');
  await pick(merge, '保留的客户', stays.number, '恒信机械有限公司');
  await expect(merge.getByText(/将转移：联系人 1、商机 1/)).toBeVisible();
  await expectAccessible(page);
  await merge.getByRole('group', { name: '客户名称' }).getByRole('radio').first().check();
  await merge.getByRole('button', { name: '合并', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/customers/${stays.id}`));
  await expect(heading(page, '恒信机械')).toBeVisible();
  await expect(page.getByText(`${goes.number}「恒信机械」已并入此客户`)).toBeVisible();
  await page.goto(`/customers/${goes.number}`);
  await expect(page.getByText(stays.number).first()).toBeVisible();
  await page.getByRole('tab', { name: '商机' }).click();
  await expect(page.getByText('ERP 采购')).toBeVisible();
  await page.goto(`/customers/${stays.id}`);
  await page.getByRole('button', { name: '撤销合并' }).click();
  await dialog(page, '撤销合并').getByRole('button', { name: '撤销合并' }).click();
  await expect(heading(page, '恒信机械有限公司')).toBeVisible();
  await page.goto(`/customers/${goes.id}`);
  await expect(heading(page, '恒信机械')).toBeVisible();
});

// I45: deletion asks why; the bin gives it back.
test('the recycle bin gives back', async ({ page, me }) => {
  const customer = await given(me.api, '误删科技有限公司');
  await page.goto(`/customers/${customer.id}`);
  await takeFromMenu(page, '更多操作', '删除客户');
  const ask = dialog(page, '删除客户');
  await ask.getByRole('button', { name: '删除' }).click();
  await expect(ask.getByLabel('原因')).toHaveAttribute('aria-invalid', 'true');
  await ask.getByLabel('原因').fill('录入重复');
  await ask.getByRole('button', { name: '删除' }).click();
  await expect(heading(page, '客户')).toBeVisible();
  await takeFromMenu(page, '更多', '回收站');
  await expect(heading(page, '回收站')).toBeVisible();
  await expect(page.getByText('录入重复')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '恢复: 误删科技有限公司' }).click();
  await expect(page.getByText('回收站是空的。')).toBeVisible();
  await page.goto(`/customers/${customer.number}`);
  await expect(heading(page, '误删科技有限公司')).toBeVisible();
});
