//! From events to a report.

use autods_board::Event;

use crate::{
    ReportError,
    document::{Block, Document, Line, Section},
    reading::Reading,
    render::{html, markdown, standalone},
    sections,
};

/// A report, rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The whole page; needs nothing but itself.
    pub html: String,
    /// The same in Markdown; refers to the figures as `figures/<name>.svg`.
    pub markdown: String,
    /// The figures as files of their own.
    pub figures: Vec<StandaloneFigure>,
}

/// A figure as a file of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandaloneFigure {
    /// File name, such as `roc.svg`.
    pub name: String,
    /// SVG with its own style sheet, light and dark.
    pub svg: String,
}

/// Renders the report of a run from its events, in their order on the board, and the seconds that
/// its parts took, which are no events and are marked as such. The same arguments give the same
/// bytes.
///
/// # Errors
/// [`ReportError`] when there is no `Started` event, or when a number or word that the report needs
/// cannot be looked up; the error names the event and the JSON pointer.
pub fn compose(events: &[Event], timing: &[(String, f64)]) -> Result<Report, ReportError> {
    let document = document(events, timing)?;
    Ok(Report {
        html: html(&document)?,
        markdown: markdown(&document)?,
        figures: document
            .figures()
            .map(|figure| StandaloneFigure {
                name: format!("{}.svg", figure.drawing.id),
                svg: standalone(&figure.drawing),
            })
            .collect(),
    })
}

/// The document that both renderings are made from.
pub(crate) fn document(
    events: &[Event],
    timing: &[(String, f64)],
) -> Result<Document, ReportError> {
    let reading = Reading::new(events)?;
    let start = reading.started.id();
    let summary = sections::summary(&reading)?;
    let mut all: Vec<Section> = vec![
        sections::question(&reading)?,
        sections::data(&reading)?,
        sections::privacy(&reading)?,
        sections::protocol(&reading)?,
        sections::exploration(&reading)?,
        sections::objections(&reading)?,
        sections::performance(&reading)?,
        sections::subgroups(&reading)?,
        sections::leakage(&reading)?,
        sections::attributions(&reading)?,
        sections::limitations(&reading)?,
        sections::reproduction(&reading)?,
        sections::timing(timing),
    ];
    let blocks: Vec<&Block> = summary
        .iter()
        .chain(all.iter().flat_map(|section| &section.blocks))
        .collect();
    let evidence = sections::evidence(&reading, &blocks)?;
    all.push(evidence);
    Ok(Document {
        title: reading.resolver.quote(start, "/Started/title")?,
        kicker: Line::from("AutoDataScientists report · run ")
            + reading.resolver.code(start, "/Started/run")?
            + " · host "
            + reading.resolver.code(start, "/Started/host")?,
        banner: sections::banner(&reading),
        summary,
        sections: all,
    })
}
