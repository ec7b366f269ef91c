//! How long every report takes in a company made by `fill`: over a year and over a month, for all slices, for everybody who sees
//! differently.

use std::path::Path;

use chengdan::platform::types::Day;
use chengdan::reports;

use crate::Result;
use crate::server::EMPLOYEE_NUMBER;
use crate::timed::{self, timed};

const SLICES: [&str; 6] = ["", "team", "owner", "region", "source_channel", "tag"];

/// Measures and prints a Markdown table.
pub fn run(binary: &Path, data: &Path, url: Option<&str>) -> Result<()> {
    let server = timed::serve(binary, data, url)?;
    for (who, number) in [
        ("all", EMPLOYEE_NUMBER),
        ("director", "F0001"),
        ("44 teams", "M0001"),
        ("a region", "M0003"),
        ("team", "M0002"),
        ("own, many", "S0001"),
    ] {
        let mut client = timed::log_in(&server, number)?;
        let now = client.get("/session")?.ok()?["now"].as_str().unwrap_or_default()[..10].to_owned();
        let today = Day::parse(&now).map_err(|_| "no day")?;
        for (period, days) in [("a year", 365), ("a month", 30)] {
            for report in reports::names() {
                let mut answers = Vec::new();
                for slice in SLICES {
                    // Some are of teams and people alone, and the trend is of all.
                    let slices: &[&str] = match report {
                        "stage-duration" | "forecast-review" | "task-completion" => &["", "team", "owner"],
                        "activity-trend" => &[""],
                        _ => &SLICES,
                    };
                    if !slices.contains(&slice) {
                        continue;
                    }
                    let slice = if slice.is_empty() { String::new() } else { format!("&group_by={slice}") };
                    let path = format!("/reports/{report}?from={}&to={today}{slice}", today.add_days(1 - days));
                    answers.push(timed(&mut client, &path)?.0);
                }
                timed::print(who, &format!("{report}, {period}"), answers);
            }
        }
    }
    Ok(())
}
