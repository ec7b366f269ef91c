import type { Page } from '@playwright/test';
import { choose, dialog, enter, pick, save, takeFromMenu } from './forms';
import { givenCustomer, type Person } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'groups', demoNow: '2024-03-18T09:00:00+08:00' } });

const rows = (page: Page) => page.getByRole('region', { name: '客户', exact: true }).getByRole('row');

async function givenFour(me: Person, more = ''): Promise<void> {
  for (const [name, region] of [
    ['苏州汇川技术', '华东'],
    ['杭州海康威视', '华东'],
    ['深圳大疆创新', '华南'],
    ['广州视源电子', '华南'],
  ]) {
    await givenCustomer(me.api, `${name}${more}`, { region });
  }
}

// S32: a static and a dynamic group; S33: everything that matches a filter gets tasks, the count shown being the count done.
test('groups are made, filled in a batch, and given tasks', async ({ page, me }) => {
  await givenFour(me);
  await page.goto('/customers');
  await expect(rows(page)).toHaveCount(5);
  await page.getByRole('button', { name: '分组', exact: true }).click();
  const groups = dialog(page, '客户分组');
  await expect(groups.getByText('还没有分组', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await groups.getByRole('button', { name: '新建分组' }).click();
  const form = dialog(page, '新建分组');
  await save(form);
  await expect(form.getByLabel('分组名称')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('分组名称').fill('战略客户群');
  await expectAccessible(page);
  await save(form);
  await expect(groups.getByRole('button', { name: '查看分组客户：战略客户群' })).toBeVisible();
  await page.keyboard.press('Escape');

  // Two by hand into the static group.
  await page.getByRole('checkbox', { name: '选择 苏州汇川技术' }).check();
  await page.getByRole('checkbox', { name: '选择 深圳大疆创新' }).check();
  const bar = page.getByRole('region', { name: '批量操作' });
  await expect(bar.getByText('已选 2 家')).toBeVisible();
  await expectAccessible(page);
  await takeFromMenu(page, '更多操作', '加入分组');
  const batch = dialog(page, '加入分组');
  await choose(batch, '静态分组', '战略客户群');
  await batch.getByRole('button', { name: '预览' }).click();
  await expect(batch.getByText('将处理 2 家客户')).toBeVisible();
  await expectAccessible(page);
  await batch.getByRole('button', { name: '对 2 家执行' }).click();
  await expect(batch.getByText('完成：成功 2 家')).toBeVisible();
  await expectAccessible(page);
  await batch.getByRole('button', { name: '关闭' }).last().click();
  await expect(bar).toBeHidden();

  // The group as a filter, and on the record.
  await page.getByRole('button', { name: '分组', exact: true }).first().click();
  await groups.getByRole('button', { name: '查看分组客户：战略客户群' }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('link', { name: '苏州汇川技术', exact: true }).click();
  await expect(page.getByRole('link', { name: '战略客户群' })).toBeVisible();

  // A dynamic group follows the list's filters.
  await page.goto('/customers');
  await page.getByRole('button', { name: '区域' }).click();
  await page.getByRole('checkbox', { name: '华东' }).check();
  await page.keyboard.press('Escape');
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: '分组', exact: true }).first().click();
  await groups.getByRole('button', { name: '新建分组' }).click();
  await form.getByLabel('分组名称').fill('华东区域客户');
  await form.getByLabel('动态分组').check();
  await form.getByLabel('全公司').check();
  await save(form);
  await expect(groups.getByText('2 家').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(groups).toBeHidden();

  // Everything that matches: tasks for the owners.
  await page.getByRole('checkbox', { name: '选择 苏州汇川技术' }).check();
  await bar.getByRole('button', { name: '选择全部符合条件的 2 家' }).click();
  await bar.getByRole('button', { name: '创建任务' }).click();
  const tasks = dialog(page, '创建任务');
  await tasks.getByLabel('任务内容').fill('季度回访');
  await enter(tasks, '截止日期', '2024-03-17');
  await tasks.getByRole('button', { name: '预览' }).click();
  await expect(tasks.getByText('截止日期需晚于当前日期')).toBeVisible();
  await enter(tasks, '截止日期', '2024-03-22');
  await expectAccessible(page);
  await tasks.getByRole('button', { name: '预览' }).click();
  await expect(tasks.getByText('将创建 2 个任务，分配给 1 人')).toBeVisible();
  await tasks.getByRole('button', { name: '对 2 家执行' }).click();
  await expect(tasks.getByText('完成：成功 2 家')).toBeVisible();
  expect((await me.api.get<{ total: number }>('/tasks')).total).toBe(2);
});

// S33: filters, order and columns under a name, shared with the team, opened by default; a dead filter is told.
test('a view is kept, shared, made the default, and says what is gone', async ({ page, me, office, openAs }) => {
  await givenFour(me, '股份');
  const tag = await me.api.post<{ id: number; version: number }>('/tags', { name: `展会${me.id}` });
  const colleague = await office.hire('白博', 'sales', me.team);
  await page.goto('/customers');
  await page.getByRole('button', { name: '区域' }).click();
  await page.getByRole('checkbox', { name: '华南' }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '排除标签' }).click();
  await page.getByRole('checkbox', { name: `展会${me.id}` }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '列', exact: true }).click();
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: '区域' }).check();
  await page.getByRole('checkbox', { name: '联系电话' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: '区域' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: '联系电话' })).toBeHidden();
  await takeFromMenu(page, '视图操作', '另存为视图');
  const form = dialog(page, '另存为视图');
  await form.getByLabel('视图名称').fill('华南重点');
  await form.getByLabel('本团队').check();
  await expectAccessible(page);
  await save(form);
  const tab = page.getByRole('tab', { name: '华南重点' });
  await expect(tab).toHaveAttribute('aria-selected', 'true');
  await takeFromMenu(page, '视图操作', '设为默认视图');
  await expect(page.getByText('默认视图已更新')).toBeVisible();
  await page.getByRole('tab', { name: '全部客户' }).click();
  await expect(rows(page)).toHaveCount(5);
  await page.goto('/my-day');
  await page.goto('/customers');
  await expect(tab).toHaveAttribute('aria-selected', 'true');
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole('columnheader', { name: '区域' })).toBeVisible();

  const other = await openAs(colleague);
  await other.goto('/customers');
  await other.getByRole('tab', { name: '华南重点' }).click();
  await expect(other.getByText('没有符合条件的客户', { exact: false })).toBeVisible();

  const { version } = tag;
  await office.admin.context.delete(`/api/v1/tags/${tag.id}`, { headers: { 'if-match': `"${version}"` } });
  await page.reload();
  await expect(page.getByText('此视图的部分条件已失效', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await takeFromMenu(page, '视图操作', '删除视图');
  await dialog(page, /删除视图/)
    .getByRole('button', { name: '删除' })
    .click();
  await expect(tab).toBeHidden();
});

