import type { Page } from '@playwright/test';
import { choose, dialog, enter, openForm, phone, save, takeFromMenu } from './forms';
import { givenCustomer as given, givenOpportunity, today } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'customers' } });

const FORM = '新建客户';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

// S14–S23: the example of the guide.
test('a customer with all fields: every check, then the number', async ({ page, me }) => {
  await page.goto('/customers');
  await expect(page.getByText('还没有客户。')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: FORM }).first().click();
  const form = dialog(page, FORM);
  await save(form);
  for (const label of ['客户名称', '联系人姓名', '联系电话']) {
    await expect(form.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
  }
  await expect(form.getByRole('combobox', { name: '所属行业' })).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByRole('group', { name: '来源渠道' })).toHaveAccessibleDescription(/.+/);
  await expectAccessible(page);

  await form.getByLabel('客户名称').fill('华为技术有限公司');
  await form.getByLabel('联系人姓名').fill('李明');
  await form.getByLabel('联系电话').fill('12345678901');
  await choose(form, '所属行业', '制造业');
  await form.getByLabel('展会推广').check();
  await save(form);
  await expect(form.getByLabel('联系电话')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('来源详情')).toHaveAttribute('aria-invalid', 'true');

  await form.getByLabel('联系电话').fill('+86 138-0013-8000');
  await form.getByLabel('来源详情').fill('2024年3月北京国际电商展');
  await form.getByLabel('官网注册').check();
  await expect(form.getByText('主来源', { exact: true })).toBeVisible();
  await form.getByRole('button', { name: '更多信息' }).click();
  const tags = form
    .getByRole('combobox', { name: '标签' })
    .or(form.getByRole('textbox', { name: '标签' }))
    .first();
  await tags.fill('意向客户');
  await tags.press('Enter');
  await tags.fill('北方重点');
  await tags.press('Enter');
  await choose(form, '区域', '华东');
  await form.getByLabel('邮箱').fill('a@b');
  await form.getByLabel('同意接收营销资料').check();
  await form.getByLabel('统一社会信用代码').fill('914403001922038216');
  await form.getByLabel('地址').fill('深圳市龙岗区坂田');
  await form.getByLabel('客户需求').fill('替换现有采购系统');
  await form.getByLabel('备注').fill('展会上认识');
  await save(form);
  await expect(form.getByLabel('邮箱')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('邮箱').fill('liming@example.com');
  await expectAccessible(page);
  await save(form);

  const day = (await today(me.api)).replaceAll('-', '');
  await expect(page.getByText(new RegExp(`已保存，客户编号 CUST${day}\\d{3}`))).toBeVisible();
  await expect(heading(page, '华为技术有限公司')).toBeVisible();
  const facts = page.getByRole('definition');
  for (const value of ['李明', '制造业', '华东', '2024年3月北京国际电商展', '914403001922038216', '展会上认识']) {
    await expect(facts.filter({ hasText: value }).first()).toBeVisible();
  }
  await expect(page.getByRole('link', { name: '13800138000' }).first()).toBeVisible();
  await expect(facts.filter({ hasText: '展会推广（主来源）、官网注册' })).toBeVisible();
  await expect(page.getByText('替换现有采购系统')).toBeVisible();
  await expect(page.getByText('北方重点').first()).toBeVisible();
  await expect(page.getByRole('button', { name: '客户状态: 潜在客户' })).toBeVisible();
  await expectAccessible(page);
});

// S64: C opens the form; 保存并新建 keeps industry and source; a draft survives a reload.
test('by keyboard, one after the other, and a draft over a reload', async ({ page }) => {
  await page.goto('/customers');
  await expect(heading(page, '客户')).toBeVisible();
  await page.keyboard.press('c');
  const form = dialog(page, FORM);
  await form.getByLabel('客户名称').fill('键盘录入有限公司');
  await page.keyboard.press('Tab');
  await page.keyboard.type('赵敏');
  await page.keyboard.press('Tab');
  await page.keyboard.type(phone());
  await page.keyboard.press('Tab');
  await page.keyboard.type('互联网');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await form.getByLabel('官网注册').focus();
  await page.keyboard.press('Space');
  const industry = await form.getByRole('combobox', { name: '所属行业' }).inputValue();
  await form.getByRole('button', { name: '保存并新建' }).press('Enter');
  await expect(form.getByLabel('客户名称')).toHaveValue('');
  await expect(form.getByRole('combobox', { name: '所属行业' })).toHaveValue(industry);
  await expect(form.getByLabel('官网注册')).toBeChecked();

  await form.getByLabel('客户名称').fill('写到一半的公司');
  await page.reload();
  await expect(form.getByLabel('客户名称')).toHaveValue('写到一半的公司');
  await form.getByRole('button', { name: '清空' }).click();
  await expect(form.getByLabel('客户名称')).toHaveValue('');
});

