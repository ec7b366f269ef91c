create table jobs (
    id {{pk}},
    kind text not null,
    payload text not null,
    run_at bigint not null,
    unique_key text unique,
    state text not null default 'waiting',
    attempts bigint not null default 0,
    lease_owner text not null default '',
    lease_until bigint not null default 0,
    fence bigint not null default 0,
    last_error text not null default '',
    created_at bigint not null
);
create index jobs_due on jobs (run_at, id) where state = 'waiting';
create index jobs_dead on jobs (id) where state = 'dead';

create table numbers (
    kind text not null,
    on_day text not null,
    last bigint not null,
    primary key (kind, on_day)
);

create table idempotency_keys (
    user_id bigint not null,
    operation text not null,
    key text not null,
    request_hash text not null,
    status bigint not null default 0,
    location text not null default '',
    body text not null default '',
    created_at bigint not null,
    primary key (user_id, operation, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

create table parameters (
    key text primary key,
    value text not null
);
