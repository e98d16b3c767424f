//! Attacks with what a plugin puts out.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::IpcWriteOptions;
use autods_sandbox::method::{self, OutputNames, TableData};
use autods_sandbox::{SourceLimits, Sources, agent};
use flate2::{Compression, write::GzEncoder};

use crate::build::{Module, applying, briefing, job, shard, stating, stream, write};
use crate::ground::{planted_rows, sources};
use crate::trial::{AtMost, Attack, Told, Trial};

fn numbers(count: usize) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(0..count as i64))
}

fn texts(count: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..count).map(|_| "x")))
}

fn floats(count: usize) -> ArrayRef {
    Arc::new(Float32Array::from_iter_values((0..count).map(|_| 1.0)))
}

fn emits(trial: &mut Trial, way: &'static str, expected: &str, bytes: Vec<u8>) {
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        Told::failure(ground.load(&Module::emitting(&bytes)))
    });
}

/// A method that gives back `stream` for two rows of the planted table.
fn applies(trial: &mut Trial, way: &'static str, expected: &str, bytes: Vec<u8>) {
    trial.attempt(way, expected, AtMost::Call, move |ground| {
        let input = TableData {
            name: "rows".into(),
            stream: planted_rows(),
        };
        let names = OutputNames {
            columns: BTreeSet::from(["n".to_owned()]),
            levels: BTreeSet::new(),
        };
        let plugin = ground.admit("method", applying("rows", &bytes).component("method"));
        Told::failure(method::apply(&plugin, b"state", &[input], &names))
    });
}

pub const STRUCTURES: Attack = Attack {
    name: "Malformed structures",
    tries: "A plugin puts out tables, names and actions that are not what was agreed: to confuse who reads \
            them, or to carry something.",
    perform: |trial| {
        let code = "output-rejected";
        emits(
            trial,
            "a column that nobody declared",
            code,
            stream(vec![("n", numbers(2)), ("smith", texts(2))]),
        );
        emits(
            trial,
            "a column too few",
            code,
            stream(vec![("n", numbers(2))]),
        );
        emits(
            trial,
            "the same column twice",
            code,
            stream(vec![("n", numbers(2)), ("t", texts(2)), ("t", texts(2))]),
        );
        emits(
            trial,
            "another type",
            code,
            stream(vec![("n", texts(2)), ("t", texts(2))]),
        );
        let name = "n".repeat(100_000);
        emits(
            trial,
            "a column name of 100 KB",
            code,
            stream(vec![
                ("n", numbers(2)),
                ("t", texts(2)),
                (name.as_str(), texts(2)),
            ]),
        );
        emits(
            trial,
            "more rows than the budget",
            "host-budget",
            stream(vec![("n", numbers(101)), ("t", texts(101))]),
        );
        emits(
            trial,
            "bytes that are no Arrow stream",
            code,
            vec![0xff; 64],
        );
        let whole = stream(vec![("n", numbers(9)), ("t", texts(9))]);
        emits(
            trial,
            "half a stream",
            code,
            whole[..whole.len() / 2].to_vec(),
        );
        emits(
            trial,
            "a stream with something behind it",
            code,
            [whole, b"smith".to_vec()].concat(),
        );
        emits(
            trial,
            "a message that claims to be 2 GiB long",
            code,
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f].to_vec(),
        );
        trial.attempt("the name of another table", code, AtMost::Call, |ground| {
            Told::failure(ground.load(&Module::emitting_into("patients", &planted_rows())))
        });
        applies(
            trial,
            "a method: another number of rows",
            code,
            stream(vec![("n", floats(3))]),
        );
        applies(
            trial,
            "a method: text instead of numbers",
            code,
            stream(vec![("n", texts(2))]),
        );
        applies(
            trial,
            "a method: a column that it named itself",
            code,
            stream(vec![("n", floats(2)), ("n=Jones", floats(2))]),
        );
        let wide: Vec<String> = (0..50).map(|index| format!("c{index}")).collect();
        applies(
            trial,
            "a method: fifty columns",
            code,
            stream(wide.iter().map(|name| (name.as_str(), floats(2))).collect()),
        );
        for (way, text) in [
            ("an agent: a sentence that is too long", "x".repeat(65)),
            (
                "an agent: a sentence that clears the screen",
                "a\x1b[2J".into(),
            ),
            (
                "an agent: a sentence that reads backwards",
                "a\u{202e}b".into(),
            ),
        ] {
            trial.attempt(way, code, AtMost::Call, move |ground| {
                let plugin = ground.admit("agent", stating(text.as_bytes()).component("agent"));
                Told::failure(agent::act(&plugin, &briefing()))
            });
        }
        trial.attempt("an agent: more actions than allowed", code, AtMost::Call, |ground| {
            let many = Module::first("(i32.store (i32.const 1024) (i32.const 4096)) (i32.store (i32.const 1028) (i32.const 5))");
            let plugin = ground.admit("agent", many.component("agent"));
            Told::failure(agent::act(&plugin, &briefing()))
        });
        trial.attempt("overlapping shards, so that rows count twice", code, AtMost::Call, |ground| {
            let one: Vec<u8> = [&[0; 8][..], &4_u64.to_le_bytes(), &12_u64.to_le_bytes(), &2_u64.to_le_bytes()].concat();
            let module = Module {
                data: one.repeat(2),
                ..Module::first("(i32.store (i32.const 1032) (i32.const 65536)) (i32.store (i32.const 1036) (i32.const 2))")
            };
            let plugin = ground.admit("loader", module.component("loader"));
            Told::failure(autods_sandbox::loader::plan(&plugin, &sources(), &job(), 8))
        });
    },
};

