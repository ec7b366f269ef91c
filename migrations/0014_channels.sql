alter table follow_up_plans add column own_reminders text not null default '[]';

create table reminders (
    id {{pk}},
    kind text not null,
    record_kind text not null,
    record_id bigint not null,
    user_id bigint not null,
    channel text not null,
    link text not null default '',
    dedupe_key text unique,
    due_at bigint not null,
    state text not null,
    reason text not null default '',
    attempts bigint not null default 0,
    message_id text not null default '',
    notification_id bigint not null default 0,
    sent_at bigint not null default 0,
    seen_at bigint not null default 0,
    created_at bigint not null,
    updated_at bigint not null
);
create index reminders_due on reminders (due_at, id);
create index reminders_user on reminders (user_id, due_at, id);
create index reminders_state on reminders (state, due_at, id);
create index reminders_channel on reminders (channel, due_at, id);
create index reminders_record on reminders (record_kind, record_id) where state = 'planned';
create index reminders_notification on reminders (notification_id) where notification_id > 0;
create index reminders_unseen on reminders (user_id) where state = 'sent' and channel = 'in_app';
create index reminders_age on reminders (updated_at, id);

create table channels (
    id {{pk}},
    kind text not null,
    user_id bigint not null default 0,
    team_id bigint not null default 0,
    name text not null,
    url text not null default '',
    host text not null default '',
    secret text not null default '',
    smtp text not null default '',
    topics text not null default '[]',
    disabled boolean not null default false,
    next_at bigint not null default 0,
    failures bigint not null default 0,
    last_error text not null default '',
    last_error_at bigint not null default 0,
    last_sent_at bigint not null default 0,
    lease_owner text not null default '',
    lease_until bigint not null default 0,
    fence bigint not null default 0,
    created_at bigint not null,
    version bigint not null default 1
);
create index channels_user on channels (user_id, id);
create unique index channels_own_unique on channels (user_id, kind) where user_id > 0;
create unique index channels_mail_unique on channels (kind) where kind = 'email';

create table outbox (
    id {{pk}},
    message_id text not null unique,
    channel_id bigint not null references channels (id),
    reminder_id bigint not null default 0,
    kind text not null,
    user_id bigint not null,
    address text not null default '',
    title text not null,
    body text not null,
    link text not null,
    batch text not null default '',
    state text not null default 'waiting',
    run_at bigint not null,
    attempts bigint not null default 0,
    last_error text not null default '',
    created_at bigint not null
);
create index outbox_due on outbox (channel_id, run_at, id) where state = 'waiting';
create index outbox_batch on outbox (batch) where batch <> '';
create index outbox_reminder on outbox (reminder_id) where reminder_id > 0;
create index outbox_dead on outbox (channel_id, created_at) where state = 'dead';

create table notification_preferences (
    user_id bigint primary key,
    language text not null,
    topics text not null,
    quiet_from text not null,
    quiet_to text not null,
    updated_at bigint not null
);

