//! Loaders that compute: the same code in the sandbox and compiled for this processor.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use autods_sandbox::loader::{self, ColumnSpec, Job, TableSpec, ValueKind};
use autods_sandbox::{Plugin, PluginFile, Sandbox, Sources};
use autods_tests::Chance;

use crate::bare::{Bare, Guards};
use crate::measure::{clock, rounds};
use crate::report::{Report, Row, Target, Unit};
use crate::{Fallible, Setting, components, native};

const ROUNDS: usize = 11;
/// As large as the host makes them.
const SHARD_BYTES: u64 = 4 << 20;
/// The file is taken so many times, one after the other.
const REPEATED: usize = 3;

/// How a column is read.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Identifier,
    Integer,
    Number,
    Boolean,
    Category,
}

/// Columns of a table, in any order; `?` and nothing are missing.
pub(crate) struct Dictionary {
    pub(crate) columns: Vec<(String, Kind)>,
}

pub(crate) fn loaders(setting: &Setting, report: &mut Report) -> Fallible<()> {
    let component = std::fs::read(setting.plugins.join("loader-table.wasm"))?;
    let sandbox = Sandbox::new(crate::policy(), None)?;
    let file = PluginFile::read(&setting.plugins.join("loader-table.wasm"), sandbox.policy())?;
    let plugin = sandbox.admit(file)?;
    let made_up = typed()?;
    let mut tables = vec![("made-up table of all types", made_up)];
    match diabetes()? {
        Some(real) => tables.push(("diabetes130, mostly texts", real)),
        None => report.say("SKIPPED: no diabetes130/diabetic_data.csv.gz under $AUTODS_DATA"),
    }
    report.group("Loaders that compute (loader-table: plan and load all shards, one thread)");
    for (name, (dictionary, text)) in &tables {
        whole(&plugin, &component, name, dictionary, text, report)?;
        scan(&plugin, name, dictionary, text, report)?;
    }
    Ok(())
}

/// Loads again and again, for a profiler to look at.
pub(crate) fn profile(setting: &Setting, times: u32) -> Fallible<()> {
    let component = std::fs::read(setting.plugins.join("loader-table.wasm"))?;
    let (dictionary, text) = match diabetes()? {
        Some(real) if std::env::var_os("AUTODS_BENCH_TYPED").is_none() => real,
        _ => typed()?,
    };
    let natively = std::env::var_os("AUTODS_BENCH_NATIVE").is_some();
    let guards = Guards {
        canonical_nan: true,
        epochs: true,
        explicit_bounds: false,
    };
    let bare = Bare::new(&component, guards, true)?;
    let source: Arc<[u8]> = text.as_slice().into();
    if std::env::var_os("AUTODS_BENCH_PLAN").is_some() {
        return profile_plan(setting, times, natively, &dictionary, &text);
    }
    for _ in 0..times {
        if natively {
            native::load_all(&text, &dictionary, SHARD_BYTES)?;
        } else {
            bare.load_all(&source, &dictionary, SHARD_BYTES)?;
        }
    }
    Ok(())
}

/// The same of planning alone, in the host as it is.
fn profile_plan(
    setting: &Setting,
    times: u32,
    natively: bool,
    dictionary: &Dictionary,
    text: &[u8],
) -> Fallible<()> {
    let sandbox = Sandbox::new(crate::policy(), None)?;
    let file = PluginFile::read(&setting.plugins.join("loader-table.wasm"), sandbox.policy())?;
    let plugin = sandbox.admit(file)?;
    let sources = Sources::in_memory([("rows.csv".to_owned(), text.to_vec())]);
    let job = job(dictionary);
    let mut least = f64::INFINITY;
    for _ in 0..times {
        let took = if natively {
            clock(|| native::plan(text, dictionary, SHARD_BYTES))?
        } else {
            clock(|| Ok(loader::plan(&plugin, &sources, &job, SHARD_BYTES)?))?
        };
        least = least.min(took);
    }
    println!("least: {:.2} ms", least * 1e3);
    Ok(())
}

