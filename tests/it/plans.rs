//! No list may read a whole table, whoever asks for whatever: the engines' own plans, on analysed data, with the values bound.

use std::collections::BTreeSet;

use chengdan::customers::list::SORTS;
use chengdan::customers::{self, CustomerFilter};
use chengdan::identity::scope::{self, Owned};
use chengdan::platform::db::{Lane, Tx, Value, sql};
use chengdan::platform::http;
use chengdan::platform::types::Lang;
use chengdan::platform::work::{Actor, Door, Reach, Work};

use crate::support::TestApp;

pub const CUSTOMERS: i64 = 6_000;
pub const TEAMS: i64 = 44;
pub const OWNERS: i64 = 200;

/// Every filter of the list, by itself; and some together.
const FILTERS: &[&str] = &[
    "",
    "q=公司",
    "q=zzz",
    "q=CUST19000101",
    "status=potential",
    "status=won&status=lost",
    "follow_up_status=not_started",
    "industry=1",
    "industry=1&industry=2",
    "region=11",
    "source_channel=18",
    "source_channel=18&source_channel=19",
    "source_detail=公司",
    "tag=1",
    "tag=1&tag=2",
    "tag=1&tag=2&tag_mode=all",
    "exclude_tag=1",
    "owner_id=1000",
    "team_id=1000",
    "created_from=2024-03-01",
    "created_to=2024-01-20",
    "not_followed_up_days=30",
    "requirement_changed_days=30",
    "completeness_below=50",
    "primary_source=18",
    "activity=active",
    "activity=silent",
    "activity=dormant",
    "activity=active&activity=dormant",
    "contacted_from=2024-02-20",
    "contacted_by=1001",
    "contacted_by_team=1000",
    "contacted_from=2024-02-01&contacted_to=2024-02-20&contacted_by=1001&contacted_by=1002",
    "activity=active&status=potential&region=11",
    "status=potential&industry=1&region=11&not_followed_up_days=30",
    "owner_id=1000&status=potential",
    "completeness_below=50&status=potential&region=11",
    "tag=1&tag=2&tag_mode=all&status=potential&region=11",
    "tag=1&status=won&q=公司",
    "source_channel=18&created_from=2024-01-01&exclude_tag=2",
];

