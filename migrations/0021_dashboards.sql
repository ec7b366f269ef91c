-- 仪表盘: tiles are JSON, each a report's question with the way it is shown (I29).
create table dashboards (
    id {{pk}},
    name text not null,
    tiles text not null,
    visibility text not null,
    owner_id bigint not null references users (id),
    team_id bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index dashboards_owner on dashboards (owner_id, id);
create index dashboards_team on dashboards (team_id, id) where visibility = 'team';
create index dashboards_public on dashboards (id) where visibility = 'public';

-- 订阅: what somebody wants to be sent, when, and over which way; 0 for the company's e-mail (I31).
create table subscriptions (
    id {{pk}},
    user_id bigint not null references users (id),
    name text not null,
    dashboard_id bigint not null default 0,
    question text not null default '',
    channel_id bigint not null default 0,
    rhythm text not null,
    on_day bigint not null,
    at_minute bigint not null,
    language text not null,
    paused boolean not null default false,
    next_at bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null default 1
);
create index subscriptions_user on subscriptions (user_id, id);
create index subscriptions_dashboard on subscriptions (dashboard_id) where dashboard_id > 0;

-- One row for every subscription and period: whoever puts it in sends it.
create table subscription_sends (
    id {{pk}},
    subscription_id bigint not null references subscriptions (id),
    period text not null,
    state text not null default 'waiting',
    reason text not null default '',
    reminder_id bigint not null default 0,
    due_at bigint not null,
    done_at bigint not null default 0,
    attempts bigint not null default 0,
    lease_until bigint not null default 0,
    fence bigint not null default 0
);
create unique index subscription_sends_subscription_unique on subscription_sends (subscription_id, period);
create index subscription_sends_latest on subscription_sends (subscription_id, id);
create index subscription_sends_waiting on subscription_sends (due_at, id) where state = 'waiting';
create index subscription_sends_done on subscription_sends (done_at, id) where done_at > 0;

-- What goes along with an e-mail, base64, until it has left.
create table outbox_files (
    id {{pk}},
    message_id text not null,
    name text not null,
    content text not null
);
create index outbox_files_message on outbox_files (message_id, id);
