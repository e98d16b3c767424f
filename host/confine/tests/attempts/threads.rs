//! Threads.

use std::{fs, io, net::UdpSocket, sync::mpsc, thread};

use autods_confine::{Level, Missing, confine};

use crate::trial::{Attempt, allowed, denied, refused};

/// The first Landlock that can limit threads which run already.
const ALL_THREADS_ABI: u8 = 8;

pub fn attempts() -> Vec<Attempt> {
    vec![
        allowed("threads_can_be_started", |place| {
            place.confine();
            let threads: Vec<_> = (0..64_u64)
                .map(|n| thread::Builder::new().spawn(move || (0..=n).sum::<u64>()))
                .collect::<io::Result<_>>()?;
            let sum: u64 = threads.into_iter().map(|t| t.join().unwrap()).sum();
            assert_eq!(sum, (0..64).map(|n: u64| n * (n + 1) / 2).sum::<u64>());
            Ok(())
        }),
        denied(
            "a_thread_that_starts_later_reads_no_file_outside",
            |place| {
                place.confine();
                thread::spawn(|| fs::read("/etc/passwd").map(drop))
                    .join()
                    .unwrap()
            },
        ),
        refused("a_thread_that_starts_later_makes_no_socket", |place| {
            place.confine();
            thread::spawn(|| UdpSocket::bind("127.0.0.1:0").map(drop))
                .join()
                .unwrap()
        }),
        allowed(
            "a_process_with_other_threads_is_refused_by_number",
            |place| {
                let (stop, wait) = mpsc::channel::<()>();
                let other = thread::spawn(move || wait.recv());
                let answer = confine(&place.rules(), Level::Required);
                if autods_confine::available().landlock_abi < Some(ALL_THREADS_ABI) {
                    let error = answer.unwrap_err().to_string();
                    assert!(error.contains("has 2 threads"), "{error}");
                    // and nothing was changed
                    fs::read("/etc/passwd")?;
                    UdpSocket::bind("127.0.0.1:0")?;
                } else {
                    assert!(answer.unwrap().is_complete());
                }
                drop(stop);
                let _ = other.join();
                Ok(())
            },
        ),
        refused_in_a_thread_that_ran_before(),
    ]
}

/// seccomp reaches the threads that run already; what Landlock does not reach is said.
fn refused_in_a_thread_that_ran_before() -> Attempt {
    allowed(
        "preferred_says_that_other_threads_are_not_limited",
        |place| {
            let (stop, wait) = mpsc::channel::<()>();
            let other = thread::spawn(move || {
                let _ = wait.recv();
                (
                    fs::read("/etc/passwd").is_ok(),
                    UdpSocket::bind("127.0.0.1:0").is_ok(),
                )
            });
            let confined = confine(&place.rules(), Level::Preferred).unwrap();
            drop(stop);
            let (file, socket) = other.join().unwrap();
            assert!(!socket, "seccomp holds in every thread");
            assert!(fs::read("/etc/passwd").is_err());
            if confined.landlock_abi < Some(ALL_THREADS_ABI) {
                assert_eq!(confined.missing, [Missing::Threads { threads: Some(2) }]);
                assert!(!confined.is_complete());
                assert!(file, "what is said to be missing is missing");
            } else {
                assert!(confined.is_complete());
                assert!(!file);
            }
            Ok(())
        },
    )
}
