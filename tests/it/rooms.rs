//! The direction of the rooms, proven from the paths in the source: whoever stands below knows nothing of those above.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::support::source::Source;

/// From top to bottom. A room may use those on lower floors, and neighbours on its own as long as nobody uses it back.
const FLOORS: [&[&str]; 10] = [
    &["main", "lib"],
    &["router", "jobs", "demo", "ops", "metrics"],
    &["dashboards", "subscriptions"],
    &["reports", "my_day", "morning", "search", "exchange"],
    &["archive", "comments", "stewardship", "batches", "views"],
    &["calendar", "notices", "sop", "tasks", "follow_ups", "work_reports", "day", "dashboard"],
    &["opportunities"],
    &["customers"],
    &["assignment", "attachments", "notifications", "channels", "history", "settings", "health"],
    &["identity"],
];

/// What is done to people is logged like all else, and the log is read within the reader's scope: these two know each other.
const ACQUAINTED: (&str, &str) = ("identity", "history");

/// Everybody stands on these: the values and the machinery, the errors, and the product that is handed to every request.
const GROUND: [&str; 3] = ["platform", "error", "app"];

/// Macros at the root of the crate.
const MACROS: [&str; 3] = ["row", "stored_as", "words"];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms a file names, by `crate::room` and `use crate::{room, …}`.
fn named(source: &Source) -> BTreeSet<String> {
    let path = Regex::new(r"\bcrate::(\w+|\{)").unwrap();
    let mut all = BTreeSet::new();
    for found in path.captures_iter(&source.code) {
        if &found[1] != "{" {
            all.insert(found[1].to_owned());
            continue;
        }
        let mut depth = 0;
        let mut first_word = String::new();
        for letter in source.code[found.get(1).unwrap().start()..].chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (depth == 1 && letter == ',') {
                let room: String = first_word.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                if !room.is_empty() {
                    all.insert(room);
                }
                first_word.clear();
            } else if !(depth == 1 && letter == '{') {
                first_word.push(letter);
            }
            if depth == 0 {
                break;
            }
        }
    }
    all.retain(|room| !MACROS.contains(&room.as_str()));
    all
}

#[test]
fn nobody_looks_up() {
    let mut wrong = Vec::new();
    let mut neighbours: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in Source::all() {
        let room = source.room().to_owned();
        for used in named(&source).into_iter().filter(|used| *used != room) {
            let place = format!("src/{}: {room} → {used}", source.path);
            if room == "platform" || room == "error" {
                // The ground stands on itself alone.
                if !["platform", "error"].contains(&used.as_str()) {
                    wrong.push(place);
                }
                continue;
            }
            if room == "app" || GROUND.contains(&used.as_str()) || (room.as_str(), used.as_str()) == ACQUAINTED {
                continue;
            }
            match (floor(&room), floor(&used)) {
                (Some(here), Some(there)) if here < there => {}
                (Some(here), Some(there)) if here == there => {
                    neighbours.entry(room.clone()).or_default().insert(used);
                }
                (None, _) => wrong.push(format!("{place}: {room} has no floor")),
                (_, None) => wrong.push(format!("{place}: {used} has no floor")),
                _ => wrong.push(place),
            }
        }
        let depth = source.path.matches('/').count();
        if depth == 1 && source.code.contains("super::super::") {
            wrong.push(format!("src/{}: super::super leaves the room", source.path));
        }
    }
    for (room, used) in &neighbours {
        for other in used {
            if reaches(&neighbours, other, room) {
                wrong.push(format!("{room} and {other} use each other"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn reaches(edges: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(room) = open.pop() {
        if room == to {
            return true;
        }
        if seen.insert(room.clone()) {
            open.extend(edges.get(&room).into_iter().flatten().cloned());
        }
    }
    false
}

// The database is spoken to through the facade alone.
#[test]
fn only_the_platform_knows_the_engines() {
    for source in Source::all() {
        let knows = source.path.starts_with("platform/db/") || source.path == "error.rs";
        for engine in ["rusqlite::", "postgres::"] {
            assert!(knows || !Regex::new(&format!(r"\b{engine}")).unwrap().is_match(&source.code), "src/{}: {engine}", source.path);
        }
    }
}

// Time comes from the clock alone.
#[test]
fn nobody_else_asks_the_machine_for_the_time() {
    for source in Source::all() {
        let may = source.path == "platform/clock.rs";
        for call in ["SystemTime::now", "Timestamp::now", "Zoned::now"] {
            assert!(may || !source.code.contains(call), "src/{}: {call}", source.path);
        }
    }
}
