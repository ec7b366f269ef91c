alter table company add column tell_manager_after_days bigint not null default 3;

create table comments (
    id {{pk}},
    record_kind text not null,
    record_id bigint not null,
    body text not null,
    created_at bigint not null,
    created_by bigint not null references users (id),
    edited_at bigint not null default 0,
    deleted_at bigint not null default 0,
    version bigint not null default 1
);
create index comments_record on comments (record_kind, record_id, id);

create table comment_mentions (
    comment_id bigint not null references comments (id),
    user_id bigint not null references users (id),
    position bigint not null,
    primary key (comment_id, user_id)
);
