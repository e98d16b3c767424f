//! Times of two sides, taken in alternating pairs.

use std::time::Instant;

use crate::Fallible;

/// Seconds of one side, sorted.
#[derive(Clone, Debug)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// These times; none may be a NaN.
    pub(crate) fn new(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self(seconds)
    }

    /// The least.
    pub(crate) fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Every time less `seconds` that were spent on something else.
    pub(crate) fn less(&self, seconds: f64) -> Self {
        Self(
            self.0
                .iter()
                .map(|time| (time - seconds).max(0.0))
                .collect(),
        )
    }
}

/// Seconds of processor time that `work` takes on this thread, system calls included: on a shared
/// machine what others do is not in it. What it gives is dropped after the clock has stopped.
pub(crate) fn clock<T>(work: impl FnOnce() -> Fallible<T>) -> Fallible<f64> {
    let start = processor_time();
    let made = std::hint::black_box(work()?);
    let seconds = processor_time() - start;
    drop(made);
    Ok(seconds)
}

/// The same on the wall's clock, for what waits: for another thread, a process, a disk.
pub(crate) fn wall<T>(work: impl FnOnce() -> Fallible<T>) -> Fallible<f64> {
    let start = Instant::now();
    let made = std::hint::black_box(work()?);
    let seconds = start.elapsed().as_secs_f64();
    drop(made);
    Ok(seconds)
}

/// Processor time of this thread, in seconds.
fn processor_time() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    #[expect(
        unsafe_code,
        reason = "the standard library has no clock of processor time"
    )]
    // SAFETY: the pointer is to a timespec that lives longer than the call.
    unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time);
    }
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

/// Seconds of processor time of one of `times` runs of `work`.
pub(crate) fn clock_each(times: u32, mut work: impl FnMut() -> Fallible<()>) -> Fallible<f64> {
    Ok(clock(|| (0..times).try_for_each(|_| work()))? / f64::from(times))
}

/// Seconds on the wall's clock of one of `times` runs of `work`.
pub(crate) fn wall_each(times: u32, mut work: impl FnMut() -> Fallible<()>) -> Fallible<f64> {
    Ok(wall(|| (0..times).try_for_each(|_| work()))? / f64::from(times))
}

/// One side: its seconds.
pub(crate) type Side<'a> = &'a mut dyn FnMut() -> Fallible<f64>;

/// Runs all sides once unmeasured, then `count` rounds; the order turns from round to round.
pub(crate) fn rounds<const N: usize>(
    count: usize,
    mut sides: [Side<'_>; N],
) -> Fallible<[Times; N]> {
    let mut seconds = [const { Vec::new() }; N];
    for side in &mut sides {
        side()?;
    }
    for round in 0..count {
        for turn in 0..N {
            let at = (round + turn) % N;
            if let (Some(side), Some(seconds)) = (sides.get_mut(at), seconds.get_mut(at)) {
                seconds.push(side()?);
            }
        }
    }
    Ok(seconds.map(Times::new))
}
