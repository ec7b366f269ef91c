import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { queryClient } from '@/api/query-client';
import { UiProvider } from '@/ui/UiProvider';
import Comments from './Comments';

afterEach(() => vi.unstubAllGlobals());

it('a changed comment can be saved at the second attempt after a 412', async () => {
  const at = '2024-03-18T09:00:00+08:00';
  const comment = {
    id: 3,
    by_id: 1,
    by_name: '陈立',
    can_edit: true,
    created_at: at,
    mentions: [],
    text: '甲',
    version: 1,
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'PATCH') {
      if (request.headers.get('If-Match') !== `"${comment.version}"`) {
        return Response.json({ title: '已被修改', status: 412, code: 'VERSION_CHANGED' }, { status: 412 });
      }
      Object.assign(comment, { text: (await request.json()).text, version: comment.version + 1 });
      return Response.json(comment);
    }
    return Response.json({ items: [{ ...comment }], next_cursor: null, total: 1, total_is_capped: false });
  });
  render(
    <UiProvider>
      <QueryClientProvider client={queryClient}>
        <Comments room="tasks" id={7} writable={false} />
      </QueryClientProvider>
    </UiProvider>,
  );
  await userEvent.click(await screen.findByRole('button', { name: '编辑' }));
  await userEvent.type(screen.getByRole('textbox', { name: /^修改评论/ }), '乙');
  comment.version = 2;
  await userEvent.click(screen.getByRole('button', { name: '保存' }));
  await screen.findByText('已被修改');
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  expect(screen.getByRole('textbox', { name: /^修改评论/ })).toHaveProperty('value', '甲乙');
  await userEvent.click(screen.getByRole('button', { name: '保存' }));
  await waitFor(() => expect(comment).toMatchObject({ text: '甲乙', version: 3 }));
});