/// Bytes, compressed.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub const COMPRESSED: Attack = Attack {
    name: "Compressed bomb",
    tries: "Few bytes that become many: in a file that a loader is to read, or in a stream that a plugin \
            puts out.",
    perform: |trial| {
        // Without rows there is nothing to compress, so the writer needs no codec to say that it does.
        trial.attempt(
            "an Arrow stream that says it is compressed",
            "output-rejected",
            AtMost::Call,
            |ground| {
                let batch = RecordBatch::try_from_iter(vec![("n", numbers(0))]).unwrap();
                let options = IpcWriteOptions::default()
                    .try_with_compression(Some(CompressionType::ZSTD))
                    .unwrap();
                let plugin = ground.admit(
                    "loader",
                    Module::emitting(&write(&batch, options)).component("loader"),
                );
                let mut job = job();
                job.tables[0].columns.truncate(1);
                Told::failure(autods_sandbox::loader::load(
                    &plugin,
                    &sources(),
                    &job,
                    &shard(),
                ))
            },
        );
        let opens = |trial: &mut Trial, way, limits: SourceLimits, bytes: Vec<u8>| {
            trial.attempt(way, "source-error", AtMost::Files, move |ground| {
                let folder = ground.at("data");
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(folder.join("stays.csv.gz"), bytes).unwrap();
                Told::failure(Sources::open(
                    &folder,
                    &["stays.csv.gz".to_owned()],
                    &limits,
                ))
            });
        };
        let small = SourceLimits {
            inflate_mib: 4,
            ..SourceLimits::default()
        };
        opens(
            trial,
            "64 MiB of zeros in 64 KB",
            SourceLimits::default(),
            gzip(&vec![0; 64 << 20]),
        );
        opens(
            trial,
            "ten members of 1 MiB each, 4 MiB allowed",
            small.clone(),
            {
                // not all the same, so that the ratio is no reason
                let mut state = 1_u32;
                let noise: Vec<u8> = (0..1 << 20)
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        b'a' + (state >> 28) as u8
                    })
                    .collect();
                gzip(&noise).repeat(10)
            },
        );
        let mut cut = gzip(b"n,t\n4815162342,Zyxwv-48151623\n");
        cut.truncate(cut.len() - 12);
        opens(trial, "a file that was cut", small.clone(), cut);
        let mut broken = gzip(&vec![b'x'; 10_000]);
        let at = broken.len() - 6;
        broken[at] ^= 1;
        opens(trial, "a checksum that is wrong", small, broken);
    },
};
