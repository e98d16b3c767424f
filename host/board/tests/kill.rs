//! A writer that is killed loses nothing that it had appended.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use autods_board::{Board, Body, EventBody, Stage};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const BOARD: &str = "AUTODS_TEST_KILLED_BOARD";

/// Not a test by itself: what the killed process does.
#[test]
#[ignore = "runs as the child of the test below"]
fn writer() {
    let Some(path) = std::env::var_os(BOARD) else {
        return;
    };
    let path = Path::new(&path);
    let mut board = if path.exists() {
        Board::open(path)
    } else {
        Board::create(path)
    }
    .unwrap();
    loop {
        let said = Body::Agent(EventBody::Other("x".repeat(2000)));
        let id = board.append(Stage::Explore, "host", said).unwrap();
        std::fs::write(path.with_extension("acknowledged"), id.to_string()).unwrap();
    }
}

fn acknowledged(path: &Path) -> u64 {
    let text = std::fs::read_to_string(path.with_extension("acknowledged")).unwrap_or_default();
    text.parse().unwrap_or(0)
}

#[test]
fn a_killed_writer_leaves_everything_it_appended_and_a_chain_that_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("board.sqlite");
    let mut least = 0;
    for round in 1..=4_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["writer", "--exact", "--ignored", "--test-threads=1"])
            .env(BOARD, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while acknowledged(&path) < least + 10 * round {
            assert!(
                began.elapsed() < Duration::from_secs(120),
                "the writer does not write"
            );
            std::thread::sleep(Duration::from_millis(3));
        }
        // SIGKILL on Unix
        child.kill().unwrap();
        child.wait().unwrap();
        // the acknowledgement itself may be torn; what was read whole before is the floor
        let floor = least + 10 * round;
        let reader = Board::open_read_only(&path).unwrap();
        let board = Board::open(&path).unwrap();
        let found = board.events().len() as u64;
        assert!(
            found >= floor && found >= acknowledged(&path),
            "{found} events, {floor} acknowledged"
        );
        assert_eq!(reader.content_hash(), board.content_hash());
        least = found;
    }
}
