//! Which step of how many, and how long each took.

use std::time::Instant;

use anyhow::Result;

/// Counts steps.
pub(crate) struct Progress {
    total: usize,
    done: usize,
    start: Instant,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: 0,
            start: Instant::now(),
        }
    }

    /// Does a step: says that it starts, and how long it took.
    pub(crate) fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        let place = format!("[{}/{}]", self.done, self.total);
        println!("{place} {what} …");
        let start = Instant::now();
        let result = work()?;
        println!("{place} {what}: {:.1} s", start.elapsed().as_secs_f64());
        Ok(result)
    }

    /// The last line.
    pub(crate) fn finish(&self, what: &str) {
        println!(
            "{what} ({:.1} s in all)",
            self.start.elapsed().as_secs_f64()
        );
    }
}
