-- How records stood before they changed: what reports reckon with, and the moment until which it held. Rows are only ever added.
-- Nothing here names anybody: a record that is deleted for good leaves its figures and no more.
create table past_customers (
    record_id bigint not null,
    until bigint not null,
    industry_id bigint not null,
    region_id bigint,
    primary_source_id bigint not null,
    status text not null,
    owner_id bigint,
    team_id bigint,
    last_contact_on text not null,
    last_followed_up_at bigint not null,
    created_at bigint not null,
    created_on text not null,
    deleted_at bigint,
    merged_into bigint,
    primary key (record_id, until)
);
create index past_customers_until on past_customers (until);

create table past_opportunities (
    record_id bigint not null,
    until bigint not null,
    pipeline_id bigint not null,
    customer_id bigint not null,
    expected_amount bigint not null,
    owner_id bigint,
    team_id bigint,
    stage text not null,
    status text not null,
    expected_close_on text not null,
    won_amount bigint,
    won_on text,
    won_by bigint,
    won_team_id bigint,
    lost_reason text,
    competitor text,
    forecast_class text not null,
    entered_stage_at bigint not null,
    created_at bigint not null,
    deleted_at bigint,
    primary key (record_id, until)
);
create index past_opportunities_until on past_opportunities (until);
-- By which a merged reason is found.
create index past_opportunities_lost_reason on past_opportunities (lost_reason) where lost_reason is not null;

create table past_stage_changes (
    record_id bigint not null,
    until bigint not null,
    opportunity_id bigint not null,
    from_stage text,
    to_stage text not null,
    at bigint not null,
    seconds_in_previous bigint,
    primary key (record_id, until)
);
create index past_stage_changes_until on past_stage_changes (until);

create table past_follow_ups (
    record_id bigint not null,
    until bigint not null,
    customer_id bigint not null,
    opportunity_id bigint,
    author_id bigint not null,
    method text not null,
    contacted_at bigint not null,
    contacted_on text not null,
    late_entry boolean not null,
    created_at bigint not null,
    primary key (record_id, until)
);
create index past_follow_ups_until on past_follow_ups (until);

create table past_tasks (
    record_id bigint not null,
    until bigint not null,
    kind text not null,
    customer_id bigint,
    opportunity_id bigint,
    team_id bigint,
    assignee_id bigint not null,
    assigner_id bigint not null,
    due_on text not null,
    status text not null,
    is_open boolean not null,
    done_on text not null,
    created_at bigint not null,
    created_by bigint not null,
    primary key (record_id, until)
);
create index past_tasks_until on past_tasks (until);

create table past_shares (
    record_id bigint not null,
    until bigint not null,
    customer_id bigint not null,
    grantee_key bigint not null,
    access text not null,
    ends_on text not null,
    created_at bigint not null,
    primary key (record_id, until)
);
create index past_shares_until on past_shares (until);

-- Until then the customer had the tag or source, or had it not.
create table past_customer_tags (
    customer_id bigint not null,
    tag_id bigint not null,
    until bigint not null,
    present boolean not null,
    primary key (customer_id, tag_id, until)
);
create index past_customer_tags_until on past_customer_tags (until);

create table past_customer_sources (
    customer_id bigint not null,
    entry_id bigint not null,
    until bigint not null,
    present boolean not null,
    primary key (customer_id, entry_id, until)
);
create index past_customer_sources_until on past_customer_sources (until);

create index target_changes_target on target_changes (owner_type, owner_id, period, at);

-- Data that was there before this log: what was before this moment is not known.
--sqlite insert into parameters (key, value) select 'past_since', cast(cast(strftime('%s', 'now') as integer) * 1000 as text) where exists (select 1 from customers) or exists (select 1 from tasks) or exists (select 1 from targets);
--postgres insert into parameters (key, value) select 'past_since', cast(cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as text) where exists (select 1 from customers) or exists (select 1 from tasks) or exists (select 1 from targets);
