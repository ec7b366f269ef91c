import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { MultiSelect } from './Select';

const PEOPLE = [
  { value: '1', label: '陈立', pinyin: 'cl' },
  { value: '2', label: '王芳', pinyin: 'wf' },
];

function Harness() {
  const [value, setValue] = useState(['1']);
  const [text, setText] = useState('');
  const options = PEOPLE.filter((one) => value.includes(one.value) || one.pinyin.includes(text));
  return (
    <MantineProvider env="test">
      <MultiSelect label="成员" options={options} value={value} onChange={setValue} onSearch={setText} />
      <output>{value.join()}</output>
    </MantineProvider>
  );
}

it('offers what was found elsewhere, although it does not contain the typed text', async () => {
  render(<Harness />);
  await userEvent.type(screen.getByRole('combobox', { name: '成员' }), 'wf');
  const options = await screen.findAllByRole('option');
  expect(options.map((option) => option.textContent)).toEqual(['王芳']);
  await userEvent.click(screen.getByRole('option', { name: '王芳' }));
  expect(screen.getByRole('status').textContent).toBe('1,2');
  expect(screen.getByText('陈立')).toBeTruthy();
});
