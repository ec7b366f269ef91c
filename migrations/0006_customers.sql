create table customers (
    id {{pk}},
    number text not null,
    number_key bigint not null unique,
    name text not null,
    name_fold text not null,
    name_variant text not null,
    name_key text not null,
    contact_name text not null,
    phone text not null,
    email text not null,
    phone_check text not null default 'unverified',
    phone_checked_at bigint,
    phone_checked_by bigint,
    marketing_consent boolean not null default false,
    industry_id bigint not null references dictionary_entries (id),
    region_id bigint references dictionary_entries (id),
    primary_source_id bigint not null references dictionary_entries (id),
    source_detail text not null default '',
    referrer_id bigint,
    credit_code text,
    address text not null default '',
    remark text not null default '',
    requirement text not null default '',
    requirement_changed_on text not null default '',
    status text not null,
    follow_up_status text not null default 'not_started',
    deal_date text,
    contract_amount bigint,
    total_won_amount bigint not null default 0,
    won_opportunity_id bigint,
    owner_id bigint,
    team_id bigint,
    last_contact_on text not null,
    last_followed_up_at bigint not null default 0,
    created_at bigint not null,
    created_on text not null,
    created_by bigint,
    updated_at bigint not null,
    deleted_at bigint,
    deleted_by bigint,
    deleted_reason text,
    merged_into bigint,
    custom text not null default '{}',
    version bigint not null default 1
);
create unique index customers_name_fold_unique on customers (name_fold) where deleted_at is null;
create unique index customers_credit_code_unique on customers (credit_code) where deleted_at is null and credit_code is not null;
create index customers_name_variant on customers (name_variant) where deleted_at is null;
create index customers_updated on customers (updated_at, id) where deleted_at is null;
create index customers_created on customers (created_at, id) where deleted_at is null;
create index customers_followed on customers (last_followed_up_at, id) where deleted_at is null;
create index customers_name on customers (name_key, id) where deleted_at is null;
create index customers_number on customers (number_key, id) where deleted_at is null;
create index customers_owner_updated on customers (owner_id, updated_at, id) where deleted_at is null;
create index customers_owner_created on customers (owner_id, created_at, id) where deleted_at is null;
create index customers_owner_followed on customers (owner_id, last_followed_up_at, id) where deleted_at is null;
create index customers_owner_name on customers (owner_id, name_key, id) where deleted_at is null;
create index customers_owner_number on customers (owner_id, number_key, id) where deleted_at is null;
create index customers_team_updated on customers (team_id, updated_at, id) where deleted_at is null;
create index customers_team_created on customers (team_id, created_at, id) where deleted_at is null;
create index customers_team_followed on customers (team_id, last_followed_up_at, id) where deleted_at is null;
create index customers_team_name on customers (team_id, name_key, id) where deleted_at is null;
create index customers_team_number on customers (team_id, number_key, id) where deleted_at is null;
create index customers_status on customers (status, updated_at, id) where deleted_at is null;
create index customers_follow_up_status on customers (follow_up_status, updated_at, id) where deleted_at is null;
create index customers_follow_up_status_followed on customers (follow_up_status, last_followed_up_at, id) where deleted_at is null;
create index customers_industry on customers (industry_id, updated_at, id) where deleted_at is null;
create index customers_region on customers (region_id, updated_at, id) where deleted_at is null;
create index customers_contact_day on customers (last_contact_on, id, last_followed_up_at, owner_id, team_id, region_id, industry_id, primary_source_id) where deleted_at is null;
create index customers_requirement_day on customers (requirement_changed_on, id) where deleted_at is null;
create index customers_created_day on customers (created_on, id, status, owner_id, team_id, region_id, industry_id, primary_source_id) where deleted_at is null;
create index customers_facets on customers (status, industry_id, region_id, owner_id, team_id, follow_up_status, last_contact_on, created_on, requirement_changed_on, id) where deleted_at is null;
create index customers_owner_facets on customers (owner_id, status, industry_id, region_id, team_id, follow_up_status, last_contact_on, created_on, requirement_changed_on, id, last_followed_up_at, primary_source_id) where deleted_at is null;
create index customers_team_facets on customers (team_id, status, industry_id, region_id, owner_id, follow_up_status, last_contact_on, created_on, requirement_changed_on, id, last_followed_up_at, primary_source_id) where deleted_at is null;

create table customer_sources (
    customer_id bigint not null references customers (id),
    entry_id bigint not null references dictionary_entries (id),
    position bigint not null,
    primary key (customer_id, entry_id)
);
create index customer_sources_entry on customer_sources (entry_id, customer_id);

create table customer_tags (
    customer_id bigint not null references customers (id),
    tag_id bigint not null references tags (id),
    primary key (customer_id, tag_id)
);
create index customer_tags_tag on customer_tags (tag_id, customer_id);

create table contacts (
    id {{pk}},
    customer_id bigint not null references customers (id),
    name text not null,
    phone text not null,
    email text not null default '',
    title text not null default '',
    is_primary boolean not null,
    created_at bigint not null,
    deleted_at bigint,
    version bigint not null default 1
);
create index contacts_customer on contacts (customer_id, id);
create index contacts_phone on contacts (phone, customer_id) where deleted_at is null;
create unique index contacts_customer_id_unique on contacts (customer_id) where is_primary and deleted_at is null;

create table requirement_versions (
    id {{pk}},
    customer_id bigint not null references customers (id),
    old text not null,
    new text not null,
    at bigint not null,
    by_id bigint,
    follow_up_id bigint
);
create index requirement_versions_customer on requirement_versions (customer_id, id);

--sqlite create virtual table customer_search using fts5 (grams, content = '', contentless_delete = 1, tokenize = 'unicode61');
--postgres create table customer_search (rowid bigint primary key, grams tsvector not null);
--postgres create index customer_search_grams on customer_search using gin (grams);
