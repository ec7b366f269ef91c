create table tasks (
    id {{pk}},
    kind text not null,
    content text not null,
    customer_id bigint references customers (id),
    opportunity_id bigint references opportunities (id),
    team_id bigint,
    assignee_id bigint not null references users (id),
    assigner_id bigint not null references users (id),
    assigned_at bigint not null,
    due_on text not null,
    status text not null,
    is_open boolean not null,
    feedback text not null default '',
    completed_at bigint,
    completed_by bigint,
    postponed_count bigint not null default 0,
    created_at bigint not null,
    created_by bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index tasks_mine on tasks (assignee_id, due_on, id, is_open) where is_open;
create index tasks_assignee on tasks (assignee_id, due_on, id);
create index tasks_assigner on tasks (assigner_id, due_on, id);
create index tasks_creator on tasks (created_by, due_on, id);
create index tasks_team on tasks (team_id, due_on, id);
create index tasks_due on tasks (due_on, id);
create index tasks_assignee_created on tasks (assignee_id, created_at, id);
create index tasks_assigner_created on tasks (assigner_id, created_at, id);
create index tasks_creator_created on tasks (created_by, created_at, id);
create index tasks_team_created on tasks (team_id, created_at, id);
create index tasks_created on tasks (created_at, id);
create index tasks_opportunity on tasks (opportunity_id, due_on, id);
create index tasks_customer on tasks (customer_id, due_on, id);
create index tasks_overdue on tasks (due_on, assignee_id) where is_open;
