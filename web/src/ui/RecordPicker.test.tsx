import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CustomerPicker } from './RecordPicker';

const HUAWEI = { id: 7, number: 'CUST20240315001', name: '华为技术有限公司', owner_name: '陈立' };

beforeEach(() => {
  vi.stubGlobal('fetch', async (request: Request) => {
    const q = new URL(request.url).searchParams.get('q') ?? '';
    const hit = q === '' || q === 'hwjs' || q.toUpperCase() === HUAWEI.number;
    return Response.json({ items: hit ? [HUAWEI] : [], next_cursor: null, total: 1, total_is_capped: false });
  });
});
afterEach(() => vi.unstubAllGlobals());

function Harness() {
  const [id, setId] = useState<number | null>(null);
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <CustomerPicker label="关联客户" value={id} onChange={setId} />
        <output>{id}</output>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const field = () => screen.getByRole('combobox', { name: '关联客户' });

// S35
it('selects by an exact number, in any case and with spaces, without waiting for the hits', async () => {
  render(<Harness />);
  await userEvent.click(field());
  await userEvent.type(field(), ' cust20240315001 ');
  await userEvent.tab();
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('7'));
  expect(field()).toHaveProperty('value', HUAWEI.name);
});

it('says that a number is unknown', async () => {
  render(<Harness />);
  await userEvent.click(field());
  await userEvent.type(field(), 'CUST20240315999');
  await userEvent.tab();
  expect(await screen.findByText('编号不存在或无权访问')).toBeTruthy();
  expect(screen.getByRole('status').textContent).toBe('');
});

it('offers what the server found by pinyin, although the text does not contain it', async () => {
  render(<Harness />);
  await userEvent.click(field());
  await userEvent.type(field(), 'hwjs');
  await userEvent.click(await screen.findByRole('option', { name: /华为技术/ }));
  expect(screen.getByRole('status').textContent).toBe('7');
});