pub async fn company() -> TestApp {
    let test = TestApp::start().await;
    let filled = test.app.db.write(
        |tx| {
            let rows = format!("with recursive n (i) as (select cast(0 as bigint) union all select i + 1 from n where i < {})", CUSTOMERS - 1);
            let created_on = "'2024-0' || cast(1 + i / 2001 as text) || '-1' || cast(i % 9 as text)";
            // Noon of the 11th of January, February or March, and some seconds.
            let contacted_at = "case i % 3 when 0 then 1704945600000 when 1 then 1707624000000 else 1710129600000 end + (i * 31) % 5000";
            for text in [
                format!(
                    "insert into teams (id, name, name_fold, parent_id, kind, created_at)
                     with recursive n (i) as (select cast(0 as bigint) union all select i + 1 from n where i < {})
                     select 1000 + i, 'T' || cast(i as text), 't' || cast(i as text), 1, 'team', 0 from n",
                    TEAMS - 1
                ),
                format!(
                    "insert into users (id, employee_number, employee_key, name, role, password_hash, must_change_password, created_at, updated_at)
                     with recursive n (i) as (select cast(0 as bigint) union all select i + 1 from n where i < {})
                     select 1000 + i, 'P' || cast(i as text), 'p' || cast(i as text), '员工', 'sales', '', false, 0, 0 from n",
                    OWNERS - 1
                ),
                format!(
                    "insert into customers (id, number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email,
                       industry_id, region_id, primary_source_id, requirement_changed_on, source_detail, status, follow_up_status, owner_id, team_id,
                       last_contact_on, last_followed_up_at, created_at, created_on, updated_at)
                     {rows} select 1000 + i, 'CUST' || cast(i as text), 19000101000000 + i, '公司' || cast(i as text), 'c' || cast(i as text),
                       'c' || cast(i as text), 'gongsi' || cast((i * 7919) % 6000 as text), '王伟', '13800138000', '', 1 + i % 10,
                       11 + i % 6, 18 + i % 3, case when i % 4 = 0 then '2024-03-1' || cast(i % 9 as text) else '' end,
                       case when i % 97 = 0 then '公司展' else '' end,
                       case i % 7 when 0 then 'won' when 1 then 'lost' when 2 then 'active' else 'potential' end,
                       case when i % 5 = 0 then 'not_started' else 'in_progress' end, 1000 + i % {OWNERS}, 1000 + i % {TEAMS},
                       case when i % 5 = 0 then {created_on} else '2024-0' || cast(1 + i % 3 as text) || '-11' end,
                       case when i % 5 = 0 then 0 else {contacted_at} end, 1700000000000 + i * 1000000,
                       {created_on}, 1700000000000 + (i * 104729) % 999983
                     from n"
                ),
                format!("insert into team_members (team_id, user_id) {rows} select 1000 + i % {TEAMS}, 1000 + i from n where i < {OWNERS}"),
                format!(
                    "insert into follow_ups (customer_id, author_id, method, contacted_at, contacted_on, result, next_action, late_entry, created_at, updated_at)
                     {rows} select 1000 + i, 1000 + i % {OWNERS}, 'phone', {contacted_at}, '2024-0' || cast(1 + i % 3 as text) || '-11', '', '', false, 0, 0
                     from n where i % 5 > 0"
                ),
                format!(
                    "insert into customer_sources (customer_id, entry_id, position) {rows} select 1000 + i, 18 + i % 3, 0 from n"
                ),
                format!("insert into customer_tags (customer_id, tag_id) {rows} select 1000 + i, 1 + i % 3 from n where i % 2 = 0"),
                format!("insert into customer_tags (customer_id, tag_id) {rows} select 1000 + i, 1 + (i + 1) % 3 from n where i % 4 = 0"),
                format!(
                    "insert into shares (customer_id, grantee_key, access, created_at) {rows} select 1000 + i, 1007, 'read', 0 from n where i % 5 = 0"
                ),
            ] {
                sql(text).run(tx)?;
            }
            let words = |team: i64, owner: i64| format!("c516c53f8 o{owner} t{team}");
            for i in 0..CUSTOMERS {
                let words = words(1000 + i % TEAMS, 1000 + i % OWNERS);
                if tx.has_concurrent_writers() {
                    sql("insert into customer_search (rowid, grams) values ($1, array_to_tsvector(string_to_array($2, ' ')))")
                        .bind(1000 + i)
                        .bind(words)
                        .run(tx)?;
                } else {
                    sql("insert into customer_search (rowid, grams) values ($1, $2)").bind(1000 + i).bind(words).run(tx)?;
                }
            }
            sql("analyze").run(tx)?;
            Ok(())
        },
        |()| (),
    );
    filled.await.unwrap();
    test
}

/// Everybody who sees differently: by oneself, with shares, one team, most teams, everything.
pub fn readers() -> Vec<(&'static str, Actor)> {
    let reader = |user_id: i64, reach: Reach| Actor {
        user_id,
        cause: "",
        team_id: Some(1000),
        team_ids: vec![1000],
        reach,
        permissions: &["view_customers"],
        door: Door::Api,
        lang: Lang::Zh,
    };
    vec![
        ("own", reader(1001, Reach::Own)),
        ("own and shared", reader(1007, Reach::Own)),
        ("team", reader(1003, Reach::Teams(vec![1003]))),
        ("44 teams", reader(1003, Reach::Teams((1000..1000 + TEAMS).collect()))),
        ("all", reader(1003, Reach::All)),
    ]
}

