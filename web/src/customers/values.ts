import type { Customer } from '@/api/types';
import * as m from '@/paraglide/messages';

/** The fields of the customer form as the form holds them: ids as strings, absent texts as ''. */
export type CustomerValues = {
  name: string;
  contact_name: string;
  /** Only when creating; later it is edited on the contact. */
  contact_title: string;
  phone: string;
  industry: string;
  source_channels: string[];
  source_detail: string;
  referrer: number | null;
  email: string;
  marketing_consent: boolean;
  tags: string[];
  region: string;
  credit_code: string;
  address: string;
  requirement: string;
  remark: string;
  status: string;
  follow_up_status: string;
  phone_check: string;
  /** Only when creating; later the owner changes by its own action. */
  owner_id: number | null;
};

export const EMPTY: CustomerValues = {
  name: '',
  contact_name: '',
  contact_title: '',
  phone: '',
  industry: '',
  source_channels: [],
  source_detail: '',
  referrer: null,
  email: '',
  marketing_consent: false,
  tags: [],
  region: '',
  credit_code: '',
  address: '',
  requirement: '',
  remark: '',
  status: 'potential',
  follow_up_status: 'not_started',
  phone_check: 'unverified',
  owner_id: null,
};

export function valuesOf(customer: Customer): CustomerValues {
  return {
    name: customer.name,
    contact_name: customer.contact_name,
    contact_title: '',
    phone: customer.phone,
    industry: String(customer.industry.id),
    source_channels: customer.source_channels.map((channel) => String(channel.id)),
    source_detail: customer.source_detail ?? '',
    referrer: customer.referrer_id,
    email: customer.email ?? '',
    marketing_consent: customer.marketing_consent,
    tags: customer.tags.map((tag) => tag.name),
    region: customer.region ? String(customer.region.id) : '',
    credit_code: customer.credit_code ?? '',
    address: customer.address ?? '',
    requirement: customer.requirement ?? '',
    remark: customer.remark ?? '',
    status: customer.status,
    follow_up_status: customer.follow_up_status,
    phone_check: customer.phone_check,
    owner_id: customer.owner_id,
  };
}

type Body = Record<string, unknown>;

const NULLABLE = [
  'contact_title',
  'email',
  'region',
  'credit_code',
  'address',
  'requirement',
  'remark',
  'source_detail',
] as const;

/** Form values → body of the API. Dictionary values travel as ids, tags by name. */
function bodyOf(values: Partial<CustomerValues>): Body {
  const body: Body = { ...values };
  if (values.industry !== undefined) body.industry = values.industry ? Number(values.industry) : null;
  if (values.region !== undefined) body.region = values.region ? Number(values.region) : null;
  if (values.source_channels) body.source_channels = values.source_channels.map(Number);
  for (const name of NULLABLE) if (body[name] === '') body[name] = null;
  return body;
}

/** What a new customer is made from; empty optional fields are left out. */
export function createBody(values: CustomerValues): Body {
  const { follow_up_status: _, phone_check: _check, ...rest } = values;
  return Object.fromEntries(Object.entries(bodyOf(rest)).filter(([, value]) => value !== null));
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Only what differs from the record the edit began with. */
export function changes(base: CustomerValues, values: CustomerValues): Partial<CustomerValues> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !same(value, base[name as keyof CustomerValues])),
  );
}

export const patchBody = (base: CustomerValues, values: CustomerValues): Body => bodyOf(changes(base, values));

/** The server's present record with this editor's changes on top; where both changed a field, `keepMine` decides. */
export function merged(
  base: CustomerValues,
  mine: CustomerValues,
  theirs: CustomerValues,
  conflicting: readonly string[],
  keepMine: readonly string[],
): CustomerValues {
  const wanted = Object.entries(changes(base, mine)).filter(
    ([name]) => !conflicting.includes(name) || keepMine.includes(name),
  );
  return { ...theirs, ...Object.fromEntries(wanted) };
}

export const fieldLabels = (): Record<keyof CustomerValues, string> => ({
  name: m.customers_name(),
  contact_name: m.customers_contact_name(),
  contact_title: m.stewardship_contact_title(),
  phone: m.customers_phone(),
  industry: m.customers_industry(),
  source_channels: m.customers_source_channels(),
  source_detail: m.customers_source_detail(),
  referrer: m.customers_referrer(),
  email: m.customers_email(),
  marketing_consent: m.customers_marketing_consent(),
  tags: m.customers_tags(),
  region: m.customers_region(),
  credit_code: m.customers_credit_code(),
  address: m.customers_address(),
  requirement: m.customers_requirement(),
  remark: m.customers_remark(),
  status: m.customers_status(),
  follow_up_status: m.customers_follow_up_status(),
  phone_check: m.customers_phone_check(),
  owner_id: m.customers_owner(),
});
