use super::*;
use crate::scene::{Scene, modeler};
use crate::vocabulary::{EventBody, Hypothesis};
use std::time::{Duration, SystemTime};

fn board_of(scene: &Scene, path: &Path) -> Board {
    let mut board = Board::create(path).unwrap();
    for event in &scene.events {
        board
            .append(event.stage, &event.author, event.body.clone())
            .unwrap();
    }
    board
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("board.sqlite");
    (dir, path)
}

#[test]
fn what_is_appended_is_read_again_and_hashes_the_same() {
    let (_dir, path) = place();
    let scene = Scene::explored();
    let board = board_of(&scene, &path);
    let hash = board.content_hash();
    assert_eq!(board.events(), scene.events);
    assert_eq!(
        board.hash_at(scene.events.len() as u64).unwrap().as_deref(),
        Some(hash.as_str())
    );
    drop(board);
    let again = Board::open(&path).unwrap();
    assert_eq!(again.events(), scene.events);
    assert_eq!(again.content_hash(), hash);
    assert_eq!(again.state().accepted_plans, [scene.plan]);
    // another file with the same events, at another time
    let (_dir, other) = place();
    assert_eq!(board_of(&scene, &other).content_hash(), hash);
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let (_dir, path) = place();
    let mut board = board_of(&Scene::designed(), &path);
    let error = Board::open(&path).unwrap_err();
    assert!(matches!(error, BoardError::Locked { .. }), "{error}");
    assert!(error.to_string().contains("one writer"));
    let mut reader = Board::open_read_only(&path).unwrap();
    assert_eq!(reader.events(), board.events());
    let said = Body::Agent(EventBody::Other("x".to_owned()));
    assert!(matches!(
        reader.append(Stage::Design, "host", said.clone()),
        Err(BoardError::ReadOnly { .. })
    ));
    board.append(Stage::Design, "host", said).unwrap();
    drop(board);
    assert!(Board::open(&path).is_ok());
}

#[test]
fn an_existing_file_is_never_overwritten_and_a_strange_one_never_taken_for_a_board() {
    let (_dir, path) = place();
    std::fs::write(&path, b"").unwrap();
    assert!(matches!(Board::create(&path), Err(BoardError::Io { .. })));
    assert!(matches!(Board::open(&path), Err(BoardError::Empty { .. })));
    std::fs::write(&path, vec![b'x'; 5000]).unwrap();
    assert!(matches!(
        Board::open(&path),
        Err(BoardError::Database { .. })
    ));
    assert!(matches!(
        Board::open(&path.with_extension("none")),
        Err(BoardError::Io { .. })
    ));
    let plain = path.with_extension("plain");
    Connection::open(&plain)
        .unwrap()
        .execute_batch("CREATE TABLE t (x)")
        .unwrap();
    assert!(matches!(
        Board::open(&plain),
        Err(BoardError::Version { .. })
    ));
}

#[test]
fn sql_cannot_change_or_remove_an_event() {
    let (_dir, path) = place();
    drop(board_of(&Scene::designed(), &path));
    let raw = Connection::open(&path).unwrap();
    assert!(
        raw.execute("UPDATE events SET author = 'x' WHERE id = 1", [])
            .is_err()
    );
    assert!(raw.execute("DELETE FROM events WHERE id = 1", []).is_err());
}

#[test]
fn whoever_goes_round_the_triggers_is_found_out() {
    for (change, event) in [
        ("UPDATE events SET author = 'validator' WHERE id = 1", 1),
        ("UPDATE events SET stage = 'Report' WHERE id = 2", 2),
        ("UPDATE events SET kind = 'Other' WHERE id = 2", 2),
        (
            "UPDATE events SET body = replace(body, 'Pass', 'Warn') WHERE id = 2",
            2,
        ),
        ("DELETE FROM events WHERE id = 1", 1),
    ] {
        let (_dir, path) = place();
        let mut scene = Scene::designed();
        scene.lint_of(scene.protocol);
        drop(board_of(&scene, &path));
        let raw = Connection::open(&path).unwrap();
        raw.execute_batch(
            "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed;",
        )
        .unwrap();
        assert_eq!(raw.execute(change, []).unwrap(), 1);
        drop(raw);
        match Board::open(&path) {
            Err(BoardError::Tampered { event: found, .. }) => assert_eq!(found, event, "{change}"),
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[test]
fn a_plan_that_was_not_accepted_is_neither_claimed_nor_run() {
    let (_dir, path) = place();
    let mut scene = Scene::explored();
    let plan = scene.propose(&modeler(), scene.fresh_plan(5));
    let mut board = board_of(&scene, &path);
    let before = board.events().len();
    let result = Body::Agent(EventBody::Experiment(scene.result(plan, 0.9, None)));
    assert!(matches!(
        board.append(Stage::Explore, "host", result),
        Err(BoardError::Invariant(_))
    ));
    let claim = board.claim(Stage::Explore, plan, "lab", Duration::from_secs(60));
    assert!(matches!(claim, Err(BoardError::Invariant(_))));
    assert_eq!(board.events().len(), before);
}

#[test]
fn a_number_that_json_cannot_hold_is_not_written() {
    let (_dir, path) = place();
    let mut board = Board::create(&path).unwrap();
    let hypothesis = Hypothesis {
        name: "h".to_owned(),
        statement: "s".to_owned(),
        prediction: f64::NAN,
        falsified_below: 0.0,
        after_experiments: 1,
    };
    let appended = board.append(
        Stage::Explore,
        "host",
        Body::Agent(EventBody::Hypothesis(hypothesis)),
    );
    assert!(matches!(appended, Err(BoardError::Unwritable)));
    assert!(board.events().is_empty());
}

#[test]
fn a_claim_is_held_renewed_taken_over_and_lost() {
    let (_dir, path) = place();
    let scene = Scene::explored();
    let mut board = board_of(&scene, &path);
    let (plan, minute) = (scene.plan, Duration::from_secs(60));
    let now = SystemTime::now();
    let first = board
        .claim_at(Stage::Explore, plan, "worker-a", minute, now)
        .unwrap();
    assert_eq!(first.attempt, 1);
    let events = board.events().len();
    assert!(board.state().claimed.contains(&plan));
    let taken = board.claim_at(Stage::Explore, plan, "worker-b", minute, now);
    assert!(matches!(taken, Err(BoardError::Claimed { .. })));
    let later = now + minute * 2;
    let second = board
        .claim_at(Stage::Explore, plan, "worker-b", minute, later)
        .unwrap();
    assert_eq!(second.attempt, 2);
    // the log does not depend on who died when
    assert_eq!(board.events().len(), events);
    assert!(matches!(
        board.renew(&first, minute),
        Err(BoardError::ClaimLost { .. })
    ));
    assert!(matches!(
        board.release(&first),
        Err(BoardError::ClaimLost { .. })
    ));
    let second = board.renew(&second, minute).unwrap();
    board.release(&second).unwrap();
    assert_eq!(board.held(plan).unwrap(), None);
}

#[test]
fn a_claim_outlives_its_process() {
    let (_dir, path) = place();
    let scene = Scene::explored();
    let mut board = board_of(&scene, &path);
    let claim = board
        .claim(Stage::Explore, scene.plan, "lab", Duration::from_secs(60))
        .unwrap();
    drop(board);
    assert_eq!(
        Board::open(&path).unwrap().held(scene.plan).unwrap(),
        Some(claim)
    );
}