/// Each in a read of its own: a reader has 15 seconds.
async fn in_turn<T: Send + 'static>(test: &TestApp, look: impl Fn(&mut Work, &str, &str) -> T + Send + Sync + 'static) -> Vec<T> {
    let look = std::sync::Arc::new(look);
    let mut all = Vec::new();
    for (who, actor) in readers() {
        for filter in FILTERS {
            let (clock, zone, look, actor) = (test.app.clock.clone(), test.app.zone.clone(), look.clone(), actor.clone());
            let read = test.app.db.read(Lane::Reports, move |tx| Ok(look(&mut Work::new(tx, actor, clock.now(), zone), who, filter)));
            all.push(read.await.unwrap());
        }
    }
    all
}

fn asked(filter: &str, sort: &str) -> CustomerFilter {
    let filter: String =
        filter
            .chars()
            .map(|letter| {
                if letter.is_ascii() { letter.to_string() } else { letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect() }
            })
            .collect();
    http::query(format!("{filter}&sort={sort}&limit=50").replace("&&", "&").trim_start_matches('&')).unwrap()
}

fn sorts() -> Vec<String> {
    SORTS.iter().map(|(name, _)| name.trim_start_matches('-')).flat_map(|name| [name.to_owned(), format!("-{name}")]).collect()
}

// S25, S31: single filters and conjunctions, every sort, every scope.
#[tokio::test(flavor = "multi_thread")]
async fn no_list_reads_the_whole_table() {
    let test = company().await;
    let wrong: Vec<String> = in_turn(&test, |work, who, filter| {
        let mut wrong = Vec::new();
        for sort in sorts() {
            let filter_of = asked(filter, &sort);
            let turn = filter_of.turn().unwrap();
            let list = filter_of.list(work).unwrap();
            for (which, text, binds) in list.texts(work, &turn).unwrap() {
                let plan = plan(work, &text, &binds);
                for line in faults(&plan) {
                    wrong.push(format!("{who}, {filter}, {sort}, {which}: {line}\n{}", plan.join("\n")));
                }
                if which == "find" && sort != "updated_at" {
                    break;
                }
            }
        }
        wrong
    })
    .await
    .into_iter()
    .flatten()
    .collect();
    let some: Vec<&String> = wrong.iter().take(5).collect();
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), some.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n\n"));
}

/// One line for each step of the engine's plan.
pub fn plan(tx: &mut Tx, text: &str, binds: &[Value]) -> Vec<String> {
    if !tx.has_concurrent_writers() {
        let steps: Vec<(i64, i64, i64, String)> = sql(format!("explain query plan {text}")).binds(binds.to_vec()).all(tx).unwrap();
        return steps.into_iter().map(|(_, parent, _, step)| format!("{parent} {step}")).collect();
    }
    // An explained statement takes no binds there.
    let mut written = text.to_owned();
    for (index, value) in binds.iter().enumerate().rev() {
        let literal = match value {
            Value::Int(number) => number.to_string(),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            other => panic!("{other:?}"),
        };
        written = written.replace(&format!("${}", index + 1), &literal);
    }
    sql("set local enable_seqscan = off").run(tx).unwrap();
    sql(format!("explain {written}")).all(tx).unwrap()
}

/// Steps that grow with the table whatever is asked for.
fn faults(plan: &[String]) -> Vec<String> {
    let mut faults: Vec<String> = Vec::new();
    let level = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    for line in plan {
        let scan = (line.ends_with("SCAN c") || line.contains("SCAN c ")) && !line.contains("USING");
        let other = ["SCAN ct", "SCAN cs", "SCAN cf", "SCAN s"].iter().any(|step| line.contains(step))
            && !line.contains("USING")
            && !line.contains("SEARCH");
        // The index for several filters holds all that is asked for.
        let fetched = line.contains("SCAN c USING INDEX customers_facets");
        let sequential = [
            "Seq Scan on customers",
            "Seq Scan on customer_tags",
            "Seq Scan on customer_sources",
            "Seq Scan on shares",
            "Seq Scan on follow_ups",
        ];
        // Sorting beside the walk of the table itself: the index did not give the order. What is shared is few and may be sorted.
        let sorted = line.contains("USE TEMP B-TREE FOR ORDER BY")
            && plan
                .iter()
                .any(|step| level(step) == level(line) && step.contains(" c USING") && !step.contains("USING INTEGER PRIMARY KEY"));
        if scan || other || sorted || fetched || sequential.iter().any(|step| line.contains(step)) {
            faults.push(line.clone());
        }
    }
    faults
}

