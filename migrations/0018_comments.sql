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

create table work_reports (
    id {{pk}},
    kind text not null,
    starts_on text not null,
    ends_on text not null,
    author_id bigint not null references users (id),
    team_id bigint not null default 0,
    manager_id bigint not null default 0,
    state text not null default 'draft',
    done text not null,
    problems text not null,
    plan text not null,
    figures text not null default '',
    submitted_at bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create unique index work_reports_author_id_unique on work_reports (author_id, kind, starts_on);
create index work_reports_author on work_reports (author_id, starts_on, id);
create index work_reports_start on work_reports (starts_on, id);
create index work_reports_manager on work_reports (manager_id, starts_on, id) where state = 'submitted';
create index work_reports_team on work_reports (team_id, starts_on, id) where state = 'submitted';

create table work_report_reminders (
    user_id bigint primary key references users (id)
);

create index opportunities_won_by on opportunities (won_by, won_on, won_amount) where deleted_at is null and status = 'won';
create index stage_changes_by on stage_changes (by_id, at) where by_id is not null;
create index tasks_done_by on tasks (assignee_id, done_on) where done_on <> '';
