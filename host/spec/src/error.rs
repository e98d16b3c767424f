//! What can be wrong with a file, and how it is said.

use std::fmt;

/// A fault in TASK.md, LAUNCH.md or runbook.md, with its place.
///
/// Its `Display` says all of it in one line:
/// `TASK.md:14:3: unknown key `endpiont`; did you mean `endpoint`? Valid here: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The file as the caller named it.
    pub file: String,
    /// Line in the file, from 1; 0 where the file could not be read at all.
    pub line: u64,
    /// Column in that line in characters, from 1; 0 where it is not known.
    pub column: u64,
    /// Where in the structure, such as `data[0].columns[3].type`; empty at the top.
    pub place: String,
    /// What is wrong.
    pub fault: Box<Fault>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file cannot be read; the system's reason.
    Unreadable(String),
    /// The file does not begin with a line `---`.
    NoFrontMatter,
    /// The front matter is not closed by a second line `---`.
    UnclosedFrontMatter,
    /// Not YAML, or YAML beyond the limits of the parser; the parser's words.
    Syntax(String),
    /// A key that is not known there.
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest valid key, if one is near.
        nearest: Option<String>,
        /// All valid keys.
        valid: Vec<String>,
    },
    /// A word that is not one of the allowed words.
    UnknownValue {
        /// The word.
        value: String,
        /// The nearest allowed word, if one is near.
        nearest: Option<String>,
        /// All allowed words.
        valid: Vec<String>,
    },
    /// A key that must be there is not.
    MissingKey(String),
    /// A key stands twice in the same mapping.
    DuplicateKey(Option<String>),
    /// A value of the wrong type.
    WrongType {
        /// What is expected.
        expected: String,
        /// What was found, where it is known.
        found: Option<String>,
    },
    /// A value outside its range.
    OutOfRange {
        /// The value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// A name that refers to nothing.
    UnknownName {
        /// What the name should be the name of, such as `column`.
        of: String,
        /// The name.
        name: String,
        /// The nearest that exists, if one is near.
        nearest: Option<String>,
    },
    /// Two parts of the file that cannot both hold; in words.
    Contradiction(String),
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(&mut Plain(f))
    }
}

impl SpecError {
    fn say(&self, f: &mut impl fmt::Write) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        write!(f, ": ")?;
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}", self.fault)
    }
}

impl std::error::Error for SpecError {}

/// Keys and values of a file stand in its errors, and a file may come from anybody: what would act
/// on the reader's terminal (controls, escapes) or on the direction of the text is replaced.
struct Plain<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Plain<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            let acts = character.is_control()
                || matches!(
                    character,
                    '\u{00ad}'
                        | '\u{061c}'
                        | '\u{180e}'
                        | '\u{200b}'..='\u{200f}'
                        | '\u{2028}'..='\u{202e}'
                        | '\u{2060}'..='\u{206f}'
                        | '\u{feff}'
                        | '\u{fff9}'..='\u{fffb}'
                        | '\u{e0000}'..='\u{e007f}'
                );
            self.0.write_char(if acts { '\u{fffd}' } else { character })
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::NoFrontMatter => write!(
                f,
                "no front matter: the first line must be `---`, followed by YAML and a second `---` line"
            ),
            Self::UnclosedFrontMatter => {
                write!(
                    f,
                    "the front matter is not closed: add a line `---` after the YAML"
                )
            }
            Self::Syntax(why) => write!(f, "{why}"),
            Self::UnknownKey {
                key,
                nearest,
                valid,
            } => {
                write!(f, "unknown key `{key}`")?;
                guess(f, nearest.as_deref())?;
                list(f, "Valid here", valid)
            }
            Self::UnknownValue {
                value,
                nearest,
                valid,
            } => {
                write!(f, "unknown value `{value}`")?;
                guess(f, nearest.as_deref())?;
                list(f, "Valid here", valid)
            }
            Self::MissingKey(key) => write!(f, "the key `{key}` is missing"),
            Self::DuplicateKey(Some(key)) => write!(f, "the key `{key}` stands twice"),
            Self::DuplicateKey(None) => write!(f, "a key stands twice"),
            Self::WrongType { expected, found } => {
                write!(f, "expected {expected}")?;
                match found {
                    Some(found) => write!(f, ", found {found}"),
                    None => Ok(()),
                }
            }
            Self::OutOfRange { value, allowed } => {
                write!(f, "`{value}` is out of range: {allowed}")
            }
            Self::UnknownName { of, name, nearest } => {
                write!(f, "there is no {of} `{name}`")?;
                guess(f, nearest.as_deref())
            }
            Self::Contradiction(words) => write!(f, "{words}"),
        }
    }
}

fn guess(f: &mut fmt::Formatter<'_>, nearest: Option<&str>) -> fmt::Result {
    match nearest {
        Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
        None => Ok(()),
    }
}

fn list(f: &mut fmt::Formatter<'_>, intro: &str, words: &[String]) -> fmt::Result {
    if words.is_empty() {
        return Ok(());
    }
    write!(f, " {intro}: {}", words.join(", "))
}
