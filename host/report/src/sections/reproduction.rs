//! How to reproduce the run, and the way it took.

use autods_board::{FileDigest, HostBody};

use crate::{
    ReportError, command,
    document::{Align, Block, Line, Section, Table, Voice},
    format::Format,
    reading::Reading,
    resolver::quote,
    words,
};

/// The command, every digest, and the gates that opened.
pub(crate) fn reproduction(reading: &Reading<'_>) -> Result<Section, ReportError> {
    let (id, r) = (reading.started.id(), &reading.resolver);
    let mut blocks = vec![
        Block::Paragraph("The same command on the same files gives the same numbers, bit for bit. The first line runs the task anew under another name, wherever this machine keeps runs, keys and plugins; the second compares both runs, each named by its directory.".into()),
        Block::Command(commands(reading)),
        Block::Facts(vec![
            ("Run", r.code(id, "/Started/run")?),
            ("Host version", r.code(id, "/Started/host")?),
            ("Task and launch files (SHA-256)", r.code(id, "/Started/task_digest")?),
        ]),
        Block::Table(digests(reading)?),
    ];
    blocks.extend(
        gates(reading)?.map(|table| Block::Folded("Gates, and what they saw".into(), table)),
    );
    Ok(Section {
        id: "reproduction",
        title: "How to reproduce",
        blocks,
    })
}

/// The command that runs the task anew, and the one that compares both runs.
fn commands(reading: &Reading<'_>) -> Line {
    let (id, started) = (reading.started.id(), reading.started.body);
    let again = command::again(&started.run);
    let rerun = command::rerun(&started.command, &again);
    let verify = format!("autods-host verify {again} --against {}", started.run);
    quote(rerun, id, "/Started/command", Voice::Code)
        + "\n"
        + quote(verify, id, "/Started/run", Voice::Code)
}

fn digests(reading: &Reading<'_>) -> Result<Table, ReportError> {
    let (id, r) = (reading.started.id(), &reading.resolver);
    let mut table = Table::new(
        "Data files and plugins",
        &[
            ("Kind", Align::Left),
            ("Name", Align::Left),
            ("Bytes", Align::Right),
            ("SHA-256", Align::Left),
        ],
    );
    table.evidence = false;
    let mut list =
        |kind: &'static str, field: &str, files: &[FileDigest]| -> Result<(), ReportError> {
            for index in 0..files.len() {
                let at = format!("/Started/{field}/{index}");
                table.push(vec![
                    kind.into(),
                    r.code(id, &format!("{at}/name"))?,
                    r.number(id, &format!("{at}/bytes"), Format::Count)?,
                    r.code(id, &format!("{at}/sha256"))?,
                ]);
            }
            Ok(())
        };
    list("data", "data", &reading.started.body.data)?;
    list("plugin", "plugins", &reading.started.body.plugins)?;
    Ok(table)
}

fn gates(reading: &Reading<'_>) -> Result<Option<Table>, ReportError> {
    let r = &reading.resolver;
    let mut table = Table::new(
        "Gates, and what they saw",
        &[
            ("From", Align::Left),
            ("To", Align::Left),
            ("Gate", Align::Left),
            ("Condition", Align::Left),
            ("Held", Align::Left),
            ("Because", Align::Wide),
        ],
    );
    let transitions = reading.host(|body| match body {
        HostBody::Entered(transition) | HostBody::Held(transition) => Some(transition),
        _ => None,
    });
    for found in transitions {
        let (gate, at) = match &found.event.body {
            autods_board::Body::Host(body) if matches!(**body, HostBody::Entered(_)) => {
                ("opened", "/Entered")
            }
            _ => ("stayed shut", "/Held"),
        };
        for (index, condition) in found.body.conditions.iter().enumerate() {
            let at = format!("{at}/conditions/{index}");
            table.push(vec![
                words::stage(found.body.from).into(),
                words::stage(found.body.to).into(),
                gate.into(),
                r.code(found.id(), &format!("{at}/name"))?,
                if condition.met { "yes" } else { "no" }.into(),
                r.quote(found.id(), &format!("{at}/because"))?,
            ]);
        }
        if found.body.conditions.is_empty() {
            table.push(vec![
                words::stage(found.body.from).into(),
                words::stage(found.body.to).into(),
                gate.into(),
                Line::absent(),
                Line::absent(),
                Line::from("event ") + Line::event(found.id()),
            ]);
        }
    }
    Ok((!table.rows.is_empty()).then_some(table))
}