// S15, S17
test('a taken name is refused, a known phone only warns', async ({ page, me }) => {
  const shared = phone();
  const first = await given(me.api, '杭州云杉（集团）科技有限公司', { phone: shared });
  const form = await openForm(page, '/customers?new=customer', FORM);
  await form.getByLabel('客户名称').fill('杭州云杉(集团) 科技有限公司');
  await expect(form.getByText(`已有同名客户 ${first.number}`)).toBeVisible();
  await expectAccessible(page);
  await form.getByLabel('联系人姓名').fill('王芳');
  await form.getByLabel('联系电话').fill(shared);
  await choose(form, '所属行业', '制造业');
  await form.getByLabel('官网注册').check();
  await save(form);
  await expect(form.getByLabel('客户名称')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByText(`名称已被使用：${first.number}`)).toBeVisible();

  await form.getByLabel('客户名称').fill('杭州云栖科技有限公司');
  await expect(form.getByText(`该电话已用于 ${first.number}`)).toBeVisible();
  await save(form);
  await expect(heading(page, '杭州云栖科技有限公司')).toBeVisible();
});

// S25, S31: search and filters; the whole view is in the address.
test('the list: pinyin, phone, number, filters in the address', async ({ page, me }) => {
  const huawei = await given(me.api, '华为技术服务有限公司', { phone: '13712349876', tags: ['高价值客户'] });
  await given(me.api, '杭州云朵网络有限公司', { industry: '互联网', tags: ['高价值客户', '渠道客户'] });
  await given(me.api, '宁波海天塑机有限公司', { status: 'active' });
  await page.goto('/customers');
  const list = page.getByRole('region', { name: '客户' });
  const rows = list.getByRole('row');
  const names = list.getByRole('link', { name: /^[^:]+公司$/ });
  await expect(page.getByText('共 3 家')).toBeVisible();
  await expectAccessible(page);
  const find = page.getByRole('searchbox', { name: '名称、联系人、电话、拼音' });
  for (const text of ['hwjs', 'huaweijishu', '9876', huawei.number]) {
    await find.fill(text);
    await expect(page.getByText('共 1 家')).toBeVisible();
    await expect(rows.filter({ hasText: huawei.name })).toHaveCount(1);
  }
  // Phones are shortened in lists (I41).
  await expect(rows.filter({ hasText: '137****9876' })).toHaveCount(1);
  await find.fill('');
  await expect(page.getByText('共 3 家')).toBeVisible();

  await page.getByRole('button', { name: /^标签(?!管理)/ }).click();
  await page.getByRole('checkbox', { name: '高价值客户' }).check();
  await expect(page.getByText('共 2 家')).toBeVisible();
  await page.getByRole('checkbox', { name: '渠道客户' }).check();
  await page.getByRole('radio', { name: '含全部标签' }).check();
  await expect(page.getByText('共 1 家')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: '完成' }).click();
  await page.reload();
  await expect(names).toHaveText(['杭州云朵网络有限公司']);
  await page.getByRole('button', { name: '清除筛选' }).click();

  await page.getByRole('button', { name: /^客户状态/ }).click();
  await page.getByRole('checkbox', { name: '跟进客户' }).check();
  await page.getByRole('button', { name: '完成' }).click();
  await expect(page).toHaveURL(/status=active/);
  await expect(names).toHaveText(['宁波海天塑机有限公司']);
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.getByRole('button', { name: '近30天未跟进' }).click();
  await expect(page).toHaveURL(/not_followed_up_days=30/);
  await expect(page.getByText('没有符合条件的客户。')).toBeVisible();
  await page.getByRole('button', { name: '清除筛选' }).click();
  await expect(page).not.toHaveURL(/status|not_followed/);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /拼音首字母/ }).fill('hwjs');
  await expect(page.getByRole('option', { name: huawei.name })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(heading(page, huawei.name)).toBeVisible();
});

