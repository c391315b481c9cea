//! Asking for the newest release, one statement for all who ask at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::{Deadline, Error};

type Reply = oneshot::Sender<Option<i64>>;

/// Who waits for the newest release. Each is answered by a statement that begins after he asked: sums from memory are then as
/// fresh as if they had been read.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    replies: Vec<Reply>,
    is_asked: bool,
}

impl Waiting {
    /// The newest release, from a statement that others may share. Whoever shares one that failed asks alone.
    pub async fn newest<Asking>(
        &self,
        ask: impl Fn() -> Asking + Send + Sync + 'static,
        deadline: &Deadline,
    ) -> Result<i64, Error>
    where
        Asking: Future<Output = Result<i64, Error>> + Send,
    {
        let (reply, answer) = oneshot::channel();
        let begins = {
            let mut line = self.lock();
            line.replies.push(reply);
            !std::mem::replace(&mut line.is_asked, true)
        };
        let ask = Arc::new(ask);
        if begins {
            let (line, ask) = (self.clone(), Arc::clone(&ask));
            tokio::spawn(async move { line.ask_for_all(&*ask).await });
        }
        match tokio::time::timeout(deadline.remaining(), answer).await {
            Ok(Ok(Some(newest))) => Ok(newest),
            Ok(_) => ask().await,
            Err(_) => Err(Error::DeadlineExceeded),
        }
    }

    async fn ask_for_all<Asking>(&self, ask: &(impl Fn() -> Asking + Sync))
    where
        Asking: Future<Output = Result<i64, Error>>,
    {
        loop {
            let replies = {
                let mut line = self.lock();
                if line.replies.is_empty() {
                    line.is_asked = false;
                    return;
                }
                std::mem::take(&mut line.replies)
            };
            let newest = ask().await.ok();
            for reply in replies {
                // Who has gone away waits no longer.
                let _ = reply.send(newest);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn nobody_gets_an_answer_older_than_his_question() {
        let (waiting, newest, asked) = (Waiting::default(), Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let mut tasks = Vec::new();
        for _ in 0..200 {
            let (waiting, newest, asked) = (waiting.clone(), Arc::clone(&newest), Arc::clone(&asked));
            tasks.push(tokio::spawn(async move {
                // What this one has written it must see.
                let mine = newest.fetch_add(1, Ordering::SeqCst) + 1;
                let ask = move || {
                    let (newest, asked) = (Arc::clone(&newest), Arc::clone(&asked));
                    async move {
                        asked.fetch_add(1, Ordering::SeqCst);
                        let read = newest.load(Ordering::SeqCst);
                        tokio::time::sleep(Duration::from_millis(2)).await;
                        Ok(read)
                    }
                };
                let seen = waiting.newest(ask, &Deadline::after(Duration::from_secs(10))).await.unwrap();
                assert!(seen >= mine, "{seen} is older than {mine}");
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert!(asked.load(Ordering::SeqCst) < 200, "some shared a statement");
    }

    #[tokio::test]
    async fn a_statement_that_fails_fails_for_the_one_who_asks_alone() {
        let ask = || async { Err(Error::Unavailable("it is gone".into())) };
        let answer = Waiting::default().newest(ask, &Deadline::after(Duration::from_secs(1))).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))));
    }
}
