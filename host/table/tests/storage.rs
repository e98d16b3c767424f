//! Tables at rest come back as they were, or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;

use autods_table::{Table, TableError};
use common::{row, table};
use proptest::prelude::*;

#[cfg(unix)]
#[test]
fn a_stored_table_is_for_its_owner_only_and_leaves_nothing_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.parquet");
    fs::write(
        folder.path().join("visits.parquet.partial"),
        "left by a crash",
    )
    .unwrap();
    let written = table(&[]).write_parquet(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::metadata(&path).unwrap().len(), written.bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(
        table(&[]).write_parquet(&path).unwrap(),
        written,
        "the same table, the same bytes"
    );
}

#[test]
fn a_folder_that_does_not_exist_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no/visits.parquet");
    assert!(matches!(
        table(&[]).write_parquet(&path),
        Err(TableError::Io { .. })
    ));
    assert!(matches!(
        Table::read_parquet(&path),
        Err(TableError::Io { .. })
    ));
}

#[test]
fn a_stored_table_holds_no_extreme_values_in_its_footer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.parquet");
    let rows: Vec<common::Row> = (0..3000)
        .map(|n| {
            (
                None,
                None,
                None,
                Some(format!("{}z", if n == 1234 { "qqqq" } else { "a" })),
                None,
                None,
            )
        })
        .collect();
    table(&rows).write_parquet(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    let footer =
        u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap()) as usize;
    let footer = &bytes[bytes.len() - 8 - footer..];
    assert!(!footer.windows(4).any(|window| window == b"qqqq"));
}

#[test]
fn a_file_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.parquet");
    for bytes in [&b""[..], b"PAR1", b"PAR1\0\0\0\0PAR1", b"a,b\n1,2\n"] {
        fs::write(&path, bytes).unwrap();
        assert!(matches!(
            Table::read_parquet(&path),
            Err(TableError::Damaged { .. })
        ));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_comes_back_as_it_was(rows in prop::collection::vec(row(), 0..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("visits.parquet");
        let table = table(&rows);
        table.write_parquet(&path).unwrap();
        let back = Table::read_parquet(&path).unwrap();
        prop_assert_eq!(&back, &table);
        prop_assert_eq!(back.digest(), table.digest());
    }

    #[test]
    fn a_damaged_file_is_never_taken_for_another_table(
        rows in prop::collection::vec(row(), 0..30),
        at in any::<prop::sample::Index>(),
        change in 1_u8..=255,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("visits.parquet");
        let table = table(&rows);
        table.write_parquet(&path).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        fs::write(&path, bytes).unwrap();
        if let Ok(back) = Table::read_parquet(&path) {
            // A byte that says nothing about the rows, or a letter of a label.
            prop_assert_eq!(back.batch().columns(), table.batch().columns());
        }
    }
}
