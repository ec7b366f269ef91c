//! The committed document is the one the code makes.

use std::collections::HashMap;

use regex::Regex;

use crate::support::source::Source;

#[test]
fn the_committed_document_is_current() {
    let made = format!("{}\n", serde_json::to_string_pretty(&chengdan::router::openapi()).unwrap());
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json")).unwrap_or_default();
    assert!(made == committed, "openapi.json is stale: run `cargo xtask gen-api`");
}

#[test]
fn operation_ids_are_unique() {
    let document = serde_json::to_value(chengdan::router::openapi()).unwrap();
    let mut seen = std::collections::HashSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                assert!(seen.insert(id.to_owned()), "{method} {path}: {id} is used twice");
            }
        }
    }
}

// Two types of one name: the document would keep one of them silently, and its readers would be told the wrong fields.
#[test]
fn a_name_in_the_document_belongs_to_one_type() {
    let document = serde_json::to_value(chengdan::router::openapi()).unwrap();
    let told = document["components"]["schemas"].as_object().unwrap();
    let derived = Regex::new(r"derive\(([^)]*)\)\]((?:\s*#\[[^\]]*\])*)\s*(?:pub(?:\([^)]*\))?\s+)?(?:struct|enum)\s+(\w+)").unwrap();
    let renamed = Regex::new(r"schema\([^)]*\bas\s*=\s*(?:\w+::)*(\w+)").unwrap();
    let words = Regex::new(r"words!\s*\{(?:\s*#\[[^\]]*\])*\s*(?:pub(?:\([^)]*\))?\s+)?enum\s+(\w+)").unwrap();
    let mut types: HashMap<String, Vec<String>> = HashMap::new();
    for source in Source::all() {
        for found in derived.captures_iter(&source.code).filter(|found| found[1].contains("ToSchema")) {
            let name = renamed.captures(&found[2]).map_or(found[3].to_owned(), |other| other[1].to_owned());
            types.entry(name).or_default().push(source.path.clone());
        }
        for found in words.captures_iter(&source.code) {
            types.entry(found[1].to_owned()).or_default().push(source.path.clone());
        }
    }
    assert!(types.len() > 150 && told.len() > 100, "{} types, {} told", types.len(), told.len());
    for (name, places) in types.iter().filter(|(name, _)| told.contains_key(*name)) {
        assert!(places.len() == 1, "{name} is the name of several types: {places:?}; give one `#[schema(as = …)]`");
    }
}
