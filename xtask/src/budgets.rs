//! How much the page may weigh. Sizes are bytes after brotli, as they travel; 1 KB = 1,000 bytes.

use crate::Result;
use crate::process::{command, printed_by};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::fs;

const MANIFEST: &str = "web/dist/.vite/manifest.json";
const KB: u64 = 1_000;

/// The list page, seen for the first time.
const FIRST_LOAD_SCRIPT: u64 = 180 * KB;
const FIRST_LOAD_STYLE: u64 = 16 * KB;

/// Compresses as the build does and prints one length per file.
const MEASURE: &str = "const {brotliCompressSync:c}=require('zlib'),{readFileSync:r}=require('fs');\
    for(const f of process.argv.slice(1))console.log(c(r(f)).length)";

/// One thing that was weighed.
#[derive(Debug)]
struct Weighed {
    what: String,
    /// Bytes.
    weight: u64,
    /// Bytes.
    limit: u64,
}

/// Weighs what `vite build` made and fails if anything is too heavy.
pub fn check() -> Result<()> {
    let manifest = fs::read_to_string(MANIFEST)
        .map_err(|e| format!("cannot read {MANIFEST} ({e}); `build.manifest: true` in web/vite.config.ts makes it"))?;
    let manifest: Map<String, Value> = serde_json::from_str(&manifest).map_err(|e| format!("{MANIFEST}: {e}"))?;
    let weighed = weigh(&manifest, &measure(&manifest)?)?;
    let mut heavy = Vec::new();
    for thing in &weighed {
        let line = format!("{} {:.1} KB of {} KB", thing.what, thing.weight as f64 / KB as f64, thing.limit / KB);
        if thing.weight > thing.limit {
            heavy.push(line);
        } else if thing.weight * 2 > thing.limit {
            eprintln!("       {line}");
        }
    }
    if heavy.is_empty() { Ok(()) } else { Err(format!("too heavy: {}", heavy.join("; "))) }
}

/// The compressed length in bytes of every file the manifest names.
fn measure(manifest: &Map<String, Value>) -> Result<HashMap<String, u64>> {
    let files: BTreeSet<&str> =
        manifest.values().flat_map(|chunk| file(chunk).into_iter().chain(list(chunk, "css"))).filter(|file| weighs(file)).collect();
    let lengths = printed_by(command("node").args(["-e", MEASURE, "--"]).args(files.iter().map(|file| format!("web/dist/{file}"))))?;
    let lengths: Vec<u64> = lengths.lines().filter_map(|line| line.trim().parse().ok()).collect();
    if lengths.len() != files.len() {
        return Err(format!("{} files were to be measured, {} were", files.len(), lengths.len()));
    }
    Ok(files.into_iter().map(String::from).zip(lengths).collect())
}

fn weighs(file: &str) -> bool {
    file.ends_with(".js") || file.ends_with(".css")
}

fn weigh(manifest: &Map<String, Value>, lengths: &HashMap<String, u64>) -> Result<Vec<Weighed>> {
    let first = first_load(manifest)?;
    let total = |kind: &str| first.iter().filter(|file| file.ends_with(kind)).filter_map(|file| lengths.get(*file)).sum();
    let mut weighed = vec![
        Weighed { what: "list page, first load, scripts".into(), weight: total(".js"), limit: FIRST_LOAD_SCRIPT },
        Weighed { what: "list page, first load, styles".into(), weight: total(".css"), limit: FIRST_LOAD_STYLE },
    ];
    for (key, chunk) in manifest.iter().filter(|(_, chunk)| chunk["isDynamicEntry"] == true) {
        if let Some(weight) = file(chunk).and_then(|file| lengths.get(file)) {
            weighed.push(Weighed { what: key.clone(), weight: *weight, limit: limit(key) });
        }
    }
    Ok(weighed)
}

/// What a chunk of one route may weigh, in bytes.
fn limit(key: &str) -> u64 {
    let key = key.to_lowercase();
    if key.contains("chart") {
        150 * KB
    } else if key.contains("calendar") {
        80 * KB
    } else {
        30 * KB
    }
}

/// Every script and style a browser needs before the customer list stands.
fn first_load(manifest: &Map<String, Value>) -> Result<BTreeSet<&str>> {
    let entry = manifest.iter().find(|(_, chunk)| chunk["isEntry"] == true).ok_or_else(|| format!("{MANIFEST} names no entry"))?;
    let mut waiting = vec![entry.0.as_str()];
    waiting.extend(list_page(manifest)?);
    let mut seen = BTreeSet::new();
    let mut files = BTreeSet::new();
    while let Some(key) = waiting.pop() {
        let Some(chunk) = manifest.get(key).filter(|_| seen.insert(key)) else {
            continue;
        };
        files.extend(file(chunk).into_iter().chain(list(chunk, "css")));
        waiting.extend(list(chunk, "imports"));
    }
    Ok(files)
}

