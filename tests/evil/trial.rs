//! An attack, how it is tried, and what the host must have survived.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use autods_sandbox::{CallError, FileError, Refusal, SourceError};
use autods_tests::Spoken;

use crate::ground::{CANARIES, Ground};

/// An attack of the catalogue.
pub struct Attack {
    /// Its name.
    pub name: &'static str,
    /// What the plugin, or whoever stands behind it, tries.
    pub tries: &'static str,
    /// Tries it, in every way there is.
    pub perform: fn(&mut Trial),
}

/// What the answer took at most. The table states the class; the watchdog holds it to a time.
#[derive(Clone, Copy, Debug)]
pub enum AtMost {
    /// Reading the bytes: nothing is compiled, nothing runs.
    Audit,
    /// Opening files.
    Files,
    /// One compilation.
    Compilation,
    /// One call under `limits.wall-ms`.
    Call,
    /// A few calls.
    Calls,
    /// A run of the whole program up to where it stops.
    Run,
}

impl AtMost {
    pub fn describe(self) -> &'static str {
        match self {
            Self::Audit => "the audit; nothing compiled, nothing ran",
            Self::Files => "opening files; no plugin ran",
            Self::Compilation => "one compilation of the largest size the policy permits",
            Self::Call => "one call, `limits.wall-ms`",
            Self::Calls => "a few calls, `limits.wall-ms` each",
            Self::Run => "a run up to its stop",
        }
    }

    /// Calls have 300 ms here; the rest is a margin for a machine with other work.
    fn watchdog(self) -> Duration {
        Duration::from_secs(match self {
            Self::Audit | Self::Files => 10,
            Self::Call => 15,
            Self::Calls => 30,
            Self::Compilation => 90,
            Self::Run => 180,
        })
    }
}

/// What the host answered.
pub struct Told {
    pub code: String,
    pub message: String,
    /// Everything else that somebody could read of it, to be searched for values of rows.
    pub forms: String,
}

impl Told {
    /// The attack did no harm, and this is what it got.
    pub fn harmless(what: impl Into<String>) -> Self {
        Self {
            code: "harmless".into(),
            message: what.into(),
            forms: String::new(),
        }
    }

    /// A way that is not closed, and how wide it is.
    pub fn open(what: impl Into<String>) -> Self {
        Self {
            code: "open".into(),
            ..Self::harmless(what)
        }
    }

    /// The attack worked; the test fails with these words.
    pub fn harm(what: impl Into<String>) -> Self {
        Self {
            code: "HARM".into(),
            message: what.into(),
            forms: String::new(),
        }
    }

    /// The failed end of something that must not succeed.
    pub fn failure<T>(outcome: Result<T, impl Into<Self>>) -> Self {
        match outcome {
            Ok(_) => Self::harm("it was let through"),
            Err(error) => error.into(),
        }
    }

    /// Further text that the world gets to see.
    pub fn with_forms(mut self, text: &str) -> Self {
        self.forms.push_str(text);
        self
    }
}

impl From<CallError> for Told {
    fn from(error: CallError) -> Self {
        Self {
            code: error.code().into(),
            message: error.to_string(),
            forms: format!("{error:?}"),
        }
    }
}

impl From<Refusal> for Told {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code().into(),
            message: refusal.to_string(),
            forms: format!("{refusal:?} {}", serde_json::json!(refusal)),
        }
    }
}

impl From<SourceError> for Told {
    fn from(error: SourceError) -> Self {
        Self {
            code: "source-error".into(),
            message: error.to_string(),
            forms: format!("{error:?}"),
        }
    }
}

impl From<FileError> for Told {
    fn from(error: FileError) -> Self {
        Self {
            code: "policy-error".into(),
            message: error.to_string(),
            forms: format!("{error:?}"),
        }
    }
}

impl From<Spoken> for Told {
    fn from(spoken: Spoken) -> Self {
        let said = spoken
            .err
            .lines()
            .find_map(|line| line.strip_prefix("error: "));
        Self {
            code: match spoken.code {
                Some(code) => format!("exit {code}"),
                None => "killed".into(),
            },
            message: said.unwrap_or("nothing").to_owned(),
            forms: spoken.all(),
        }
    }
}

/// One way of an attack and its answer, as the table shows it.
pub struct Line {
    pub way: &'static str,
    pub code: String,
    pub message: String,
    pub at_most: AtMost,
}

/// An attack while it is tried.
pub struct Trial {
    ground: Arc<Ground>,
    lines: Vec<Line>,
    wrong: Vec<String>,
}

impl Trial {
    /// Tries one way of the attack, which the host must answer with this code.
    pub fn attempt(
        &mut self,
        way: &'static str,
        expected: &str,
        at_most: AtMost,
        perform: impl FnOnce(&Ground) -> Told + Send + 'static,
    ) {
        let ground = Arc::clone(&self.ground);
        let (tell, told) = mpsc::channel();
        ARMED.store(true, Ordering::SeqCst);
        // detached: a thread that hangs cannot be ended, only left behind
        thread::Builder::new()
            .name("attack".into())
            .spawn(move || {
                let _ = tell.send(catch_unwind(AssertUnwindSafe(|| perform(&ground))));
            })
            .unwrap();
        let outcome = told.recv_timeout(at_most.watchdog());
        ARMED.store(false, Ordering::SeqCst);
        let panics = std::mem::take(&mut *panics());
        let mut wrong = |what: String| self.wrong.push(format!("{way}: {what}"));
        match outcome {
            Err(_) => wrong(format!("no answer within {:?}", at_most.watchdog())),
            Ok(Err(_)) => wrong(format!("a panic: {panics:?}")),
            Ok(Ok(told)) => {
                if !panics.is_empty() {
                    wrong(format!("a panic on some thread: {panics:?}"));
                }
                if told.code != expected {
                    wrong(format!(
                        "`{expected}` was expected, the answer was `{}`: {}",
                        told.code, told.message
                    ));
                }
                for canary in CANARIES {
                    if told.message.contains(canary) || told.forms.contains(canary) {
                        wrong("a value of a row is in what the host said".into());
                    }
                }
                let place = self.ground.place().display().to_string();
                self.lines.push(Line {
                    way,
                    code: told.code,
                    message: told.message.replace(&place, "DIR"),
                    at_most,
                });
            }
        }
        if let Some(how) = self.ground.disturbed() {
            self.wrong.push(format!("{way}: {how}"));
        }
    }
}

/// Tries an attack in all its ways; the answers.
///
/// # Panics
/// If the host did not survive one of them, with what went wrong.
pub fn survive(number: u32, attack: &Attack) -> Vec<Line> {
    // the panic hook is the process's, so attacks of one process take turns
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    watch_panics();
    let mut trial = Trial {
        ground: Arc::new(Ground::new()),
        lines: Vec::new(),
        wrong: Vec::new(),
    };
    (attack.perform)(&mut trial);
    assert!(
        trial.wrong.is_empty(),
        "attack {number}, {}:\n  {}",
        attack.name,
        trial.wrong.join("\n  ")
    );
    assert!(!trial.lines.is_empty(), "attack {number} was not tried");
    trial.lines
}

static ARMED: AtomicBool = AtomicBool::new(false);
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn panics() -> MutexGuard<'static, Vec<String>> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes every panic of every thread while an attack is tried, caught ones too.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if ARMED.load(Ordering::SeqCst) {
                let thread = thread::current().name().unwrap_or("a thread").to_owned();
                panics().push(format!("{thread}: {info}"));
            } else {
                usual(info);
            }
        }));
    });
}
