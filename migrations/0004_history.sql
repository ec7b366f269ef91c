create table events (
    id {{pk}},
    at bigint not null,
    kind text not null,
    record_kind text not null,
    record_id bigint not null,
    customer_id bigint,
    opportunity_id bigint,
    by_id bigint,
    cause text not null default '',
    door text not null,
    detail text not null
);
create index events_customer on events (customer_id, at, id);
create index events_opportunity on events (opportunity_id, at, id);
create index events_at on events (at, id);
create index events_record on events (record_kind, record_id, id);

create table changes (
    id {{pk}},
    kind text not null,
    record_id bigint not null,
    field text not null,
    old text not null,
    new text not null,
    at bigint not null,
    by_id bigint,
    door text not null
);
create index changes_field on changes (kind, field, at);
create index changes_record on changes (kind, record_id, at);
