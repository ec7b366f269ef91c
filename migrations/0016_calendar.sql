create table calendar_feeds (
    user_id bigint primary key references users (id),
    secret_hash text not null default '',
    domain text not null,
    created_at bigint not null,
    read_at bigint not null default 0
);
create unique index calendar_feeds_secret_hash_unique on calendar_feeds (secret_hash) where secret_hash <> '';

create table notices (
    id {{pk}},
    title text not null,
    body text not null,
    team_id bigint not null default 0,
    published_at bigint not null,
    withdrawn_at bigint not null default 0,
    created_by bigint not null references users (id),
    version bigint not null default 1
);
create index notices_published on notices (published_at, id);

create table notice_readers (
    notice_id bigint not null references notices (id),
    user_id bigint not null references users (id),
    read_at bigint not null default 0,
    primary key (notice_id, user_id)
);
create index notice_readers_user on notice_readers (user_id, notice_id);
create index notice_readers_unread on notice_readers (user_id, notice_id) where read_at = 0;
