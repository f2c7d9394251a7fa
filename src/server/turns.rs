//! Turns for work that takes much memory or time: so many at once, so many waiting, the others are told at once that the server is busy.

use crate::error::AppError;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(20);
/// Requests that wait at a time.
const WAITING: usize = 64;

/// The turns of one kind of work; cheap to clone.
#[derive(Clone, Debug)]
pub struct Turns {
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Turns {
    /// So many at once.
    pub fn new(at_once: usize) -> Turns {
        Turns { at_once: Arc::new(Semaphore::new(at_once)), waiting: Arc::new(Semaphore::new(WAITING)) }
    }

    /// Waits for a turn, which is over when it is dropped.
    pub async fn take(&self) -> Result<OwnedSemaphorePermit, AppError> {
        let _place = self.waiting.try_acquire().map_err(|_| AppError::Busy)?;
        let turn = tokio::time::timeout(PATIENCE, self.at_once.clone().acquire_owned()).await.map_err(|_| AppError::Busy)?;
        turn.map_err(|_| AppError::Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn e12_so_many_at_once_so_many_wait_and_the_others_are_told_at_once() {
        let turns = Turns::new(1);
        let first = turns.take().await.unwrap();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let turns = turns.clone();
                tokio::spawn(async move { turns.take().await.map(drop) })
            })
            .collect();
        // The scheduler runs some of them at a time.
        for _ in 0..WAITING {
            tokio::task::yield_now().await;
        }
        assert_eq!(turns.take().await.map(drop), Err(AppError::Busy), "nobody waits behind a full row");
        drop(first);
        for each in waiting {
            assert_eq!(each.await.unwrap(), Ok(()));
        }
        assert_eq!(turns.take().await.map(drop), Ok(()));
    }
}
