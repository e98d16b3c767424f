//! Where the time went.

use crate::{
    document::{Align, Block, Inline, Line, Section, Table},
    format::Format,
    resolver::legible,
};

/// Seconds by name. They are no events: another run, or another machine, gives other seconds.
pub(crate) fn timing(seconds: &[(String, f64)]) -> Section {
    let mut blocks = vec![Block::Paragraph(
        "Measured by the host’s clock. These seconds are not part of the replayed numbers: they differ from machine to machine and from run to run.".into(),
    )];
    let mut table = Table::new(
        "Where the time went",
        &[
            ("Part", Align::Left),
            ("Seconds", Align::Right),
            ("Share", Align::Right),
        ],
    );
    table.evidence = false;
    let total: f64 = seconds
        .iter()
        .map(|(_, seconds)| seconds)
        .filter(|seconds| seconds.is_finite())
        .sum();
    let measured = |text: String| Line(vec![Inline::Measured(text)]);
    for (name, seconds) in seconds {
        let finite = seconds.is_finite() && total > 0.0;
        table.push(vec![
            measured(legible(name)),
            if seconds.is_finite() {
                measured(Format::Fixed(1).write(*seconds))
            } else {
                Line::absent()
            },
            if finite {
                measured(Format::Percent(0).write(seconds / total))
            } else {
                Line::absent()
            },
        ]);
    }
    if table.rows.is_empty() {
        blocks.push(Block::Paragraph(
            "No times were handed to the report.".into(),
        ));
    } else {
        let mut sum = crate::document::Row::new(vec![
            "All".into(),
            measured(Format::Fixed(1).write(total)),
            Line::default(),
        ]);
        sum = sum.chosen(true);
        table.rows.push(sum);
        blocks.push(Block::Table(table));
    }
    Section {
        id: "timing",
        title: "Where the time went",
        blocks,
    }
}
