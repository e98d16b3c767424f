//! A new task directory, from templates or from a file's header.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use autods_spec::{Launch, Task};

use crate::{
    error::{Result, RunError},
    layout::write_atomically,
};

/// Rows that are looked at to guess a column's type.
const LOOKED_AT: usize = 5000;
/// Categories with more codes than this are listed without their codes.
const LISTED: usize = 40;
/// Codes of fewer rows than this are not written into a dictionary.
const SHOWN: u64 = 11;

/// Make `task-<name>/` in `parent` with commented templates; with `from`, the data dictionary is
/// guessed from a CSV or TSV file (names, types, codes that at least eleven rows have).
///
/// # Errors
/// If the name is not one of a task, the directory exists, or the file cannot be read.
pub fn new_task(name: &str, parent: &Path, from: Option<&Path>) -> Result<PathBuf, RunError> {
    let name = if name.starts_with("task-") {
        name.to_owned()
    } else {
        format!("task-{name}")
    };
    let good = name.len() > 5
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !good {
        return Err(RunError::Usage(format!(
            "`{name}` is not a task's name: lower-case letters, digits and `-`, such as task-my-question"
        )));
    }
    let dir = parent.join(&name);
    if dir.exists() {
        return Err(RunError::Usage(format!("{} exists already", dir.display())));
    }
    let mut task = Task::template(&name);
    if let Some(file) = from {
        task = with_dictionary(&task, file)?;
    }
    fs::create_dir_all(&dir).map_err(|e| RunError::io("making", &dir, e))?;
    write_atomically(&dir.join("TASK.md"), task.as_bytes())?;
    write_atomically(&dir.join("LAUNCH.md"), Launch::template(&name).as_bytes())?;
    write_atomically(
        &dir.join("README.md"),
        format!("# {name}\n\nWhat is asked, of which data, under which licence; how to run it:\n\n    autods-host task check {name}\n    autods-host run --task {name} --name first_try --data DIR\n").as_bytes(),
    )?;
    Ok(dir)
}

/// Replace the `data:` section of a template by the dictionary of a file.
fn with_dictionary(template: &str, file: &Path) -> Result<String> {
    let section = dictionary(file)?;
    let lines: Vec<&str> = template.lines().collect();
    let start = lines
        .iter()
        .position(|l| l.starts_with("data:"))
        .ok_or_else(|| RunError::internal("the template has no data section"))?;
    let end = lines[start + 1..]
        .iter()
        .position(|l| !l.is_empty() && !l.starts_with([' ', '#', '-']))
        .map_or(lines.len(), |i| start + 1 + i);
    let mut made = lines[..start].join("\n");
    made.push('\n');
    made.push_str(&section);
    // the template's synthetic cohort has other columns
    let mut skip = false;
    for line in &lines[end..] {
        if line.starts_with("synthetic:") {
            skip = true;
        } else if !line.starts_with([' ', '#']) && !line.is_empty() {
            skip = false;
        }
        if !skip {
            made.push_str(line);
            made.push('\n');
        }
    }
    Ok(made)
}

fn dictionary(file: &Path) -> Result<String> {
    let tab = file
        .to_string_lossy()
        .trim_end_matches(".gz")
        .ends_with(".tsv");
    let text = fs::read(file).map_err(|e| RunError::io("reading", file, e))?;
    let text = if text.starts_with(&[0x1f, 0x8b]) {
        let mut inflated = Vec::new();
        let decoder = flate2::read::GzDecoder::new(text.as_slice());
        std::io::Read::read_to_end(&mut std::io::Read::take(decoder, 1 << 30), &mut inflated)
            .map_err(|e| RunError::io("inflating", file, e))?;
        inflated
    } else {
        text
    };
    let text = text.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if tab { b'\t' } else { b',' })
        .from_reader(text);
    let wrong = |e: csv::Error| {
        let line = e.position().map_or(1, csv::Position::line);
        RunError::Data(format!(
            "{}, line {line}: not a table of equal records",
            file.display()
        ))
    };
    let header = reader.headers().map_err(wrong)?.clone();
    let mut seen: Vec<BTreeMap<String, u64>> = vec![BTreeMap::new(); header.len()];
    let mut rows = 0u64;
    for record in reader.records().take(LOOKED_AT) {
        let record = record.map_err(wrong)?;
        rows += 1;
        for (counts, value) in seen.iter_mut().zip(&record) {
            *counts.entry(value.to_owned()).or_default() += 1;
        }
    }
    let mut made = String::from("data:\n  - table: stays\n    loader: loader-table\n");
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    made.push_str(&format!("    files: [{}]\n", quoted(&name)));
    if tab {
        made.push_str("    delimiter: tab\n");
    }
    made.push_str("    missing: [\"\", \"NA\", \"?\"]\n    # guessed from the file: check every line, above all role, type and available\n    columns:\n");
    for (name, counts) in header.iter().zip(&seen) {
        made.push_str(&format!(
            "      - name: {}\n        type: {}\n",
            quoted(name),
            guess(counts, rows)
        ));
        let listed: Vec<&String> = counts
            .iter()
            .filter(|(v, n)| **n >= SHOWN && !missing(v))
            .map(|(v, _)| v)
            .collect();
        if guess(counts, rows) == "category"
            && listed.len() <= LISTED
            && listed.len() == counts.keys().filter(|v| !missing(v)).count()
        {
            made.push_str(&format!(
                "        codings: [{}]\n",
                listed
                    .iter()
                    .map(|v| quoted(v))
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        if matches!(guess(counts, rows), "identifier" | "text") {
            made.push_str("        role: ignored\n");
        }
        made.push_str("        available: unknown\n");
    }
    Ok(made)
}

fn missing(value: &str) -> bool {
    matches!(value, "" | "NA" | "?")
}

fn guess(counts: &BTreeMap<String, u64>, rows: u64) -> &'static str {
    let present: Vec<&String> = counts.keys().filter(|v| !missing(v)).collect();
    let distinct = present.len() as u64;
    let date = |v: &String| v.len() == 10 && v.parse::<jiff::civil::Date>().is_ok();
    if present.is_empty() {
        "category"
    } else if present.iter().all(|v| v.parse::<i64>().is_ok()) {
        if distinct * 10 > rows * 9 && rows > 100 {
            "identifier"
        } else {
            "integer"
        }
    } else if present
        .iter()
        .all(|v| v.parse::<f64>().is_ok_and(f64::is_finite))
    {
        "number"
    } else if present.iter().all(|v| date(v)) {
        "date"
    } else if distinct * 10 > rows * 9 && rows > 100 {
        "identifier"
    } else if distinct > 1000 {
        "text"
    } else {
        "category"
    }
}

/// A YAML double-quoted string.
fn quoted(value: &str) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "\"\"".to_owned())
}
