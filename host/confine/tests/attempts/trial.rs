//! What an attempt is, and what has to come of it.

use std::{io, os::unix::process::ExitStatusExt, process::ExitCode};

use autods_confine::{REQUIRED_ABI, available};
use libtest_mimic::Failed;

use crate::place::{Ground, Place};

/// Something to be tried.
#[derive(Clone, Copy)]
pub struct Attempt {
    /// The name of the test.
    pub claim: &'static str,
    pub expected: Expected,
    pub twin: Twin,
    pub ports: Ports,
    /// Has to call [`Place::confine`] before it tries.
    pub run: fn(&Place) -> io::Result<()>,
}

/// What has to come of it in a confined process.
#[derive(Clone, Copy)]
pub enum Expected {
    Allowed,
    /// One of these numbers of the operating system.
    Denied(&'static [i32]),
    /// The process ends by this signal.
    Killed(i32),
}

/// What has to come of it in a process that is not confined.
#[derive(Clone, Copy)]
pub enum Twin {
    /// It succeeds.
    Succeeds,
    /// It fails in another way: because of its arguments, or of what this kernel has.
    Differs,
    /// Nothing is asked of it.
    None,
}

/// Which ports the rules open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ports {
    None,
    Connect,
    Listen,
}

pub fn allowed(claim: &'static str, run: fn(&Place) -> io::Result<()>) -> Attempt {
    Attempt {
        claim,
        expected: Expected::Allowed,
        twin: Twin::None,
        ports: Ports::None,
        run,
    }
}

/// Denied by a rule about paths or ports.
pub fn denied(claim: &'static str, run: fn(&Place) -> io::Result<()>) -> Attempt {
    Attempt {
        expected: Expected::Denied(&[libc::EACCES]),
        twin: Twin::Succeeds,
        ..allowed(claim, run)
    }
}

/// Refused by the filter of system calls.
pub fn refused(claim: &'static str, run: fn(&Place) -> io::Result<()>) -> Attempt {
    Attempt {
        expected: Expected::Denied(&[libc::EPERM]),
        twin: Twin::Succeeds,
        ..allowed(claim, run)
    }
}

impl Attempt {
    pub fn with_ports(self, ports: Ports) -> Self {
        Self { ports, ..self }
    }

    pub fn twin(self, twin: Twin) -> Self {
        Self { twin, ..self }
    }
}

/// In the child: make the attempt and say what came of it.
pub fn child(attempts: &[Attempt], place: &mut Place) -> ExitCode {
    let attempt = attempts
        .iter()
        .find(|a| a.claim == place.attempt)
        .expect("the parent knows the same attempts");
    place.ports = attempt.ports;
    match (attempt.run)(place) {
        Ok(()) => println!("answer: ok"),
        Err(error) => match error.raw_os_error() {
            Some(number) => println!("answer: {number}"),
            None => println!("answer: {error}"),
        },
    }
    ExitCode::SUCCESS
}

/// In the parent: hold the claim.
pub fn hold(attempt: &Attempt) -> Result<(), Failed> {
    let support = available();
    let needed = if attempt.ports == Ports::None {
        REQUIRED_ABI
    } else {
        4
    };
    if support.landlock_abi < Some(needed) || !support.seccomp {
        eprintln!(
            "SKIP {}: this kernel has Landlock ABI {:?} and seccomp {}, needed are ABI {needed} \
             and true",
            attempt.claim, support.landlock_abi, support.seccomp
        );
        return Ok(());
    }
    let answer = ask(attempt, "required")?;
    let right = match attempt.expected {
        Expected::Allowed => answer == "ok",
        Expected::Denied(numbers) => numbers.iter().any(|n| answer == n.to_string()),
        Expected::Killed(signal) => answer == format!("signal {signal}"),
    };
    if !right {
        return Err(format!("confined, it answers: {answer}").into());
    }
    let twin = match attempt.twin {
        Twin::None => return Ok(()),
        _ => ask(attempt, "off")?,
    };
    match attempt.twin {
        Twin::Succeeds if twin != "ok" => {
            Err(format!("not confined, it answers: {twin}; so nothing is proven").into())
        }
        Twin::Differs if twin == answer => {
            eprintln!(
                "SKIP {}: this system answers {twin} to a process that is not confined, too",
                attempt.claim
            );
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Start the child and read its answer.
fn ask(attempt: &Attempt, level: &str) -> Result<String, Failed> {
    let ground = Ground::make();
    let output = ground.child(attempt.claim, level).output()?;
    if let Some(signal) = output.status.signal() {
        return Ok(format!("signal {signal}"));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    said.lines()
        .find_map(|line| line.strip_prefix("answer: "))
        .map(str::to_owned)
        .ok_or_else(|| {
            format!(
                "the child ({level}) said nothing; {}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            )
            .into()
        })
}

/// The answer of a system call as Rust has it.
pub fn os(answer: libc::c_long) -> io::Result<libc::c_long> {
    if answer < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(answer)
    }
}
