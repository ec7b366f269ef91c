import { daysAfter } from './dates';
import { dialog, enter } from './forms';
import { givenCustomer, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'task-batch', demoNow: '2024-03-18T09:00:00+08:00' } });

// S60, S61: a manager gives a task per opportunity of a stage, sees exactly the tasks beforehand, and takes the batch back.
test('tasks are given by stage, shown beforehand, and withdrawn', async ({ page, me, office, openAs }) => {
  for (const name of ['苏州汇川技术', '杭州海康威视']) {
    const customer = await givenCustomer(me.api, name, { region: '华东' });
    await givenOpportunity(me.api, customer.id, `${name}升级项目`, { stage: 'proposal' });
  }
  await page.goto('/tasks');
  await expect(page.getByRole('button', { name: '批量分派' })).toHaveCount(0);

  const desk = await openAs(await office.hire('吴敏', 'sales_manager', me.team));
  await desk.goto('/tasks');
  await desk.getByRole('button', { name: '批量分派' }).click();
  const form = dialog(desk, '批量分派');
  await form.getByRole('button', { name: '预览' }).click();
  await expect(form.getByLabel('任务内容')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('任务内容').fill('发送新版报价');
  await form.getByLabel('客户区域').click();
  await desk.getByRole('option', { name: '华东', exact: true }).click();
  await form.getByLabel('商机阶段').click();
  await desk.getByRole('option').filter({ hasText: '方案' }).first().click();
  await enter(form, '截止日期', daysAfter(await today(me.api), 2));
  await expectAccessible(desk);
  await form.getByRole('button', { name: '预览' }).click();
  await expect(form.getByRole('status')).toHaveText('将创建 2 个任务，分配给 1 人');
  await expect(form.getByRole('region', { name: '将创建的任务' }).getByRole('row')).toHaveCount(3);
  await expectAccessible(desk);
  await form.getByRole('button', { name: '创建 2 个任务' }).click();
  await expect(form.getByRole('status')).toHaveText('已创建 2 个任务，分配给 1 人');
  await form.getByRole('button', { name: '关闭', exact: true }).last().click();

  await page.reload();
  const rows = page.getByRole('region', { name: '我的任务' }).getByRole('row');
  await expect(rows.filter({ hasText: '发送新版报价' })).toHaveCount(2);

  await desk.getByRole('button', { name: '分派记录' }).click();
  const list = dialog(desk, '分派记录');
  await list.getByRole('button', { name: '撤回未完成的任务' }).click();
  await expect(list.getByText('已取消 2', { exact: false })).toBeVisible();
  await expectAccessible(desk);
  await page.reload();
  await expect(rows.filter({ hasText: '发送新版报价' })).toHaveCount(0);

  // S65: by the rules, each row says which; what no rule covers holds the batch back until somebody is named for it.
  const rule = { target: 'task', name: '报价组', method: 'person', people: [me.id], stages: ['proposal'] };
  await office.admin.post('/assignment-rules', rule);
  const other = await givenCustomer(me.api, '宁波均胜电子', { region: '华东' });
  await givenOpportunity(me.api, other.id, '均胜询价项目');
  await desk.reload();
  await desk.getByRole('button', { name: '批量分派' }).click();
  await form.getByLabel('任务内容').fill('整理报价资料');
  await form.getByLabel('商机阶段').click();
  for (const stage of ['方案', '初步']) await desk.getByRole('option').filter({ hasText: stage }).first().click();
  await enter(form, '截止日期', daysAfter(await today(me.api), 2));
  await form.getByLabel('按分配规则').check();
  await form.getByRole('button', { name: '预览' }).click();
  await expect(form.getByText('1 条记录没有适用的规则', { exact: false })).toBeVisible();
  await expect(form.getByRole('cell', { name: '报价组' })).toHaveCount(2);
  await expect(form.getByRole('button', { name: '创建 3 个任务' })).toBeDisabled();
  await expectAccessible(desk);
  await form.getByRole('button', { name: '返回' }).click();
  await form.getByLabel('没有规则适用时指派给').fill('吴敏');
  await desk.getByRole('option').filter({ hasText: '吴敏' }).first().click();
  await form.getByRole('button', { name: '预览' }).click();
  await form.getByRole('button', { name: '创建 3 个任务' }).click();
  await expect(form.getByRole('status')).toHaveText('已创建 3 个任务，分配给 2 人');
  await page.reload();
  await rows.filter({ hasText: '整理报价资料' }).first().getByRole('link', { name: '整理报价资料' }).click();
  await expect(dialog(page, '任务详情').getByText('报价组')).toBeVisible();
});
