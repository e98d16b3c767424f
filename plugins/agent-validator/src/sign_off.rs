//! The sign-off of the champion: calibration, subgroups and the spread over seeds.
//!
//! Discrimination alone is not enough to use a risk: it has to be calibrated, hold in the groups
//! that the protocol names, and not hang on a seed (STRATOS guidance, Van Calster et al. 2025;
//! PROBAST+AI). Asking for these checks is what opens the lock-box, once.

use autods_sdk::agent::{
    Action, Briefing, CheckKind, CheckTarget, Decision, EventBody, EventId, OutcomeVerdict, Stage,
    Verdict,
};

/// What is asked for, and what a block means.
const CHECKS: [(CheckKind, &str); 3] = [
    (
        CheckKind::Calibration,
        "The predicted risks do not agree with what happened.",
    ),
    (
        CheckKind::Subgroups,
        "The model serves a declared group too much worse than the others.",
    ),
    (
        CheckKind::SeedSpread,
        "The result hangs on the seed more than on the model.",
    ),
];

/// Requests what is missing; with everything on the board, signs or sends back, once.
pub(crate) fn sign_off(briefing: &Briefing) -> Vec<Action> {
    let Some(champion) = briefing.champion else {
        return Vec::new();
    };
    if is_signed(briefing, champion) {
        return Vec::new();
    }
    let about = CheckTarget::Event(champion);
    let waiting: Vec<Action> = CHECKS
        .iter()
        .filter(|(kind, _)| briefing.check(*kind, &about).is_none())
        .filter(|(kind, _)| *kind == CheckKind::Calibration || !is_refused(briefing))
        .map(|(kind, _)| Action::RequestCheck((*kind, about.clone())))
        .collect();
    if !waiting.is_empty() {
        return waiting;
    }
    let found = |wanted: OutcomeVerdict| {
        CHECKS.iter().find_map(|&(kind, why)| {
            let (id, check) = briefing.check(kind, &about)?;
            (check.verdict == wanted).then_some((id, why))
        })
    };
    let verdict = |decision, evidence, remark: &str| {
        vec![Action::GiveVerdict(Verdict {
            result: champion,
            decision,
            evidence,
            dead_end: None,
            remark: remark.to_owned(),
        })]
    };
    if let Some((evidence, why)) = found(OutcomeVerdict::Block) {
        verdict(Decision::Revise, evidence, why)
    } else if let Some((evidence, _)) = found(OutcomeVerdict::Warn) {
        verdict(
            Decision::Promote,
            evidence,
            "Signed with a reservation: this check warns, and the report has to say so.",
        )
    } else {
        let calibration = found(OutcomeVerdict::Pass).map_or(champion, |(id, _)| id);
        verdict(
            Decision::Promote,
            calibration,
            "Signed: no check that could be made of the champion warns or blocks.",
        )
    }
}

/// Whether the host found a request of this stage to have no object: where every declared group
/// is too small, there are no subgroups to check, and waiting for them would hold the run up. The
/// report says that these groups were too small to judge.
fn is_refused(briefing: &Briefing) -> bool {
    briefing.events.iter().any(|event| {
        event.stage == Stage::Validate
            && matches!(&event.body, EventBody::Refused(rule) if rule == "nothing-to-check")
    })
}

/// Whether this agent has given its verdict on that result.
fn is_signed(briefing: &Briefing, champion: EventId) -> bool {
    briefing.events.iter().any(|event| {
        event.author == briefing.card.instance
            && matches!(&event.body, EventBody::Verdict(verdict) if verdict.result == champion)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use autods_sdk::agent::{Role, TicketKind};
    use autods_sdk::testkit::BriefingBuilder;

    fn start() -> BriefingBuilder {
        BriefingBuilder::new(Role::Validator, "validator")
            .stage(Stage::Validate)
            .with(|briefing| briefing.champion = Some(40))
            .ticket(TicketKind::SignOff, 40)
    }

    fn with(calibration: OutcomeVerdict, subgroups: OutcomeVerdict) -> BriefingBuilder {
        let about = CheckTarget::Event(40);
        start()
            .checked(CheckKind::Calibration, about.clone(), calibration)
            .checked(CheckKind::Subgroups, about.clone(), subgroups)
            .checked(CheckKind::SeedSpread, about, OutcomeVerdict::Pass)
    }

    fn decision(builder: &BriefingBuilder) -> (Decision, EventId) {
        match sign_off(&builder.clone().build()).as_slice() {
            [Action::GiveVerdict(verdict)] => (verdict.decision, verdict.evidence),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn groups_too_small_to_check_do_not_hold_the_run_up() {
        let small = start()
            .checked(
                CheckKind::Calibration,
                CheckTarget::Event(40),
                OutcomeVerdict::Pass,
            )
            .checked(
                CheckKind::SeedSpread,
                CheckTarget::Event(40),
                OutcomeVerdict::Pass,
            );
        assert!(matches!(
            sign_off(&small.clone().build()).as_slice(),
            [Action::RequestCheck((CheckKind::Subgroups, _))]
        ));
        let refused = small.event("host", EventBody::Refused("nothing-to-check".to_owned()));
        assert_eq!(decision(&refused), (Decision::Promote, 1));
    }

    #[test]
    fn a_champion_is_signed_only_on_three_checks_and_only_once() {
        use OutcomeVerdict::{Block, Pass, Warn};
        assert_eq!(sign_off(&start().build()).len(), 3);
        assert_eq!(decision(&with(Pass, Pass)), (Decision::Promote, 1));
        assert_eq!(decision(&with(Pass, Warn)), (Decision::Promote, 2));
        assert_eq!(decision(&with(Pass, Block)), (Decision::Revise, 2));
        let signed = with(Pass, Pass);
        let Some(Action::GiveVerdict(verdict)) = sign_off(&signed.clone().build()).pop() else {
            panic!("no verdict");
        };
        let done = signed.event("validator", EventBody::Verdict(verdict));
        assert!(sign_off(&done.build()).is_empty());
    }
}
