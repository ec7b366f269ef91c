import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { queryClient } from '@/api/query-client';
import type { AssignmentRule } from '@/api/types';
import { UiProvider } from '@/ui/UiProvider';
import { RuleForm } from './RuleForm';

afterEach(() => vi.unstubAllGlobals());

it('finds people beyond the first fifty, and keeps the names of those chosen', async () => {
  let saved: { people?: number[] } = {};
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === 'PATCH') {
      saved = await request.json();
      return Response.json({});
    }
    if (!pathname.endsWith('/users/pickable')) return Response.json([]);
    const far = { id: 80, name: '赵远', employee_number: 'E080', team_ids: [] };
    const near = { id: 1, name: '白近', employee_number: 'E001', team_ids: [] };
    return Response.json(searchParams.get('q') === 'zy' ? [far] : [near]);
  });
  const rule = {
    id: 4,
    version: 1,
    name: '华东',
    method: 'round_robin',
    people: [{ id: 9, name: '钱离' }],
    regions: [],
    source_channels: [],
    stages: [],
  } as unknown as AssignmentRule;
  render(
    <UiProvider>
      <QueryClientProvider client={queryClient}>
        <RuleForm target="customer" rule={rule} onClose={() => undefined} />
      </QueryClientProvider>
    </UiProvider>,
  );
  await userEvent.type(await screen.findByRole('combobox', { name: /^人员/ }), 'zy');
  // Without a layout the list counts as out of sight.
  const offered = (name: string) => screen.findByRole('option', { name, hidden: true });
  await userEvent.click(await offered('赵远'));
  await offered('白近');
  expect(screen.getByText('赵远')).toBeTruthy();
  expect(screen.getByText('钱离')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(saved.people).toEqual([9, 80]));
});
