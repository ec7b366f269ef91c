create table notifications (
    id {{pk}},
    user_id bigint not null,
    kind text not null,
    detail text not null,
    link text not null,
    late boolean not null default false,
    dedupe_key text unique,
    comment_id bigint not null default 0,
    created_at bigint not null,
    read_at bigint not null default 0
);
create index notifications_user on notifications (user_id, id);
create index notifications_comment on notifications (comment_id) where comment_id > 0;
create index notifications_unread on notifications (user_id, id) where read_at = 0;

create table attachments (
    id {{pk}},
    record_kind text not null,
    record_id bigint not null,
    name text not null,
    size bigint not null,
    content_type text not null,
    sha256 text not null,
    created_at bigint not null,
    created_by bigint not null,
    deleted_at bigint
);
create index attachments_record on attachments (record_kind, record_id, id);
create index attachments_blob on attachments (sha256);
