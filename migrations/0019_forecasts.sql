create table target_changes (
    id {{pk}},
    period text not null,
    owner_type text not null,
    owner_id bigint not null,
    old_amount bigint,
    new_amount bigint not null,
    reason text not null default '',
    by_id bigint,
    at bigint not null
);
create index target_changes_period on target_changes (period, id);

create table forecast_snapshots (
    taken_on text primary key,
    taken_at bigint not null
);

create table forecast_sums (
    taken_on text not null,
    team_id bigint not null,
    owner_id bigint not null,
    month text not null,
    class text not null,
    count bigint not null,
    amount bigint not null,
    weighted bigint not null,
    primary key (taken_on, owner_id, team_id, month, class)
);
create index forecast_sums_team on forecast_sums (taken_on, team_id, month);
