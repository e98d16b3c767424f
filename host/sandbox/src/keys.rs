//! Keys of a TOML file: an unknown one is an error that names its place and the nearest known key.

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// Which keys a file may have.
pub(crate) enum Keys {
    /// A value of any kind.
    Leaf,
    /// A table with exactly these keys, all of them optional here.
    Table(&'static [(&'static str, Keys)]),
    /// A table whose keys are names that the file's author chose.
    Named(&'static Keys),
    /// A list of such tables.
    List(&'static Keys),
}

/// Why a TOML file of ours cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error("{file}: {kind}")]
    Io {
        /// Which file.
        file: String,
        /// What the operating system said, as a kind.
        kind: std::io::ErrorKind,
    },
    /// It is not TOML, or a value has the wrong type.
    #[error("{file}:{line}: {what}")]
    Syntax {
        /// Which file.
        file: String,
        /// Line, from 1; 0 where the fault is a missing key.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// It has a key that nobody reads.
    #[error("{file}:{line}: unknown key `{key}`{}", suggestion(.nearest.as_deref()))]
    UnknownKey {
        /// Which file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The key with its tables, such as `limits.memory-mb`.
        key: String,
        /// The nearest key that exists.
        nearest: Option<String>,
    },
    /// A value is outside its range.
    #[error("{file}: `{key}` is {value}, but must be between {min} and {max}")]
    OutOfRange {
        /// Which file.
        file: String,
        /// The key with its tables.
        key: String,
        /// The value found.
        value: u64,
        /// Least value allowed.
        min: u64,
        /// Greatest value allowed.
        max: u64,
    },
    /// A value has the right type but makes no sense.
    #[error("{file}: `{key}` {what}")]
    Invalid {
        /// Which file.
        file: String,
        /// The key with its tables.
        key: String,
        /// What is wrong and what would be right.
        what: String,
    },
}

impl FileError {
    /// The line that it is about, from 1, where it is about one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Syntax { line, .. } | Self::UnknownKey { line, .. } => {
                Some(*line).filter(|line| *line > 0)
            }
            Self::Io { .. } | Self::OutOfRange { .. } | Self::Invalid { .. } => None,
        }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    match nearest {
        Some(key) => format!("; did you mean `{key}`?"),
        None => String::new(),
    }
}

/// Reads `text` as a `T` after its keys were checked against `keys`.
pub(crate) fn read<T: DeserializeOwned>(
    file: &str,
    text: &str,
    keys: &Keys,
) -> Result<T, FileError> {
    let table = DeTable::parse(text).map_err(|error| syntax(file, text, &error))?;
    check(file, text, "", table.get_ref(), keys)?;
    toml::from_str(text).map_err(|error| syntax(file, text, &error))
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> FileError {
    FileError::Syntax {
        file: file.to_owned(),
        line: error.span().map_or(0, |span| line_of(text, span.start)),
        what: crate::message::printable(error.message(), 300),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let end = offset.min(text.len());
    1 + text.as_bytes()[..end]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
}

fn check(
    file: &str,
    text: &str,
    path: &str,
    table: &DeTable<'_>,
    keys: &Keys,
) -> Result<(), FileError> {
    for (key, value) in table {
        let name: &str = key.get_ref();
        let full = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        let inner = match keys {
            Keys::Leaf | Keys::List(_) => return Ok(()),
            Keys::Named(inner) => *inner,
            Keys::Table(known) => match known.iter().find(|(known, _)| *known == name) {
                Some((_, inner)) => inner,
                None => {
                    return Err(FileError::UnknownKey {
                        file: file.to_owned(),
                        line: line_of(text, key.span().start),
                        key: crate::message::printable(&full, 120),
                        nearest: nearest(name, known.iter().map(|(known, _)| *known))
                            .map(str::to_owned),
                    });
                }
            },
        };
        match (value.get_ref(), inner) {
            (DeValue::Table(table), _) => check(file, text, &full, table, inner)?,
            (DeValue::Array(items), Keys::List(inner)) => {
                for item in items.iter() {
                    if let DeValue::Table(table) = item.get_ref() {
                        check(file, text, &full, table, inner)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The candidate most like `name`, if any is alike at all (Jaro-Winkler above 0.7).
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Reads at most `max` bytes of a text file.
pub(crate) fn read_text(path: &std::path::Path, max: u64) -> Result<String, FileError> {
    use std::io::Read;
    let file = path.display().to_string();
    let io = |kind| FileError::Io {
        file: file.clone(),
        kind,
    };
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|handle| handle.take(max.saturating_add(1)).read_to_string(&mut text))
        .map_err(|error| io(error.kind()))?;
    if text.len() as u64 > max {
        return Err(io(std::io::ErrorKind::FileTooLarge));
    }
    Ok(text)
}
