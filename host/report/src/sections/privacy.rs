//! Identifiers: what was found and what was done.

use autods_board::HostBody;

use crate::{
    ReportError,
    document::{Align, Block, Line, Section, Table},
    format::Format,
    reading::Reading,
};

/// Identifiers found and what was done about them.
pub(crate) fn privacy(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let r = &reading.resolver;
    let mut blocks = Vec::new();
    let mut table = Table::new(
        "Identifiers found; values are never shown",
        &[
            ("Table", Align::Left),
            ("Column", Align::Left),
            ("Class (Safe Harbor)", Align::Left),
            ("The finding rests on", Align::Left),
            ("Rows", Align::Right),
            ("What was done", Align::Left),
        ],
    );
    for found in reading.host(|body| match body {
        HostBody::Identified(identified) => Some(identified),
        _ => None,
    }) {
        let id = found.id();
        table.push(vec![
            r.code(id, "/Identified/table")?,
            r.code(id, "/Identified/column")?,
            r.quote(id, "/Identified/class")?,
            r.codes(id, "/Identified/evidence", ", ")?,
            r.number(id, "/Identified/rows", Format::Count)?,
            r.quote(id, "/Identified/action")?,
        ]);
    }
    blocks.push(if table.rows.is_empty() {
        Block::Paragraph("No identifier was found.".into())
    } else {
        Block::Table(table)
    });
    for found in reading.host(|body| match body {
        HostBody::Deidentified(deidentified) => Some(deidentified),
        _ => None,
    }) {
        let id = found.id();
        blocks.push(Block::Paragraph(
            Line::from("Columns transformed: ")
                + r.number(id, "/Deidentified/columns", Format::Count)?
                + ". A second scan of the transformed tables found "
                + r.number(id, "/Deidentified/remaining", Format::Count)?
                + ". The key’s fingerprint is "
                + r.code(id, "/Deidentified/key")?
                + "; the key itself is kept elsewhere.",
        ));
    }
    blocks.push(Block::Paragraph(
        "Agents saw schemas and aggregates only. Counts below the disclosure threshold, and those from which such a count could be worked out, are withheld and shown here as “suppressed”.".into(),
    ));
    Ok(Section {
        id: "privacy",
        title: "Identifiers and disclosure",
        blocks,
    })
}