fn whole(
    plugin: &Plugin,
    component: &[u8],
    name: &str,
    dictionary: &Dictionary,
    text: &[u8],
    report: &mut Report,
) -> Fallible<()> {
    let sources = Sources::in_memory([("rows.csv".to_owned(), text.to_vec())]);
    let source: Arc<[u8]> = text.into();
    let job = job(dictionary);
    let ours = || -> Fallible<Vec<loader::Stream>> {
        let (shards, _) = loader::plan(plugin, &sources, &job, SHARD_BYTES)?;
        let mut streams = Vec::new();
        for shard in &shards {
            let (output, _) = loader::load(plugin, &sources, &job, shard)?;
            streams.extend(output.tables.into_values().flatten());
        }
        Ok(streams)
    };
    let natively = || native::load_all(text, dictionary, SHARD_BYTES);
    // Both must have read the same before a time means anything.
    if ours()? != natively()? {
        return Err("the loader gives other bytes in the sandbox than natively".into());
    }
    let bare = |canonical_nan, epochs, explicit_bounds| {
        let guards = Guards {
            canonical_nan,
            epochs,
            explicit_bounds,
        };
        Bare::new(component, guards, false)
    };
    let (none, nan) = (bare(false, false, false)?, bare(true, false, false)?);
    let (both, bounds) = (bare(true, true, false)?, bare(true, true, true)?);
    let run = |bare: &Bare| clock(|| bare.load_all(&source, dictionary, SHARD_BYTES));
    let [ours, native, by_crate, none, nan, both, bounds] = rounds(
        ROUNDS,
        [
            &mut || clock(ours),
            &mut || clock(natively),
            &mut || clock(|| csv_crate(text, dictionary)),
            &mut || run(&none),
            &mut || run(&nan),
            &mut || run(&both),
            &mut || run(&bounds),
        ],
    )?;
    let mib = text.len() as f64 / f64::from(1 << 20);
    report.row(&Row {
        what: &format!("{name}, {mib:.0} MiB"),
        unit: Unit::Milliseconds,
        ours: &ours,
        native_is: "the same loader's code natively, without limits and checks",
        native: &native,
        target: Some(Target::Ratio(1.8)),
        note: format!(
            "{:.2} GB/s; the csv crate natively {:.1} ms (ours / csv crate: {:.2})",
            text.len() as f64 / ours.min() / 1e9,
            by_crate.min() * 1e3,
            ours.min() / by_crate.min()
        ),
    });
    report.say("  where the time goes:");
    let all = ours.min();
    report.part(name, "the loader's code natively", native.min(), all);
    let step = |from: f64, to: f64| to - from;
    report.part(
        name,
        "as WebAssembly: 32-bit, 128-bit SIMD, no check",
        step(native.min(), none.min()),
        all,
    );
    report.part(
        name,
        "one bit pattern for NaN",
        step(none.min(), nan.min()),
        all,
    );
    report.part(
        name,
        "loops that can be interrupted",
        step(nan.min(), both.min()),
        all,
    );
    report.part(
        name,
        "limits, meters and the check of every batch",
        step(both.min(), ours.min()),
        all,
    );
    report.part(
        name,
        "not paid: bounds by comparison instead of guard pages",
        step(both.min(), bounds.min()),
        all,
    );
    Ok(())
}

/// Only finding the ends of records: vector instructions carry it.
fn scan(
    plugin: &Plugin,
    name: &str,
    dictionary: &Dictionary,
    text: &[u8],
    report: &mut Report,
) -> Fallible<()> {
    let sources = Sources::in_memory([("rows.csv".to_owned(), text.to_vec())]);
    let job = job(dictionary);
    let [ours, native] = rounds(
        ROUNDS,
        [
            &mut || clock(|| Ok(loader::plan(plugin, &sources, &job, SHARD_BYTES)?)),
            &mut || clock(|| native::plan(text, dictionary, SHARD_BYTES)),
        ],
    )?;
    report.row(&Row {
        what: &format!("{name}: plan only"),
        unit: Unit::Milliseconds,
        ours: &ours,
        native_is: "the same code natively (256-bit vectors where the processor has them)",
        native: &native,
        target: Some(Target::Ratio(1.3)),
        note: format!(
            "vector instructions carry it; {:.2} GB/s",
            text.len() as f64 / ours.min() / 1e9
        ),
    });
    Ok(())
}

