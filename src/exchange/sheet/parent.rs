//! The side that stays whole: starts the child, listens, and ends it when it takes too long.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{Line, SheetError};
use crate::error::{Error, Result};

/// How many files are read at the same time; the others wait their turn.
static TURNS: Semaphore = Semaphore::const_new(2);
/// How long the child may take in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file being read by a child.
pub struct Reading {
    _turn: SemaphorePermit<'static>,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    until: tokio::time::Instant,
    done: bool,
}

impl Reading {
    /// Starts a child of `program` (this program when none is named) on a file.
    pub async fn start(program: Option<&PathBuf>, path: &Path) -> Result<Reading> {
        let turn = TURNS.acquire().await.map_err(|error| Error::internal(error.to_string()))?;
        let program = match program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let mut child = Command::new(program)
            .arg("parse-sheet")
            .arg(path)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| Error::internal("a child without output"))?;
        let lines = BufReader::new(out).lines();
        Ok(Reading { _turn: turn, child, lines, until: tokio::time::Instant::now() + PATIENCE, done: false })
    }

    /// The next line; `None` after the last. A refusal, a fall and a timeout are the file's fault.
    pub async fn next(&mut self) -> Result<Option<Line>> {
        if self.done {
            return Ok(None);
        }
        let line = match tokio::time::timeout_at(self.until, self.lines.next_line()).await {
            Err(_) => return self.refuse(SheetError::TooSlow).await,
            Ok(Ok(Some(text))) => serde_json::from_str::<Line>(&text).ok(),
            Ok(_) => None,
        };
        match line {
            Some(Line::Refused(reason)) => self.refuse(reason).await,
            Some(Line::End(_)) => {
                self.done = true;
                let _ = self.child.wait().await;
                Ok(None)
            }
            Some(line) => Ok(Some(line)),
            None => self.refuse(SheetError::Unreadable).await,
        }
    }

    async fn refuse(&mut self, reason: SheetError) -> Result<Option<Line>> {
        self.done = true;
        let _ = self.child.kill().await;
        Err(Error::field("file", reason.field_code()))
    }
}
