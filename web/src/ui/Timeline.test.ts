import { expect, it } from 'vitest';
import { setClock } from './clock';
import { readable } from './Timeline';

it("shows logged values in people's words (S5, S26)", () => {
  setClock('2024-03-18T01:00:00Z', 'Asia/Shanghai');
  const words = { status: { won: '成交客户' } };
  expect(readable('status', 'won', words)).toBe('成交客户');
  expect(readable('primary', 'true', words)).toBe('是');
  expect(readable('starts_at', '2024-03-20T06:00:00Z', words)).toBe('2024-03-20 14:00');
  expect(readable('contract_amount', '500000.00', words)).toBe('¥500,000.00');
  expect(readable('remark', '', words)).toBe('（空）');
  expect(readable('remark', '先看样品', words)).toBe('先看样品');
});
