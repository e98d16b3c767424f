//! For a terminal.

use std::fmt::Write as _;

use super::answers::RunAudit;
use super::words;

/// Rows under a heading, columns aligned; nothing where there are none but the word for that.
fn section(out: &mut String, title: &str, none: &str, header: &[&str], rows: Vec<Vec<String>>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "\n{title}");
    if rows.is_empty() {
        let _ = writeln!(out, "  {none}");
        return;
    }
    let rows: Vec<Vec<String>> = std::iter::once(header.iter().map(ToString::to_string).collect())
        .chain(rows)
        .map(|row: Vec<String>| row.iter().map(|cell| words::plain(cell)).collect())
        .collect();
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:<width$}"))
            .collect();
        let _ = writeln!(out, "  {}", cells.join("  ").trim_end());
    }
}

/// The audit as text for a terminal; every section is there, also an empty one.
#[must_use]
pub fn table(audit: &RunAudit) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{}", words::plain(&text));
    };
    line(format!("run {}", audit.run));
    for session in &audit.sessions {
        line(format!(
            "  {} {} by autods-host {} with {}, policy {}",
            if session.resumed {
                "resumed"
            } else {
                "began  "
            },
            words::instant(&session.began.at),
            session.host,
            session.runtime,
            words::short(&session.policy)
        ));
    }
    match &audit.closed {
        Some((moment, outcome)) => line(format!(
            "  closed  {}: {}",
            words::instant(&moment.at),
            words::outcome(*outcome)
        )),
        None => line("  not closed".to_owned()),
    }
    line(format!(
        "  ledger: {} records, chain verified, head {}",
        audit.records,
        words::short(&audit.head.hash)
    ));
    line(format!("  head: {}", words::signature(&audit.signature)));
    for c in &audit.confinement {
        let landlock = c
            .landlock_abi
            .map_or("no Landlock".to_owned(), |abi| format!("Landlock {abi}"));
        let missing = if c.missing.is_empty() {
            String::new()
        } else {
            format!("; missing: {}", c.missing.join(", "))
        };
        line(format!(
            "  confinement {}: {landlock}, files {}, network {}, seccomp {}{missing}",
            words::instant(&c.moment.at),
            words::coverage(c.file_system),
            words::coverage(c.network),
            if c.seccomp { "on" } else { "off" }
        ));
    }
    if audit.confinement.is_empty() {
        line("  confinement: none was recorded".to_owned());
    }
    zone(&mut out, audit);
    authority(&mut out, audit);
    history(&mut out, audit);
    out
}

/// What was read, and what left the row zone.
fn zone(out: &mut String, audit: &RunAudit) {
    let rows = audit
        .files_read
        .iter()
        .map(|f| {
            vec![
                f.plugin.clone(),
                words::short(&f.component).to_owned(),
                f.file.clone(),
                f.table.clone(),
                words::bytes(f.bytes),
                words::short(&f.sha256).to_owned(),
                words::instant(&f.moment.at),
            ]
        })
        .collect();
    let header = [
        "plugin",
        "component",
        "file",
        "table",
        "size",
        "sha256",
        "when",
    ];
    section(out, "Who could read which file", "nobody", &header, rows);

    let rows = audit
        .rows_seen
        .iter()
        .map(|r| {
            vec![
                r.plugin.clone(),
                r.export.clone(),
                r.table.clone(),
                r.columns.len().to_string(),
                r.most_rows.to_string(),
                r.calls.to_string(),
                if r.outcome { "yes" } else { "no" }.to_owned(),
            ]
        })
        .collect();
    let header = [
        "plugin",
        "call",
        "table",
        "columns",
        "most rows",
        "calls",
        "outcome",
    ];
    section(out, "Who was handed rows", "nobody", &header, rows);

    let rows = audit
        .columns_released
        .iter()
        .map(|c| {
            let kinds: Vec<String> = c
                .aggregates
                .iter()
                .map(|(kind, to)| format!("{} ({})", words::aggregate(*kind), to.len()))
                .collect();
            vec![format!("{}.{}", c.table, c.column), kinds.join(", ")]
        })
        .collect();
    section(
        out,
        "Which columns left the row zone (in what, to how many recipients)",
        "none",
        &["column", "aggregates"],
        rows,
    );

    let rows = audit
        .releases
        .iter()
        .map(|r| {
            vec![
                words::name(&r.to),
                words::aggregate(r.aggregate).to_owned(),
                r.columns.len().to_string(),
                r.times.to_string(),
                r.cells.to_string(),
                r.suppressed.to_string(),
            ]
        })
        .collect();
    let header = ["to", "aggregate", "columns", "times", "numbers", "withheld"];
    section(out, "What was released to whom", "nothing", &header, rows);
}

