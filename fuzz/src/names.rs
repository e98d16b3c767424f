//! Texts and names that a plugin chose, and the patterns that they are held against.
//!
//! Promise: what is shown holds no character that acts, is a prefix of what was said and not too
//! long; a pattern means what it means elsewhere; and a name of an output column is made of known
//! words only.

use std::collections::BTreeSet;

use autods_sandbox::{fuzzing, method::OutputNames};
use autods_signature::glob;

use crate::assert_shown;

/// Lines: a limit in its first character, a text, a pattern, a name.
pub fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (limit, pattern, name) = (line(), line(), line());
    shown(
        limit.chars().next().map_or(0, |first| first as usize),
        &text,
    );
    matched(pattern, name);
    named(name);
}

fn shown(limit: usize, text: &str) {
    let shown = fuzzing::printable(text, limit);
    assert!(shown.len() <= limit);
    assert!(!shown.contains('\n'));
    assert_shown("a text that was made printable", &shown);
    assert_eq!(
        fuzzing::printable(&shown, limit),
        shown,
        "shown twice it changes"
    );
    let mut said = text.chars();
    for character in shown.chars() {
        let own = said.next().expect("nothing is added");
        assert!(own == character || (character == '\u{fffd}' && fuzzing::acts(own)));
    }
}

/// Against the textbook's table of prefixes.
fn matched(pattern: &str, text: &str) {
    let (pattern_bytes, text_bytes) = (pattern.as_bytes(), text.as_bytes());
    if pattern_bytes.len() > 256 || text_bytes.len() > 256 {
        let _ = glob::matches(pattern, text);
        return;
    }
    let mut before = vec![false; text_bytes.len() + 1];
    before[0] = true;
    for &byte in pattern_bytes {
        let mut now = vec![false; text_bytes.len() + 1];
        now[0] = before[0] && byte == b'*';
        for at in 1..now.len() {
            now[at] = match byte {
                b'*' => now[at - 1] || before[at],
                b'?' => before[at - 1],
                byte => before[at - 1] && byte == text_bytes[at - 1],
            };
        }
        before = now;
    }
    assert_eq!(
        glob::matches(pattern, text),
        before[text_bytes.len()],
        "{pattern:?} {text:?}"
    );
}

const COLUMNS: [&str; 4] = ["age", "drug", "a=b", "c:d|e"];
const LEVELS: [&str; 3] = ["Up", "[0-10)", "x|y"];
const VOCABULARY: [&str; 3] = ["missing", "target", "rare"];

/// An allowed name can be cut into known words and the marks between them.
fn named(name: &str) {
    let set = |words: &[&str]| -> BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    };
    let names = OutputNames {
        columns: set(&COLUMNS),
        levels: set(&LEVELS),
    };
    if !fuzzing::allows(&names, name, &set(&VOCABULARY)) {
        return;
    }
    let words = [&COLUMNS[..], &LEVELS, &VOCABULARY, &["=", ":", "|"]].concat();
    let mut reached = BTreeSet::from([0]);
    while let Some(at) = reached.pop_first() {
        if at == name.len() {
            return;
        }
        let rest = &name[at..];
        reached.extend(
            words
                .iter()
                .filter(|word| rest.starts_with(**word))
                .map(|word| at + word.len()),
        );
    }
    panic!("{name:?} is allowed, but not made of known words");
}

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "\u{50}\nlab-*\nlab-csv\na\u{1b}[31mb\u{202e}c\u{200b}",
        "\u{5}\na*b*c?\naxxbxxbcd",
        "~\n*\nage=[0-10)",
        "~\n?\ndrug:target=Up|x|y",
        "~\n**\na=b=missing",
        "~\n\nc:d|e:rare",
        "\u{3}\né*\né",
    ]
    .map(|text| text.into())
    .into()
}
