import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { entryOptions, useDictionary, useTags } from '@/api/dictionaries';
import type { Customer, CustomerStatus } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Checkbox, CheckboxGroup } from '@/ui/Choice';
import { CustomerPicker, UserPicker } from '@/ui/RecordPicker';
import { Select, TagPicker } from '@/ui/Select';
import { Textarea, TextField } from '@/ui/TextField';
import { type Form, FormNote, layout } from '@/ui/use-form';
import css from './customers.module.css';
import { followUpLabels, labelOptions, phoneCheckLabels, statusLabels } from './labels';
import { hitText, useDuplicates } from './use-duplicates';
import type { CustomerValues } from './values';

const HIDDEN_AT_FIRST: (keyof CustomerValues)[] = [
  'contact_title',
  'email',
  'tags',
  'region',
  'credit_code',
  'address',
  'requirement',
  'remark',
  'referrer',
  'owner_id',
  'marketing_consent',
];
const MOST_TAGS = 20;

/** All fields of S14–S22; required ones first, the rest behind 「更多信息」 when creating. */
export function CustomerFields({
  form,
  customer,
  opened: initially = false,
}: {
  form: Form<CustomerValues>;
  customer?: Customer;
  opened?: boolean;
}) {
  const industries = useDictionary('industry');
  const regions = useDictionary('region');
  const channels = useDictionary('source_channel');
  const tags = useTags();
  const hits = useDuplicates(form.values, customer);
  const { source_channels } = form.values;
  const detailRequired = channels.some(
    (channel) => channel.detail_required && source_channels.includes(String(channel.id)),
  );
  const [opened, setOpened] = useState(customer !== undefined);
  const open = opened || initially || HIDDEN_AT_FIRST.some((name) => name in form.errors);
  const statuses = labelOptions(statusLabels()).filter(({ value }) => customer || (value as CustomerStatus) !== 'won');

  return (
    <>
      <TextField
        label={m.customers_name()}
        description={m.customers_name_hint()}
        required
        autoFocus
        {...form.field('name')}
      />
      <div className={layout.two}>
        <TextField label={m.customers_contact_name()} required {...form.field('contact_name')} />
        <TextField
          label={m.customers_phone()}
          required
          type="tel"
          inputMode="tel"
          placeholder={m.customers_phone_hint()}
          {...form.field('phone')}
        />
      </div>
      {hits.length > 0 && (
        <FormNote>
          {hits.map((hit) => (
            <p key={`${hit.field}-${hit.number}`}>{hitText(hit)}</p>
          ))}
        </FormNote>
      )}
      <Select
        label={m.customers_industry()}
        required
        options={entryOptions(industries, [form.values.industry])}
        {...form.field('industry')}
      />
      <CheckboxGroup
        label={m.customers_source_channels()}
        required
        options={entryOptions(channels, source_channels)}
        {...form.field('source_channels')}
        mark={({ value }) => {
          const at = source_channels.indexOf(value);
          if (at < 0 || source_channels.length < 2) return null;
          if (at === 0) return <span className={css.primary}>{m.customers_primary_source()}</span>;
          return (
            <button
              type="button"
              className={css.makePrimary}
              onClick={() =>
                form.set({ source_channels: [value, ...source_channels.filter((other) => other !== value)] })
              }
            >
              {m.customers_make_primary()}
            </button>
          );
        }}
      />
      <TextField
        label={m.customers_source_detail()}
        required={detailRequired}
        placeholder={m.customers_source_detail_example()}
        maxLength={200}
        {...form.field('source_detail')}
      />
      {customer && (
        <div className={layout.two}>
          <Select label={m.customers_status()} options={statuses} {...form.field('status')} />
          <Select
            label={m.customers_follow_up_status()}
            options={labelOptions(followUpLabels())}
            {...form.field('follow_up_status')}
          />
        </div>
      )}
      <div className={css.more}>
        <button type="button" aria-expanded={open} onClick={() => setOpened(!open)}>
          <ChevronRight size={16} aria-hidden />
          {m.customers_more_fields()}
        </button>
        {open && (
          <div className={css.moreFields}>
            {!customer && (
              <TextField label={m.stewardship_contact_title()} maxLength={50} {...form.field('contact_title')} />
            )}
            <TagPicker
              label={m.customers_tags()}
              description={m.customers_tags_hint()}
              suggestions={tags.map((tag) => tag.name)}
              max={MOST_TAGS}
              {...form.field('tags')}
            />
            <div className={layout.two}>
              <Select
                label={m.customers_region()}
                clearable
                options={entryOptions(regions, [form.values.region])}
                {...form.field('region')}
              />
              {customer ? (
                <Select
                  label={m.customers_phone_check()}
                  options={labelOptions(phoneCheckLabels())}
                  {...form.field('phone_check')}
                />
              ) : (
                <Select label={m.customers_status()} options={statuses} {...form.field('status')} />
              )}
            </div>
            <TextField
              label={m.customers_email()}
              type="email"
              inputMode="email"
              placeholder={m.customers_email_hint()}
              {...form.field('email')}
            />
            <Checkbox label={m.customers_marketing_consent()} {...form.field('marketing_consent')} />
            <TextField label={m.customers_credit_code()} maxLength={18} {...form.field('credit_code')} />
            <CustomerPicker label={m.customers_referrer()} {...form.field('referrer')} />
            {!customer && (
              <UserPicker
                label={m.customers_owner()}
                placeholder={m.customers_owner_myself()}
                {...form.field('owner_id')}
              />
            )}
            <TextField label={m.customers_address()} {...form.field('address')} />
            <Textarea label={m.customers_requirement()} {...form.field('requirement')} />
            <Textarea label={m.customers_remark()} rows={2} {...form.field('remark')} />
          </div>
        )}
      </div>
    </>
  );
}
