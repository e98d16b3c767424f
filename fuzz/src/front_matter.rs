//! What the three Markdown files have in common.

use std::fmt::Write as _;

use autods_spec::SpecError;
use serde::Serialize;

use crate::assert_shown;

/// Promise: what is accepted means the same when it is written and read, and a refusal can be
/// shown.
pub fn hold<T: Serialize + PartialEq + std::fmt::Debug>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, SpecError>,
) {
    let value = match parse(text) {
        Ok(value) => value,
        Err(error) => return assert_shown("a refusal", &error.to_string()),
    };
    let again = written(&value);
    let read = parse(&again)
        .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{again}"));
    assert_eq!(
        read, value,
        "it is another when it is written and read:\n{again}"
    );
}

/// As JSON, which is YAML too where no character beyond ASCII stands in it as itself.
fn written<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("it can be written");
    let mut text = String::from("---\n");
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            text.push(character);
        } else {
            let _ = write!(text, "\\U{:08x}", character as u32);
        }
    }
    text.push_str("\n---\n");
    text
}
