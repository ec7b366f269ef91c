import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dialog, save } from './forms';
import { givenCustomer } from './office';
import { expect, expectAccessible, test } from './test';

test.use({ place: { name: 'channels', demoNow: '2024-03-18T09:00:00+08:00' } });

type Call = { id: string; body: { type?: string; text?: { content: string } } };

/** A receiver of webhooks on this machine that counts what it gets. */
async function receiver(): Promise<{ url: string; calls: Call[]; stop: () => void }> {
  const calls: Call[] = [];
  const server = createServer(async (request: IncomingMessage, answer) => {
    let text = '';
    for await (const piece of request) text += String(piece);
    calls.push({ id: String(request.headers['x-chengdan-id']), body: JSON.parse(text) as Call['body'] });
    answer.end('{"errcode":0,"code":0}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, calls, stop: () => server.close() };
}

const plan = (customer_id: number) => ({
  customer_id,
  method: 'phone_call',
  content: '确认报价',
  starts_at: '2024-03-20T14:00:00+08:00',
  ends_at: '2024-03-20T15:00:00+08:00',
});

// I13, I17: the administrator sets a webhook up, tries it, and sees in the ledger what went out.
test('a channel is set up, tried, and seen in the ledger', async ({ me, office, openAs }) => {
  const outside = await receiver();
  const page = await openAs({ api: office.admin });
  await page.goto('/settings/channels');
  await expect(page.getByText('还没有渠道，目前只有站内消息。')).toBeVisible();
  await page.getByRole('button', { name: '新建渠道' }).click();
  const form = dialog(page, '新建渠道');
  await form.getByRole('combobox', { name: '类型' }).click();
  await page.getByRole('option', { name: 'Webhook' }).click();
  await form.getByLabel('名称').fill('数据平台');
  await form.getByLabel('地址').first().fill('http://hook.example.com/');
  await form.getByLabel('签名密钥').first().fill('whsec');
  await save(form);
  await expect(form.getByText(/只能使用 https 地址/)).toBeVisible();
  await expectAccessible(page);
  await form.getByLabel('地址').first().fill(outside.url);
  await save(form);
  const item = page.getByRole('listitem').filter({ hasText: '数据平台' });
  await expect(item.getByText('127.0.0.1')).toBeVisible();
  await page.getByRole('button', { name: '向 数据平台 发送测试' }).click();
  await expect(page.getByText('测试消息已发出')).toBeVisible();
  expect(outside.calls[0]?.body.type).toBe('test');
  await expectAccessible(page);

  const customer = await givenCustomer(me.api, '宁波舟山港股份有限公司');
  await me.api.post('/follow-up-plans', plan(customer.id));
  await office.moveClock('2024-03-19T14:00:30+08:00');
  const mine = `/reminders?channel=webhook&state=sent&recipient_id=${me.id}`;
  await expect.poll(async () => (await office.admin.get<{ total: number }>(mine)).total, { timeout: 30_000 }).toBe(1);
  await page.goto(`/settings/reminders?channel=webhook&state=sent&recipient_id=${me.id}`);
  const line = page.getByRole('row').filter({ hasText: me.name }).filter({ hasText: 'Webhook' });
  await expect(line.first()).toContainText('已发送');
  await expectAccessible(page);
  await page.getByLabel('客户多少天未跟进时提醒负责人').fill('15');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  outside.stop();
});

// I13: a person's own choice: topics, quiet hours, a bot; and what is planned for him.
test('a person chooses what comes where, and sees his own reminders', async ({ page, me }) => {
  const outside = await receiver();
  const customer = await givenCustomer(me.api, '青岛啤酒股份有限公司');
  const start = '2024-04-20T14:00:00+08:00';
  await me.api.post('/follow-up-plans', {
    ...plan(customer.id),
    starts_at: start,
    ends_at: '2024-04-20T15:00:00+08:00',
    own_reminders: [60],
  });
  await page.goto('/notifications');
  await page.getByRole('link', { name: '消息设置' }).click();
  await page.getByRole('checkbox', { name: '任务变动 · 飞书' }).check();
  await page.getByLabel('开始时间').fill('22:00');
  await page.getByRole('region', { name: '免打扰与语言' }).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByLabel('结束时间')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('结束时间').fill('08:00');
  await page.getByRole('region', { name: '免打扰与语言' }).getByRole('button', { name: '保存', exact: true }).click();
  await expect(page.getByText('已保存').first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: '设置 飞书' }).click();
  const form = dialog(page, '设置 飞书');
  await form.getByLabel('机器人地址（Webhook）').first().fill(outside.url);
  await form.getByLabel('签名密钥').first().fill('fs-secret');
  await expectAccessible(page);
  await save(form);
  await page.getByRole('button', { name: '发送测试 飞书' }).click();
  await expect(page.getByText('测试消息已发出')).toBeVisible();
  expect(outside.calls).toHaveLength(1);
  await page.reload();
  await expect(page.getByRole('checkbox', { name: '任务变动 · 飞书' })).toBeChecked();
  await expect(page.getByLabel('开始时间')).toHaveValue('22:00');

  await page.goto('/notifications/reminders?state=planned');
  await expect(page.getByRole('row').filter({ hasText: '跟进提醒（提前1天）' })).toHaveCount(1);
  await expect(page.getByRole('row').filter({ hasText: '跟进提醒（自定）' })).toHaveCount(1);
  await expectAccessible(page);
  outside.stop();
});
