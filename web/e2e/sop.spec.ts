import { dialog, save } from './forms';
import { givenCustomer, givenOpportunity } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'sop' } });

// I8, S65: a stage is given a task template, an opportunity that enters it gets the task; a rule is made and tried out.
test('what a stage asks for, and who gets what is new', async ({ page, me, office, openAs }) => {
  const desk = await openAs({ api: office.admin });
  await desk.goto('/settings/sop');
  await desk.getByRole('button', { name: '新增「初步接触」任务模板' }).click();
  const form = dialog(desk, '新增「初步接触」任务模板');
  await form.getByLabel('步骤名称').fill('首次拜访');
  await form.getByLabel('任务内容').fill('电话约定首次拜访时间');
  await expectAccessible(desk);
  await save(form);
  const steps = desk.getByRole('region', { name: '初步接触' });
  await expect(steps.getByText('商机负责人，2 个工作日内')).toBeVisible();
  await expectAccessible(desk);

  const customer = await givenCustomer(me.api, '苏州汇川技术');
  await givenOpportunity(me.api, customer.id, '汇川升级项目');
  await page.goto('/tasks');
  await page.getByRole('region', { name: '我的任务' }).getByText('电话约定首次拜访时间').click();
  await expect(page.getByRole('dialog').getByText('首次拜访', { exact: true })).toBeVisible();

  await desk.goto('/settings/rules');
  await desk.getByRole('button', { name: '新增新客户分配规则' }).click();
  const rule = dialog(desk, '新增新客户分配规则');
  await rule.getByLabel('规则名称').fill('全部轮流');
  await rule.getByRole('combobox', { name: '人员' }).fill(me.name);
  await desk.getByRole('option', { name: me.name }).first().click();
  await rule.getByLabel('规则名称').click();
  await expectAccessible(desk);
  await save(rule);
  const rules = desk.getByRole('region', { name: '新客户' });
  await expect(rules.getByText(`不限 → ${me.name}`)).toBeVisible();
  await rules.getByRole('button', { name: '试算' }).click();
  const trial = dialog(desk, '试算');
  await trial.getByRole('button', { name: '试算' }).click();
  await expect(trial.getByRole('status')).toHaveText(`由规则「全部轮流」分配给 ${me.name}`);
  await expectAccessible(desk);
});
