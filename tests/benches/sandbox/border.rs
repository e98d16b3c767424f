//! Bytes across the border, as many as anybody would send.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_ipc::writer::StreamWriter;
use autods_sandbox::loader::{self, ColumnSpec, Job, Shard, TableSpec, ValueKind};
use autods_sandbox::method::{self, TableData};
use autods_sandbox::{Limits, Policy, Sandbox, Sources};
use autods_tests::Chance;

use crate::bare::{Bare, Crossing, Guards};
use crate::measure::{Times, clock, rounds};
use crate::native::Fresh;
use crate::report::{Report, Row, Target, Unit};
use crate::{Fallible, Setting, components};

const ROUNDS: usize = 15;
/// Rows of one emit, as the SDK gathers them.
const ROWS: usize = 8192;
/// Batches of one call: about those of a shard.
const EMITS: u64 = 8;
/// Calls in one measurement.
const CALLS: usize = 8;
const READ: usize = 1 << 20;
const READS: u64 = 128;

pub(crate) fn border(_: &Setting, report: &mut Report) -> Fallible<()> {
    // Only so that many repetitions fit into one call.
    let policy = Policy {
        limits: Limits {
            read_mib: 1 << 20,
            output_mib: 1 << 20,
            ..Limits::default()
        },
        ..crate::policy()
    };
    let sandbox = Sandbox::new(policy, None)?;
    let component = components::border()?;
    let bare = Bare::new(&component, Guards::default(), false)?;
    let plugin = sandbox.admit(components::file("loader", component, sandbox.policy())?)?;

    report.group("The border (a batch of 8192 rows and 40 columns of every kind, 1 MiB of a file)");
    let (columns, stream) = batch()?;
    let job = Job {
        tables: vec![TableSpec {
            name: components::TABLE.to_owned(),
            columns,
            missing: Vec::new(),
        }],
        params: Vec::new(),
    };
    out(&plugin, &bare, &job, &stream, report)?;
    in_from_file(&plugin, &bare, report)?;
    in_as_table(&sandbox, &stream, report)
}

/// A loader's emits: out of the guest, checked, kept.
fn out(
    plugin: &autods_sandbox::Plugin,
    bare: &Bare,
    job: &Job,
    stream: &[u8],
    report: &mut Report,
) -> Fallible<()> {
    let length = u32::try_from(stream.len())?;
    let shared: Arc<[u8]> = stream.into();
    let sources = Sources::in_memory([("batch".to_owned(), stream.to_vec())]);
    let shard = |emits| Shard {
        source: length,
        start: 1,
        end: emits,
        first_line: 0,
    };
    let crossing = |emits| Crossing {
        length,
        reads: 1,
        emits,
        says: 0,
    };
    let ours = |emits| {
        clock(|| {
            (0..CALLS)
                .try_for_each(|_| Ok(loader::load(plugin, &sources, job, &shard(emits)).map(drop)?))
        })
    };
    let unchecked = |emits| {
        clock(|| (0..CALLS).try_for_each(|_| bare.cross(&shared, crossing(emits)).map(drop)))
    };
    let [ours, empty, unchecked, unchecked_empty, native, fresh] = rounds(
        ROUNDS,
        [
            &mut || ours(EMITS),
            &mut || ours(0),
            &mut || unchecked(EMITS),
            &mut || unchecked(0),
            &mut || {
                clock(|| {
                    for _ in 0..CALLS {
                        let keep = || std::hint::black_box(stream).to_vec();
                        std::hint::black_box((0..EMITS).map(|_| keep()).collect::<Vec<_>>());
                    }
                    Ok(())
                })
            },
            &mut || into_fresh(stream, EMITS as usize * CALLS),
        ],
    )?;
    let bytes = stream.len() as f64 * EMITS as f64 * CALLS as f64;
    let (ours, unchecked) = (
        ours.less(empty.min()),
        unchecked.less(unchecked_empty.min()),
    );
    let checking = (ours.min() - unchecked.min()) / ours.min();
    report.row(&Row {
        what: "batch out of a plugin, checked and kept",
        unit: Unit::Throughput(bytes),
        ours: &ours,
        native_is: "memcpy into new allocations, kept as long as the call lasts",
        native: &native,
        target: Some(Target::Throughput(2.0)),
        note: format!(
            "{:.1} MiB a batch; of ours {:.0} % is checking (the runtime alone: {:.2} GB/s); \
             memcpy into pages that the kernel has yet to give {:.2} GB/s",
            stream.len() as f64 / f64::from(1 << 20),
            100.0 * checking,
            bytes / unchecked.min() / 1e9,
            bytes / fresh.min() / 1e9,
        ),
    });
    Ok(())
}

