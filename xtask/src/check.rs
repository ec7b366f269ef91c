//! `cargo xtask check`: everything that can be said about the sources without running the product.

use crate::process::{cargo, finish, interrupted};
use crate::{Result, budgets, gen_api, page, scan};

/// One part of the check.
type Part = (&'static str, fn() -> Result<()>);

const PARTS: [Part; 9] = [
    ("files", scan::check),
    ("format", || finish(cargo().args(["fmt", "--all", "--check"])).map_err(|_| "run `cargo fmt --all`".into())),
    ("clippy", || finish(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("openapi.json", gen_api::check_description),
    ("packages", page::install),
    ("schema.ts", gen_api::check_client),
    ("types", || finish(page::npm().args(["run", "--silent", "typecheck"]))),
    ("lint", || {
        finish(page::npm().args(["run", "--silent", "lint"]))
            .map_err(|reason| format!("{reason}; `npm run format` in web/ repairs most of it"))
    }),
    ("budgets", || page::build().and_then(|_| budgets::check())),
];

/// Runs every part, whatever the others said, and names those that failed.
pub fn check() -> Result<()> {
    let mut failed = Vec::new();
    for (name, part) in PARTS {
        if interrupted() {
            return Err("stopped".into());
        }
        eprintln!("xtask: check {name}");
        if let Err(reason) = part() {
            eprintln!("xtask: {name}: {reason}");
            failed.push(format!("  - {name}: {reason}"));
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("the check failed:\n{}", failed.join("\n"))) }
}
