import { choose, dialog, entry, save, takeFromMenu } from './forms';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'settings' } });
// The administrator's own pages.
test.use({ storageState: async ({ office }, use) => use(await office.admin.context.storageState()) });

// S11, I42, I51
test('users: search, edit, reset, disable; the last administrator stays', { tag: '@phone' }, async ({
  page,
  office,
}) => {
  const team = await office.team('华中销售部');
  const person = await office.hire('何静', 'sales', team);
  await page.goto('/settings/users');
  await page.getByRole('searchbox', { name: '姓名、工号、拼音' }).fill('hj');
  const row = entry(page, person.employee_number);
  await expect(row).toBeVisible();
  await expect(page.getByText('1 人', { exact: true })).toBeVisible();
  await row.getByRole('button', { name: '何静的操作' }).click();
  await page.getByRole('menuitem', { name: '编辑' }).click();
  const form = dialog(page, '编辑用户');
  await expect(form.getByLabel('工号')).toBeDisabled();
  await choose(form, '角色', '销售经理');
  await save(form);
  await expect(row.getByText('销售经理')).toBeVisible();

  await takeFromMenu(page, '何静的操作', '重置密码');
  const reset = dialog(page, '重置 何静 的密码');
  await expectAccessible(page);
  await reset.getByRole('button', { name: '重置密码' }).click();
  const shown = dialog(page, '何静 的一次性密码');
  await expect(shown.getByLabel('一次性密码')).not.toHaveValue('');
  await shown.getByRole('button', { name: '我已记下' }).click();
  // Her sessions ended at once.
  expect((await person.api.context.get('/api/v1/session')).status()).toBe(401);

  await takeFromMenu(page, '何静的操作', '停用');
  await dialog(page, '停用 何静').getByRole('button', { name: '停用' }).click();
  await expect(row.getByText('停用')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: '清除筛选' }).click();
  await takeFromMenu(page, '周管理的操作', '停用');
  await dialog(page, '停用 周管理').getByRole('button', { name: '停用' }).click();
  await expect(entry(page, '周管理').getByText('启用')).toBeVisible();
});

test('teams: tree, manager, members', { tag: '@phone' }, async ({ page, office }) => {
  const region = await office.team('西南大区');
  const person = await office.hire('冯涛', 'sales_manager', region);
  await page.goto('/settings/teams');
  await page.getByRole('button', { name: '新建团队' }).click();
  const form = dialog(page, '新建团队');
  await form.getByLabel('团队名称').fill('成都销售部');
  await form.getByRole('combobox', { name: '上级团队' }).click();
  await page.getByRole('option', { name: /西南大区/ }).click();
  await choose(form, '区域', '西南');
  await expectAccessible(page);
  await save(form);
  const item = page.getByRole('listitem').filter({ hasText: '成都销售部' });
  await expect(item.getByText('0 人')).toBeVisible();
  await page.getByRole('button', { name: '成都销售部的成员' }).click();
  const members = dialog(page, '成都销售部的成员');
  const add = members.getByRole('combobox', { name: '添加成员' });
  await add.fill('冯涛');
  await page.getByRole('option', { name: /冯涛/ }).click();
  await expect(members.getByRole('listitem').filter({ hasText: person.employee_number })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(item.getByText('1 人')).toBeVisible();
  // A team with people in it is not deleted.
  await page.getByRole('button', { name: '删除 成都销售部' }).click();
  await dialog(page, '删除 成都销售部').getByRole('button', { name: '删除' }).click();
  await expect(page.getByRole('status').getByText(/.+/).first()).toBeVisible();
  await expect(item).toBeVisible();
});

// S19, I61
test('dictionaries: add, disable, refuse to delete what is used', { tag: '@phone' }, async ({ page, me }) => {
  await me.api.post('/customers', {
    name: '昆明云内动力有限公司',
    contact_name: '段旭',
    phone: '13912340001',
    industry: '制造业',
    source_channels: ['官网注册'],
  });
  await page.goto('/settings/dictionaries');
  await page.getByLabel('新的值').fill('新能源汽车');
  await page.getByRole('button', { name: '添加' }).click();
  const item = page.getByRole('listitem').filter({ hasText: '新能源汽车' });
  await expect(item).toBeVisible();
  await page.getByRole('button', { name: '停用 新能源汽车' }).click();
  await expect(item.getByText('停用')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '删除 制造业' }).click();
  await dialog(page, '删除 制造业').getByRole('button', { name: '删除' }).click();
  await expect(page.getByText('「制造业」已被使用，不能删除，可以停用。')).toBeVisible();
  await page.goto('/settings/dictionaries?kind=source_channel');
  await expect(page.getByRole('listitem').filter({ hasText: '展会推广' }).getByText('需填写来源详情')).toBeVisible();
  await page.goto('/customers?new=customer');
  await dialog(page, '新建客户').getByRole('combobox', { name: '所属行业' }).click();
  await expect(page.getByRole('option', { name: '制造业' })).toBeVisible();
  await expect(page.getByRole('option', { name: '新能源汽车', disabled: false })).toHaveCount(0);
});

// S39, S20, S57, I22
test('stages, targets, tags, general', { tag: '@phone' }, async ({ page, me }) => {
  await page.goto('/settings/stages');
  const names = page.getByRole('region', { name: '商机阶段' }).getByRole('row').locator('td:first-child');
  await expect(names).toHaveText(['初步接触', '需求分析', '方案提交', '商务谈判', '成交', '输单']);
  await page.getByRole('button', { name: '编辑 方案提交' }).click();
  const stage = dialog(page, '编辑阶段');
  await stage.getByLabel('赢单概率（%）').fill('60');
  await stage.getByLabel('停留上限（天）').fill('20');
  await expectAccessible(page);
  await save(stage);
  const row = page.getByRole('row').filter({ hasText: '方案提交' });
  await expect(row).toContainText('60%');
  await expect(row).toContainText('20 天');

  await page.goto('/settings/targets');
  const cell = page.getByRole('textbox', { name: new RegExp(`^${me.name} \\d{4}-03 目标$`) }).first();
  await cell.fill('300000');
  await cell.press('Enter');
  await expect(cell).toHaveValue('300,000');
  await page.reload();
  await expect(cell).toHaveValue('300,000');
  await expectAccessible(page);

  await page.goto('/settings/tags');
  await page.getByLabel('新标签').fill('年度框架');
  await page.getByRole('button', { name: '添加' }).click();
  await expect(page.getByRole('button', { name: '重命名 年度框架' })).toBeVisible();
  await expectAccessible(page);

  await page.goto('/settings/general');
  await page.getByLabel('公司名称').fill('云杉科技');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已保存')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('公司名称')).toHaveValue('云杉科技');
  await expectAccessible(page);
});
