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
            ("Stage and part", Align::Left),
            ("Seconds", Align::Right),
            ("Share", Align::Right),
        ],
    );
    table.evidence = false;
    let stages = stages(seconds);
    let total: f64 = stages.iter().filter_map(|stage| stage.seconds).sum();
    let measured = |text: String| Line(vec![Inline::Measured(text)]);
    let row = |name: Line, seconds: Option<f64>| {
        vec![
            name,
            seconds.map_or_else(Line::absent, |seconds| {
                measured(Format::Fixed(1).write(seconds))
            }),
            seconds
                .filter(|_| total > 0.0)
                .map_or_else(Line::absent, |seconds| {
                    measured(Format::Percent(0).write(seconds / total))
                }),
        ]
    };
    for stage in &stages {
        table.push(row(measured(legible(stage.name)), stage.seconds));
        for (name, seconds) in &stage.parts {
            let name = Line::from("\u{2003}") + measured(legible(name));
            table.push(row(name, *seconds));
        }
    }
    if table.rows.is_empty() {
        blocks.push(Block::Paragraph(
            "No times were handed to the report.".into(),
        ));
    } else {
        let mut sum = crate::document::Row::new(vec![
            "All stages".into(),
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

/// A stage with its parts.
struct Stage<'a> {
    name: &'a str,
    /// `None` where only parts of it were measured.
    seconds: Option<f64>,
    parts: Vec<(&'a str, Option<f64>)>,
}

/// Stages in order of first mention, each with its parts: what is called `stage: part` is a part.
/// A stage that was entered again, as after a resumption, took the sum.
fn stages(seconds: &[(String, f64)]) -> Vec<Stage<'_>> {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for (name, seconds) in seconds {
        let seconds = Some(*seconds).filter(|seconds| seconds.is_finite());
        let (name, part) = match name.split_once(':') {
            Some((stage, part)) => (stage.trim(), Some(part.trim())),
            None => (name.trim(), None),
        };
        let at = match stages.iter().position(|stage| stage.name == name) {
            Some(at) => at,
            None => {
                stages.push(Stage {
                    name,
                    seconds: None,
                    parts: Vec::new(),
                });
                stages.len() - 1
            }
        };
        let stage = &mut stages[at];
        let Some(part) = part else {
            stage.seconds = sum(stage.seconds, seconds);
            continue;
        };
        match stage.parts.iter_mut().find(|(name, _)| *name == part) {
            Some((_, before)) => *before = sum(*before, seconds),
            None => stage.parts.push((part, seconds)),
        }
    }
    stages
}

fn sum(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::{stages, timing};

    fn named(list: &[(&str, f64)]) -> Vec<(String, f64)> {
        list.iter().map(|(n, s)| ((*n).to_owned(), *s)).collect()
    }

    #[test]
    fn parts_stand_under_their_stage_and_are_not_added_to_it() {
        let seconds = named(&[
            ("explore: baselines", 20.0),
            ("explore: experiments", 50.0),
            ("explore", 75.0),
            ("report", 25.0),
            ("report: writing", 5.0),
        ]);
        let section = timing(&seconds);
        let text: String = section
            .blocks
            .iter()
            .map(|block| block.markdown())
            .collect();
        for row in [
            "| explore | 75.0 | 75\u{a0}% |",
            "| \u{2003}baselines | 20.0 | 20\u{a0}% |",
            "| \u{2003}experiments | 50.0 | 50\u{a0}% |",
            "| report | 25.0 | 25\u{a0}% |",
            "| \u{2003}writing | 5.0 | 5\u{a0}% |",
            "| **All stages** | 100.0 |",
        ] {
            assert!(text.contains(row), "{row}\n{text}");
        }
    }

    #[test]
    fn a_stage_entered_again_took_the_sum() {
        let seconds = named(&[("a", 1.0), ("b: x", 4.0), ("a", 2.0), ("b: x", f64::NAN)]);
        let stages = stages(&seconds);
        assert_eq!(stages.len(), 2);
        assert_eq!(stages[0].seconds, Some(3.0));
        assert_eq!((stages[1].seconds, stages[1].parts[0].1), (None, Some(4.0)));
    }
}
