//! Words on a terminal, or plain lines where there is none.

use std::{
    io::{IsTerminal as _, Write as _},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use autods_run::{Progress, Update};
use indicatif::{ProgressBar, ProgressStyle};

/// Say something to the person or program that asked. A closed pipe is not an error of ours.
pub(crate) fn say(line: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout().lock(), "{}", line.as_ref());
}

/// Say what is being done.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Say what went wrong.
pub(crate) fn error(message: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "error: {}", message.trim_end());
}

/// Progress of a run: a bar on a terminal, a line per step elsewhere.
pub(crate) struct Screen {
    bar: Option<ProgressBar>,
    spinning: AtomicBool,
    last: Mutex<Option<Instant>>,
    began: Instant,
}

impl Screen {
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self {
            bar,
            spinning: AtomicBool::new(false),
            last: Mutex::new(None),
            began: Instant::now(),
        }
    }

    fn line(&self, text: &str) {
        let text = format!("{:>7.1} s  {text}", self.began.elapsed().as_secs_f64());
        match &self.bar {
            Some(bar) => bar.println(text),
            None => {
                let _ = writeln!(std::io::stderr().lock(), "{text}");
            }
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Screen {
    fn tell(&self, update: Update) {
        match update {
            Update::Stage(stage) => self.line(&format!("── {stage:?}").to_lowercase()),
            Update::Note(text) => self.line(&text),
            Update::Warning(text) => self.line(&format!("warning: {text}")),
            Update::Step { what, done, total } => {
                let text = if total > 0 {
                    format!("{what} ({done}/{total})")
                } else {
                    what
                };
                match &self.bar {
                    Some(bar) => {
                        // not earlier: a spinner is a thread, and the kernel confines a process
                        // that has only one
                        if !self.spinning.swap(true, Ordering::Relaxed) {
                            bar.enable_steady_tick(Duration::from_millis(120));
                        }
                        bar.set_message(text);
                    }
                    None => {
                        // a log is read later: one line a second is enough
                        let Ok(mut last) = self.last.lock() else {
                            return;
                        };
                        if last.is_none_or(|t| t.elapsed() > Duration::from_secs(1))
                            || done == total
                        {
                            *last = Some(Instant::now());
                            drop(last);
                            self.line(&text);
                        }
                    }
                }
            }
        }
    }
}
