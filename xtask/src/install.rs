//! What the tests need besides Rust and Node: installed by apt-get on Debian and Ubuntu, named elsewhere.

use crate::Result;
use crate::postgres;
use crate::process::{command, find_program, finish, printed_by};
use crate::suites::Suite;
use std::path::{Path, PathBuf};

/// One thing that must be on the machine.
struct Need {
    what: &'static str,
    /// The package's name on Debian.
    package: &'static str,
    suite: Suite,
    present: fn() -> bool,
}

const NEEDS: [Need; 3] = [
    Need {
        what: "PostgreSQL 15 or newer (initdb and postgres; `pg_config --bindir` must name their folder)",
        package: "postgresql",
        suite: Suite::Postgres,
        present: || postgres::programs().is_some(),
    },
    Need {
        what: "Chromium (or its path in the environment variable CHROMIUM)",
        package: "chromium",
        suite: Suite::Journeys,
        present: || chromium().is_some(),
    },
    Need {
        what: "a font with Chinese characters, such as Noto Sans CJK",
        package: "fonts-noto-cjk",
        suite: Suite::Journeys,
        present: chinese_font,
    },
];

/// Installs what the suites need and the machine lacks, or says exactly what to install.
pub fn install(suites: &[Suite]) -> Result<()> {
    let missing = || NEEDS.iter().filter(|need| suites.contains(&need.suite) && !(need.present)()).collect::<Vec<_>>();
    let wanted = missing();
    if wanted.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = wanted.iter().map(|need| need.package).collect();
    apt_get(&packages).map_err(|reason| format!("{reason}\n{}", list(&wanted)))?;
    let left = missing();
    if left.is_empty() { Ok(()) } else { Err(format!("still missing after apt-get:\n{}", list(&left))) }
}

fn list(needs: &[&Need]) -> String {
    needs.iter().map(|need| format!("  - {}\n", need.what)).collect()
}

fn apt_get(packages: &[&str]) -> Result<()> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !like_debian(&release) || find_program("apt-get").is_none() {
        return Err("please install:".into());
    }
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    let sudo = !root();
    if sudo && printed_by(command("sudo").args(["-n", "true"])).is_err() {
        return Err(format!("please run `{by_hand}` (sudo needs a password here). Missing:"));
    }
    eprintln!("xtask: installing {}", packages.join(" "));
    let apt = |words: &[&str]| {
        let mut apt = if sudo { command("sudo") } else { command("env") };
        if sudo {
            apt.args(["-n", "env"]);
        }
        finish(apt.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]).args(words))
    };
    apt(&["update"])
        .and_then(|()| apt(&[&["install", "--no-install-recommends"], packages].concat()))
        .map_err(|reason| format!("{reason}; `{by_hand}` would install what is missing:"))
}

fn like_debian(os_release: &str) -> bool {
    os_release.lines().filter_map(|line| line.split_once('=')).any(|(name, value)| {
        matches!(name, "ID" | "ID_LIKE") && value.trim_matches('"').split(' ').any(|id| matches!(id, "debian" | "ubuntu"))
    })
}

#[cfg(unix)]
fn root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn root() -> bool {
    false
}

/// The browser of the journeys: the one named by `CHROMIUM`, else the system's.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].iter().find_map(|name| find_program(name))
}

fn chinese_font() -> bool {
    Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
        || cfg!(any(windows, target_os = "macos"))
        || printed_by(command("fc-list").arg(":lang=zh-cn")).is_ok_and(|fonts| !fonts.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_known() {
        assert!(like_debian("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(like_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!like_debian("ID=fedora\nPRETTY_NAME=\"not debian\"\n"));
        assert!(!like_debian(""));
    }

    #[test]
    fn what_is_missing_is_named_line_by_line() {
        let text = list(&NEEDS.iter().collect::<Vec<_>>());
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("PostgreSQL 15"));
    }
}
