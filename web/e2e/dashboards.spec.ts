import { dialog } from './forms';
import { givenCustomer, givenOpportunity } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'dashboards', demoNow: '2024-03-18T09:00:00+08:00' } });

// I29: the board of the first day, a report kept on one's own, tiles moved by keyboard, numbers that open their records.
test('a board of one’s own from a report', async ({ page, me, office }) => {
  const customer = await givenCustomer(me.api, '佛山市维尚家具制造有限公司');
  await givenOpportunity(me.api, customer.id, '智能仓储项目');
  await page.goto('/dashboards');
  await expect(page.getByRole('heading', { level: 1, name: '我的销售' })).toBeVisible();
  await expect(page.getByRole('region', { name: '我的销售管道' })).toBeVisible();
  await expectAccessible(page);

  await page.goto('/reports?report=pipeline');
  await page.getByRole('region', { name: '销售管道' }).first().getByRole('button', { name: '加入仪表盘' }).click();
  const form = dialog(page, '加入仪表盘');
  await form.getByRole('textbox', { name: '标题' }).fill('管道一览');
  await form.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已加入「我的仪表盘」')).toBeVisible();

  await page.goto('/dashboards');
  await page.getByRole('button', { name: '选择仪表盘' }).click();
  await page.getByRole('menuitem', { name: '我的仪表盘' }).click();
  await page.getByRole('button', { name: '编辑', exact: true }).click();
  await page.getByRole('button', { name: '添加卡片' }).click();
  const tile = dialog(page, '添加卡片');
  await tile.getByRole('textbox', { name: '标题' }).fill('漏斗');
  await tile.getByRole('button', { name: '保存' }).click();
  const before = page.getByRole('button', { name: '前移「漏斗」' });
  await before.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('漏斗');
  // The button moved along with its tile and keeps the focus, also where nothing lies before it.
  await expect(before).toBeFocused();
  await expect(before).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: '完成' }).click();

  // A tile whose condition is gone says so and leaves the others alone.
  const tag = await office.admin.post<{ id: number }>('/tags', { name: '展会' });
  const question = { report: 'pipeline', filters: { tag: [tag.id] } };
  const mixed = await me.api.post<{ id: number }>('/dashboards', {
    name: '两张卡片',
    tiles: [
      { name: '失效', shape: 'table', question },
      { name: '完好', shape: 'number', column: 'opportunities', question: { report: 'pipeline' } },
    ],
  });
  await office.admin.context.delete(`/api/v1/tags/${tag.id}`, { headers: { 'if-match': '"1"' } });
  await page.goto(`/dashboards/${mixed.id}`);
  await expect(page.getByRole('region', { name: '失效' }).getByRole('alert')).toBeVisible();
  await expect(page.getByRole('region', { name: '完好' }).getByRole('link', { name: /1 · ¥/ })).toBeVisible();
  await page.goBack();

  const pipeline = page.getByRole('region', { name: '管道一览' });
  await pipeline.getByRole('button', { name: /看数字/ }).click();
  await pipeline.getByRole('link', { name: /1 · ¥/ }).first().click();
  await expect(page).toHaveURL(/\/opportunities\?/);
  await expect(page.getByText(/共 1 个 · 合计 ¥50/)).toBeVisible();
});