// S65: what people have in hand is counted along an index that holds it, never by the table, whoever has however much.
#[tokio::test(flavor = "multi_thread")]
async fn loads_are_counted_along_an_index() {
    use chengdan::assignment::{RuleTarget, loads_of};
    let test = company().await;
    let plans = test.app.db.read(Lane::Reports, |tx| {
        let mut plans = Vec::new();
        for target in [RuleTarget::Customer, RuleTarget::Task] {
            let people: Vec<i64> = (1000..1050).collect();
            let (text, binds) = loads_of(target, &people, 1_000).into_parts();
            plans.push(plan(tx, &text, &binds));
        }
        let few: Vec<(i64, i64)> = loads_of(RuleTarget::Customer, &[1000, 1001], 7).all(tx)?;
        Ok((plans, few))
    });
    let (plans, few) = plans.await.unwrap();
    assert_eq!(few, [(1000, 7), (1001, 7)], "no further than it was asked to count");
    for (lines, table) in plans.iter().zip(["customers_owner_", "tasks_"]) {
        let whole = lines.join("\n");
        let is_walked = lines.iter().any(|line| {
            (line.contains("SEARCH") && line.contains("COVERING INDEX") && line.contains(table))
                || (line.contains("Index") && line.contains("Scan") && line.contains(table))
        });
        assert!(
            is_walked
                && !whole.contains("SCAN c")
                && !whole.contains("SCAN t")
                && !whole.contains("Seq Scan on customers")
                && !whole.contains("Seq Scan on tasks"),
            "{whole}"
        );
    }
}

// S25, S31, I40: found or walked, page by page: each visible row once, in order, and as many as the total says.
#[tokio::test(flavor = "multi_thread")]
async fn all_pages_together_are_the_list() {
    let test = company().await;
    let checked = in_turn(&test, |work, who, filter| {
        let whole = asked(filter, "name").list(work).unwrap();
        let expected: BTreeSet<i64> = plainly(work, filter);
        assert_eq!(whole.ids(work, 10_001).unwrap().into_iter().collect::<BTreeSet<i64>>(), expected, "{who}, {filter}");
        for sort in ["-updated_at", "name", "last_followed_up_at"] {
            let mut seen: Vec<i64> = Vec::new();
            let mut keys: Vec<(i64, String)> = Vec::new();
            let mut cursor = String::new();
            loop {
                let mut asking = asked(filter, sort);
                asking.limit = http::One(Some(Ok(100)));
                asking.cursor = if cursor.is_empty() { http::One(None) } else { http::One(Some(Ok(cursor.clone()))) };
                let turn = asking.turn().unwrap();
                let page = customers::page(work, asking, &turn).unwrap();
                assert_eq!(page.total as usize, expected.len(), "{who}, {filter}");
                seen.extend(page.items.iter().map(|row| row.id));
                keys.extend(page.items.iter().map(|row| (row.id, row.name.clone())));
                match page.next_cursor {
                    // Far enough to have met the border between the pages some times.
                    Some(next) if seen.len() < 1_000 => cursor = next,
                    Some(_) => break,
                    None => {
                        assert_eq!(seen.iter().copied().collect::<BTreeSet<i64>>(), expected, "{who}, {filter}, {sort}");
                        break;
                    }
                }
            }
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{who}, {filter}, {sort}: a row came twice");
        }
        expected.len()
    })
    .await;
    assert!(checked.iter().any(|count| *count > 2_000) && checked.iter().any(|count| (1..2_000).contains(count)), "{checked:?}");
}

