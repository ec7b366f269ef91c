import { expect, it } from 'vitest';
import { type CustomerValues, changes, createBody, EMPTY, merged, patchBody } from './values';

const base: CustomerValues = { ...EMPTY, name: '甲公司', industry: '1', source_channels: ['2', '1'], tags: ['老客户'] };

it('creates with ids for dictionary values and without empty optional fields (S14)', () => {
  expect(createBody({ ...base, contact_name: '张三', phone: '138 0013 8000' })).toEqual({
    name: '甲公司',
    contact_name: '张三',
    phone: '138 0013 8000',
    industry: 1,
    source_channels: [2, 1],
    marketing_consent: false,
    tags: ['老客户'],
    status: 'potential',
  });
});

it('leaves what is required and missing to the server, which names every such field (S14)', () => {
  expect(createBody(EMPTY)).toMatchObject({ name: '', contact_name: '', phone: '', source_channels: [] });
});

it('sends only what was changed; an emptied field travels as null (S26)', () => {
  expect(patchBody({ ...base, email: 'a@b.cn' }, { ...base, email: '', region: '3' })).toEqual({
    email: null,
    region: 3,
  });
  expect(changes(base, { ...base, tags: ['老客户'] })).toEqual({});
});

it("puts this editor's changes on the newer record, by choice where both changed a field (I58)", () => {
  const mine = { ...base, remark: '我写的', contact_name: '李四' };
  const theirs = { ...base, remark: '对方写的', region: '2' };
  expect(merged(base, mine, theirs, ['remark'], [])).toMatchObject({
    remark: '对方写的',
    contact_name: '李四',
    region: '2',
  });
  expect(merged(base, mine, theirs, ['remark'], ['remark'])).toMatchObject({
    remark: '我写的',
    contact_name: '李四',
    region: '2',
  });
});
