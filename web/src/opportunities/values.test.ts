import { expect, it } from 'vitest';
import { createBody, EMPTY, merged, patchBody } from './values';

const base = {
  name: 'ERP',
  expected_amount: '500,000.00',
  expected_close_date: '2024-03-20',
  remark: '',
  forecast_class: '',
};

it('sends plain decimals and leaves out what is empty (S36, S37)', () => {
  expect(createBody({ ...EMPTY, customer_id: 7, name: 'ERP', expected_amount: '1,234.5', owner_id: 3 })).toEqual({
    customer_id: 7,
    name: 'ERP',
    expected_amount: '1234.5',
    stage: 'initial_contact',
    owner_id: 3,
  });
});

it('sends an amount that is none as it was typed: the server refuses it and says why (S37)', () => {
  expect(createBody({ ...EMPTY, expected_amount: '五万' }).expected_amount).toBe('五万');
});

it('an edit sends only what differs; the same amount written otherwise is no change', () => {
  expect(patchBody(base, { ...base, expected_amount: '500000' })).toEqual({});
  expect(patchBody(base, { ...base, expected_close_date: '', expected_amount: '0.00' })).toEqual({
    expected_close_date: null,
    expected_amount: '0.00',
  });
});

it("keeps this editor's value only where it was chosen (I58)", () => {
  const mine = { ...base, name: '我的', remark: '备注' };
  const theirs = { ...base, name: '对方的', expected_amount: '1.00' };
  expect(merged(base, mine, theirs, ['name'], [])).toEqual({ ...theirs, remark: '备注' });
  expect(merged(base, mine, theirs, ['name'], ['name'])).toEqual({ ...theirs, name: '我的', remark: '备注' });
});
