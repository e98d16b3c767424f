//! What hostile plugins are given to work with: manifests, a policy with small limits, a job, files.

use arrow_array::{ArrayRef, RecordBatch};
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use autods_sandbox::loader::{ColumnSpec, Job, Shard, TableSpec, ValueKind};
use autods_sandbox::{
    Limits, Manifest, Plugin, PluginFile, Policy, Profile, Refusal, Sandbox, Sources, agent,
};

pub use autods_tests::{DATA, Module, RESULT};

pub fn manifest(world: &str) -> Manifest {
    let extra = match world {
        "loader" => {
            "[emits]\nmetrics = [\"ragged-lines\"]\n[tables]\n\"*\" = [\"*\"]\n\
             [capabilities]\nrequires = [\"log\", \"read-sources\", \"emit-rows\"]"
        }
        "method" => {
            "[vocabulary]\nlevels = [\"missing\", \"target\"]\n\
             [capabilities]\nrequires = [\"log\", \"see-rows\"]"
        }
        _ => {
            "[roles]\nmay = [\"modeler\"]\n\
             [capabilities]\nrequires = [\"log\", \"see-aggregates\", \"act\"]"
        }
    };
    let text = format!(
        "[plugin]\nid = \"evil\"\nversion = \"1.0.0\"\nworld = \"{world}\"\ncontract = \"0.1.0\"\n{extra}\n"
    );
    Manifest::parse("plugin.toml", &text).unwrap()
}

/// Limits small enough that every attack ends soon.
pub fn policy() -> Policy {
    Policy {
        limits: Limits {
            memory_mib: 16,
            table_elements: 1000,
            wall_ms: 300,
            host_calls: 1000,
            crossing_mib: 4,
            read_mib: 1,
            output_rows: 100,
            output_mib: 2,
            output_streams: 5,
            output_columns: 20,
            metrics: 3,
            shards: 10,
            state_mib: 1,
            actions: 4,
            text_bytes: 64,
            log_lines: 10,
            log_bytes: 100,
            ..Limits::default()
        },
        ..open()
    }
}

/// Neither lock nor signature: what is tried here is the sandbox itself.
pub fn open() -> Policy {
    let mut policy = Policy::of(Profile::Development);
    policy.log.show = false;
    policy.wasi.stubs = false;
    policy
}

pub fn file(world: &str, bytes: Vec<u8>) -> PluginFile {
    PluginFile::from_parts(manifest(world), bytes, &policy())
}

pub fn admit(world: &str, module: &Module) -> Plugin {
    Sandbox::new(policy(), None)
        .unwrap()
        .admit(file(world, module.component(world)))
        .unwrap()
}

/// Why a component written as text is not admitted.
pub fn refusal(world: &str, component: &str) -> Refusal {
    let bytes = wat::parse_str(component).unwrap();
    let file = file(world, bytes);
    assert!(!file.audit().admitted());
    Sandbox::new(policy(), None)
        .unwrap()
        .admit(file)
        .err()
        .unwrap()
}

/// A job with one table `rows` of an integer column `n` and a text column `t`.
pub fn job() -> Job {
    let column = |name: &str, kind| ColumnSpec {
        name: name.into(),
        kind,
        unit: None,
        codings: vec![],
        missing: vec![],
    };
    Job {
        tables: vec![TableSpec {
            name: "rows".into(),
            columns: vec![
                column("n", ValueKind::Integer),
                column("t", ValueKind::Category),
            ],
            missing: vec!["?".into()],
        }],
        params: vec![],
    }
}

pub fn sources() -> Sources {
    Sources::in_memory([("a.csv".to_owned(), b"n,t\n1,x\n2,y\n".to_vec())])
}

pub fn shard() -> Shard {
    Shard {
        source: 0,
        start: 4,
        end: 12,
        first_line: 2,
    }
}

/// One Arrow stream of these columns.
pub fn stream(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    write(
        &RecordBatch::try_from_iter(columns).unwrap(),
        IpcWriteOptions::default(),
    )
}

pub fn write(batch: &RecordBatch, options: IpcWriteOptions) -> Vec<u8> {
    let mut writer =
        StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

/// A method that gives back `stream` as table `rows` from `apply`.
pub fn applying(table: &str, stream: &[u8]) -> Module {
    let at = DATA + 128;
    let mut data = Vec::new();
    for word in [
        DATA + 64,
        u32::try_from(table.len()).unwrap(),
        at,
        u32::try_from(stream.len()).unwrap(),
    ] {
        data.extend_from_slice(&word.to_le_bytes());
    }
    data.resize(64, 0);
    data.extend_from_slice(table.as_bytes());
    data.resize(128, 0);
    data.extend_from_slice(stream);
    Module {
        data,
        ..Module::second(&format!(
            "(i32.store (i32.const 1032) (i32.const {DATA})) (i32.store (i32.const 1036) (i32.const 1))"
        ))
    }
}

pub fn briefing() -> agent::Briefing {
    agent::Briefing {
        card: agent::RoleCard {
            role: agent::Role::Modeler,
            instance: "modeler-linear".into(),
            team: Some("linear".into()),
            params: vec![],
            seed: 1,
        },
        task: agent::TaskCard {
            name: "t".into(),
            question: "q".into(),
            table: "rows".into(),
            outcome: "y".into(),
            primary_metric: "auroc".into(),
            folds: 5,
            lockbox: 0.2,
            thresholds: vec![0.1],
            subgroups: vec![],
            min_delta: 0.005,
            quorum: 2,
            seeds: vec![1],
        },
        stage: agent::Stage::Explore,
        protocol: None,
        champion: None,
        catalogue: None,
        events: vec![],
        tickets: vec![],
        budget: agent::Budget {
            experiments: 1,
            rounds: 1,
            since_promotion: 0,
        },
        roster: vec![],
    }
}

/// An agent whose only action is a sentence for the report.
pub fn stating(text: &[u8]) -> Module {
    let at = DATA + 512;
    let mut data = vec![0; 512];
    data[0] = 7; // action.state
    data[12..16].copy_from_slice(&at.to_le_bytes());
    data[16..20].copy_from_slice(&u32::try_from(text.len()).unwrap().to_le_bytes());
    data.extend_from_slice(text);
    Module {
        data,
        ..Module::first(&format!(
            "(i32.store (i32.const {RESULT}) (i32.const {DATA})) (i32.store (i32.const 1028) (i32.const 1))"
        ))
    }
}
