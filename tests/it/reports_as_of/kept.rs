//! Whoever changes what reports reckon with keeps how it stood: every statement of the product that does, found in its source.

use regex::Regex;

use crate::support::source::Source;

/// Tables with the columns that are kept.
const KEPT: [(&str, &str); 5] = [
    (
        "customers",
        "industry_id|region_id|primary_source_id|status|owner_id|team_id|last_contact_on|last_followed_up_at|created_at|created_on|deleted_at",
    ),
    (
        "opportunities",
        "pipeline_id|customer_id|expected_amount|owner_id|team_id|stage|status|expected_close_on|won_amount|won_on|won_by|won_team_id|lost_reason|competitor|forecast_class|reached_1|last_reached_at|entered_stage_at|created_at|deleted_at",
    ),
    ("follow_ups", "customer_id|opportunity_id|author_id|method|contacted_at|contacted_on|late_entry|created_at"),
    ("tasks", "kind|customer_id|opportunity_id|team_id|assignee_id|assigner_id|due_on|status|is_open|done_on|created_at|created_by"),
    ("shares", "customer_id|grantee_key|access|ends_on|created_at"),
];

/// Tables whose rows must not go unnoticed. Customers and opportunities go from the recycle bin, where they do not count any more.
const GOING: &str = "stage_changes|follow_ups|shares|customer_tags|customer_sources";

/// Why a statement may do without, as it says itself: the record is new, or what a value was merged into is looked up later. The tables
/// that a merge moves are kept by who runs through them.
const EXCUSES: [&str; 4] =
    ["entered a moment ago", "the value goes, wherever it is", "the caller may edit both customers", "what the merge moved"];

#[test]
fn nothing_changes_unkept() {
    let changes: Vec<Regex> = KEPT
        .iter()
        .map(|(table, columns)| Regex::new(&format!(r"(?s)\bupdate {table} set\b.*?\b({columns}) =")).unwrap())
        .chain([Regex::new(&format!(r"\bdelete from ({GOING})\b")).unwrap()])
        .chain([Regex::new(r"(?s)\binsert into (customer_tags|customer_sources)\b|\binsert into shares\b.*\bon conflict\b").unwrap()])
        .collect();
    let (mut wrong, mut found) = (Vec::new(), 0);
    for source in Source::all() {
        let marks: Vec<usize> = source.code.match_indices('¶').map(|(at, _)| at).collect();
        for (literal, at) in source.literals.iter().zip(marks) {
            // The where of an update names columns, too.
            let writes = literal.text.split(" where ").next().unwrap_or_default();
            if !changes.iter().any(|change| change.is_match(writes)) {
                continue;
            }
            found += 1;
            let begin = source.code[..at].rfind("fn ").unwrap_or(0);
            let end = source.code[at..].find("\n}").map_or(source.code.len(), |end| at + end);
            let keeps = source.code[begin..end].contains("keep");
            if !keeps && !EXCUSES.iter().any(|excuse| literal.text.contains(excuse)) {
                wrong.push(format!("src/{}:{}\n{}", source.path, literal.line, literal.text));
            }
        }
    }
    assert!(found > 25, "{found}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
