//! Documents as PDF for paper and for keeping: A4, the font in the file, tagged for screen readers (PDF/UA-1).
//!
//! Always: the same document is the same bytes, whichever instance sets it and when; one document is set at a time, beside the requests, with
//! the font in memory only meanwhile; no text makes it fail. `content` says what can be set, `lines`, `flow`, `table` and `pages` decide where
//! everything stands without writing anything, `draw` writes the file with the crate `krilla`.

mod content;
mod draw;
mod flow;
mod fonts;
mod lines;
mod pages;
#[cfg(test)]
mod poppler;
#[cfg(test)]
mod proof;
mod table;

pub use content::{Align, Block, Cell, Link, Paper, Size, Span, Table, Tone};
pub use fonts::FILES;
pub use pages::WIDTH;

use crate::error::AppError;
use crate::server::fault::fault;
use fonts::{Faces, FontError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(20);
/// Requests that wait at a time; more are told at once that the server is busy.
const WAITING: usize = 64;

/// Sets documents, one at a time, where the font is there.
#[derive(Clone, Debug)]
pub struct Typesetter {
    fonts: Option<Arc<[PathBuf; 2]>>,
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    count: Arc<AtomicU64>,
}

impl Typesetter {
    /// With the font of this folder, or of where it usually lies; without it where it is nowhere.
    pub fn open(given: Option<&Path>, site: &Path) -> Typesetter {
        let (at_once, waiting) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(WAITING)));
        Typesetter { fonts: fonts::find(given, site).map(Arc::new), at_once, waiting, count: Arc::default() }
    }

    /// Whether there is a font.
    pub fn is_ready(&self) -> bool {
        self.fonts.is_some()
    }

    /// How many documents were set so far.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits until no other document is being set; `None` where there is no font.
    pub async fn turn(&self) -> Result<Option<Turn>, AppError> {
        let Some(fonts) = self.fonts.clone() else { return Ok(None) };
        for font in fonts.iter() {
            // It was there at the start; an upgrade of the system may have taken it away since.
            if !tokio::fs::try_exists(font).await.unwrap_or_default() {
                tracing::warn!(font = %font.display(), "the font of the PDFs is gone; start again when it is back");
                return Ok(None);
            }
        }
        let _place = self.waiting.try_acquire().map_err(|_| AppError::Busy)?;
        let turn = tokio::time::timeout(TURN, self.at_once.clone().acquire_owned()).await.map_err(|_| AppError::Busy)?;
        Ok(Some(Turn { _permit: turn.map_err(|_| AppError::Busy)?, fonts, count: self.count.clone() }))
    }
}

/// The right to set a document; others wait until it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    fonts: Arc<[PathBuf; 2]>,
    count: Arc<AtomicU64>,
}

impl Turn {
    /// Sets a document, and gives the turn back to keep what came of it.
    pub async fn set(self, paper: Paper) -> Result<(Vec<u8>, Turn), AppError> {
        // The turn goes along: a reader who leaves does not let another document begin while this one is being set.
        let set = tokio::task::spawn_blocking(move || {
            let made = write(&paper, &self.fonts);
            self.count.fetch_add(1, Ordering::Relaxed);
            (made, self)
        });
        let (made, turn) = set.await.map_err(|error| fault(&error))?;
        Ok((made?, turn))
    }
}

fn write(paper: &Paper, fonts: &[PathBuf; 2]) -> Result<Vec<u8>, AppError> {
    let faces = Faces::read(fonts).map_err(|error| fault(&error))?;
    let pictures = faces.pictures().ok_or_else(|| fault(&FontError::Unfit(fonts[0].clone())))?;
    let laid = pages::lay(paper, &pictures)
        .map_err(|pages::TooLong| AppError::TooLarge(format!("公告超过 {} 页，不提供 PDF，请下载项目明细（XLSX 或 CSV）", pages::MOST)))?;
    draw::draw(paper, &laid, &faces).map_err(|error| fault(&error))
}