/// A loader's reads of a file in memory.
fn in_from_file(plugin: &autods_sandbox::Plugin, bare: &Bare, report: &mut Report) -> Fallible<()> {
    let content = vec![b'x'; READ];
    let length = u32::try_from(READ)?;
    let shared: Arc<[u8]> = content.as_slice().into();
    let sources = Sources::in_memory([("file".to_owned(), content.clone())]);
    let job = Job {
        tables: Vec::new(),
        params: Vec::new(),
    };
    let shard = |reads| Shard {
        source: length,
        start: reads,
        end: 0,
        first_line: 0,
    };
    let [ours, empty, unchecked, native] = rounds(
        ROUNDS,
        [
            &mut || clock(|| Ok(loader::load(plugin, &sources, &job, &shard(READS))?)),
            &mut || clock(|| Ok(loader::load(plugin, &sources, &job, &shard(1))?)),
            &mut || {
                let crossing = Crossing {
                    length,
                    reads: READS,
                    ..Crossing::default()
                };
                clock(|| bare.cross(&shared, crossing))
            },
            &mut || {
                let mut room = vec![1_u8; READ];
                clock(|| {
                    for _ in 0..READS {
                        std::hint::black_box(&mut room)
                            .copy_from_slice(std::hint::black_box(&content));
                    }
                    Ok(())
                })
            },
        ],
    )?;
    let bytes = READ as f64 * (READS - 1) as f64;
    let ours = ours.less(empty.min());
    report.row(&Row {
        what: "bytes of a file into a plugin",
        unit: Unit::Throughput(bytes),
        ours: &ours,
        native_is: "memcpy into warm memory",
        native: &native,
        target: Some(Target::Throughput(2.0)),
        note: format!(
            "the runtime alone with a copy more: {:.2} GB/s",
            bytes / unchecked.min() / 1e9
        ),
    });
    Ok(())
}

/// The rows of a fold, handed to a method.
fn in_as_table(sandbox: &Sandbox, stream: &[u8], report: &mut Report) -> Fallible<()> {
    let swallow = components::file("method", components::swallow()?, sandbox.policy())?;
    let method = sandbox.admit(swallow)?;
    let recipe = method::Recipe {
        columns: Vec::new(),
        outcome: None,
        inner_fold: None,
        params: Vec::new(),
    };
    let names = method::OutputNames::default();
    let table = |stream: &[u8]| TableData {
        name: components::TABLE.to_owned(),
        stream: stream.to_vec(),
    };
    let whole = [table(stream)];
    let fit = |tables: &[TableData]| -> Fallible<()> {
        Ok(method::fit(&method, tables, &recipe, 1, &names).map(drop)?)
    };
    let batches = EMITS as usize * CALLS;
    let [ours, empty, native]: [Times; 3] = rounds(
        ROUNDS,
        [
            &mut || clock(|| (0..batches).try_for_each(|_| fit(&whole))),
            &mut || clock(|| (0..batches).try_for_each(|_| fit(&[]))),
            &mut || into_fresh(stream, batches),
        ],
    )?;
    let bytes = stream.len() as f64 * batches as f64;
    report.row(&Row {
        what: "batch into a fresh plugin",
        unit: Unit::Throughput(bytes),
        ours: &ours.less(empty.min()),
        native_is: "memcpy into pages that the kernel has yet to give, given back",
        native: &native,
        target: Some(Target::Throughput(2.0)),
        note: "each batch into an instance of its own, whose memory holds nothing of another"
            .into(),
    });
    Ok(())
}

/// Seconds of copying so many times into memory that nobody has touched, as a fresh plugin's is.
fn into_fresh(bytes: &[u8], times: usize) -> Fallible<f64> {
    clock(|| {
        for _ in 0..times {
            let mut fresh = Fresh::new(bytes.len())?;
            std::hint::black_box(fresh.bytes()).copy_from_slice(std::hint::black_box(bytes));
        }
        Ok(())
    })
}

/// Columns as a registry has them, with gaps; and the stream of their batch.
fn batch() -> Fallible<(Vec<ColumnSpec>, Vec<u8>)> {
    let mut chance = Chance::new(3);
    let mut columns: Vec<(String, ValueKind, ArrayRef)> = Vec::new();
    for column in 0..40 {
        let mut gap = || chance.happens(0.04);
        let gaps: Vec<bool> = (0..ROWS).map(|_| gap()).collect();
        let some = |row: &usize| !gaps[*row];
        let rows = 0..ROWS;
        let (kind, values): (ValueKind, ArrayRef) = match column % 8 {
            0 | 1 => {
                let value = |row| some(&row).then(|| chance.below(10_000) as i64);
                let values: Int64Array = rows.map(value).collect();
                (ValueKind::Integer, Arc::new(values))
            }
            2 | 3 => {
                let value = |row| some(&row).then(|| chance.normal());
                let values: Float64Array = rows.map(value).collect();
                (ValueKind::Number, Arc::new(values))
            }
            4 => {
                let value = |row| some(&row).then(|| chance.happens(0.3));
                let values: BooleanArray = rows.map(value).collect();
                (ValueKind::Boolean, Arc::new(values))
            }
            5 => {
                let value = |row| some(&row).then(|| 15_000 + chance.below(3000) as i32);
                let values: Date32Array = rows.map(value).collect();
                (ValueKind::Date, Arc::new(values))
            }
            _ => {
                let value = |row| some(&row).then(|| format!("code-{}", chance.below(3000)));
                let values: StringArray = rows.map(value).collect();
                (ValueKind::Category, Arc::new(values))
            }
        };
        columns.push((format!("column_{column}"), kind, values));
    }
    let specs = columns.iter().map(|(name, kind, _)| ColumnSpec {
        name: name.clone(),
        kind: *kind,
        unit: None,
        codings: Vec::new(),
        missing: Vec::new(),
    });
    let specs = specs.collect();
    let named = columns.into_iter().map(|(name, _, values)| (name, values));
    let batch = RecordBatch::try_from_iter(named)?;
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(&batch)?;
    Ok((specs, writer.into_inner()?))
}
