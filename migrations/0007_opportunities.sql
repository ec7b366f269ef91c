create table opportunities (
    id {{pk}},
    number text not null,
    number_key bigint not null unique,
    name text not null,
    name_fold text not null,
    name_key text not null,
    pipeline_id bigint not null references pipelines (id),
    customer_id bigint not null references customers (id),
    expected_amount bigint not null,
    owner_id bigint,
    team_id bigint,
    stage text not null,
    status text not null,
    expected_close_on text not null default '',
    forecast_class text not null default '',
    won_amount bigint,
    won_on text,
    won_by bigint,
    won_team_id bigint,
    lost_reason text,
    competitor text,
    remark text not null default '',
    entered_stage_at bigint not null,
    reached_1 bigint not null default 0,
    reached_2 bigint not null default 0,
    reached_3 bigint not null default 0,
    reached_4 bigint not null default 0,
    reached_5 bigint not null default 0,
    reached_6 bigint not null default 0,
    reached_7 bigint not null default 0,
    reached_8 bigint not null default 0,
    last_reached_at bigint not null default 0,
    last_followed_up_at bigint not null default 0,
    last_plan_at bigint not null default 0,
    open_tasks bigint not null default 0,
    created_at bigint not null,
    created_by bigint,
    updated_at bigint not null,
    deleted_at bigint,
    deleted_by bigint,
    deleted_reason text,
    custom text not null default '{}',
    version bigint not null default 1
);
create index opportunities_customer on opportunities (customer_id, id, stage, entered_stage_at) where deleted_at is null;
create index opportunities_updated on opportunities (updated_at, id) where deleted_at is null;
create index opportunities_created on opportunities (created_at, id, owner_id, team_id, customer_id, expected_amount) where deleted_at is null;
create index opportunities_amount on opportunities (expected_amount, id) where deleted_at is null;
create index opportunities_close on opportunities (expected_close_on, id, status, stage, forecast_class, owner_id, team_id, customer_id, expected_amount) where deleted_at is null;
create index opportunities_entered on opportunities (entered_stage_at, id) where deleted_at is null;
create index opportunities_name on opportunities (name_key, id) where deleted_at is null;
create index opportunities_number on opportunities (number_key, id) where deleted_at is null;
create index opportunities_owner_updated on opportunities (owner_id, updated_at, id) where deleted_at is null;
create index opportunities_owner_created on opportunities (owner_id, created_at, id) where deleted_at is null;
create index opportunities_owner_amount on opportunities (owner_id, expected_amount, id) where deleted_at is null;
create index opportunities_owner_close on opportunities (owner_id, expected_close_on, id) where deleted_at is null;
create index opportunities_owner_entered on opportunities (owner_id, entered_stage_at, id, team_id, status, stage, customer_id, expected_amount) where deleted_at is null;
create index opportunities_owner_name on opportunities (owner_id, name_key, id) where deleted_at is null;
create index opportunities_owner_number on opportunities (owner_id, number_key, id) where deleted_at is null;
create index opportunities_team_name on opportunities (team_id, name_key, id) where deleted_at is null;
create index opportunities_team_number on opportunities (team_id, number_key, id) where deleted_at is null;
create index opportunities_team_updated on opportunities (team_id, updated_at, id) where deleted_at is null;
create index opportunities_team_created on opportunities (team_id, created_at, id) where deleted_at is null;
create index opportunities_team_amount on opportunities (team_id, expected_amount, id) where deleted_at is null;
create index opportunities_team_close on opportunities (team_id, expected_close_on, id) where deleted_at is null;
create index opportunities_team_entered on opportunities (team_id, entered_stage_at, id, owner_id, status, stage, customer_id, expected_amount) where deleted_at is null;
create index opportunities_stage on opportunities (stage, updated_at, id) where deleted_at is null;
create index opportunities_stage_entered on opportunities (stage, entered_stage_at, id, status, owner_id, team_id, customer_id, expected_amount, lost_reason, competitor) where deleted_at is null;
create index opportunities_status on opportunities (status, updated_at, id) where deleted_at is null;
create index opportunities_won on opportunities (won_on, won_by, won_team_id, won_amount, stage, owner_id, team_id, customer_id, created_at, entered_stage_at) where deleted_at is null and status = 'won';
create index opportunities_facets on opportunities (status, stage, owner_id, team_id, expected_close_on, entered_stage_at, last_plan_at, open_tasks, expected_amount, customer_id, id) where deleted_at is null;
create index opportunities_reached on opportunities (last_reached_at, reached_1, reached_2, reached_3, reached_4, reached_5, reached_6, reached_7, reached_8, owner_id, team_id, customer_id, expected_amount) where deleted_at is null;

create table stage_changes (
    id {{pk}},
    opportunity_id bigint not null references opportunities (id),
    from_stage text,
    to_stage text not null,
    at bigint not null,
    by_id bigint,
    cause text not null default '',
    seconds_in_previous bigint
);
create index stage_changes_opportunity on stage_changes (opportunity_id, id, at, from_stage, to_stage, seconds_in_previous);
create index stage_changes_at on stage_changes (at, from_stage, to_stage, seconds_in_previous, opportunity_id);

--sqlite create virtual table opportunity_search using fts5 (grams, content = '', contentless_delete = 1, tokenize = 'unicode61');
--postgres create table opportunity_search (rowid bigint primary key, grams tsvector not null);
--postgres create index opportunity_search_grams on opportunity_search using gin (grams);
