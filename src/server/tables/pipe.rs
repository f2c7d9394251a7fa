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

/// A pipe and the body at its other end, which fails unless [`Pipe::end`] was called.
pub(super) fn open() -> (Pipe, impl Stream<Item = io::Result<Bytes>> + Send + 'static) {
    let (to, from) = mpsc::channel(WAITING);
    let body = stream::unfold(Some(from), |from| async {
        let mut from: mpsc::Receiver<Option<Bytes>> = from?;
        match from.recv().await {
            Some(Some(chunk)) => Some((Ok(chunk), Some(from))),
            Some(None) => None,
            None => Some((Err(io::Error::other("the table was not written to its end")), None)),
        }
    });
    (Pipe { to, gone: Arc::default(), runtime: Handle::current() }, body)
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
