//! Child processes: started in the repository's root, waited for, and told to stop when we are.

use crate::Result;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

static STOPPING: AtomicBool = AtomicBool::new(false);

/// The children a signal is passed on to. A child is reaped only while this is locked, so a number
/// in the list is never one the system has given to somebody else.
static CHILDREN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How long a child that the terminal has told already may take before it is told again.
#[cfg(unix)]
const COURTESY: Duration = Duration::from_secs(2);

/// Goes to the root of the repository, whatever folder the command was typed in.
pub fn enter_repository() -> Result<()> {
    let start = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = match start {
        Some(folder) => folder,
        None => std::env::current_dir().map_err(|e| format!("no current folder: {e}"))?,
    };
    let root = start
        .ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .ok_or_else(|| format!("{} is not inside the repository", start.display()))?;
    std::env::set_current_dir(root).map_err(|e| format!("cannot enter {}: {e}", root.display()))
}

/// The root of the repository, absolute.
pub fn root() -> Result<PathBuf> {
    std::env::current_dir().map_err(|e| format!("no current folder: {e}"))
}

/// True once Ctrl-C or a request to terminate has come.
pub fn interrupted() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Starts passing Ctrl-C, SIGTERM and SIGHUP on to the children. The command itself goes on, so that
/// whatever it started is stopped in order: the first signal asks, a later one kills.
#[cfg(unix)]
pub fn forward_signals() -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals =
        signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(|e| format!("cannot listen for signals: {e}"))?;
    std::thread::spawn(move || {
        for signal in &mut signals {
            if STOPPING.swap(true, Ordering::SeqCst) {
                tell_children(rustix::process::Signal::KILL);
                continue;
            }
            if signal == SIGINT {
                // From a terminal, Ctrl-C reaches the whole group at once.
                std::thread::sleep(COURTESY);
            }
            tell_children(rustix::process::Signal::TERM);
        }
    });
    Ok(())
}

/// Elsewhere the console tells every process of the group by itself.
#[cfg(not(unix))]
pub fn forward_signals() -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn tell_children(signal: rustix::process::Signal) {
    for number in children().iter() {
        signal_tree(*number, signal);
    }
}

/// Signals a process with everything it started: cargo and npm leave theirs behind.
#[cfg(unix)]
fn signal_tree(number: u32, signal: rustix::process::Signal) {
    let tree = tree(number, &parents());
    tree.into_iter().for_each(|number| signal_process(number, signal));
}

/// A process and all its descendants, the oldest first.
#[cfg(unix)]
fn tree(number: u32, parents: &[(u32, u32)]) -> Vec<u32> {
    let mut tree = vec![number];
    let mut at = 0;
    while let Some(parent) = tree.get(at).copied() {
        tree.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(number, _)| *number));
        at += 1;
    }
    tree
}

/// Every process of the machine with the one that started it.
#[cfg(unix)]
fn parents() -> Vec<(u32, u32)> {
    match std::fs::read_dir("/proc/self/task") {
        Ok(_) => std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let number = entry.file_name().to_str()?.parse().ok()?;
                Some((number, parent_in(&std::fs::read_to_string(entry.path().join("stat")).ok()?)?))
            })
            .collect(),
        Err(_) => printed_by(Command::new("ps").args(["-A", "-o", "pid=,ppid="]))
            .unwrap_or_default()
            .lines()
            .filter_map(|line| {
                let (number, parent) = line.trim().split_once(' ')?;
                Some((number.parse().ok()?, parent.trim().parse().ok()?))
            })
            .collect(),
    }
}

/// The parent in a line like `4711 (a name) S 42 …`; the name may hold anything, brackets too.
#[cfg(unix)]
fn parent_in(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Sends a signal to a process we started; one that has gone already is no matter.
#[cfg(unix)]
pub fn signal_process(number: u32, signal: rustix::process::Signal) {
    if let Some(pid) = i32::try_from(number).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}

fn children() -> MutexGuard<'static, Vec<u32>> {
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A command without what `cargo run` left in the environment: build scripts watch some of it, and
/// would otherwise build again for no reason.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(left_by_cargo) {
            command.env_remove(&name);
        }
    }
    command
}

fn left_by_cargo(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// The cargo that started us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A child that gets our signals, and is stopped when this is dropped.
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Result<Running> {
        if interrupted() {
            return Err("stopped".into());
        }
        let name = command.get_program().to_string_lossy().into_owned();
        let mut list = children();
        let child = command.spawn().map_err(|e| format!("cannot start {name}: {e}"))?;
        list.push(child.id());
        Ok(Running { child, name })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How the child ended, if it has.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let mut list = children();
        let status = self.child.try_wait().map_err(|e| format!("cannot wait for {}: {e}", self.name))?;
        if status.is_some() {
            list.retain(|number| *number != self.child.id());
        }
        Ok(status)
    }

    pub fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the child to stop and waits; after `patience` it is killed.
    pub fn stop(&mut self, patience: Duration) {
        #[cfg(unix)]
        signal_process_if_running(self, rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        let _ = self.child.kill();
        let asked = Instant::now();
        while matches!(self.ended(), Ok(None)) {
            if asked.elapsed() > patience {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(unix)]
fn signal_process_if_running(running: &mut Running, signal: rustix::process::Signal) {
    if matches!(running.ended(), Ok(None)) {
        signal_tree(running.child.id(), signal);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(10));
    }
}

/// Runs a command to its end, its output shown as it comes and nothing to read from.
pub fn finish(command: &mut Command) -> Result<()> {
    let line = written_out(command);
    let status = Running::start(command.stdin(Stdio::null()))?.wait()?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Runs a short command and returns what it printed; its complaints are shown only if it fails.
pub fn printed_by(command: &mut Command) -> Result<String> {
    let line = written_out(command);
    let answer = command.stdin(Stdio::null()).output().map_err(|e| format!("cannot start `{line}`: {e}"))?;
    if !answer.status.success() {
        let complaint = String::from_utf8_lossy(&answer.stderr);
        return Err(format!("`{line}` failed ({}): {}", answer.status, complaint.trim()));
    }
    String::from_utf8(answer.stdout).map_err(|_| format!("`{line}` printed something that is not UTF-8"))
}

/// The command as one would type it.
fn written_out(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Where a program stands on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_written_as_one_would_type_it() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--workspace"]);
        assert_eq!(written_out(&command), "cargo test --workspace");
    }

    #[test]
    fn traces_of_the_outer_cargo_are_known() {
        assert!(left_by_cargo("CARGO_PKG_NAME"));
        assert!(left_by_cargo("CARGO_MANIFEST_DIR"));
        assert!(!left_by_cargo("CARGO_TARGET_DIR"));
        assert!(!left_by_cargo("CARGO_HOME"));
    }

    #[cfg(unix)]
    #[test]
    fn descendants_are_found_whatever_their_names() {
        assert_eq!(parent_in("4711 (a) b (c) S 42 4711 0"), Some(42));
        assert_eq!(parent_in("nonsense"), None);
        assert_eq!(tree(1, &[(2, 1), (3, 9), (4, 2), (5, 1)]), [1, 2, 5, 4]);
        assert!(parents().contains(&(std::process::id(), std::os::unix::process::parent_id())));
    }

    #[cfg(unix)]
    #[test]
    fn a_child_is_stopped_when_its_guard_goes() {
        let mut running = Running::start(Command::new("sleep").arg("60")).unwrap();
        assert!(running.ended().unwrap().is_none());
        let asked = Instant::now();
        drop(running);
        assert!(asked.elapsed() < Duration::from_secs(5));
    }
}
