//! Plans in words, and what became of them.

use autods_board::{EventId, Plan, Stage};

use crate::{
    ReportError,
    document::Line,
    reading::{Found, Reading},
    sections::checks,
    words,
};

/// Learner and parameters.
pub(crate) fn method(reading: &Reading<'_>, plan: &Found<'_, Plan>) -> Result<Line, ReportError> {
    let at = "/Proposed/body/Analysis";
    let name = reading.resolver.code(plan.id(), &format!("{at}/method"))?;
    Ok(if plan.body.params.is_empty() {
        name
    } else {
        name + ": "
            + checks::params(
                reading,
                &plan.body.params,
                plan.id(),
                &format!("{at}/params"),
            )?
    })
}

/// The feature set's name and event.
pub(crate) fn features(reading: &Reading<'_>, plan: &Found<'_, Plan>) -> Result<Line, ReportError> {
    Ok(reading
        .resolver
        .code(plan.body.features, "/Proposed/body/Features/name")?
        + " (event "
        + Line::event(plan.body.features)
        + ")")
}

/// The team's last verdict on a result (the sign-off comes later), whether the host made it the
/// champion, and the team's words.
pub(crate) fn verdict(reading: &Reading<'_>, experiment: EventId) -> Result<Line, ReportError> {
    let verdicts = reading.verdicts();
    let verdict = verdicts
        .iter()
        .rfind(|found| found.body.result == experiment && found.event.stage < Stage::Validate);
    let mut line = match verdict {
        Some(found) => {
            Line::from(words::decision(found.body.decision))
                + " (event "
                + Line::event(found.id())
                + ")"
        }
        None => "no verdict".into(),
    };
    if let Some(promotion) = reading
        .promotions()
        .into_iter()
        .find(|found| *found.body == experiment)
    {
        line = line + "; became champion (event " + Line::event(promotion.id()) + ")";
    }
    Ok(match verdict {
        Some(found) => line + ". " + reading.resolver.quote(found.id(), "/Verdict/remark")?,
        None => line,
    })
}

/// Why a plan never ran.
pub(crate) fn idle(reading: &Reading<'_>, plan: EventId) -> Line {
    if let Some(successor) = reading.successor(plan) {
        return Line::from("replaced by event ") + Line::event(successor);
    }
    let objections: Vec<Line> = reading
        .objections()
        .iter()
        .filter(|found| found.body.critique.target == plan)
        .map(|found| Line::event(found.id()))
        .collect();
    if !objections.is_empty() {
        return Line::from("met an objection: event ") + Line::join(objections, ", ");
    }
    if reading.accepted(plan).is_some() {
        "accepted, not run".into()
    } else {
        "did not reach its quorum".into()
    }
}
