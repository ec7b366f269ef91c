//! 完整导出: the whole company as one archive, written from one snapshot beside the running product (I48).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use super::model::{Kept, State};
use super::{KEPT_MS, worker};
use crate::app::App;
use crate::archive;
use crate::error::{Error, Result};

/// How often it is told how far the archive is.
const TOLD_EVERY: Duration = Duration::from_millis(500);

#[derive(Default)]
struct Progress {
    done: AtomicI64,
    total: AtomicI64,
    /// Another has taken over; whoever writes stops.
    is_over: AtomicBool,
}

/// Writes the archive of an export that was claimed.
pub async fn make(app: &App, export: &mut Kept, path: &Path) -> Result<()> {
    worker::as_maker(app, export, |_| Ok(())).await?;
    let progress = Arc::new(Progress::default());
    let (location, files, made_at) = (app.config.location()?, app.config.files_root()?, app.clock.now());
    let (seen, target) = (Arc::clone(&progress), path.to_owned());
    let mut writing = tokio::task::spawn_blocking(move || {
        archive::write(&location, &files, &target, made_at, move |done, total| {
            seen.done.store(done, Ordering::Relaxed);
            seen.total.store(total, Ordering::Relaxed);
            !seen.is_over.load(Ordering::Relaxed)
        })
    });
    let written = loop {
        tokio::select! {
            written = &mut writing => break written.map_err(|error| Error::internal(error.to_string()))??,
            () = tokio::time::sleep(TOLD_EVERY) => {
                export.total_rows = progress.total.load(Ordering::Relaxed);
                match worker::note(app, export, progress.done.load(Ordering::Relaxed)).await {
                    Ok(()) => {}
                    Err(Error::LostRace) => {
                        progress.is_over.store(true, Ordering::Relaxed);
                        return Err(Error::LostRace);
                    }
                    // A note that was not kept is no reason to begin anew; if another has taken over by then, the next one tells.
                    Err(error) => tracing::warn!(%error, id = export.id, "how far an export is"),
                }
            }
        }
    };
    // The right is asked for again: it may have been taken away while the archive was being written.
    worker::as_maker(app, export, |_| Ok(())).await?;
    (export.total_rows, export.done_rows) = (written.rows, written.rows);
    export.size = i64::try_from(written.size).map_err(|_| Error::TooLarge)?;
    export.content_sha256 = written.sha256;
    export.finished_at = app.clock.now();
    export.expires_at = export.finished_at.plus_ms(KEPT_MS);
    export.file_name = worker::file_name(app, export);
    export.state = State::Done;
    Ok(())
}