/// The same, one condition after another, over all rows the reader may see.
fn plainly(work: &mut Work, filter: &str) -> BTreeSet<i64> {
    let visible = scope::predicate(work, Owned::Customers, scope::Right::Read);
    let mut conditions = vec!["true".to_owned()];
    let values = |name: &str| -> Vec<&str> { filter.split('&').filter_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).collect() };
    let quoted = |values: &[&str]| values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(", ");
    let today = work.today();
    for (name, column) in [("status", "c.status"), ("follow_up_status", "c.follow_up_status")] {
        if !values(name).is_empty() {
            conditions.push(format!("{column} in ({})", quoted(&values(name))));
        }
    }
    for (name, column) in [("industry", "c.industry_id"), ("region", "c.region_id"), ("owner_id", "c.owner_id"), ("team_id", "c.team_id")] {
        if !values(name).is_empty() {
            conditions.push(format!("{column} in ({})", values(name).join(", ")));
        }
    }
    let has = |table: &str, column: &str, values: &[&str]| {
        format!("c.id in (select x.customer_id from {table} x where x.{column} in ({}))", values.join(", "))
    };
    if !values("source_channel").is_empty() {
        conditions.push(has("customer_sources", "entry_id", &values("source_channel")));
    }
    conditions.extend(values("source_detail").first().map(|text| format!("c.source_detail like '%{text}%'")));
    match values("tag").as_slice() {
        [] => {}
        tags if filter.contains("tag_mode=all") => conditions.extend(tags.iter().map(|tag| has("customer_tags", "tag_id", &[tag]))),
        tags => conditions.push(has("customer_tags", "tag_id", tags)),
    }
    if !values("exclude_tag").is_empty() {
        conditions.push(format!("not {}", has("customer_tags", "tag_id", &values("exclude_tag"))));
    }
    conditions.extend(values("created_from").first().map(|day| format!("c.created_on >= '{day}'")));
    conditions.extend(values("created_to").first().map(|day| format!("c.created_on <= '{day}'")));
    conditions.extend(values("not_followed_up_days").first().map(|_| format!("c.last_contact_on <= '{}'", today.add_days(-30))));
    conditions.extend(values("completeness_below").first().map(|percent| format!("c.completeness < {percent}")));
    conditions.extend(values("requirement_changed_days").first().map(|_| format!("c.requirement_changed_on >= '{}'", today.add_days(-29))));
    if !values("primary_source").is_empty() {
        conditions.push(format!("c.primary_source_id in ({})", values("primary_source").join(", ")));
    }
    let (active, silent) = (today.add_days(-30), today.add_days(-90));
    let of_activity = values("activity").into_iter().map(|one| match one {
        "active" => format!("c.last_followed_up_at > 0 and c.last_contact_on > '{active}'"),
        "silent" => format!("c.last_followed_up_at > 0 and c.last_contact_on > '{silent}' and c.last_contact_on <= '{active}'"),
        _ => format!("c.last_followed_up_at = 0 or c.last_contact_on <= '{silent}'"),
    });
    let of_activity: Vec<String> = of_activity.map(|one| format!("({one})")).collect();
    if !of_activity.is_empty() {
        conditions.push(format!("({})", of_activity.join(" or ")));
    }
    let mut contact = Vec::new();
    contact.extend(values("contacted_from").first().map(|day| format!("f.contacted_on >= '{day}'")));
    contact.extend(values("contacted_to").first().map(|day| format!("f.contacted_on <= '{day}'")));
    if !values("contacted_by").is_empty() {
        contact.push(format!("f.author_id in ({})", values("contacted_by").join(", ")));
    }
    contact.extend(
        values("contacted_by_team").first().map(|team| format!("f.author_id in (select user_id from team_members where team_id = {team})")),
    );
    if !contact.is_empty() {
        conditions.push(format!("c.id in (select f.customer_id from follow_ups f where {})", contact.join(" and ")));
    }
    if let Some(words) = values("q").first() {
        conditions.push(if *words == "zzz" { "false".into() } else { "c.number_key < 19000102000000".into() });
    }
    let text = format!("select c.id from customers c where c.deleted_at is null and {} and {{visible}}", conditions.join(" and "));
    sql(text).part("visible", &visible).all::<i64>(work).unwrap().into_iter().collect()
}
