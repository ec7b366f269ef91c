create table company (
    id bigint primary key,
    name text not null,
    tasks_within_teams_only boolean not null default false,
    version bigint not null default 1
);

create table dictionary_entries (
    id {{pk}},
    kind text not null,
    name text not null,
    name_fold text not null,
    key text not null default '',
    disabled boolean not null default false,
    detail_required boolean not null default false,
    position bigint not null,
    version bigint not null default 1
);
create unique index dictionary_entries_name_fold_unique on dictionary_entries (kind, name_fold);

create table pipelines (
    id {{pk}},
    name text not null,
    is_default boolean not null
);

create table stages (
    id {{pk}},
    pipeline_id bigint not null references pipelines (id),
    key text not null,
    name text not null,
    probability bigint not null,
    limit_days bigint,
    kind text not null,
    position bigint not null,
    version bigint not null default 1
);
create unique index stages_key_unique on stages (pipeline_id, key);

create table targets (
    id {{pk}},
    period text not null,
    owner_type text not null,
    owner_id bigint not null,
    amount bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create unique index targets_period_unique on targets (period, owner_type, owner_id);

create table tags (
    id {{pk}},
    name text not null,
    name_fold text not null unique,
    version bigint not null default 1
);
