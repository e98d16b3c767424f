//! A run that is killed, again and again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::time::Duration;

use autods_tests::{Board, Chance, Host, baseline, bundled_task, half_written};

const KILLS: usize = 6;

#[test]
fn killed_at_random_moments_and_resumed_it_gives_the_same_numbers() {
    let (host, done) = (Host::new(), baseline());
    done.spoken.must_end_with(0);
    let mut chance = Chance::new(6);
    // each leg gets at most about a third of the whole, so that the kills lie all over the run
    let mut moment = || {
        done.took
            .mul_f64(0.02 + 0.3 * chance.uniform())
            .max(Duration::from_millis(20))
    };

    let run = host.run(&bundled_task(), "killed").synthetic();
    let mut ended = run.kill(moment());
    let mut kills = usize::from(ended.is_none());
    let mut before = Board::of(run.directory());
    while ended.is_none() && kills < KILLS {
        ended = host.resume_and_kill(run.directory(), moment());
        kills += usize::from(ended.is_none());
        // what was on the board is on the board, word for word
        let now = Board::of(run.directory());
        let kept = now
            .events()
            .get(..before.events().len())
            .expect("events were lost");
        assert_eq!(
            kept,
            before.events(),
            "events were changed after kill {kills}"
        );
        before = now;
    }
    assert!(kills >= 3, "only {kills} kills found the run alive");
    if let Some(ended) = ended {
        ended.must_end_with(0);
    } else {
        host.resume(run.directory()).must_end_with(0);
    }

    let after = Board::of(run.directory());
    assert_eq!(
        after.events().get(..before.events().len()).unwrap(),
        before.events()
    );
    assert_eq!(
        half_written(run.directory()),
        Vec::<std::path::PathBuf>::new()
    );
    host.verify(run.directory()).must_end_with(0);
    let compared = host.compare(run.directory(), &done.run);
    compared.must_end_with(0);
    assert!(compared.out.contains("same numbers"), "{compared}");
}

#[test]
fn a_closed_run_has_nothing_to_resume_and_stays_as_it_is() {
    let host = Host::new();
    let task = autods_tests::SmallTask::new(600, 3).write(host.place());
    let run = host.run(&task, "closed");
    run.call().must_end_with(0);
    let before = Board::of(run.directory());
    host.resume(run.directory()).must_end_with(0);
    assert_eq!(Board::of(run.directory()), before);
    host.verify(run.directory()).must_end_with(0);
}
