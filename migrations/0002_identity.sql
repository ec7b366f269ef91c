create table users (
    id {{pk}},
    employee_number text not null,
    employee_key text not null unique,
    name text not null,
    name_key text not null default '',
    phone text not null default '',
    email text not null default '',
    role text not null,
    status text not null default 'active',
    password_hash text not null,
    must_change_password boolean not null,
    password_expires_at bigint not null default 0,
    last_login_at bigint not null default 0,
    last_team_id bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index users_updated on users (updated_at, id);

create table teams (
    id {{pk}},
    name text not null,
    name_fold text not null unique,
    parent_id bigint references teams (id),
    manager_id bigint references users (id),
    kind text not null,
    region_id bigint,
    created_at bigint not null,
    version bigint not null default 1
);
create index teams_parent on teams (parent_id);

create table team_members (
    team_id bigint not null references teams (id),
    user_id bigint not null references users (id),
    primary key (team_id, user_id)
);
create index team_members_user on team_members (user_id, team_id);

create table sessions (
    id {{pk}},
    token_hash text not null unique,
    user_id bigint not null references users (id),
    team_id bigint references teams (id),
    -- The name its owner gave to a program's token; empty for a log-in.
    program text not null default '',
    device text not null default '',
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_user on sessions (user_id, created_at);

create table known_devices (
    token_hash text primary key,
    user_id bigint not null references users (id),
    created_at bigint not null
);

create table login_failures (
    bucket text primary key,
    failures bigint not null,
    since bigint not null,
    blocked_until bigint not null
);

create table shares (
    id {{pk}},
    customer_id bigint not null,
    grantee_key bigint not null,
    access text not null,
    ends_on text not null default '9999-12-31',
    for_opportunity boolean not null default false,
    created_at bigint not null,
    created_by bigint
);
create unique index shares_grantee_key_unique on shares (grantee_key, customer_id);
create index shares_customer on shares (customer_id);
