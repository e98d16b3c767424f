//! The events that the report rests on.

use autods_board::EventId;

use crate::{
    ReportError,
    document::{Align, Block, Inline, Line, Section, Table},
    reading::Reading,
    words,
};

/// Every event that the report cites, by number; runs of the same kind share a row.
pub(crate) fn evidence(reading: &Reading<'_>, blocks: &[&Block]) -> Result<Section, ReportError> {
    let mut cited: Vec<EventId> = blocks
        .iter()
        .flat_map(|block| block.lines())
        .flat_map(Line::events)
        .collect();
    cited.sort_unstable();
    cited.dedup();
    if let Some(event) = cited.iter().find(|id| reading.event(**id).is_none()) {
        return Err(ReportError::NoSuchEvent {
            event: *event,
            pointer: "its number".to_owned(),
        });
    }
    let mut table = Table::new(
        "Events cited, by number on the board",
        &[
            ("Event", Align::Left),
            ("Stage", Align::Left),
            ("Author", Align::Left),
            ("What happened", Align::Left),
        ],
    );
    table.evidence = false;
    let events: Vec<_> = reading
        .events
        .iter()
        .filter(|event| cited.binary_search(&event.id).is_ok())
        .collect();
    let kind = |event: &autods_board::Event| {
        (event.stage, event.author.clone(), words::event(&event.body))
    };
    for run in events.chunk_by(|a, b| kind(a) == kind(b)) {
        let Some(first) = run.first() else { continue };
        table.push(vec![
            Line(run.iter().map(|event| Inline::Anchor(event.id)).collect()),
            words::stage(first.stage).into(),
            reading.author(first),
            words::event(&first.body).into(),
        ]);
    }
    Ok(Section {
        id: "evidence",
        title: "Evidence",
        blocks: vec![
            Block::Paragraph(
                "Every number above was looked up in an event of the board when this report was made; in the page, a number’s tooltip names its event and place. Tables end with the events of each row.".into(),
            ),
            Block::Folded("Events cited".into(), table),
            Block::Heading("Sign-out"),
            Block::Paragraph("By signing, a reader states that they have read this report, not that the model may be used.".into()),
            Block::Blanks(vec!["Name and role", "Judgement", "Date and signature"]),
        ],
    })
}
