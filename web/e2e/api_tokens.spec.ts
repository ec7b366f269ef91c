import { choose, dialog, takeFromMenu } from './forms';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'api tokens' } });

// A program acts for its owner until the token is ended; the secret shows once.
test('a token is made, used by a program, and ended', { tag: '@phone' }, async ({ page, me, request }) => {
  await page.goto('/');
  await takeFromMenu(page, /^账号/, 'API 令牌');
  await expect(page.getByText('还没有令牌')).toBeVisible();
  await page.getByRole('button', { name: '新建令牌' }).click();
  const form = dialog(page, '新建令牌');
  await form.getByRole('button', { name: '新建令牌' }).click();
  await expect(form.getByLabel('用途')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('用途').fill('官网线索接入');
  await choose(form, '有效天数', '30');
  await expectAccessible(page);
  await form.getByRole('button', { name: '新建令牌' }).click();
  const made = dialog(page, '令牌「官网线索接入」已建好');
  const token = await made.getByLabel('API 令牌').inputValue();
  expect(token).toMatch(/^cdt_/);
  await expectAccessible(page);
  await made.getByRole('button', { name: '已保存，关闭' }).click();
  const item = page.getByRole('listitem').filter({ hasText: '官网线索接入' });
  await expect(item).toContainText('尚未使用');
  await page.reload();
  await expect(item).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
  await expectAccessible(page);

  const asProgram = () => request.get('/api/v1/session', { headers: { authorization: `Bearer ${token}` } });
  const answer = await asProgram();
  expect((await answer.json()).user.id).toBe(me.id);
  await page.getByRole('button', { name: '作废 官网线索接入' }).click();
  await dialog(page, '作废令牌').getByRole('button', { name: '作废' }).click();
  await expect(page.getByText('还没有令牌')).toBeVisible();
  expect((await asProgram()).status()).toBe(401);
});
