//! How a proposal was argued: proposed, objected to, answered, endorsed, accepted.

use autods_board::{Body, Critique, EventBody, EventId, ProposalBody};

use crate::{
    ReportError,
    document::{Align, Line, Row, Table},
    reading::Reading,
    sections::checks,
    words,
};

/// Everything said about some proposals, in order.
pub(crate) fn deliberation(
    reading: &Reading<'_>,
    caption: &'static str,
    about: impl Fn(&ProposalBody) -> bool,
) -> Result<Option<Table>, ReportError> {
    let proposals: Vec<EventId> = reading
        .proposals()
        .iter()
        .filter(|found| about(&found.body.body))
        .map(|found| found.id())
        .collect();
    let objections: Vec<(EventId, EventId)> = reading
        .objections()
        .iter()
        .map(|found| (found.id(), found.body.critique.target))
        .collect();
    let mut table = Table::new(
        caption,
        &[
            ("Step", Align::Left),
            ("Who", Align::Left),
            ("About event", Align::Left),
            ("Item", Align::Left),
            ("Evidence", Align::Wide),
            ("In words", Align::Wide),
        ],
    );
    for event in reading.events {
        let Body::Agent(body) = &event.body else {
            continue;
        };
        let row = match body {
            EventBody::Proposed(proposal) if proposals.contains(&event.id) => vec![
                if proposal.supersedes.is_some() {
                    "proposed anew"
                } else {
                    "proposed"
                }
                .into(),
                reading.author(event),
                match proposal.supersedes {
                    Some(earlier) => Line::from("replaces ") + Line::event(earlier),
                    None => Line::absent(),
                },
                Line::absent(),
                Line::absent(),
                Line::absent(),
            ],
            EventBody::Endorsed(critique) if proposals.contains(&critique.target) => {
                spoken(reading, "endorsed", event, critique, "/Endorsed")?
            }
            EventBody::Objected(objection) if proposals.contains(&objection.critique.target) => {
                spoken(
                    reading,
                    "objected",
                    event,
                    &objection.critique,
                    "/Objected/critique",
                )?
            }
            EventBody::Answered(objection)
                if objections
                    .iter()
                    .any(|(id, target)| id == objection && proposals.contains(target)) =>
            {
                vec![
                    "objection answered".into(),
                    reading.author(event),
                    Line::event(*objection),
                    Line::absent(),
                    Line::absent(),
                    Line::absent(),
                ]
            }
            EventBody::Accepted(target) if proposals.contains(target) => vec![
                "accepted".into(),
                reading.author(event),
                Line::event(*target),
                Line::absent(),
                Line::absent(),
                Line::absent(),
            ],
            _ => continue,
        };
        let mut row = row;
        // the step's own event, shown by the column of events too
        row[0] = std::mem::take(&mut row[0]) + " (event " + Line::event(event.id) + ")";
        table
            .rows
            .push(Row::new(row).chosen(matches!(body, EventBody::Accepted(_))));
    }
    table.evidence = false;
    Ok((!table.rows.is_empty()).then_some(table))
}

fn spoken(
    reading: &Reading<'_>,
    step: &'static str,
    event: &autods_board::Event,
    critique: &Critique,
    at: &str,
) -> Result<Vec<Line>, ReportError> {
    Ok(vec![
        step.into(),
        reading.author(event),
        Line::event(critique.target),
        words::rubric(critique.item).into(),
        checks::cited(reading, critique.evidence)?,
        reading.resolver.quote(event.id, &format!("{at}/remark"))?,
    ])
}
