//! Lists of events, with runs drawn together.

use autods_board::EventId;

/// `4, 5, 6, 9` as `(4, 6)` and `(9, 9)`; the numbers ascend.
pub(crate) fn runs(events: &[EventId]) -> Vec<(EventId, EventId)> {
    let mut runs: Vec<(EventId, EventId)> = Vec::new();
    for event in events {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *event => *last = *event,
            _ => runs.push((*event, *event)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_run() {
        assert_eq!(runs(&[4, 5, 6, 9]), [(4, 6), (9, 9)]);
        assert!(runs(&[]).is_empty());
    }
}
