import { dialog, takeFromMenu } from './forms';
import { givenCustomer } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'talk', demoNow: '2024-03-18T09:00:00+08:00' } });

// I62, S4, I17, I35: what two people say to each other: a notice and its receipt, a mention and the bell, a report and its reader.
test('a notice is confirmed, a mention rings, a report reaches the manager', async ({ page, me, office, openAs }) => {
  const leader = await office.hire('林主管', 'sales_manager', me.team);
  const customer = await givenCustomer(me.api, '洛阳中信重工');
  const other = await openAs(leader);

  await other.goto('/notices');
  await other.getByRole('button', { name: '发布公告' }).click();
  const form = dialog(other, '发布公告');
  await form.getByLabel('标题').fill('周五例会改到周四');
  await form.getByLabel('正文').fill('请准备本周数据');
  await form.getByRole('button', { name: '发布', exact: true }).click();
  await page.goto('/notices');
  await page.getByRole('button', { name: /周五例会改到周四/ }).click();
  await dialog(page, '公告').getByRole('button', { name: '我已阅读' }).click();
  await expect(dialog(page, '公告').getByText(/已阅读 /)).toBeVisible();

  await page.goto(`/customers/${customer.id}?tab=comments`);
  const text = page.getByRole('textbox', { name: '发表评论' });
  await text.fill('报价请过目 @林');
  const people = page.getByRole('listbox', { name: '可以提及的同事' });
  await expect(people.getByRole('option', { name: /林主管/ })).toBeVisible();
  await expectAccessible(page);
  await text.press('Enter');
  await expect(text).toHaveValue('报价请过目 @林主管 ');
  await page.getByRole('button', { name: '发送' }).click();
  await expect(page.getByRole('list', { name: '评论' }).getByText('@林主管')).toBeVisible();
  await other.getByRole('button', { name: /^消息中心，/ }).click();
  await other.getByRole('button', { name: /陈立 提到了您：洛阳中信重工/ }).click();
  await expect(other.getByRole('list', { name: '评论' }).getByText('报价请过目')).toBeVisible();

  await page.goto('/work-reports');
  await takeFromMenu(page, '写日报', '日报');
  const report = dialog(page, /^日报 · /);
  await expect(report.getByText('新增客户')).toBeVisible();
  await report.getByLabel('完成').fill('拜访中信重工，确认报价');
  await expectAccessible(page);
  await report.getByRole('button', { name: '提交给主管' }).click();
  await expect(page.getByRole('list', { name: '我的' }).getByText('拜访中信重工，确认报价')).toBeVisible();
  await other.goto('/work-reports?tab=team');
  await other.getByRole('button', { name: /陈立/ }).click();
  const read = dialog(other, '日报');
  await expect(read.getByText('拜访中信重工，确认报价')).toBeVisible();
  await read.getByRole('textbox', { name: '发表评论' }).fill('做得好');
  await read.getByRole('button', { name: '发送' }).click();
  await expect(read.getByRole('list', { name: '评论' }).getByText('做得好')).toBeVisible();
  await expectAccessible(other);
  await other.goto('/work-reports?tab=missing');
  await expect(other.getByText('已提交 1 / 2 人')).toBeVisible();
});
