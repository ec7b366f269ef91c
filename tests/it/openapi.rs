//! The committed document is the one the code makes.

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