/// What was granted, denied, met and called.
fn authority(out: &mut String, audit: &RunAudit) {
    let rows = audit
        .grants
        .iter()
        .map(|g| {
            vec![
                g.plugin.clone(),
                g.capability.clone(),
                if g.used { "used" } else { "not used" }.to_owned(),
            ]
        })
        .collect();
    section(
        out,
        "Grants",
        "none recorded",
        &["plugin", "capability", ""],
        rows,
    );

    let rows = audit
        .denials
        .iter()
        .map(|d| {
            vec![
                d.to.clone(),
                d.capability.clone().unwrap_or_default(),
                d.rule.clone(),
                words::authority(d.by).to_owned(),
                words::instant(&d.moment.at),
            ]
        })
        .collect();
    let header = ["whom", "capability", "rule", "by", "when"];
    section(out, "Denials and refusals", "none", &header, rows);

    let rows = audit
        .limits_met
        .iter()
        .map(|l| {
            vec![
                l.plugin.clone(),
                l.export.clone(),
                l.limit.clone(),
                l.allowed.to_string(),
                l.requested.map_or("unknown".to_owned(), |n| n.to_string()),
                words::instant(&l.moment.at),
            ]
        })
        .collect();
    let header = ["plugin", "call", "limit", "allowed", "requested", "when"];
    section(out, "Limits met", "none", &header, rows);

    let rows = audit
        .failed_calls
        .iter()
        .map(|c| {
            vec![
                c.plugin.clone(),
                c.export.clone(),
                c.code.clone(),
                words::seconds(c.micros),
                words::instant(&c.moment.at),
            ]
        })
        .collect();
    let header = ["plugin", "call", "code", "time", "when"];
    section(out, "Failed calls", "none", &header, rows);

    let rows = audit
        .plugins
        .iter()
        .flat_map(|p| {
            p.calls.iter().map(|(export, t)| {
                vec![
                    p.id.clone(),
                    words::short(&p.sha256).to_owned(),
                    export.clone(),
                    t.returned.to_string(),
                    t.failed.to_string(),
                    words::seconds(t.micros),
                    words::bytes(t.bytes_in),
                    words::bytes(t.bytes_out),
                    t.host_calls.to_string(),
                ]
            })
        })
        .collect();
    let header = [
        "plugin",
        "component",
        "call",
        "returned",
        "failed",
        "time",
        "in",
        "out",
        "host calls",
    ];
    section(out, "Calls", "none", &header, rows);
}

/// Keys, lock-box, files, decisions.
fn history(out: &mut String, audit: &RunAudit) {
    let rows = audit
        .keys
        .iter()
        .map(|k| {
            vec![
                words::key(k.key).to_owned(),
                words::action(k.action).to_owned(),
                k.fingerprint.clone(),
                words::instant(&k.moment.at),
            ]
        })
        .collect();
    section(
        out,
        "Keys",
        "none used",
        &["key", "what", "id", "when"],
        rows,
    );

    let rows = audit
        .lockbox
        .iter()
        .map(|l| vec![l.count.to_string(), words::instant(&l.moment.at)])
        .collect();
    section(out, "Lock-box", "never opened", &["opening", "when"], rows);

    let rows = audit
        .stages
        .iter()
        .map(|s| {
            let gate = if s.unmet.is_empty() {
                "open".to_owned()
            } else {
                format!("shut: {}", s.unmet.join(", "))
            };
            vec![
                s.from.clone(),
                s.to.clone(),
                gate,
                words::instant(&s.moment.at),
            ]
        })
        .collect();
    section(out, "Stages", "none", &["from", "to", "gate", "when"], rows);

    let rows = audit
        .decisions
        .iter()
        .map(|d| {
            vec![
                d.event.to_string(),
                d.by.clone(),
                words::decision(d.decision).to_owned(),
                words::instant(&d.moment.at),
            ]
        })
        .collect();
    section(
        out,
        "Decisions",
        "none",
        &["event", "who", "what", "when"],
        rows,
    );

    let rows = audit
        .files_written
        .iter()
        .map(|f| vec![f.path.clone(), words::short(&f.sha256).to_owned()])
        .collect();
    section(out, "Files written", "none", &["path", "sha256"], rows);
}
