//! Writing the ledger.

use std::fs::File;
use std::io::Write;

use autods_ledger::{Entry, Ledger};

use crate::measure::{rounds, wall_each};
use crate::report::{Report, Row, Unit};
use crate::{Fallible, Setting};

const ROUNDS: usize = 31;
const APPENDS: u32 = 500;
const SYNCS: u32 = 5;

pub(crate) fn keeping(_: &Setting, report: &mut Report) -> Fallible<()> {
    let folder = tempfile::tempdir_in(built()?)?;
    let path = folder.path().join("ledger.jsonl");
    let ledger = Ledger::create(&path)?;
    let entry = Entry::StageEntered {
        from: "design".into(),
        to: "prepare".into(),
    };
    for _ in 0..100 {
        ledger.append(&entry)?;
    }
    let bytes = std::fs::metadata(&path)?.len() / 100;
    let line = vec![b'x'; usize::try_from(bytes)?];
    let mut plain = File::create(folder.path().join("plain"))?;
    let mut other = plain.try_clone()?;
    report.group("Ledger");
    let [ours, native] = rounds(
        ROUNDS,
        [
            &mut || wall_each(APPENDS, || Ok(ledger.append(&entry).map(drop)?)),
            &mut || wall_each(APPENDS, || Ok(plain.write_all(&line)?)),
        ],
    )?;
    report.row(&Row {
        what: "append, not yet on disk",
        unit: Unit::Microseconds,
        ours: &ours,
        native_is: "write a line of the same length",
        native: &native,
        target: None,
        note: format!("{bytes} bytes a record, chained by SHA-256"),
    });
    let [ours, native] = rounds(
        ROUNDS,
        [
            &mut || {
                wall_each(SYNCS, || {
                    ledger.append(&entry)?;
                    Ok(ledger.sync().map(drop)?)
                })
            },
            &mut || {
                wall_each(SYNCS, || {
                    other.write_all(&line)?;
                    Ok(other.sync_all()?)
                })
            },
        ],
    )?;
    report.row(&Row {
        what: "append and sync",
        unit: Unit::Microseconds,
        ours: &ours,
        native_is: "write a line of the same length and fsync",
        native: &native,
        target: None,
        note: "ours also replaces the head file, with its own fsync".into(),
    });
    Ok(())
}

/// A folder on the disk that builds go to: /tmp may be memory.
fn built() -> Fallible<std::path::PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("no folder")?.to_owned())
}
