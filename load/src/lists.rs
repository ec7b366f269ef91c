//! How long the customer list takes in a company made by `fill`: every filter under every sort for everybody who sees differently,
//! on the first and the hundredth page, then conjunctions and searches.

use std::path::Path;
use std::time::Instant;

use crate::Result;
use crate::bench::Bare;
use crate::client::Client;
use crate::server::EMPLOYEE_NUMBER;
use crate::timed::{self, Timed, timed};

const SORTS: [&str; 12] = [
    "-updated_at",
    "updated_at",
    "-created_at",
    "created_at",
    "-last_followed_up_at",
    "last_followed_up_at",
    "-name",
    "name",
    "-number",
    "number",
    "-completeness",
    "completeness",
];
const SEARCHES: [&str; 14] =
    ["有限公司", "公司", "科技", "上海", "华", "华瑞科技", "hr", "kj", "shanghai", "shhrkj", "8000", "13800138000", "CUST2024", "王伟"];

/// Measures and prints a Markdown table. `pages` is how deep to turn (100 for the goal), `conjunctions` how many to try for each person.
pub fn run(binary: &Path, data: &Path, url: Option<&str>, pages: usize, conjunctions: usize) -> Result<()> {
    let server = timed::serve(binary, data, url)?;
    let people = [("all", EMPLOYEE_NUMBER), ("44 teams", "M0001"), ("team", "M0002"), ("own, many", "S0001"), ("own + shared", "S0400")];
    for (who, number) in people {
        let mut client = timed::log_in(&server, number)?;
        if who == "all" && url.is_none() {
            beside_bare(&mut client, &data.join("chengdan.db"))?;
        }
        let filters = filters(&mut client)?;
        let (mut first, mut deep) = (Vec::new(), Vec::new());
        for sort in SORTS {
            for filter in &filters {
                let path = format!("/customers?sort={sort}&limit=50{}{filter}", if filter.is_empty() { "" } else { "&" });
                first.push(timed(&mut client, &path)?.0);
                deep.extend(turn(&mut client, &path, pages)?);
            }
        }
        timed::print(who, "first page", first);
        timed::print(who, &format!("page {pages}"), deep);
        let mut several = Vec::new();
        for nth in 0..conjunctions {
            let pick = |step: usize| &filters[(nth * step + step) % filters.len()];
            let (one, two, three) = (pick(7), pick(11), pick(13));
            let sort = SORTS[nth % SORTS.len()];
            let (answer, _) = timed(&mut client, &format!("/customers?sort={sort}&limit=50&{one}&{two}&{three}").replace("&&", "&"))?;
            several.push(answer);
        }
        timed::print(who, "three filters", several);
        let mut searches = Vec::new();
        for term in SEARCHES {
            let term = encoded(term);
            searches.push(timed(&mut client, &format!("/customers?q={term}"))?.0);
            searches.push(timed(&mut client, &format!("/search?q={term}"))?.0);
        }
        timed::print(who, "searches", searches);
    }
    Ok(())
}

/// The list nobody has filtered, in turns with the statements it needs at the least.
fn beside_bare(client: &mut Client, database: &Path) -> Result<()> {
    let bare = Bare::list(database)?;
    let (mut product, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        let begun = Instant::now();
        bare.read(50)?;
        alone.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        client.get("/customers?limit=50")?.ok()?;
        product.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let middle = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (product, alone) = (middle(&mut product), middle(&mut alone));
    eprintln!("50 customers, p50: over HTTP {product:.2} ms, bare SQL and JSON {alone:.2} ms, ratio {:.2}", alone / product);
    Ok(())
}

/// Every filter of the list, with a common and a rare value where they differ.
fn filters(client: &mut Client) -> Result<Vec<String>> {
    let mut all: Vec<String> =
        ["", "status=potential", "status=won", "status=active&status=lost", "follow_up_status=not_started"].map(String::from).to_vec();
    for (kind, field) in [("industry", "industry"), ("region", "region"), ("source_channel", "source_channel")] {
        let entries = client.get(&format!("/dictionaries/{kind}"))?.ok()?;
        let entries = entries.as_array().ok_or("no dictionary")?;
        for entry in [entries.first(), entries.last()].into_iter().flatten() {
            all.push(format!("{field}={}", entry["id"]));
        }
    }
    let tag = |number: i64| encoded(&format!("标签{number}"));
    all.push(format!("tag={}", encoded("意向客户")));
    all.push(format!("tag={}", tag(17)));
    all.push(format!("tag={}&tag={}&tag_mode=all", encoded("意向客户"), tag(20)));
    all.push(format!("exclude_tag={}", encoded("意向客户")));
    let people = client.get("/users/pickable?q=S0001")?.ok()?;
    if let Some(id) = people[0]["id"].as_i64() {
        all.push(format!("owner_id={id}"));
        all.push(format!("owner_id={}", id + 450));
    }
    all.push("team_id=10".into());
    let now = client.get("/session")?.ok()?["now"].as_str().unwrap_or_default()[..10].to_owned();
    all.push(format!("created_from={now}"));
    all.push(format!("created_to={now}"));
    for days in [30, 365] {
        all.push(format!("not_followed_up_days={days}"));
        all.push(format!("requirement_changed_days={days}"));
    }
    all.extend(["active", "silent", "dormant"].map(|activity| format!("activity={activity}")));
    all.push("completeness_below=60".into());
    let sources = client.get("/dictionaries/source_channel")?.ok()?;
    all.push(format!("primary_source={}", sources[0]["id"]));
    all.push(format!("contacted_from={now}"));
    all.push("contacted_by_team=10".into());
    if let Some(id) = people[0]["id"].as_i64() {
        all.push(format!("contacted_by={id}"));
    }
    all.push(format!("q={}", encoded("科技")));
    Ok(all)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The time of the page so deep in the list, if it goes so far.
fn turn(client: &mut Client, path: &str, pages: usize) -> Result<Option<Timed>> {
    let quick = path.replace("limit=50", "limit=100");
    let mut cursor = String::new();
    for _ in 0..pages / 2 {
        let (_, answer) = timed(client, &format!("{quick}{cursor}"))?;
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(None),
        }
    }
    Ok(Some(timed(client, &format!("{path}{cursor}"))?.0))
}
