create table follow_up_plans (
    id {{pk}},
    customer_id bigint not null references customers (id),
    opportunity_id bigint references opportunities (id),
    owner_id bigint not null references users (id),
    starts_at bigint not null,
    ends_at bigint not null,
    method text not null,
    content text not null,
    status text not null,
    follow_up_id bigint,
    remind_at bigint not null,
    created_at bigint not null,
    created_by bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index follow_up_plans_owner on follow_up_plans (owner_id, starts_at, id);
create index follow_up_plans_opportunity on follow_up_plans (opportunity_id, starts_at, id);
create index follow_up_plans_customer on follow_up_plans (customer_id, starts_at, id);
create index follow_up_plans_start on follow_up_plans (starts_at, id);

create table follow_ups (
    id {{pk}},
    customer_id bigint not null references customers (id),
    opportunity_id bigint references opportunities (id),
    plan_id bigint references follow_up_plans (id),
    author_id bigint not null references users (id),
    method text not null,
    contacted_at bigint not null,
    contacted_on text not null,
    result text not null,
    next_action text not null,
    next_action_due text,
    late_entry boolean not null,
    task_id bigint,
    next_plan_id bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create unique index follow_ups_plan_id_unique on follow_ups (plan_id) where plan_id is not null;
create index follow_ups_customer on follow_ups (customer_id, contacted_at, id, author_id, method, opportunity_id);
create index follow_ups_opportunity on follow_ups (opportunity_id, contacted_at, id, author_id, method, customer_id);
create index follow_ups_author on follow_ups (author_id, contacted_at, id);
create index follow_ups_contacted on follow_ups (contacted_at, id, author_id, method, customer_id, opportunity_id);