fn job(dictionary: &Dictionary) -> Job {
    let columns = dictionary.columns.iter().map(|(name, kind)| ColumnSpec {
        name: name.clone(),
        kind: match kind {
            Kind::Identifier => ValueKind::Identifier,
            Kind::Integer => ValueKind::Integer,
            Kind::Number => ValueKind::Number,
            Kind::Boolean => ValueKind::Boolean,
            Kind::Category => ValueKind::Category,
        },
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    Job {
        tables: vec![TableSpec {
            name: components::TABLE.to_owned(),
            columns: columns.collect(),
            missing: vec!["?".to_owned()],
        }],
        params: Vec::new(),
    }
}

/// A header and 100,000 rows of 20 columns; one cell in thirty is `?`, one category in fifty is
/// quoted.
fn typed() -> Fallible<(Dictionary, Vec<u8>)> {
    let kind = |column: usize| match column {
        0 => Kind::Identifier,
        1..7 => Kind::Integer,
        7..13 => Kind::Number,
        13 => Kind::Boolean,
        _ => Kind::Category,
    };
    let columns: Vec<(String, Kind)> = (0..20)
        .map(|column| (format!("column_{column}"), kind(column)))
        .collect();
    let mut chance = Chance::new(1);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",");
    text.push('\n');
    for row in 0..100_000 {
        for (column, (_, kind)) in columns.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            match kind {
                Kind::Identifier => write!(text, "p{:06}", row / 2)?,
                _ if chance.happens(1.0 / 30.0) => text.push('?'),
                Kind::Integer => write!(text, "{}", chance.below(10_000))?,
                Kind::Number => write!(text, "{:.3}", 50.0 + 10.0 * chance.normal())?,
                Kind::Boolean => text.push(if chance.happens(0.3) { '1' } else { '0' }),
                Kind::Category if chance.happens(0.02) => text.push_str("\"[70-80), other\""),
                Kind::Category => write!(text, "code-{}", chance.below(30))?,
            }
        }
        text.push('\n');
    }
    Ok((Dictionary { columns }, text.into_bytes()))
}

/// UCI Diabetes 130-US hospitals, its rows several times, where it is.
fn diabetes() -> Fallible<Option<(Dictionary, Vec<u8>)>> {
    let Some(data) = std::env::var_os("AUTODS_DATA") else {
        return Ok(None);
    };
    let folder = std::path::Path::new(&data);
    let places = ["diabetes130", "ehr/diabetes130"];
    let found = places
        .iter()
        .map(|place| folder.join(place).join("diabetic_data.csv.gz"))
        .find(|path| path.is_file());
    let Some(path) = found else {
        return Ok(None);
    };
    let mut once = Vec::new();
    flate2::read::MultiGzDecoder::new(File::open(path)?).read_to_end(&mut once)?;
    let end = 1 + memchr(&once)?;
    let header = String::from_utf8(once[..end - 1].to_vec())?;
    let mut text = once.clone();
    for _ in 1..REPEATED {
        text.extend_from_slice(&once[end..]);
    }
    let columns = header.trim_end().split(',').map(|name| {
        let kind = if name == "encounter_id" || name == "patient_nbr" {
            Kind::Identifier
        } else if name.starts_with("num") || name == "time_in_hospital" {
            Kind::Integer
        } else {
            Kind::Category
        };
        (name.to_owned(), kind)
    });
    let columns = columns.collect();
    Ok(Some((Dictionary { columns }, text)))
}

fn memchr(text: &[u8]) -> Fallible<usize> {
    let end = text.iter().position(|byte| *byte == b'\n');
    end.ok_or_else(|| "a file without a line".into())
}

/// The csv crate to typed columns.
fn csv_crate(text: &[u8], dictionary: &Dictionary) -> Fallible<Vec<Parsed>> {
    let mut columns: Vec<Parsed> = dictionary
        .columns
        .iter()
        .map(|(_, kind)| Parsed::new(*kind))
        .collect();
    let mut reader = csv::Reader::from_reader(text);
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        for (column, text) in columns.iter_mut().zip(&record) {
            column.push(text)?;
        }
    }
    Ok(columns)
}

/// A column as the native reader keeps it; `None` is missing, texts lie end to end.
enum Parsed {
    Integers(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
    Flags(Vec<Option<bool>>),
    Texts(String, Vec<Option<usize>>),
}

impl Parsed {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integers(Vec::new()),
            Kind::Number => Self::Numbers(Vec::new()),
            Kind::Boolean => Self::Flags(Vec::new()),
            Kind::Identifier | Kind::Category => Self::Texts(String::new(), Vec::new()),
        }
    }

    fn push(&mut self, text: &str) -> Fallible<()> {
        let text = (text != "?" && !text.is_empty()).then_some(text);
        match self {
            Self::Integers(values) => values.push(text.map(str::parse).transpose()?),
            Self::Numbers(values) => values.push(text.map(str::parse).transpose()?),
            Self::Flags(values) => values.push(match text {
                None => None,
                Some("1" | "true" | "yes") => Some(true),
                Some("0" | "false" | "no") => Some(false),
                Some(_) => return Err("no flag".into()),
            }),
            Self::Texts(all, ends) => ends.push(text.map(|text| {
                all.push_str(text);
                all.len()
            })),
        }
        Ok(())
    }
}
