//! Numbers on the board.

use crate::event::{Body, Event};
use crate::vocabulary::Reference;

/// The number that a reference stands for: the value at its JSON pointer (RFC 6901) in the body
/// of its event, if there is such an event, such a place, and a finite number in it.
pub fn resolve(events: &[Event], reference: &Reference) -> Option<f64> {
    let at = usize::try_from(reference.event).ok()?.checked_sub(1)?;
    let event = events.get(at)?;
    number_in(&event.body, &reference.pointer)
}

fn number_in(body: &Body, pointer: &str) -> Option<f64> {
    let value = serde_json::to_value(body).ok()?;
    value
        .pointer(pointer)?
        .as_f64()
        .filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Scene;

    #[test]
    fn only_a_number_of_an_event_that_exists_resolves() {
        let mut scene = Scene::explored();
        let result = scene.experiment(scene.plan, 0.68);
        let refer = |event, pointer: &str| Reference {
            event,
            pointer: pointer.to_owned(),
        };
        let at = |reference| resolve(&scene.events, &reference);
        assert_eq!(at(refer(result, "/Experiment/auroc/value")), Some(0.68));
        for pointer in [
            "",
            "/Experiment",
            "/Experiment/fidelity",
            "/Experiment/auroc/values",
            "Experiment/auroc",
        ] {
            assert_eq!(at(refer(result, pointer)), None, "{pointer}");
        }
        assert_eq!(at(refer(0, "/Experiment/auroc/value")), None);
        assert_eq!(at(refer(u64::MAX, "/Experiment/auroc/value")), None);
    }
}
