//! What the teams tried, and why it was kept or dropped.

use autods_sdk::agent::{
    Briefing, CheckKind, CheckTarget, DeadEnd, Direction, EventBody, EventId, ProposalBody, Scalar,
    Section,
};

use crate::facts;
use crate::sentence::Sentence;
use crate::words;

pub(super) fn say(briefing: &Briefing) -> Vec<Sentence> {
    let mut said = Vec::new();
    for team in facts::teams(briefing) {
        said.extend(best(briefing, team));
        said.extend(falsified(briefing, team));
        said.extend(dead_ends(briefing, team));
    }
    said.extend(promotions(briefing));
    said.extend(stopped(briefing));
    said
}

fn say_that(text: impl Into<String>) -> Sentence {
    Sentence::new(Section::Exploration, text)
}

fn best(briefing: &Briefing, team: &str) -> Option<Sentence> {
    let name = words::team(team);
    Some(match facts::best_of(briefing, team) {
        Some((id, _, plan)) => say_that(format!(
            "Team {name} worked with {}. Its best plan reached an AUROC of {{0}} (confidence \
             interval {{1}} to {{2}}), out of fold and as a mean over {{3}} seeds.",
            words::model(&plan.method)
        ))
        .with_estimate(id, "/Experiment/auroc")
        .with(id, "/Experiment/seeds"),
        None => say_that(format!(
            "Team {name} has no result over all seeds: its plans were screened out, refused, or not \
             reached before the budget was spent."
        )),
    })
}

/// Hypotheses of the team that met their own falsification rule.
fn falsified(briefing: &Briefing, team: &str) -> Vec<Sentence> {
    briefing
        .events
        .iter()
        .filter(|event| event.author == team)
        .filter_map(|event| match &event.body {
            EventBody::Hypothesis(hypothesis) => Some((event.id, hypothesis)),
            _ => None,
        })
        .filter(|(id, _)| {
            let end = EventBody::Falsified(*id);
            briefing.events.iter().any(|event| event.body == end)
        })
        .map(|(id, hypothesis)| {
            say_that(format!(
                "Its expectation “{}” did not hold: the gain stayed below {{0}}, where {{1}} had been \
                 predicted.",
                hypothesis.statement.trim_end_matches('.')
            ))
            .with(id, "/Hypothesis/falsified_below")
            .with(id, "/Hypothesis/prediction")
        })
        .collect()
}

/// Directions that the team closed for everybody.
fn dead_ends(briefing: &Briefing, team: &str) -> Vec<Sentence> {
    briefing
        .events
        .iter()
        .filter(|event| event.author == team)
        .filter_map(|event| match &event.body {
            EventBody::Verdict(verdict) => Some((event.id, verdict.dead_end.as_ref()?)),
            _ => None,
        })
        .map(|(id, dead)| dead_end(id, dead))
        .collect()
}

fn dead_end(id: EventId, dead: &DeadEnd) -> Sentence {
    let model = words::model(&dead.method);
    let variant = match dead.value {
        Scalar::Number(_) => "Number",
        Scalar::Integer(_) => "Integer",
        _ => {
            return say_that(format!(
                "It gave up {model} altogether: nothing on its ladder came near the champion."
            ));
        }
    };
    let way = match dead.direction {
        Direction::Equal => "at",
        Direction::AtOrAbove => "at or above",
        Direction::AtOrBelow => "at or below",
    };
    say_that(format!(
        "A dead end: {model} with {} {way} {{0}} does worse by more than chance. No plan in that \
         direction was run again.",
        dead.axis.replace('-', " ")
    ))
    .with(id, &format!("/Verdict/dead_end/value/{variant}"))
}

/// How the champion came about.
fn promotions(briefing: &Briefing) -> Vec<Sentence> {
    let mut said = Vec::new();
    for event in &briefing.events {
        let EventBody::Promoted(result) = event.body else {
            continue;
        };
        let Some(EventBody::Experiment(experiment)) = briefing.event(result).map(|e| &e.body)
        else {
            continue;
        };
        let by = briefing
            .event(experiment.plan)
            .map_or("a team", |plan| words::team(&plan.author));
        let anew = briefing.checks().find(|(_, check)| {
            check.kind == CheckKind::PairedDifference && check.target == CheckTarget::Event(result)
        });
        said.push(match (&experiment.gain, anew) {
            (None, Some((id, _))) => say_that(format!(
                "A plan of team {by} then took its place: on the same rows it was better by {{0}} \
                 (confidence interval {{1}} to {{2}})."
            ))
            .with(id, "/Checked/statistic")
            .with(id, "/Checked/numbers/0/value/Number")
            .with(id, "/Checked/numbers/1/value/Number"),
            (None, None) => say_that(format!(
                "The first champion came from team {by}, with an AUROC of {{0}}."
            ))
            .with(result, "/Experiment/auroc/value"),
            (Some(_), _) => say_that(format!(
                "A plan of team {by} then took its place: on the same rows it was better by {{0}} \
                 (confidence interval {{1}} to {{2}})."
            ))
            .with_estimate(result, "/Experiment/gain"),
        });
    }
    if said.is_empty() {
        said.push(say_that("No result became the champion."));
    }
    said
}

/// Whether objections stopped plans before any compute was spent.
fn stopped(briefing: &Briefing) -> Option<Sentence> {
    let objected = briefing.events.iter().any(|event| match &event.body {
        EventBody::Objected(objection) => briefing
            .proposal(objection.critique.target)
            .is_some_and(|proposal| matches!(proposal.body, ProposalBody::Analysis(_))),
        _ => false,
    });
    let text = if objected {
        "Critics objected to some plans before they ran, and these plans were made simpler or given \
         up."
    } else {
        "Every plan that ran had been endorsed by its critics, each citing a check; \
         none met an objection."
    };
    (!facts::teams(briefing).is_empty()).then(|| say_that(text))
}
