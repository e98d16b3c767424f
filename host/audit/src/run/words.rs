//! Names and units, in the words of a reader.

use autods_ledger::{
    Aggregate, Authority, Coverage, Decision, HeadSignature, KeyAction, KeyKind, Outcome, Recipient,
};

/// An agent's instance name, or `report`.
pub(crate) fn name(to: &Recipient) -> String {
    match to {
        Recipient::Agent { instance, .. } => instance.clone(),
        Recipient::Report => "report".to_owned(),
    }
}

pub(crate) fn aggregate(aggregate: Aggregate) -> &'static str {
    match aggregate {
        Aggregate::Catalogue => "catalogue",
        Aggregate::Profile => "profile",
        Aggregate::Identifiers => "identifiers found",
        Aggregate::Counts => "counts of rows",
        Aggregate::Check => "checks",
        Aggregate::Experiment => "experiments",
        Aggregate::Evaluation => "evaluations",
        Aggregate::Curves => "curves",
        Aggregate::Attributions => "attributions",
        Aggregate::TableOne => "Table 1",
    }
}

pub(crate) fn authority(by: Option<Authority>) -> &'static str {
    match by {
        Some(Authority::Manifest) => "manifest",
        Some(Authority::Policy) => "policy",
        Some(Authority::Task) => "task",
        Some(Authority::Role) => "role",
        None => "rules of host and board",
    }
}

pub(crate) fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::Full => "full",
        Coverage::Partial => "partial",
        Coverage::None => "none",
    }
}

pub(crate) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Propose => "made a proposal",
        Decision::Endorse => "endorsed a proposal",
        Decision::Object => "objected",
        Decision::Answer => "answered or withdrew an objection",
        Decision::Accept => "found a proposal accepted",
        Decision::Hypothesise => "opened a hypothesis",
        Decision::Falsify => "found a hypothesis falsified",
        Decision::Promote => "asked for promotion, or signed off",
        Decision::Hold => "kept a result in mind",
        Decision::Revise => "asked for a revision",
        Decision::DeadEnd => "closed a direction",
        Decision::Champion => "made a result the champion",
        Decision::Refuse => "was refused",
        Decision::LockProtocol => "locked the protocol",
    }
}

pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "completed",
        Outcome::Held => "held: a gate stayed shut",
        Outcome::Stopped => "stopped by a person",
        Outcome::Failed => "failed",
    }
}

pub(crate) fn key(key: KeyKind) -> &'static str {
    match key {
        KeyKind::Run => "the run's key (pseudonyms, date shifts)",
        KeyKind::Host => "the host's key (signs this ledger)",
    }
}

pub(crate) fn action(action: KeyAction) -> &'static str {
    match action {
        KeyAction::Made => "made",
        KeyAction::Read => "read",
        KeyAction::Destroyed => "destroyed",
    }
}

/// What is known about the head, as a sentence.
pub(crate) fn signature(signature: &HeadSignature) -> String {
    match signature {
        HeadSignature::Open { signed: None } => {
            "the run is not closed, and no part of its ledger is signed".to_owned()
        }
        HeadSignature::Open {
            signed: Some(record),
        } => format!(
            "the run is not closed: the ledger is signed up to record {record}, what follows is only chained"
        ),
        HeadSignature::Unchecked { key } => {
            format!("signed by key {key}, not checked: no public key given")
        }
        HeadSignature::Checked { key, .. } => {
            format!("signed by key {key}, checked with its public key")
        }
    }
}

/// Bytes in a unit that a person reads.
pub(crate) fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// Seconds with milliseconds.
pub(crate) fn seconds(micros: u64) -> String {
    format!("{:.3} s", micros as f64 / 1e6)
}

/// The beginning of a digest, enough to tell files apart on a screen.
pub(crate) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// Seconds of an instant; the ledger has microseconds.
pub(crate) fn instant(at: &str) -> String {
    match at.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => at.to_owned(),
    }
}

/// Text of a ledger for a terminal: a ledger is somebody else's file, so nothing in it may act on
/// the screen.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| {
            let acts = c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            if acts { '\u{fffd}' } else { c }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_ledger_acts_on_the_screen() {
        assert_eq!(
            plain("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d"
        );
    }

    #[test]
    fn instants_and_bytes_are_short() {
        assert_eq!(
            instant("2026-01-31T09:00:00.000001Z"),
            "2026-01-31T09:00:00Z"
        );
        assert_eq!(instant("2026-01-31T09:00:00Z"), "2026-01-31T09:00:00Z");
        assert_eq!(bytes(9_999), "9999 B");
        assert_eq!(bytes(4_200_000), "4200.0 kB");
    }
}
