create table customer_groups (
    id {{pk}},
    name text not null,
    kind text not null,
    visibility text not null,
    filter text not null default '{}',
    owner_id bigint not null references users (id),
    team_id bigint references teams (id),
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index customer_groups_owner on customer_groups (owner_id, id);
create index customer_groups_audience on customer_groups (visibility, team_id, id);

create table customer_group_members (
    group_id bigint not null references customer_groups (id),
    customer_id bigint not null references customers (id),
    added_at bigint not null,
    added_by bigint,
    primary key (group_id, customer_id)
);
create index customer_group_members_customer on customer_group_members (customer_id, group_id);

create table saved_views (
    id {{pk}},
    kind text not null,
    name text not null,
    filters text not null,
    columns text not null,
    sort text not null default '',
    visibility text not null,
    position bigint not null,
    owner_id bigint not null references users (id),
    team_id bigint references teams (id),
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index saved_views_owner on saved_views (kind, owner_id, id);
create index saved_views_audience on saved_views (kind, visibility, team_id, id);

create table default_views (
    user_id bigint not null references users (id),
    kind text not null,
    view_id bigint not null references saved_views (id),
    primary key (user_id, kind)
);
create index default_views_view on default_views (view_id);

create table batches (
    id {{pk}},
    token_hash text not null unique,
    user_id bigint not null references users (id),
    team_id bigint,
    deed text not null,
    state text not null,
    total bigint not null,
    created_at bigint not null,
    started_at bigint not null default 0,
    finished_at bigint not null default 0
);
create index batches_age on batches (created_at, id);

create table batch_rows (
    batch_id bigint not null references batches (id),
    customer_id bigint not null,
    state text not null default 'waiting',
    reason text not null default '',
    received_by bigint not null default 0,
    taken_from bigint not null default 0,
    primary key (batch_id, customer_id)
);
create index batch_rows_state on batch_rows (batch_id, state, customer_id);

alter table dictionary_entries add column merged_into bigint;
alter table tags add column merged_into bigint;
alter table company add column leaders_create_tags_only boolean not null default false;
