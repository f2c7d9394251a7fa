//! From a thread that writes to the body of an answer.

use axum::body::Bytes;
use futures::stream::{self, Stream};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Chunks that may wait for the reader.
const WAITING: usize = 4;
/// How long a reader may take nothing before the writing is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The writing end. What is written after the reader has gone is thrown away without an error: a writer of XLSX takes one for a
/// fault of the program.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    to: mpsc::Sender<Option<Bytes>>,
    gone: Arc<AtomicBool>,
    runtime: Handle,
}

/// The reading end: chunks, and nothing where everything was written.
pub(super) type Chunks = mpsc::Receiver<Option<Bytes>>;

/// A pipe and its other end.
pub(super) fn open() -> (Pipe, Chunks) {
    let (to, from) = mpsc::channel(WAITING);
    (Pipe { to, gone: Arc::default(), runtime: Handle::current() }, from)
}

/// The body of what comes, after what has come already; it fails unless [`Pipe::end`] was called.
pub(super) fn body(first: Option<Bytes>, from: Chunks) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold((Some(first), Some(from)), |(first, from)| async {
        let mut from = from?;
        let next = match first {
            Some(first) => Some(first),
            None => from.recv().await,
        };
        match next {
            Some(Some(chunk)) => Some((Ok(chunk), (None, Some(from)))),
            Some(None) => None,
            None => Some((Err(io::Error::other("the table was not written to its end")), (None, None))),
        }
    })
}

impl Pipe {
    /// Whether nobody reads any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed) || self.to.is_closed()
    }

    /// Everything was written.
    pub(super) fn end(&self) {
        self.give(None);
    }

    fn give(&self, chunk: Option<Bytes>) {
        if self.is_gone() {
            return;
        }
        let given = self.runtime.block_on(tokio::time::timeout(PATIENCE, self.to.send(chunk)));
        if !matches!(given, Ok(Ok(()))) {
            self.gone.store(true, Ordering::Relaxed);
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.give(Some(Bytes::copy_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
