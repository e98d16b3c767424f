//! What is under every attack: a sandbox, rows with planted values, and a good plugin.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, StringArray};
use autods_sandbox::loader::{self, LoadOutput};
use autods_sandbox::{CallError, Plugin, PluginFile, Policy, Sandbox, Sources, Usage};
use tempfile::TempDir;

use crate::build::{Module, job, manifest, policy, shard, stream};

/// Values of the rows. No message may hold one of them, in whatever form.
/// The last is the second as 32 bits: where a number of the contract has no more.
pub const CANARIES: [&str; 4] = ["Zyxwv-48151623", "4815162342", "Smith-Canary", "520195046"];

/// The source of every table: two rows of planted values.
const CSV: &str = "n,t\n4815162342,Zyxwv-48151623\n2,Smith-Canary\n";

/// A sandbox, and a good plugin in it.
pub struct Ground {
    place: TempDir,
    sandbox: Sandbox,
    good: Plugin,
    expected: LoadOutput,
}

impl Ground {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::new(policy(), Some(&place.path().join("code"))).unwrap();
        let good = sandbox.admit(good_file()).unwrap();
        let (expected, _) = loader::load(&good, &sources(), &job(), &shard()).unwrap();
        // a good plugin that did nothing would be the same after every attack
        assert_eq!(expected.tables["rows"], [planted_rows()]);
        assert_eq!(expected.metrics.len(), 1);
        assert_ne!(expected.summary.records, 0);
        Self {
            place,
            sandbox,
            good,
            expected,
        }
    }

    /// A path in its place.
    pub fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Its place.
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    /// The sandbox that hostile and good plugins share.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// A hostile component of a world, admitted.
    pub fn admit(&self, world: &str, bytes: Vec<u8>) -> Plugin {
        self.sandbox
            .admit(PluginFile::from_parts(manifest(world), bytes, &policy()))
            .unwrap_or_else(|refusal| panic!("the attack was refused too early: {refusal}"))
    }

    /// What `load` of a hostile loader gives.
    pub fn load(&self, module: &Module) -> Result<(LoadOutput, Usage), CallError> {
        self.load_bytes(module.component("loader"))
    }

    /// The same, of a component.
    pub fn load_bytes(&self, bytes: Vec<u8>) -> Result<(LoadOutput, Usage), CallError> {
        loader::load(&self.admit("loader", bytes), &sources(), &job(), &shard())
    }

    /// Why the good plugin does not give what it gave before; `None`: it does.
    pub fn disturbed(&self) -> Option<String> {
        let again = loader::load(&self.good, &sources(), &job(), &shard());
        if again.as_ref().map(|(output, _)| output) != Ok(&self.expected) {
            return Some(format!("the good plugin gave something else: {again:?}"));
        }
        let fresh = match self.sandbox.admit(good_file()) {
            Ok(plugin) => plugin,
            Err(refusal) => return Some(format!("the good plugin was refused: {refusal}")),
        };
        let again = loader::load(&fresh, &sources(), &job(), &shard());
        if again.as_ref().map(|(output, _)| output) != Ok(&self.expected) {
            return Some(format!("the good plugin, admitted anew, gave: {again:?}"));
        }
        if !self.sandbox.take_messages().is_empty() {
            return Some("messages of a plugin were kept under a policy that shows none".into());
        }
        let halves = autods_tests::half_written(self.place.path());
        (!halves.is_empty()).then(|| format!("half-written files were left: {halves:?}"))
    }
}

/// A ground for a policy of its own.
pub fn admit_under(policy: &Policy, world: &str, bytes: Vec<u8>) -> (Sandbox, Plugin) {
    let sandbox = Sandbox::new(policy.clone(), None).unwrap();
    let plugin = sandbox
        .admit(PluginFile::from_parts(manifest(world), bytes, policy))
        .unwrap_or_else(|refusal| panic!("the attack was refused too early: {refusal}"));
    (sandbox, plugin)
}

/// The sources of every attack.
pub fn sources() -> Sources {
    Sources::in_memory([("stays.csv".to_owned(), CSV.as_bytes().to_vec())])
}

/// Bytes of the source.
pub fn source_bytes() -> usize {
    CSV.len()
}

/// The rows as a loader puts them out.
pub fn planted_rows() -> Vec<u8> {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![4_815_162_342, 2]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["Zyxwv-48151623", "Smith-Canary"]));
    stream(vec![("n", numbers), ("t", texts)])
}

/// A loader whose answer depends on every byte of the source: it emits the rows, posts a metric and
/// counts a sum over the bytes as records.
fn good_file() -> PluginFile {
    let mut module = Module::emitting(&planted_rows());
    let length = source_bytes();
    // the name of the metric stands behind the name of the table
    module.data[16..28].copy_from_slice(b"ragged-lines");
    let name = autods_tests::DATA + 16;
    module.second.push_str(&format!(
        "(call $metric (i32.const {name}) (i32.const 12) (i32.const 1) (i32.const 1) (f64.const 2) (i32.const 512))
         (call $read (i32.const 0) (i64.const 0) (i32.const {length}) (i32.const 512))
         (loop $next
           (i64.store (i32.const 1032) (i64.add
             (i64.mul (i64.load (i32.const 1032)) (i64.const 31))
             (i64.load8_u (i32.add (i32.load (i32.const 516)) (local.get $i)))))
           (local.set $i (i32.add (local.get $i) (i32.const 1)))
           (br_if $next (i32.lt_u (local.get $i) (i32.const {length}))))"
    ));
    PluginFile::from_parts(manifest("loader"), module.component("loader"), &policy())
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
