//! From a file's text to a typed value, with every fault in its place.

use crate::error::{Fault, SpecError};
use crate::front_matter;
use crate::nearest::nearest;
use crate::place::{Node, Places};
use serde::de::DeserializeOwned;
use serde_saphyr::options::NonFiniteFloatPolicy;
use serde_saphyr::{Error, Options};
use std::path::Path;

/// What a file said, and where it said it.
#[derive(Debug)]
pub(crate) struct Reading<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// A file's name and its places; makes errors.
#[derive(Debug)]
pub(crate) struct Source {
    file: String,
    places: Places,
}

impl Source {
    /// An error at `path`, which need not stand in the file itself.
    pub(crate) fn error(&self, path: &str, fault: Fault) -> SpecError {
        let (line, column) = self.places.locate(path);
        SpecError {
            file: self.file.clone(),
            line,
            column,
            place: path.to_owned(),
            fault: Box::new(fault),
        }
    }

    /// `Ok` when `holds`, an out-of-range error at `path` otherwise.
    pub(crate) fn in_range(
        &self,
        path: &str,
        value: impl ToString,
        holds: bool,
        allowed: &str,
    ) -> Result<(), SpecError> {
        if holds {
            return Ok(());
        }
        let fault = Fault::OutOfRange {
            value: value.to_string(),
            allowed: allowed.to_owned(),
        };
        Err(self.error(path, fault))
    }

    /// `Ok` when `names` has `name`, an error that names the nearest otherwise.
    pub(crate) fn known<'a>(
        &self,
        path: &str,
        of: &str,
        name: &str,
        names: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Result<(), SpecError> {
        if names.clone().into_iter().any(|known| known == name) {
            return Ok(());
        }
        let fault = Fault::UnknownName {
            of: of.to_owned(),
            name: name.to_owned(),
            nearest: nearest(name, names),
        };
        Err(self.error(path, fault))
    }

    /// `Ok` when no name stands twice in `names`.
    pub(crate) fn distinct<T: PartialEq + ToString>(
        &self,
        path: &str,
        what: &str,
        names: &[T],
    ) -> Result<(), SpecError> {
        for (i, name) in names.iter().enumerate() {
            if names[..i].contains(name) {
                let words = format!("the {what} `{}` stands twice", name.to_string());
                return Err(self.error(&format!("{path}[{i}]"), Fault::Contradiction(words)));
            }
        }
        Ok(())
    }
}

/// Read a file of at most 4 MiB.
pub(crate) fn text_of(path: &Path) -> Result<String, SpecError> {
    const LIMIT: u64 = 4 << 20;
    let unreadable = |why: String| SpecError {
        file: path.display().to_string(),
        line: 0,
        column: 0,
        place: String::new(),
        fault: Box::new(Fault::Unreadable(why)),
    };
    let size = std::fs::metadata(path)
        .map_err(|e| unreadable(e.to_string()))?
        .len();
    if size > LIMIT {
        return Err(unreadable(format!(
            "it has {size} bytes; at most {LIMIT} are read"
        )));
    }
    std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))
}

/// Parse the front matter of `text`.
pub(crate) fn front_matter_of<T: DeserializeOwned>(
    file: &str,
    text: &str,
) -> Result<Reading<T>, SpecError> {
    let cut = front_matter::split(text).map_err(|(line, fault)| SpecError {
        file: file.to_owned(),
        line,
        column: 0,
        place: String::new(),
        fault: Box::new(fault),
    })?;
    let places = Places::of(serde_saphyr::from_str_with_options::<Node>(cut.yaml, options()).ok());
    match serde_saphyr::from_str_with_options::<T>(cut.yaml, options()) {
        Ok(value) => Ok(Reading {
            value,
            source: Source {
                file: file.to_owned(),
                places,
            },
        }),
        Err(error) => Err(translate(file, &places, &error)),
    }
}

/// What follows the front matter.
pub(crate) fn body_of(text: &str) -> &str {
    front_matter::split(text)
        .map(|cut| cut.body)
        .unwrap_or_default()
}

fn options() -> Options {
    serde_saphyr::options! {
        // `NO` is a code of a category, not a truth value
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::Reject,
        with_snippet: false,
    }
}

fn translate(file: &str, places: &Places, error: &Error) -> SpecError {
    let mut error = error.without_snippet();
    if let Error::AliasError { error: inner, .. } = error {
        error = inner.without_snippet();
    }
    let (line, column) = error
        .location()
        .map_or((1, 0), |at| (at.line(), at.column()));
    let words = |list: &[&'static str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let fault = match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => Fault::UnknownKey {
            key: field.clone(),
            nearest: nearest(field, expected.iter().copied()),
            valid: words(expected),
        },
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => Fault::UnknownValue {
            value: variant.clone(),
            nearest: nearest(variant, expected.iter().copied()),
            valid: words(expected),
        },
        Error::SerdeMissingField { field, .. } => Fault::MissingKey((*field).to_owned()),
        Error::DuplicateMappingKey { key, .. } => Fault::DuplicateKey(key.clone()),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => Fault::WrongType {
            expected: expected.clone(),
            found: Some(unexpected.clone()),
        },
        Error::InvalidScalar { ty, .. } => Fault::WrongType {
            expected: format!("a value of type {ty}"),
            found: None,
        },
        Error::InvalidBooleanStrict { .. } => Fault::WrongType {
            expected: "`true` or `false`".to_owned(),
            found: None,
        },
        Error::NullIntoString { .. } => Fault::WrongType {
            expected: "a text; quote it if it is meant to be `null` or `~`".to_owned(),
            found: None,
        },
        Error::Unexpected { expected, .. } => Fault::WrongType {
            expected: (*expected).to_owned(),
            found: None,
        },
        Error::Message { msg, .. } => Fault::Syntax(msg.clone()),
        other => Fault::Syntax(sentence(&other.to_string())),
    };
    SpecError {
        file: file.to_owned(),
        line,
        column,
        place: places.around(line, column),
        fault: Box::new(fault),
    }
}

/// The parser's message without its own line number, which would be said twice.
fn sentence(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    let cut = first.find(" at line ").map_or(first, |at| &first[..at]);
    cut.trim_start_matches("error: ").to_owned()
}