/// The chunk of the customer list; none when the room is not loaded apart.
fn list_page(manifest: &Map<String, Value>) -> Result<Option<&str>> {
    let room: Vec<&str> = manifest
        .iter()
        .filter(|(key, chunk)| key.starts_with("src/customers/") && chunk["isDynamicEntry"] == true)
        .map(|(key, _)| key.as_str())
        .collect();
    let named = |part: &str| room.iter().copied().find(|key| key["src/customers/".len()..].to_lowercase().contains(part));
    let list = ["list", "customerspage", "index"].into_iter().find_map(named);
    match list.or(room.first().copied().filter(|_| room.len() == 1)) {
        None if !room.is_empty() => Err(format!("none of {} is known as the customer list", room.join(", "))),
        found => Ok(found),
    }
}

fn file(chunk: &Value) -> Option<&str> {
    chunk["file"].as_str()
}

fn list<'a>(chunk: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    chunk[name].as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn manifest() -> Map<String, Value> {
        let manifest = json!({
            "index.html": {"file": "a/index.js", "isEntry": true, "imports": ["_react.js"], "css": ["a/index.css"], "dynamicImports": ["src/customers/CustomerList.tsx"]},
            "_react.js": {"file": "a/react.js"},
            "_table.js": {"file": "a/table.js", "imports": ["_react.js"], "css": ["a/table.css"]},
            "_dates.js": {"file": "a/dates.js"},
            "src/customers/CustomerList.tsx": {"file": "a/list.js", "isDynamicEntry": true, "imports": ["_table.js", "index.html"]},
            "src/customers/CustomerPage.tsx": {"file": "a/page.js", "isDynamicEntry": true, "imports": ["_dates.js"]},
            "src/calendar/Calendar.tsx": {"file": "a/calendar.js", "isDynamicEntry": true},
            "src/reports/charts.ts": {"file": "a/charts.js", "isDynamicEntry": true}
        });
        manifest.as_object().unwrap().clone()
    }

    #[test]
    fn the_first_load_is_the_entry_and_the_list_with_all_they_import() {
        let manifest = manifest();
        let files: Vec<&str> = first_load(&manifest).unwrap().into_iter().collect();
        assert_eq!(files, ["a/index.css", "a/index.js", "a/list.js", "a/react.js", "a/table.css", "a/table.js"]);
    }

    #[test]
    fn shared_files_are_counted_once_and_routes_one_by_one() {
        let lengths = ["index.js", "react.js", "table.js", "list.js", "page.js", "calendar.js", "charts.js", "dates.js"];
        let mut lengths: HashMap<String, u64> = lengths.iter().map(|name| (format!("a/{name}"), 40 * KB)).collect();
        lengths.insert("a/index.css".into(), 10 * KB);
        lengths.insert("a/table.css".into(), 7 * KB);
        let weighed = weigh(&manifest(), &lengths).unwrap();
        assert_eq!((weighed[0].weight, weighed[0].limit), (160 * KB, 180 * KB));
        assert_eq!((weighed[1].weight, weighed[1].limit), (17 * KB, 16 * KB));
        let heavy: Vec<&str> = weighed.iter().filter(|thing| thing.weight > thing.limit).map(|thing| thing.what.as_str()).collect();
        assert_eq!(heavy, ["list page, first load, styles", "src/customers/CustomerList.tsx", "src/customers/CustomerPage.tsx"]);
    }

    #[test]
    fn a_list_page_that_cannot_be_found_is_no_silent_pass() {
        let mut manifest = manifest();
        manifest.remove("src/customers/CustomerList.tsx");
        manifest.insert("src/customers/Merge.tsx".into(), json!({"file": "a/merge.js", "isDynamicEntry": true}));
        assert!(list_page(&manifest).is_err());
        manifest.insert("src/customers/CustomersPage.tsx".into(), json!({"file": "a/all.js", "isDynamicEntry": true}));
        assert_eq!(list_page(&manifest), Ok(Some("src/customers/CustomersPage.tsx")));
        manifest.remove("src/customers/CustomersPage.tsx");
        manifest.remove("src/customers/Merge.tsx");
        manifest.remove("src/customers/CustomerPage.tsx");
        assert_eq!(list_page(&manifest), Ok(None));
    }
}
