//! Everything a confined process must not be able to do, tried; and everything it must.
//!
//! Each attempt is made by a process of its own, which is this binary started once more, twice:
//! confined, and (its twin) not confined. The twin has to succeed: otherwise the attempt would
//! prove nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail, and speaks to whoever runs it"
)]

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod network;
#[cfg(target_os = "linux")]
mod place;
#[cfg(target_os = "linux")]
mod start;
#[cfg(target_os = "linux")]
mod threads;
#[cfg(target_os = "linux")]
mod trial;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let attempts: Vec<trial::Attempt> = [
        files::attempts(),
        calls::attempts(),
        network::attempts(),
        threads::attempts(),
        start::attempts(),
    ]
    .concat();
    if let Some(mut place) = place::Place::of_child() {
        return trial::child(&attempts, &mut place);
    }
    let arguments = libtest_mimic::Arguments::from_args();
    let trials = attempts
        .into_iter()
        .map(|attempt| libtest_mimic::Trial::test(attempt.claim, move || trial::hold(&attempt)))
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("SKIP attempts: Landlock and seccomp are parts of Linux");
}
