//! A PostgreSQL of one's own: made in a temporary folder, on a free port of this machine, gone afterwards.

use crate::Result;
use crate::process::{find_program, printed_by};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version the product supports.
const OLDEST: u32 = 15;

/// The folder with `initdb` and `postgres`: the newest Debian keeps, else the one `pg_config` names, else the search path.
pub fn programs() -> Option<PathBuf> {
    newest(Path::new("/usr/lib/postgresql")).or_else(|| {
        let told = printed_by(Command::new("pg_config").arg("--bindir")).ok().map(|folder| PathBuf::from(folder.trim()));
        let on_path = find_program("postgres").and_then(|program| program.parent().map(Path::to_owned));
        [told, on_path].into_iter().flatten().find(|folder| complete(folder) && version(folder).is_some_and(|v| v >= OLDEST))
    })
}

fn newest(versions: &Path) -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir(versions)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            (version >= OLDEST && complete(&folder)).then_some((version, folder))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

fn complete(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|name| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)).is_file())
}

fn version(folder: &Path) -> Option<u32> {
    major(&printed_by(Command::new(folder.join("postgres")).arg("--version")).ok()?)
}

/// The major version in `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`.
fn major(answer: &str) -> Option<u32> {
    let number = answer.split_once("(PostgreSQL) ")?.1;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// A port of this machine nobody uses at this moment.
pub fn free_port() -> Result<u16> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("no free port on 127.0.0.1: {e}"))
}

#[cfg(unix)]
pub use unix::Cluster;

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::process::{interrupted, signal_process};
    use rustix::process::Signal;
    use std::net::TcpStream;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    /// How often a port that somebody else took in the meantime is exchanged for another.
    const ATTEMPTS: u32 = 5;

    /// A running server that ends, with all its data, when this is dropped.
    pub struct Cluster {
        server: Child,
        port: u16,
        // Removed after the server has stopped.
        _folder: tempfile::TempDir,
    }

    impl Cluster {
        pub fn start() -> Result<Cluster> {
            let programs = programs().ok_or_else(|| format!("no PostgreSQL {OLDEST} or newer was found"))?;
            let folder = tempfile::Builder::new()
                .prefix("chengdan-pg-")
                .tempdir()
                .map_err(|e| format!("no temporary folder for PostgreSQL: {e}"))?;
            let person = Person::unprivileged()?;
            person.give(folder.path())?;
            person.initdb(&programs, folder.path())?;
            for _ in 0..ATTEMPTS {
                let port = free_port()?;
                let mut server = person.serve(&programs, folder.path(), port)?;
                if answers(&mut server, port)? {
                    return Ok(Cluster { server, port, _folder: folder });
                }
            }
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            Err(format!("PostgreSQL did not start:\n{log}"))
        }

        /// Where to connect: as the superuser, from this machine, without a password.
        pub fn url(&self) -> String {
            format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
        }
    }

    impl Drop for Cluster {
        fn drop(&mut self) {
            stop(&mut self.server);
        }
    }

    /// Asks for a fast shutdown, then for an immediate one, and kills at last.
    fn stop(server: &mut Child) {
        for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 5), (Signal::KILL, 5)] {
            if !matches!(server.try_wait(), Ok(None)) {
                return;
            }
            signal_process(server.id(), signal);
            let asked = Instant::now();
            while matches!(server.try_wait(), Ok(None)) && asked.elapsed() < Duration::from_secs(patience) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }

    /// Waits until our server answers; false if it has ended, as it does when the port was taken.
    fn answers(server: &mut Child, port: u16) -> Result<bool> {
        let started = Instant::now();
        loop {
            if server.try_wait().map_err(|e| format!("PostgreSQL: {e}"))?.is_some() {
                return Ok(false);
            }
            if interrupted() || started.elapsed() > Duration::from_secs(60) {
                stop(server);
                return Err("PostgreSQL was not ready in time".into());
            }
            // The port opens before recovery ends, but a fresh cluster has none to do.
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                // A stranger on the same port would answer too, while ours is about to end.
                std::thread::sleep(Duration::from_millis(300));
                if matches!(server.try_wait(), Ok(None)) {
                    return Ok(true);
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Who runs the server. PostgreSQL refuses to run as root, so root lends it another person.
    struct Person(Option<(u32, u32)>);

    impl Person {
        fn unprivileged() -> Result<Person> {
            if !rustix::process::geteuid().is_root() {
                return Ok(Person(None));
            }
            let number = |option: &str, name: &str| printed_by(Command::new("id").args([option, name])).ok()?.trim().parse::<u32>().ok();
            ["postgres", "nobody"]
                .iter()
                .find_map(|name| Some(Person(Some((number("-u", name)?, number("-g", name)?)))))
                .ok_or_else(|| "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`".into())
        }

        fn give(&self, folder: &Path) -> Result<()> {
            let Person(Some((user, group))) = self else {
                return Ok(());
            };
            std::os::unix::fs::chown(folder, Some(*user), Some(*group)).map_err(|e| format!("cannot give away {}: {e}", folder.display()))
        }

        fn command(&self, program: PathBuf, folder: &Path) -> Command {
            let mut command = Command::new(program);
            if let Person(Some((user, group))) = self {
                command.uid(*user).gid(*group);
            }
            for (name, _) in std::env::vars_os() {
                if name.to_str().is_some_and(|name| name.starts_with("PG") || name.starts_with("LC_")) {
                    command.env_remove(&name);
                }
            }
            // Its person may not be allowed to read the folder we stand in.
            command.current_dir(folder).env("LC_ALL", "C").stdin(Stdio::null());
            command
        }

        fn initdb(&self, programs: &Path, folder: &Path) -> Result<()> {
            let mut initdb = self.command(programs.join("initdb"), folder);
            initdb.args(["--username=postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync", "-D"]);
            printed_by(initdb.arg(folder.join("data"))).map(drop)
        }

        fn serve(&self, programs: &Path, folder: &Path, port: u16) -> Result<Child> {
            let log = fs::File::create(folder.join("log")).map_err(|e| format!("no log for PostgreSQL: {e}"))?;
            let mut server = self.command(programs.join("postgres"), folder);
            server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
            // Every test has a database and connections of its own, and none outlives the run.
            for setting in ["max_connections=300", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"] {
                server.args(["-c", setting]);
            }
            // In a group of its own, so that Ctrl-C does not take it away from under the tests.
            server.process_group(0).stdout(Stdio::null()).stderr(log).spawn().map_err(|e| format!("cannot start PostgreSQL: {e}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_answers() {
        assert_eq!(major("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn the_newest_complete_version_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "14", "15", "16", "17"] {
            let bin = folder.path().join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            fs::write(bin.join("initdb"), "").unwrap();
            if version != "17" {
                fs::write(bin.join("postgres"), "").unwrap();
            }
        }
        assert_eq!(newest(folder.path()), Some(folder.path().join("16/bin")));
        assert_eq!(newest(&folder.path().join("nowhere")), None);
    }

    #[test]
    fn a_free_port_can_be_bound() {
        let port = free_port().unwrap();
        assert_ne!(port, 0);
        TcpListener::bind(("127.0.0.1", port)).unwrap();
    }
}
