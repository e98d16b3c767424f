//! What a plugin says to its author: stripped of everything that could act on a terminal, capped,
//! and kept only where the policy shows it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// How loud a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loudness {
    /// For the author.
    Debug,
    /// Worth knowing.
    Info,
    /// Worth looking at.
    Warn,
}

/// One message of a plugin, fit for a terminal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Message {
    /// The plugin's id.
    pub plugin: String,
    /// The exported function that was running.
    pub export: &'static str,
    /// How loud.
    pub loudness: Loudness,
    /// What it said, without control, escape and direction characters.
    pub text: String,
}

/// Messages that wait for somebody to show them; the oldest go first when there are too many.
#[derive(Default)]
pub(crate) struct Messages(Mutex<VecDeque<Message>>);

/// Messages kept at most.
const KEPT: usize = 10_000;

impl Messages {
    pub(crate) fn push(&self, message: Message) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(message);
    }

    pub(crate) fn take(&self) -> Vec<Message> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
            .collect()
    }
}

/// `text` without characters that act rather than show: controls (ANSI escapes, newlines), bidi
/// overrides and isolates, zero-width and other format characters. Cut at `max` bytes on a
/// character boundary.
pub(crate) fn printable(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    for character in text.chars() {
        let shown = if acts(character) {
            '\u{fffd}'
        } else {
            character
        };
        if out.len() + shown.len_utf8() > max {
            break;
        }
        out.push(shown);
    }
    out
}

/// Whether a character acts on a terminal or on the reading direction instead of showing.
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
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
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_newlines_and_direction_overrides_do_not_reach_a_terminal() {
        let shown = printable("a\x1b[31mb\nc\u{202e}d\r\u{200b}", 100);
        assert_eq!(shown, "a\u{fffd}[31mb\u{fffd}c\u{fffd}d\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_message_is_cut_on_a_character_boundary() {
        assert_eq!(printable("aéé", 4), "aé");
    }
}
