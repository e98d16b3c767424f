//! The vocabulary in words.

use autods_board::{
    Body, CheckKind, Decision, Direction, EventBody, Fidelity, HostBody, OutcomeVerdict,
    ProposalBody, RubricItem, Sample, Stage,
};

pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Ingest => "ingest",
        Stage::Govern => "govern",
        Stage::Design => "design",
        Stage::Prepare => "prepare",
        Stage::Explore => "explore",
        Stage::Validate => "validate",
        Stage::Report => "report",
        Stage::Closed => "closed",
    }
}

pub(crate) fn sample(sample: Sample) -> &'static str {
    match sample {
        Sample::OutOfFold => "development, out of fold",
        Sample::LockBox => "lock-box",
    }
}

pub(crate) fn fidelity(fidelity: Fidelity) -> &'static str {
    match fidelity {
        Fidelity::Screen => "screen",
        Fidelity::Full => "full",
    }
}

pub(crate) fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Promote => "promote",
        Decision::Hold => "hold",
        Decision::Revise => "revise",
        Decision::DeadEnd => "dead end",
    }
}

pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Equal => "equal to",
        Direction::AtOrAbove => "at or above",
        Direction::AtOrBelow => "at or below",
    }
}

pub(crate) fn outcome(verdict: OutcomeVerdict) -> &'static str {
    match verdict {
        OutcomeVerdict::Pass => "passed",
        OutcomeVerdict::Warn => "warning",
        OutcomeVerdict::Block => "blocked",
    }
}

pub(crate) fn check(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::ImpossibleOutcome => "impossible outcome",
        CheckKind::SampleSize => "sample size",
        CheckKind::Duplicates => "duplicates",
        CheckKind::GroupOverlap => "group overlap",
        CheckKind::TargetProxy => "target proxy",
        CheckKind::MissingnessProxy => "missingness proxy",
        CheckKind::Identifier => "identifier",
        CheckKind::PostIndex => "known after the index date",
        CheckKind::NearConstant => "near-constant",
        CheckKind::Lint => "keeps to the protocol",
        CheckKind::EventsPerParameter => "events per parameter",
        CheckKind::PairedDifference => "paired difference",
        CheckKind::SeedSpread => "spread over seeds",
        CheckKind::Calibration => "calibration",
        CheckKind::Subgroups => "subgroups",
    }
}

pub(crate) fn rubric(item: RubricItem) -> &'static str {
    match item {
        RubricItem::Leakage => "leakage",
        RubricItem::Population => "population",
        RubricItem::OutcomeDefinition => "outcome definition",
        RubricItem::SampleSize => "sample size",
        RubricItem::ValidationDesign => "validation design",
        RubricItem::Features => "features",
        RubricItem::Complexity => "complexity",
        RubricItem::Calibration => "calibration",
        RubricItem::Fairness => "fairness",
        RubricItem::Duplication => "duplication",
        RubricItem::Interpretability => "interpretability",
    }
}

/// Why a result was not promoted.
pub(crate) fn hindrance(rule: &str) -> &'static str {
    match rule {
        "promotion-needs-all-seeds" => "The result was not run with all preset seeds",
        "promotion-gain-not-shown" => "The gain over the champion was not shown",
        "promotion-calibration" => "The calibration was blocked, or could not be checked",
        "promotion-subgroup-loss" => "A subgroup lost more than the criteria allow",
        "promotion-worse-than-baseline" => "The result was no better than the best baseline",
        "promotion-leakage" => "A leakage check blocked the data",
        _ => "Another criterion was not met",
    }
}

/// What kind of event it is.
pub(crate) fn event(body: &Body) -> &'static str {
    match body {
        Body::Agent(body) => match body {
            EventBody::Proposed(proposal) => match proposal.body {
                ProposalBody::Protocol(_) => "protocol proposed",
                ProposalBody::Features(_) => "feature set proposed",
                ProposalBody::Analysis(_) => "plan proposed",
            },
            EventBody::Endorsed(_) => "endorsed",
            EventBody::Objected(_) => "objected",
            EventBody::Answered(_) => "objection answered",
            EventBody::Accepted(_) => "accepted",
            EventBody::Checked(_) => "check computed",
            EventBody::Hypothesis(_) => "hypothesis opened",
            EventBody::Falsified(_) => "hypothesis falsified",
            EventBody::Experiment(_) => "experiment ended",
            EventBody::Evaluated(_) => "model evaluated",
            EventBody::Verdict(_) => "verdict given",
            EventBody::Promoted(_) => "promoted",
            EventBody::Refused(_) => "action refused",
            EventBody::Other(_) => "other",
        },
        Body::Host(body) => match **body {
            HostBody::Started(_) => "run began",
            HostBody::Entered(_) => "gate opened",
            HostBody::Held(_) => "gate stayed shut",
            HostBody::Loaded(_) => "table loaded",
            HostBody::Selected(_) => "cohort selected",
            HostBody::Profiled(_) => "table profiled",
            HostBody::Identified(_) => "identifier found",
            HostBody::Deidentified(_) => "de-identified",
            HostBody::Locked(_) => "protocol locked",
            HostBody::LockboxCut(_) => "lock-box cut",
            HostBody::LockboxOpened(_) => "lock-box opened",
            HostBody::Claimed(_) => "plan claimed",
            HostBody::Curves(_) => "curves",
            HostBody::Attributed(_) => "attributions",
            HostBody::Leakage(_) => "leakage ledger",
            HostBody::TableOne(_) => "row of the description",
            HostBody::Stated(_) => "statement",
            HostBody::AgentFailed(_) => "agent failed",
            HostBody::Scheduled(_) => "schedule",
            HostBody::Closed(_) => "run ended",
        },
    }
}
