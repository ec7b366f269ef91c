//! The way from one version of the data to the next: forward only, all or nothing, and in column kinds both engines share.

use std::path::{Path, PathBuf};

use chengdan::platform::db::{Db, Location, sql};
use regex::Regex;

use crate::support::TestApp;

fn open(path: &Path) -> chengdan::error::Result<Db> {
    Db::open(&Location::Sqlite(path.to_owned()))
}

/// A migrated database nobody has open.
fn migrated(folder: &Path) -> PathBuf {
    let path = folder.join("chengdan.db");
    // The threads let go of the file one after the other; the copy is nobody's.
    let first = folder.join("first.db");
    let db = open(&first).unwrap();
    chengdan::platform::db::offline::copy(&first, &path).unwrap();
    drop(db);
    path
}

fn change(path: &Path, statement: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(statement).unwrap();
}

fn dump(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut rows = connection
        .prepare("select coalesce(sql, '') from sqlite_master union all select version || checksum from schema_migrations")
        .unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

// An old program does not touch the data of a newer one.
#[test]
fn newer_data_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = migrated(folder.path());
    change(&path, "insert into schema_migrations (version, name, checksum) values (9999, 'of tomorrow', 'x')");
    let before = dump(&path);
    let refusal = open(&path).map(|_| ()).unwrap_err().to_string();
    assert!(refusal.contains("更新的版本") && refusal.contains("newer version"), "{refusal}");
    assert_eq!(dump(&path), before);
}

#[test]
fn a_history_that_is_not_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = migrated(folder.path());
    change(&path, "update schema_migrations set checksum = 'x' where version = 3");
    assert!(open(&path).is_err());
}

// A step that cannot be finished leaves everything as it was, beside a sound copy from before.
#[test]
fn a_failed_step_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = migrated(folder.path());
    // The last two steps are to run again, on tables that are there already.
    change(&path, "delete from schema_migrations where version > (select max(version) - 2 from schema_migrations)");
    let before = dump(&path);
    assert!(open(&path).is_err());
    assert_eq!(dump(&path), before);
    let snapshot = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("before-"))
        .expect("no copy from before");
    let sound: String = rusqlite::Connection::open(&snapshot).unwrap().query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(dump(&snapshot).len(), before.len());
}

// Opening twice changes nothing the second time, on either engine.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_finds_nothing_to_do() {
    let test = TestApp::empty(crate::support::START).await;
    let count = |db: Db| async move {
        db.read(chengdan::platform::db::Lane::Lists, |tx| sql("select count(*), max(version) from schema_migrations").one::<(i64, i64)>(tx))
            .await
            .unwrap()
    };
    let before = count(test.app.db.clone()).await;
    assert_eq!(before.0, before.1);
    if !test.app.db.is_embedded() {
        let again = Db::open(&test.app.config.location().unwrap()).unwrap();
        assert_eq!(count(again).await, before);
    }
}

/// The migrations, in order.
fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "sql"));
    files.sort();
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())).collect()
}

// Five kinds of columns, the same on both engines; a line for one engine alone says which.
#[test]
fn columns_are_of_kinds_both_engines_share() {
    let column = Regex::new(r"^    (\w+) (\S+)").unwrap();
    let kinds = ["{{pk}}", "text", "bigint", "boolean", "double"];
    for (name, text) in texts() {
        let mut inside = false;
        for (index, line) in text.lines().enumerate() {
            inside = (inside || line.starts_with("create table ")) && line != ");";
            let Some(found) = column.captures(line).filter(|_| inside) else { continue };
            if ["primary", "unique", "check", "foreign"].contains(&&found[1]) {
                continue;
            }
            let kind = found[2].trim_end_matches(',');
            assert!(kinds.contains(&kind), "migrations/{name}:{}: {line}", index + 1);
        }
    }
}

// A cursor pages by what it sorts by: a column with holes would lose rows on one engine and show them first on the other.
#[test]
fn what_is_sorted_by_is_never_null() {
    let all: String = texts().into_iter().map(|(_, text)| text).collect();
    let table = Regex::new(r"(?s)create table (customers|opportunities|tasks|follow_up_plans|follow_ups) \((.*?)\n\);").unwrap();
    let sorts = [
        "updated_at",
        "created_at",
        "last_followed_up_at",
        "name_key",
        "number_key",
        "expected_amount",
        "expected_close_on",
        "entered_stage_at",
        "due_on",
        "starts_at",
        "contacted_at",
    ];
    let mut seen = 0;
    for found in table.captures_iter(&all) {
        for line in found[2].lines().map(str::trim) {
            if let Some(sort) = sorts.iter().find(|sort| line.starts_with(&format!("{sort} "))) {
                assert!(line.contains("not null"), "{}.{sort}", &found[1]);
                seen += 1;
            }
        }
    }
    assert!(seen >= 15, "{seen}");
}
