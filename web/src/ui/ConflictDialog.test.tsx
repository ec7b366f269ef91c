import { MantineProvider } from '@mantine/core';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { ConflictDialog, conflicts } from './ConflictDialog';

const labels = { name: '客户名称', phone: '联系电话', tags: '标签' };
const base = { name: '甲公司', phone: '13800000000', tags: ['a'] };

it('names only the fields that both editors changed, and differently (I58)', () => {
  const mine = { name: '乙公司', phone: '13811111111', tags: ['a', 'b'] };
  const theirs = { name: '丙公司', phone: '13800000000', tags: ['a', 'b'] };
  expect(conflicts(base, mine, theirs, labels)).toEqual([
    { name: 'name', label: '客户名称', mine: '乙公司', theirs: '丙公司' },
  ]);
});

it('shows both values and hands back the choice (S26)', async () => {
  const onResolve = vi.fn();
  render(
    <MantineProvider env="test">
      <ConflictDialog
        fields={[
          { name: 'name', label: '客户名称', mine: '乙公司', theirs: '丙公司' },
          { name: 'remark', label: '备注', mine: '我写的', theirs: '' },
        ]}
        onClose={() => undefined}
        onResolve={onResolve}
      />
    </MantineProvider>,
  );
  const dialog = within(await screen.findByRole('dialog', { name: '他人已修改这条记录' }));
  const name = within(dialog.getByRole('group', { name: '客户名称' }));
  expect(name.getByLabelText(/丙公司/)).toHaveProperty('checked', true);
  expect(dialog.getByRole('group', { name: '备注' }).textContent).toContain('（空）');
  await userEvent.click(name.getByLabelText(/乙公司/));
  await userEvent.click(dialog.getByRole('button', { name: '按所选保存' }));
  expect(onResolve).toHaveBeenCalledWith(['name']);
});