// S26, I58
test('two people edit the same customer: both values are shown, nothing is lost', { tag: '@phone' }, async ({
  page,
  me,
  openAs,
}) => {
  const customer = await given(me.api, '苏州汇川联合动力有限公司');
  const address = `/customers/${customer.id}?edit=true`;
  const other = await openAs(me);
  await page.goto(address);
  await other.goto(address);
  await page.getByLabel('备注').fill('先写的备注');
  await other.getByLabel('备注').fill('抢先保存的备注');
  await save(other.getByRole('dialog'));
  await expect(other.getByRole('dialog')).toBeHidden();

  await save(page.getByRole('dialog'));
  const conflict = dialog(page, '他人已修改这条记录');
  await expect(conflict.getByText('抢先保存的备注')).toBeVisible();
  await expectAccessible(page);
  await conflict.getByLabel(/我的值.*先写的备注/).check();
  await conflict.getByRole('button', { name: '按所选保存' }).click();
  await expect(page.getByRole('definition').filter({ hasText: /^先写的备注$/ })).toBeVisible();
  // The history keeps the value that was replaced (S26, S5).
  await expect(page.getByRole('article').filter({ hasText: '抢先保存的备注' }).first()).toBeVisible();
  await expect(page.getByText(customer.number)).toBeVisible();
});

// S28–S30
test('a deal asks which opportunity it was; a second deal; leaving the state deletes nothing', {
  tag: '@phone',
}, async ({ page, me }) => {
  const customer = await given(me.api, '北京京仪自动化有限公司');
  await givenOpportunity(me.api, customer.id, '公司ERP系统采购项目');
  await givenOpportunity(me.api, customer.id, '仓储改造项目');
  const day = await today(me.api);
  await page.goto(`/customers/${customer.id}`);
  await takeFromMenu(page, /^客户状态/, '成交客户');
  const win = dialog(page, '成交信息');
  await save(win);
  await expect(win.getByLabel('合同金额')).toHaveAttribute('aria-invalid', 'true');
  await enter(win, '合同金额', '1.234');
  await save(win);
  await expect(win.getByLabel('合同金额')).toHaveAttribute('aria-invalid', 'true');
  await enter(win, '合同金额', '500000');
  await expect(win.getByLabel('合同金额')).toHaveValue('500,000.00');
  await save(win);
  await expect(win.getByRole('group', { name: /请选择这笔成交/ })).toBeVisible();
  await expectAccessible(page);
  await win.getByRole('radio', { name: /公司ERP系统采购项目/ }).check();
  await save(win);
  await expect(page.getByText('已成交，商机已同步')).toBeVisible();
  await expect(page.getByRole('button', { name: '客户状态: 成交客户' })).toBeVisible();
  await expect(page.getByText('¥500,000.00').first()).toBeVisible();
  await expect(page.getByRole('link', { name: day })).toBeVisible();

  await takeFromMenu(page, '更多操作', '再成交一笔');
  const again = dialog(page, '再成交一笔');
  await enter(again, '合同金额', '1,234.5');
  await save(again);
  await expect(again).toBeHidden();
  await expect(page.getByText('¥501,234.50')).toBeVisible();

  await takeFromMenu(page, '更多操作', '更正成交信息');
  const correct = dialog(page, '更正成交信息');
  await enter(correct, '合同金额', '2000');
  await save(correct);
  await expect(correct).toBeHidden();
  await expect(page.getByText('¥502,000.00')).toBeVisible();

  await takeFromMenu(page, /^客户状态/, '跟进客户');
  const leave = dialog(page, '离开成交状态');
  await expectAccessible(page);
  await leave.getByRole('radio', { name: '保留商机的成交状态' }).check();
  await leave.getByRole('button', { name: '确定' }).click();
  await expect(page.getByRole('button', { name: '客户状态: 跟进客户' })).toBeVisible();
  await page.getByRole('tab', { name: '商机' }).click();
  for (const name of [
    '公司ERP系统采购项目',
    '仓储改造项目',
    `北京京仪自动化有限公司-成交-${day.replaceAll('-', '')}`,
  ]) {
    await expect(page.getByRole('tabpanel').or(page.getByRole('main')).getByText(name).first()).toBeVisible();
  }
});

