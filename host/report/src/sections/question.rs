//! What was asked.

use autods_board::Section as Place;

use crate::{
    ReportError,
    document::{Block, Section},
    reading::Reading,
    sections::statements,
};

/// What was asked, of which data, for which use.
pub(crate) fn question(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let (start, r) = (reading.started.id(), &reading.resolver);
    let mut blocks = statements(reading, Place::Question)?;
    let mut facts = vec![("Question", r.quote(start, "/Started/question")?)];
    if let Some(locked) = reading.locked() {
        facts.push(("Outcome", r.quote(locked.id(), "/Locked/protocol/outcome")?));
    }
    facts.push(("Intended use", r.quote(start, "/Started/intended_use")?));
    facts.push(("Task", r.code(start, "/Started/task")?));
    facts.push(("Source of the data", r.quote(start, "/Started/citation")?));
    facts.push(("Licence of the data", r.quote(start, "/Started/licence")?));
    facts.push((
        "Kind of data",
        if reading.started.body.synthetic {
            "synthetic: generated, no patients"
        } else {
            "as the task declares: real records"
        }
        .into(),
    ));
    blocks.push(Block::Facts(facts));
    Ok(Section {
        id: "question",
        title: "What was asked",
        blocks,
    })
}
