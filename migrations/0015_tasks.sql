create table holidays (
    day text primary key,
    kind text not null,
    name text not null
);
insert into holidays (day, kind, name) values
    ('2023-01-01', 'holiday', '元旦'), ('2023-01-02', 'holiday', '元旦'), ('2023-01-21', 'holiday', '春节'),
    ('2023-01-22', 'holiday', '春节'), ('2023-01-23', 'holiday', '春节'), ('2023-01-24', 'holiday', '春节'),
    ('2023-01-25', 'holiday', '春节'), ('2023-01-26', 'holiday', '春节'), ('2023-01-27', 'holiday', '春节'),
    ('2023-01-28', 'workday', '春节'), ('2023-01-29', 'workday', '春节'), ('2023-04-05', 'holiday', '清明节'),
    ('2023-04-23', 'workday', '劳动节'), ('2023-04-29', 'holiday', '劳动节'), ('2023-04-30', 'holiday', '劳动节'),
    ('2023-05-01', 'holiday', '劳动节'), ('2023-05-02', 'holiday', '劳动节'), ('2023-05-03', 'holiday', '劳动节'),
    ('2023-05-06', 'workday', '劳动节'), ('2023-06-22', 'holiday', '端午节'), ('2023-06-23', 'holiday', '端午节'),
    ('2023-06-24', 'holiday', '端午节'), ('2023-06-25', 'workday', '端午节'), ('2023-09-29', 'holiday', '中秋节'),
    ('2023-09-30', 'holiday', '国庆节'), ('2023-10-01', 'holiday', '国庆节'), ('2023-10-02', 'holiday', '国庆节'),
    ('2023-10-03', 'holiday', '国庆节'), ('2023-10-04', 'holiday', '国庆节'), ('2023-10-05', 'holiday', '国庆节'),
    ('2023-10-06', 'holiday', '国庆节'), ('2023-10-07', 'workday', '国庆节'), ('2023-10-08', 'workday', '国庆节'),
    ('2024-01-01', 'holiday', '元旦'), ('2024-02-04', 'workday', '春节'), ('2024-02-10', 'holiday', '春节'),
    ('2024-02-11', 'holiday', '春节'), ('2024-02-12', 'holiday', '春节'), ('2024-02-13', 'holiday', '春节'),
    ('2024-02-14', 'holiday', '春节'), ('2024-02-15', 'holiday', '春节'), ('2024-02-16', 'holiday', '春节'),
    ('2024-02-17', 'holiday', '春节'), ('2024-02-18', 'workday', '春节'), ('2024-04-04', 'holiday', '清明节'),
    ('2024-04-05', 'holiday', '清明节'), ('2024-04-06', 'holiday', '清明节'), ('2024-04-07', 'workday', '清明节'),
    ('2024-04-28', 'workday', '劳动节'), ('2024-05-01', 'holiday', '劳动节'), ('2024-05-02', 'holiday', '劳动节'),
    ('2024-05-03', 'holiday', '劳动节'), ('2024-05-04', 'holiday', '劳动节'), ('2024-05-05', 'holiday', '劳动节'),
    ('2024-05-11', 'workday', '劳动节'), ('2024-06-10', 'holiday', '端午节'), ('2024-09-14', 'workday', '中秋节'),
    ('2024-09-15', 'holiday', '中秋节'), ('2024-09-16', 'holiday', '中秋节'), ('2024-09-17', 'holiday', '中秋节'),
    ('2024-09-29', 'workday', '国庆节'), ('2024-10-01', 'holiday', '国庆节'), ('2024-10-02', 'holiday', '国庆节'),
    ('2024-10-03', 'holiday', '国庆节'), ('2024-10-04', 'holiday', '国庆节'), ('2024-10-05', 'holiday', '国庆节'),
    ('2024-10-06', 'holiday', '国庆节'), ('2024-10-07', 'holiday', '国庆节'), ('2024-10-12', 'workday', '国庆节'),
    ('2025-01-01', 'holiday', '元旦'), ('2025-01-26', 'workday', '春节'), ('2025-01-28', 'holiday', '春节'),
    ('2025-01-29', 'holiday', '春节'), ('2025-01-30', 'holiday', '春节'), ('2025-01-31', 'holiday', '春节'),
    ('2025-02-01', 'holiday', '春节'), ('2025-02-02', 'holiday', '春节'), ('2025-02-03', 'holiday', '春节'),
    ('2025-02-04', 'holiday', '春节'), ('2025-02-08', 'workday', '春节'), ('2025-04-04', 'holiday', '清明节'),
    ('2025-04-05', 'holiday', '清明节'), ('2025-04-06', 'holiday', '清明节'), ('2025-04-27', 'workday', '劳动节'),
    ('2025-05-01', 'holiday', '劳动节'), ('2025-05-02', 'holiday', '劳动节'), ('2025-05-03', 'holiday', '劳动节'),
    ('2025-05-04', 'holiday', '劳动节'), ('2025-05-05', 'holiday', '劳动节'), ('2025-05-31', 'holiday', '端午节'),
    ('2025-06-01', 'holiday', '端午节'), ('2025-06-02', 'holiday', '端午节'), ('2025-09-28', 'workday', '国庆节'),
    ('2025-10-01', 'holiday', '国庆节'), ('2025-10-02', 'holiday', '国庆节'), ('2025-10-03', 'holiday', '国庆节'),
    ('2025-10-04', 'holiday', '国庆节'), ('2025-10-05', 'holiday', '国庆节'), ('2025-10-06', 'holiday', '国庆节'),
    ('2025-10-07', 'holiday', '国庆节'), ('2025-10-08', 'holiday', '国庆节'), ('2025-10-11', 'workday', '国庆节'),
    ('2026-01-01', 'holiday', '元旦'), ('2026-01-02', 'holiday', '元旦'), ('2026-01-03', 'holiday', '元旦'),
    ('2026-01-04', 'workday', '元旦'), ('2026-02-14', 'workday', '春节'), ('2026-02-15', 'holiday', '春节'),
    ('2026-02-16', 'holiday', '春节'), ('2026-02-17', 'holiday', '春节'), ('2026-02-18', 'holiday', '春节'),
    ('2026-02-19', 'holiday', '春节'), ('2026-02-20', 'holiday', '春节'), ('2026-02-21', 'holiday', '春节'),
    ('2026-02-22', 'holiday', '春节'), ('2026-02-23', 'holiday', '春节'), ('2026-02-28', 'workday', '春节'),
    ('2026-04-04', 'holiday', '清明节'), ('2026-04-05', 'holiday', '清明节'), ('2026-04-06', 'holiday', '清明节'),
    ('2026-05-01', 'holiday', '劳动节'), ('2026-05-02', 'holiday', '劳动节'), ('2026-05-03', 'holiday', '劳动节'),
    ('2026-05-04', 'holiday', '劳动节'), ('2026-05-05', 'holiday', '劳动节'), ('2026-05-09', 'workday', '劳动节'),
    ('2026-06-19', 'holiday', '端午节'), ('2026-06-20', 'holiday', '端午节'), ('2026-06-21', 'holiday', '端午节'),
    ('2026-09-20', 'workday', '国庆节'), ('2026-09-25', 'holiday', '中秋节'), ('2026-09-26', 'holiday', '中秋节'),
    ('2026-09-27', 'holiday', '中秋节'), ('2026-10-01', 'holiday', '国庆节'), ('2026-10-02', 'holiday', '国庆节'),
    ('2026-10-03', 'holiday', '国庆节'), ('2026-10-04', 'holiday', '国庆节'), ('2026-10-05', 'holiday', '国庆节'),
    ('2026-10-06', 'holiday', '国庆节'), ('2026-10-07', 'holiday', '国庆节'), ('2026-10-10', 'workday', '国庆节');

