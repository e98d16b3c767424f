//! Rows for people, or JSON for programs.

use serde_json::{Value, json};

use crate::machine::Machine;
use crate::measure::Times;

/// How a row's times are shown.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    /// Of so many bytes in each time; the minimum and median are still of times.
    Throughput(f64),
}

/// What a row should reach.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// Seconds at most.
    Seconds(f64),
    /// Times the native time at most.
    Ratio(f64),
    /// GB/s at least.
    Throughput(f64),
}

/// A measured thing and its native counterpart.
pub(crate) struct Row<'a> {
    pub(crate) what: &'a str,
    pub(crate) unit: Unit,
    pub(crate) ours: &'a Times,
    pub(crate) native_is: &'a str,
    pub(crate) native: &'a Times,
    pub(crate) target: Option<Target>,
    pub(crate) note: String,
}

/// Prints as it goes; JSON at the end.
pub(crate) struct Report {
    json: bool,
    machine: Machine,
    rows: Vec<Value>,
    parts: Vec<Value>,
    group: String,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        let machine = Machine::look();
        if !json {
            println!(
                "sandbox benchmarks; {}, {} cores, {}{}",
                machine.processor,
                machine.cores,
                machine.system,
                if machine.virtual_machine {
                    ", virtual machine"
                } else {
                    ""
                }
            );
            println!("{}", autods_sandbox::Sandbox::runtime());
        }
        Self {
            json,
            machine,
            rows: Vec::new(),
            parts: Vec::new(),
            group: String::new(),
        }
    }

    pub(crate) fn group(&mut self, title: &str) {
        self.machine.spin();
        title.clone_into(&mut self.group);
        if !self.json {
            println!("\n{title}");
            println!(
                "  {:<46}{:>10}{:>10}{:>12}{:>10}{:>10}  target",
                "", "ours min", "median", "native min", "median", "ratio"
            );
        }
    }

    pub(crate) fn row(&mut self, row: &Row<'_>) {
        let ratio = row.ours.min() / row.native.min();
        let target = row.target.map(|target| judge(target, row, ratio));
        if !self.json {
            let show = |seconds| shown(row.unit, seconds);
            println!(
                "  {:<46}{:>10}{:>10}{:>12}{:>10}{:>10}  {}",
                row.what,
                show(row.ours.min()),
                show(row.ours.median()),
                show(row.native.min()),
                show(row.native.median()),
                significant(ratio),
                target
                    .as_ref()
                    .map_or_else(String::new, |(words, met)| format!(
                        "{words}: {}",
                        if *met { "met" } else { "NOT met" }
                    ))
            );
            println!("      beside: {}", row.native_is);
            if !row.note.is_empty() {
                println!("      {}", row.note);
            }
        }
        let side = |times: &Times| {
            let mut side = json!({
                "min_seconds": times.min(), "median_seconds": times.median(),
                "repetitions": times.count(),
            });
            if let (Unit::Throughput(bytes), Some(side)) = (row.unit, side.as_object_mut()) {
                side.insert("gb_per_second".into(), json!(bytes / times.min() / 1e9));
            }
            side
        };
        self.rows.push(json!({
            "group": self.group, "what": row.what, "ours": side(row.ours),
            "native": side(row.native), "native_is": row.native_is, "ratio": ratio,
            "target": target.as_ref().map(|(words, _)| words), "met": target.map(|(_, met)| met),
            "note": row.note,
        }));
    }

    /// A part of what was measured, with its share of the whole.
    pub(crate) fn part(&mut self, of: &str, what: &str, seconds: f64, whole: f64) {
        let share = 100.0 * seconds / whole;
        if !self.json {
            let shown = shown(Unit::Milliseconds, seconds);
            println!("      {what:<52}{shown:>12}{share:>8.1} %");
        }
        self.parts.push(json!({
            "group": self.group, "of": of, "what": what, "seconds": seconds, "share": share / 100.0,
        }));
    }

    /// A line of words.
    pub(crate) fn say(&self, words: &str) {
        if !self.json {
            println!("    {words}");
        }
    }

    pub(crate) fn finish(mut self) {
        self.machine.spin();
        let (before, after) = self.machine.loads();
        let noise = self.machine.noise();
        if self.json {
            let report = json!({
                "machine": {
                    "processor": self.machine.processor, "cores": self.machine.cores,
                    "system": self.machine.system, "virtual_machine": self.machine.virtual_machine,
                },
                "noise": {
                    "same_work_greatest_over_least": noise, "load_before": before,
                    "load_after": after, "stolen": self.machine.stolen(),
                },
                "runtime": autods_sandbox::Sandbox::runtime(),
                "rows": self.rows, "parts": self.parts,
            });
            println!("{report:#}");
            return;
        }
        println!("\nHow quiet the machine was");
        println!("  the same computation took up to {noise:.2} times its least time;");
        println!("  one-minute load {before} before and {after} after (this program alone: 1)");
        if let Some(stolen) = self.machine.stolen() {
            println!(
                "  time taken by other virtual machines: {:.1} %",
                100.0 * stolen
            );
        }
        let missed = self.rows.iter().filter(|row| row["met"] == false).count();
        let met = self.rows.iter().filter(|row| row["met"] == true).count();
        println!("targets: {met} met, {missed} not met");
    }
}

fn judge(target: Target, row: &Row<'_>, ratio: f64) -> (String, bool) {
    match target {
        Target::Seconds(most) => (
            format!("at most {}", shown(row.unit, most)),
            row.ours.min() <= most,
        ),
        Target::Ratio(most) => (format!("ratio at most {most}"), ratio <= most),
        Target::Throughput(least) => {
            let bytes = match row.unit {
                Unit::Throughput(bytes) => bytes,
                _ => f64::NAN,
            };
            (
                format!("at least {least} GB/s"),
                bytes / row.ours.min() / 1e9 >= least,
            )
        }
    }
}

fn shown(unit: Unit, seconds: f64) -> String {
    match unit {
        Unit::Nanoseconds => format!("{} ns", significant(seconds * 1e9)),
        Unit::Microseconds => format!("{} us", significant(seconds * 1e6)),
        Unit::Milliseconds => format!("{} ms", significant(seconds * 1e3)),
        Unit::Throughput(bytes) => format!("{:.2} GB/s", bytes / seconds / 1e9),
    }
}

/// Three figures that count.
fn significant(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
