//! Whose turn it is: a call waits until the pool has room for its memories.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Counts what is free. A call takes all that it needs at once or waits, so calls that hold
/// something never wait for each other.
pub(crate) struct Turns {
    free: Mutex<usize>,
    changed: Condvar,
    all: usize,
}

/// Room for one call; free again when dropped.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    taken: usize,
}

impl Turns {
    pub(crate) fn new(all: usize) -> Self {
        Self {
            free: Mutex::new(all),
            changed: Condvar::new(),
            all,
        }
    }

    /// Waits for `wanted`; more than there are counts as all, and nothing as one.
    pub(crate) fn take(&self, wanted: usize) -> Turn<'_> {
        let taken = wanted.clamp(1, self.all.max(1));
        let mut free = self.free();
        while *free < taken {
            free = self
                .changed
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= taken;
        Turn { turns: self, taken }
    }

    // A count is whole whatever the thread that held it did.
    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.turns.free() += self.taken;
        self.turns.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn never_more_than_all_at_once_and_everybody_gets_a_turn() {
        let turns = Turns::new(3);
        let (now, most, done) = (
            AtomicUsize::new(0),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        std::thread::scope(|scope| {
            for wanted in [0, 1, 2, 3, 9, 1, 2, 3] {
                let (turns, now, most, done) = (&turns, &now, &most, &done);
                scope.spawn(move || {
                    for _ in 0..200 {
                        let turn = turns.take(wanted);
                        let held = now.fetch_add(turn.taken, Ordering::SeqCst) + turn.taken;
                        most.fetch_max(held, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(turn.taken, Ordering::SeqCst);
                        drop(turn);
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 8 * 200);
        assert_eq!(most.into_inner(), 3);
    }
}
