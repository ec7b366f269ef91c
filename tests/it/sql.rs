//! Every statement of the product, found in its source: it can be prepared on the engine, keeps to what both engines share, and
//! reads owned tables only through the scope.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::support::TestApp;
use crate::support::source::{Literal, Source};

/// What somebody owns: read through `{visible}` or another token of the scope.
const OWNED: [&str; 6] = ["customers", "opportunities", "contacts", "follow_up_plans", "follow_ups", "tasks"];

/// Words one of the engines does not know or takes otherwise.
const FOREIGN: [&str; 22] = [
    "like",
    "ilike",
    "similar to",
    "glob",
    "regexp",
    "date(",
    "time(",
    "datetime(",
    "strftime(",
    "julianday(",
    "now()",
    "current_timestamp",
    "current_date",
    "interval",
    "lower(",
    "upper(",
    "ifnull(",
    "group_concat(",
    "string_agg(",
    "::",
    "rowid",
    "autoincrement",
];

/// A statement as it stands in the source.
struct Statement {
    place: String,
    room: String,
    text: String,
    engines: Engines,
    /// False when a part of it is only known when it runs.
    complete: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Engines {
    Both,
    Sqlite,
    Postgres,
}

fn is_statement(text: &str) -> bool {
    static BEGIN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\s*(--[^\n]*\n\s*)*(select|insert into|update|delete from|with)\s").unwrap());
    BEGIN.is_match(text)
}

/// Below the facade every engine speaks for itself.
fn speaks_for_one_engine(source: &Source) -> bool {
    source.path.starts_with("platform/db/")
}

/// The constants a `format!` may name, by file and name.
fn constants(sources: &[Source]) -> HashMap<(String, String), String> {
    let name = Regex::new(r"const([A-Z_0-9]+):&(?:'static)?str=$").unwrap();
    let mut all = HashMap::new();
    for source in sources {
        for literal in &source.literals {
            if let Some(found) = name.captures(&literal.before) {
                all.insert((source.path.clone(), found[1].to_owned()), literal.text.clone());
            }
        }
    }
    all
}

fn statements(sources: &[Source]) -> Vec<Statement> {
    let constants = constants(sources);
    let mut all = Vec::new();
    for source in sources.iter().filter(|source| !speaks_for_one_engine(source)) {
        for literal in &source.literals {
            if is_statement(&literal.text) {
                all.push(statement(source, literal, &constants));
            }
        }
    }
    all
}

fn statement(source: &Source, literal: &Literal, constants: &HashMap<(String, String), String>) -> Statement {
    let engines = if Regex::new(r"sql_for\([^(),¶]+,$").unwrap().is_match(&literal.before) {
        Engines::Sqlite
    } else if Regex::new(r"sql_for\([^(),¶]+,¶,$").unwrap().is_match(&literal.before) {
        Engines::Postgres
    } else if literal.text.contains("sqlite_") {
        Engines::Sqlite
    } else if ["for update", "for key share"].iter().any(|lock| literal.text.trim_end().ends_with(lock))
        || literal.text.contains("tsvector(")
    {
        // Rows are locked where there are several writers; the words for a search are kept in a type of PostgreSQL's own.
        Engines::Postgres
    } else {
        Engines::Both
    };
    let (mut text, mut complete) = (literal.text.clone(), !literal.text.trim_end().ends_with('('));
    if literal.before.ends_with("format!(") {
        // Constants are put in; what else is put in when it runs leaves a hole.
        let hole = Regex::new(r"\{\{(\w+)\}\}|\{(\w*)\}").unwrap();
        text = hole
            .replace_all(&literal.text, |found: &regex::Captures| match (found.get(1), found.get(2)) {
                (Some(token), _) => format!("{{{}}}", token.as_str()),
                (None, Some(name)) => match constants.get(&(source.path.clone(), name.as_str().to_owned())) {
                    Some(constant) => constant.clone(),
                    None => {
                        complete = false;
                        "?".to_owned()
                    }
                },
                _ => String::new(),
            })
            .into_owned();
    }
    Statement { place: format!("src/{}:{}", source.path, literal.line), room: source.room().to_owned(), text, engines, complete }
}

/// The column lists of the row types of every room.
fn column_lists(sources: &[Source]) -> Vec<(String, String)> {
    let row = Regex::new(r"(?s)row!\s*\{(.*?)\n\}").unwrap();
    let field = Regex::new(r"(?m)^\s*(?:pub(?:\([a-z]+\))?\s+)?(\w+)\s*:\s*[^=,;{]+?(?:<[^=;{]*>)?\s*(=\s*¶)?\s*,?$").unwrap();
    let mut all = Vec::new();
    for source in sources {
        for literal in source.literals.iter().filter(|literal| literal.before.ends_with("constCOLUMNS:&'staticstr=")) {
            all.push((source.room().to_owned(), literal.text.clone()));
        }
        // The code has a mark where each string was; walking along it finds the strings in their order.
        for found in row.captures_iter(&source.code) {
            let body = found.get(1).unwrap();
            let mut next = source.code[..body.start()].matches('¶').count();
            let mut columns = Vec::new();
            for line in body.as_str().lines() {
                if line.trim_start().starts_with("#[") {
                    next += line.matches('¶').count();
                    continue;
                }
                if let Some(field) = field.captures(line) {
                    match field.get(2) {
                        Some(_) => columns.push(source.literals[next].text.clone()),
                        None => columns.push(field[1].to_owned()),
                    }
                }
                next += line.matches('¶').count();
            }
            if !columns.is_empty() {
                all.push((source.room().to_owned(), columns.join(", ")));
            }
        }
    }
    all
}

/// The tokens of the product filled with what keeps the statement whole.
fn filled(text: &str, columns: &str) -> String {
    let token = Regex::new(r"\{\w+\}").unwrap();
    token.replace_all(&text.replace("{columns}", columns), "true").into_owned()
}

#[test]
fn the_source_is_read_rightly() {
    let sources = Source::all();
    let found = statements(&sources);
    assert!(found.len() > 60, "{}", found.len());
    assert!(found.iter().any(|one| one.place.starts_with("src/platform/jobs.rs") && one.engines == Engines::Postgres));
    assert!(found.iter().any(|one| one.place.starts_with("src/customers/brief.rs") && one.text.contains("{visible}")));
    let lists = column_lists(&sources);
    assert!(lists.contains(&("customers".into(), "c.id, c.number, c.name, c.owner_id, c.team_id".into())), "{lists:?}");
    let sessions = lists.iter().find(|(room, list)| room == "identity" && list.starts_with("s.id, s.user_id")).unwrap();
    assert!(sessions.1.ends_with("u.role, u.status = 'active', u.must_change_password, m.team_id"), "{sessions:?}");
}

// Every statement whose text is known beforehand is understood by the engine, with a column list of its room where it has one.
#[tokio::test(flavor = "multi_thread")]
async fn every_statement_can_be_prepared() {
    let test = TestApp::empty(crate::support::START).await;
    let url = test.app.config.database_url.clone().unwrap();
    let checked = std::thread::spawn(move || {
        let mut engine = Engine::open(&url);
        let sources = Source::all();
        let lists = column_lists(&sources);
        let mut wrong = Vec::new();
        let mut prepared = 0;
        for one in statements(&sources) {
            if !one.complete || !engine.knows(one.engines) {
                continue;
            }
            prepared += 1;
            if !one.text.contains("{columns}") {
                if let Err(error) = engine.prepare(&filled(&one.text, "")) {
                    wrong.push(format!("{}: {error}\n{}", one.place, one.text));
                }
                continue;
            }
            let own = lists.iter().filter(|(room, _)| *room == one.room);
            let tries: Vec<Result<(), String>> = own.map(|(_, list)| engine.prepare(&filled(&one.text, list))).collect();
            if !tries.iter().any(Result::is_ok) {
                let reasons: Vec<String> =
                    tries.into_iter().filter_map(Result::err).map(|error| error.chars().take(60).collect::<String>()).collect();
                wrong.push(format!("{}: no row type of {} fits: {}\n{}", one.place, one.room, reasons.join("; "), one.text));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        prepared
    });
    assert!(checked.join().unwrap() > 60);
}

enum Engine {
    Sqlite(rusqlite::Connection),
    Postgres(Box<postgres::Client>),
}

impl Engine {
    fn open(url: &str) -> Engine {
        match url.strip_prefix("sqlite:") {
            Some(path) => Engine::Sqlite(rusqlite::Connection::open(path).unwrap()),
            None => Engine::Postgres(Box::new(postgres::Client::connect(url, postgres::NoTls).unwrap())),
        }
    }

    fn knows(&self, engines: Engines) -> bool {
        match self {
            Engine::Sqlite(_) => engines != Engines::Postgres,
            Engine::Postgres(_) => engines != Engines::Sqlite,
        }
    }

    fn prepare(&mut self, text: &str) -> Result<(), String> {
        match self {
            Engine::Sqlite(connection) => connection.prepare(text).map(|_| ()).map_err(|error| error.to_string()),
            Engine::Postgres(client) => {
                client.prepare(text).map(|_| ()).map_err(|error| error.as_db_error().map_or(error.to_string(), ToString::to_string))
            }
        }
    }
}

// One text for both engines: no word that one of them lacks, in no statement and no part of one.
#[test]
fn only_words_both_engines_share() {
    let placeholder = Regex::new(r"\$\d").unwrap();
    let sums = Regex::new(r"\bsum\s*\(").unwrap();
    let mut wrong = Vec::new();
    for source in Source::all().iter().filter(|source| !speaks_for_one_engine(source)) {
        for literal in &source.literals {
            let own = literal.before.contains("sql_for(") || literal.text.contains("sqlite_") || source.path == "platform/full_text.rs";
            if own || !(is_statement(&literal.text) || placeholder.is_match(&literal.text)) {
                continue;
            }
            let words = without_quoted(&literal.text).to_lowercase();
            for word in FOREIGN.iter().filter(|word| has_word(&words, word)) {
                wrong.push(format!("src/{}:{}: {word}", source.path, literal.line));
            }
            for sum in sums.find_iter(&words) {
                if !words[..sum.start()].ends_with("cast(") && !words[..sum.start()].ends_with("coalesce(") {
                    wrong.push(format!("src/{}:{}: sum without cast(… as bigint)", source.path, literal.line));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A comment or a quoted text may hold any word.
fn without_quoted(text: &str) -> String {
    let quoted = Regex::new(r"'[^']*'|--[^\n]*").unwrap();
    quoted.replace_all(text, "''").into_owned()
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().last();
        let after = text[at + word.len()..].chars().next();
        let letter = |neighbour: Option<char>| neighbour.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        let begins = !word.starts_with(char::is_alphabetic) || !letter(before);
        let ends = !word.ends_with(char::is_alphabetic) || !letter(after);
        begins && ends
    })
}

// I40: nobody reads an owned table past the scope without saying why.
#[test]
fn owned_tables_are_read_through_the_scope() {
    let sources = Source::all();
    let owned = Regex::new(&format!(r"\b(?:from|join|update)\s+({})\b", OWNED.join("|"))).unwrap();
    let scope = Regex::new(r"\{(visible|whole|scope|editable|among_visible)\w*\}").unwrap();
    let reason = Regex::new(r"^\s*-- unscoped: \S.{8,}\n").unwrap();
    let mut wrong = Vec::new();
    for one in statements(&sources) {
        if owned.is_match(&one.text) && !scope.is_match(&one.text) && !reason.is_match(&one.text) {
            wrong.push(format!("{}\n{}", one.place, one.text));
        }
    }
    assert!(wrong.is_empty(), "{} without scope:\n{}", wrong.len(), wrong.join("\n"));
}

// A second text for one statement is a last resort.
#[test]
fn few_statements_differ_between_the_engines() {
    let calls: Vec<String> = Source::all()
        .iter()
        .filter(|source| !speaks_for_one_engine(source))
        .flat_map(|source| source.code.match_indices("sql_for(").map(|_| source.path.clone()).collect::<Vec<_>>())
        .collect();
    assert!(calls.len() < 10, "{calls:?}");
}
