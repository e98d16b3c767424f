//! Puts a report in a folder, all or nothing for each file.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use autods_board::Event;
use sha2::{Digest, Sha256};

use crate::{ReportError, compose};

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its content, hex.
    pub sha256: String,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// `report.html`.
    pub html: WrittenFile,
    /// `report.md`.
    pub markdown: WrittenFile,
    /// `figures/*.svg`, which `report.md` refers to.
    pub figures: Vec<WrittenFile>,
}

/// Writes `report.html`, `report.md` and `figures/*.svg` into `out_dir`, which is made where it is
/// missing. The whole report is rendered before the first file is touched, and each file takes its
/// name only when it is complete. `timing` holds seconds by name; they are shown apart from the
/// numbers of the run.
///
/// # Errors
/// [`ReportError`] when the events do not hold what the report needs, or a file cannot be written.
pub fn write(
    events: &[Event],
    timing: &[(String, f64)],
    out_dir: &Path,
) -> Result<Written, ReportError> {
    let report = compose(events, timing)?;
    let folder = out_dir.join("figures");
    fs::create_dir_all(&folder).map_err(|source| ReportError::Write {
        path: folder.clone(),
        source,
    })?;
    let figures = report
        .figures
        .iter()
        .map(|figure| put(&folder.join(&figure.name), &figure.svg))
        .collect::<Result<_, _>>()?;
    Ok(Written {
        html: put(&out_dir.join("report.html"), &report.html)?,
        markdown: put(&out_dir.join("report.md"), &report.markdown)?,
        figures,
    })
}

fn put(path: &Path, content: &str) -> Result<WrittenFile, ReportError> {
    let failed = |source| ReportError::Write {
        path: path.to_owned(),
        source,
    };
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let attempt = fs::File::create(&partial)
        .and_then(|mut file| {
            file.write_all(content.as_bytes())
                .and_then(|()| file.sync_all())
        })
        .and_then(|()| fs::rename(&partial, path));
    if let Err(source) = attempt {
        // what is left of the attempt must not be mistaken for a report; the first error is the one to tell
        let _ = fs::remove_file(&partial);
        return Err(failed(source));
    }
    Ok(WrittenFile {
        path: path.to_owned(),
        sha256: hex(&Sha256::digest(content.as_bytes())),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
