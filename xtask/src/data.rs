//! The real data that some tests want.

use std::path::PathBuf;

use crate::workspace::Workspace;

/// `$AUTODS_DATA`, or `shared/data` beside the checkout; says which, or that there is none.
pub(crate) fn find(workspace: &Workspace) -> Option<PathBuf> {
    let (place, origin) = place(workspace);
    if place.is_dir() {
        println!("data: {} ({origin})", place.display());
        return Some(place);
    }
    println!(
        "data: NONE at {} ({origin}).\n\
         \x20     Tests on real data are SKIPPED. To run them, set AUTODS_DATA to the data folder\n\
         \x20     (tasks/*/download_data.sh fetches public files).",
        place.display()
    );
    None
}

/// The same without a word.
pub(crate) fn folder(workspace: &Workspace) -> Option<PathBuf> {
    Some(place(workspace).0).filter(|place| place.is_dir())
}

fn place(workspace: &Workspace) -> (PathBuf, &'static str) {
    let (place, origin) = match std::env::var_os("AUTODS_DATA") {
        Some(place) => (PathBuf::from(place), "AUTODS_DATA"),
        None => (workspace.root.join("../shared/data"), "beside the checkout"),
    };
    let place = std::path::absolute(&place).unwrap_or(place);
    (place.canonicalize().unwrap_or(place), origin)
}