alter table tasks add column needs_acceptance boolean not null default false;
alter table tasks add column accepted_at bigint not null default 0;
alter table tasks add column returned_count bigint not null default 0;
alter table tasks add column returned_reason text not null default '';
alter table tasks add column done_on text not null default '';
alter table tasks add column batch_id bigint not null default 0;
--sqlite update tasks set done_on = strftime('%Y-%m-%d', completed_at / 1000 + 28800, 'unixepoch') where completed_at is not null;
--postgres update tasks set done_on = to_char(to_timestamp(completed_at / 1000 + 28800) at time zone 'UTC', 'YYYY-MM-DD') where completed_at is not null;
create index tasks_batch on tasks (batch_id, id) where batch_id > 0;

create table task_batches (
    id {{pk}},
    token_hash text not null unique,
    user_id bigint not null references users (id),
    team_id bigint,
    deed text not null,
    state text not null,
    total bigint not null,
    people bigint not null,
    created_at bigint not null,
    given_at bigint not null default 0,
    withdrawn_at bigint not null default 0
);
create index task_batches_user on task_batches (user_id, id) where state <> 'previewed';
create index task_batches_age on task_batches (created_at, id) where state = 'previewed';

create table task_batch_rows (
    batch_id bigint not null references task_batches (id),
    position bigint not null,
    customer_id bigint not null,
    opportunity_id bigint not null default 0,
    assignee_id bigint not null,
    task_id bigint not null default 0,
    -- As it was shown: what the record was chosen by, and whether the person is the record's owner.
    region_id bigint not null default 0,
    stage text not null default '',
    by_owner boolean not null default false,
    primary key (batch_id, position)
);