// S20, I61: a tag and a value are merged after the number of records has been shown; owners change in one go.
test('tags are merged, customers are handed over together', async ({ page, me, office, openAs }) => {
  const colleague = await office.hire('钱海涛', 'sales', me.team);
  const [one, two] = [`重要${me.id}`, `重点${me.id}`];
  await givenCustomer(me.api, '天津中环股份', { tags: [one] });
  await givenCustomer(me.api, '保定长城汽车', { tags: [one, two] });
  const admin = await openAs({ api: office.admin });
  await admin.goto('/settings/tags');
  await admin.getByRole('button', { name: `合并：${one}` }).click();
  const merge = dialog(admin, `合并：${one}`);
  await expect(merge.getByText('在 2 条记录中使用', { exact: false })).toBeVisible();
  await choose(merge, '合并到', two);
  await expectAccessible(admin);
  await merge.getByRole('button', { name: '合并', exact: true }).click();
  await expect(admin.getByText('已合并')).toBeVisible();
  await expect(admin.getByRole('button', { name: `合并：${one}` })).toBeHidden();

  await page.goto('/customers');
  await expect(page.getByText(two)).toHaveCount(2);
  await page.getByRole('checkbox', { name: '选择已加载的全部客户' }).check();
  await page.getByRole('region', { name: '批量操作' }).getByRole('button', { name: '转移负责人' }).click();
  const batch = dialog(page, '转移负责人');
  await pick(batch, '新负责人', '钱海涛');
  await batch.getByRole('button', { name: '预览' }).click();
  await batch.getByRole('button', { name: '对 2 家执行' }).click();
  await expect(batch.getByText('完成：成功 2 家')).toBeVisible();
  const told = await colleague.api.get<{ items: { title: string }[] }>('/notifications');
  expect(told.items.map((item) => item.title)).toEqual(['陈立 把 2 个客户交给您']);
});
