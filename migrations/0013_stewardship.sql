-- How complete a customer is, 0 to 100; written by the verbs that save a customer (I49).
alter table customers add column completeness bigint not null default 0;
update customers set completeness = 30
    + case when email <> '' then 10 else 0 end
    + case when region_id is not null then 10 else 0 end
    + case when credit_code is not null then 15 else 0 end
    + case when address <> '' then 10 else 0 end
    + case when requirement <> '' then 15 else 0 end
    + case when phone_check = 'valid' then 10 else 0 end;
create index customers_completeness on customers (completeness, id) where deleted_at is null;
create index customers_owner_completeness on customers (owner_id, completeness, id, deleted_at) where deleted_at is null;
create index customers_team_completeness on customers (team_id, completeness, id) where deleted_at is null;

-- The recycle bin: what was deleted and not merged away, by the day it went.
create index customers_deleted on customers (deleted_at, id) where deleted_at is not null and merged_into is null;
create index opportunities_deleted on opportunities (deleted_at, id) where deleted_at is not null;
create index customers_merged on customers (merged_into) where merged_into is not null;
create index customers_referrer on customers (referrer_id) where referrer_id is not null;
create index opportunities_of_customer on opportunities (customer_id, id);

-- Shares whose last day has come are looked at once more.
create index shares_ends on shares (ends_on, id);

-- A merge and every row it moved, so that it can be taken back exactly.
create table merges (
    id {{pk}},
    loser_id bigint not null,
    winner_id bigint not null,
    loser_before text not null,
    winner_before text not null,
    winner_after text not null,
    merged_at bigint not null,
    merged_by bigint,
    undone_at bigint,
    undone_by bigint
);
create index merges_winner on merges (winner_id, id);
create index merges_loser on merges (loser_id, id);

create table merge_moves (
    merge_id bigint not null references merges (id),
    kind text not null,
    row_id bigint not null,
    detail text not null default '',
    primary key (merge_id, kind, row_id)
);

-- Content that no record mentions any more; swept from the disk later.
create table forsaken_files (
    sha256 text primary key,
    since bigint not null
);

-- People are found by full pinyin, too; filled at the next start for those there are.
alter table users add column name_full text not null default '';
