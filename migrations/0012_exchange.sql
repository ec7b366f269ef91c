create table imports (
    id {{pk}},
    kind text not null,
    mode text not null,
    state text not null,
    file_name text not null,
    sha256 text not null,
    header text not null default '[]',
    mapping text not null default '',
    total_rows bigint not null default 0,
    next_line bigint not null default 0,
    done_rows bigint not null default 0,
    created_rows bigint not null default 0,
    updated_rows bigint not null default 0,
    skipped_rows bigint not null default 0,
    bad_rows bigint not null default 0,
    undone_rows bigint not null default 0,
    kept_rows bigint not null default 0,
    round bigint not null default 0,
    problem text not null default '',
    team_id bigint,
    created_by bigint not null references users (id),
    created_at bigint not null,
    finished_at bigint not null default 0,
    version bigint not null default 1
);
create index imports_maker on imports (created_by, id);
create index imports_created on imports (created_at);
create index imports_content on imports (created_by, sha256, id);

create table import_rows (
    import_id bigint not null references imports (id),
    line bigint not null,
    cells text not null,
    state text not null default 'waiting',
    reasons text not null default '',
    record_id bigint,
    record_number text not null default '',
    record_version bigint,
    before text not null default '',
    primary key (import_id, line)
);
create index import_rows_state on import_rows (import_id, state, line);

create table import_keys (
    import_id bigint not null references imports (id),
    round bigint not null,
    key text not null,
    line bigint not null,
    primary key (import_id, round, key)
);

create table import_mappings (
    user_id bigint not null references users (id),
    kind text not null,
    header_hash text not null,
    mapping text not null,
    primary key (user_id, kind, header_hash)
);

create table exports (
    id {{pk}},
    kind text not null,
    format text not null,
    filter text not null,
    columns text not null,
    state text not null,
    file_name text not null default '',
    total_rows bigint not null default 0,
    done_rows bigint not null default 0,
    left_out bigint not null default 0,
    size bigint not null default 0,
    content_sha256 text not null default '',
    problem text not null default '',
    lang text not null,
    fence bigint not null default 0,
    lease_until bigint not null default 0,
    expires_at bigint not null default 0,
    team_id bigint,
    created_by bigint not null references users (id),
    created_at bigint not null,
    finished_at bigint not null default 0,
    version bigint not null default 1
);
create index exports_maker on exports (created_by, id);
create index exports_state on exports (state, id);