// S16, S20
test('contacts and tags', async ({ page, me, office }) => {
  const customer = await given(me.api, '无锡先导装备有限公司', { tags: ['设备'] });
  await page.goto(`/customers/${customer.id}?tab=contacts`);
  await page.getByRole('button', { name: '添加联系人' }).click();
  const add = dialog(page, '添加联系人');
  await add.getByLabel('姓名').fill('孙丽');
  await add.getByLabel('职务').fill('采购经理');
  await add.getByLabel('联系电话').fill(phone());
  await save(add);
  const row = page.getByRole('listitem').filter({ hasText: '孙丽' });
  await expect(row.getByText('采购经理')).toBeVisible();
  await row.getByRole('button', { name: '设为主联系人' }).click();
  await expect(row.getByText('主联系人', { exact: true })).toBeVisible();
  await expect(page.getByText('主联系人', { exact: true })).toHaveCount(1);
  await expect(page.getByRole('definition').filter({ hasText: '孙丽' })).toBeVisible();
  await expectAccessible(page);

  // Renaming a tag renames it everywhere; that is for those who keep the settings.
  await page.goto('/customers?tags=true');
  await expect(dialog(page, '标签管理').getByText('设备', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: '重命名标签「设备」' })).toHaveCount(0);
  const tag = (await office.admin.get<{ id: number; name: string; version: number }[]>('/tags?q=设备')).find(
    (one) => one.name === '设备',
  );
  await office.admin.patch(`/tags/${tag?.id}`, { name: '智能装备' }, tag?.version ?? 0);
  await page.goto(`/customers/${customer.id}`);
  await expect(page.getByText('智能装备').first()).toBeVisible();
});

// S1: from the customer's page each form opens in one click and knows its customer.
test('opportunity, plan, record and task in one click, with the customer filled in', async ({ page, me }) => {
  const customer = await given(me.api, '南京埃斯顿自动化有限公司');
  await page.goto(`/customers/${customer.id}`);
  const forms = [
    ['写跟进', '写跟进记录'],
    ['跟进计划', '新建跟进计划'],
    ['新建商机', '新建商机'],
    ['任务', '新建任务'],
  ] as const;
  for (const [button, title] of forms) {
    await page.getByRole('button', { name: button, exact: true }).click();
    const form = dialog(page, title);
    await expect(form).toBeVisible();
    const known = form.getByText(customer.name).or(form.getByRole('combobox', { name: /客户/ }));
    await expect(known.first()).toBeVisible();
    if (title === '新建商机') await expect(form.getByRole('combobox', { name: '客户' })).toHaveValue(customer.name);
    if (title === '新建任务') await expect(form.getByRole('combobox', { name: '关联客户' })).toHaveValue(customer.name);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(form).toBeHidden();
  }
});

// S3, S4
test('a colleague finds a customer only while it is shared', async ({ page, me, office, openAs }) => {
  const customer = await given(me.api, '厦门金龙客车有限公司');
  const colleague = await office.hire('林小雨', 'sales', await office.team('华南共享部'));
  const other = await openAs(colleague);
  await other.goto(`/customers/${customer.id}`);
  await expect(other.getByText('记录不存在，或您无权访问。')).toBeVisible();
  await expectAccessible(other);

  await page.goto(`/customers/${customer.id}?tab=shares`);
  await page.getByRole('button', { name: '共享客户' }).click();
  const share = dialog(page, '共享客户');
  await share
    .getByRole('combobox', { name: '共享给' })
    .or(share.getByRole('combobox', { name: '同事' }))
    .first()
    .fill('林小雨');
  await page.getByRole('option', { name: /林小雨/ }).click();
  await expectAccessible(page);
  await save(share);
  await expect(page.getByRole('listitem').filter({ hasText: '林小雨' }).getByText('只读')).toBeVisible();

  await other.reload();
  await expect(heading(other, customer.name)).toBeVisible();
  await expect(other.getByRole('button', { name: '编辑' })).toHaveCount(0);
  await page.getByRole('button', { name: '撤销共享: 林小雨' }).click();
  await expect(page.getByText('没有共享给任何人。')).toBeVisible();
  await other.reload();
  await expect(other.getByText('记录不存在，或您无权访问。')).toBeVisible();
});
