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
use crate::server::turns::Turns;
use fonts::{Faces, FontError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

/// Sets documents, one at a time, where the font is there.
#[derive(Clone, Debug)]
pub struct Typesetter {
    fonts: Option<Arc<[PathBuf; 2]>>,
    turns: Turns,
    count: Arc<AtomicU64>,
}

impl Typesetter {
    /// With the font of this folder, or of where it usually lies; without it where it is nowhere.
    pub fn open(given: Option<&Path>, site: &Path) -> Typesetter {
        Typesetter { fonts: fonts::find(given, site).map(Arc::new), turns: Turns::new(1), count: Arc::default() }
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
        Ok(Some(Turn { _permit: self.turns.take().await?, fonts, count: self.count.clone() }))
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
        let (done, set) = oneshot::channel();
        // The turn goes along: a reader who leaves does not let another document begin while this one is being set. A thread of its own, and none
        // of the many that wait for files: what each of those has once had of memory the system's allocator keeps for it.
        let setting = std::thread::Builder::new().name("typesetter".to_owned()).spawn(move || {
            let made = write(&paper, &self.fonts);
            self.count.fetch_add(1, Ordering::Relaxed);
            // A reader who has left hears nothing any more.
            let _ = done.send((made, self));
        });
        setting.map_err(|error| fault(&error))?;
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
