create table leaves (
    user_id bigint not null references users (id),
    starts_on text not null,
    ends_on text not null,
    primary key (user_id, starts_on)
);
create index leaves_end on leaves (user_id, ends_on);

create table sop_templates (
    id {{pk}},
    stage text not null,
    name text not null,
    kind text not null,
    content text not null,
    due_workdays bigint not null,
    assignee text not null,
    enabled boolean not null,
    position bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index sop_templates_stage on sop_templates (stage, position, id);

create table sop_tasks (
    opportunity_id bigint not null,
    template_id bigint not null references sop_templates (id),
    made_at bigint not null,
    primary key (opportunity_id, template_id)
);
create index sop_tasks_template on sop_tasks (template_id);

alter table tasks add column sop_template_id bigint not null default 0;
alter table tasks add column rule_id bigint not null default 0;
alter table tasks add column rule_name text not null default '';

create table assignment_rules (
    id {{pk}},
    target text not null,
    name text not null,
    conditions text not null,
    method text not null,
    enabled boolean not null,
    position bigint not null,
    last_user_id bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index assignment_rules_target on assignment_rules (target, position, id);

create table assignment_people (
    rule_id bigint not null references assignment_rules (id),
    position bigint not null,
    user_id bigint not null references users (id),
    primary key (rule_id, position)
);
alter table imports add column assign text not null default '';

alter table task_batch_rows add column kind text not null default '';
alter table task_batch_rows add column content text not null default '';
alter table task_batch_rows add column due_on text not null default '';
alter table task_batch_rows add column rule_id bigint not null default 0;
alter table task_batch_rows add column rule_name text not null default '';
