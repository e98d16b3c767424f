//! Every code with what it means, what to change, and who may change it: `autods-host explain`.
//!
//! The matches below are exhaustive on purpose: a new error does not compile without its words.

use autods_signature::SignatureError;
use serde::Serialize;

use crate::call_error::{CallError, TrapKind};
use crate::loader::FaultCode;
use crate::refusal::Refusal;

/// Who may do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Who wrote the plugin.
    Author,
    /// Who answers for the site's policy, its signers and its lock.
    Officer,
    /// Who runs the program on the server.
    Operator,
    /// Who wrote TASK.md and LAUNCH.md.
    TaskAuthor,
    /// Who maintains autods-host.
    Maintainers,
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Author => "the plugin's author",
            Self::Officer => "whoever answers for the site's policy",
            Self::Operator => "whoever runs the host",
            Self::TaskAuthor => "the task's author",
            Self::Maintainers => "the maintainers of autods-host",
        })
    }
}

/// A code in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub what: &'static str,
    /// What to change: the file and the key where there is one.
    pub change: &'static str,
    /// Who may change it.
    pub who: Who,
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}\n  what    {}\n  change  {}\n  who     {}",
            self.code, self.what, self.change, self.who
        )
    }
}

macro_rules! explanations {
    ($($name:ident $code:literal $who:ident $what:literal $change:literal;)*) => {
        $(static $name: Explanation = Explanation {
            code: $code,
            what: $what,
            change: $change,
            who: Who::$who,
        };)*

        /// All of them.
        static ALL: &[&Explanation] = &[$(&$name),*];
    };
}

explanations! {
    // ---- a plugin is not admitted
    BAD_MANIFEST "bad-manifest" Author
        "The manifest is missing, is not TOML, or has a key, value or section that a manifest of its world cannot have."
        "`plugin.toml` (or `<id>.toml` beside the component) at the line that the message names. `autods-host plugin check` reads it as the host does.";
    UNREADABLE "unreadable" Operator
        "A file of the plugin is not there, or the host's user may not read it."
        "The file or its permissions; `autods-host plugin install` puts all of a plugin's files in place.";
    TOO_LARGE "component-too-large" Officer
        "The component has more bytes than the policy lets the host read. Compilation cannot be interrupted, so its input is bounded."
        "`component.size-kib` in policy.toml; or the author makes it smaller (`opt-level = \"s\"`, `lto = true`, fewer dependencies).";
    NOT_WEBASSEMBLY "not-webassembly" Author
        "The file does not begin with the four bytes of every WebAssembly file."
        "Give `dist/<id>.wasm` as `autods-host plugin build` made it.";
    PRECOMPILED "precompiled" Author
        "The file is machine code that some engine compiled. It cannot be checked, so no policy admits it."
        "Give the component that it was compiled from; the host compiles it and keeps the result.";
    CORE_MODULE "core-module" Author
        "The file is a core module. Only a component says by types what it imports and exports."
        "Build it with `autods-host plugin build`, which makes the component.";
    MALFORMED "malformed-component" Author
        "The component does not pass WebAssembly's own validation, or uses a feature that is off because results could depend on it: threads, 64-bit memory, garbage collection, exceptions."
        "Build it again; if it was copied, compare its SHA-256 with the author's. Turn off target features beyond the default of wasm32.";
    CONTRACT_VERSION "contract-version" Author
        "The plugin was built for a version of the contract (wit/) that this host does not speak. The message says which it needs and which the host has."
        "Make a new folder with `autods-host plugin new`, move your code there and build; or install a host that speaks the version that the plugin needs.";
    IMPORT "undeclared-import" Author
        "The component imports an interface that its world does not have. The import list is a plugin's whole authority, and no policy widens a world."
        "Find the dependency that asks for a clock, randomness, a file or a socket, and do without it. A toolchain that always imports WASI runs where policy.toml says `wasi.stubs = true`.";
    WASI_OFF "wasi-stubs-off" Officer
        "The component imports an interface of WASI, which its compiler puts into everything. No plugin needs it, and this policy answers none of it."
        "`wasi.stubs = true` in policy.toml answers such imports with stubs that know nothing; or the author builds without WASI (Rust: `wasm32-unknown-unknown`; Python: `--stub-wasi`; JavaScript: `--backend-qjs-stub-wasi`).";
    MIXED_VERSIONS "mixed-versions" Author
        "The component imports one package of WASI in two versions."
        "Build it with one version of WASI; do not compose components after that.";
    IMPORT_KIND "import-kind" Author
        "The component imports a module, a function or a component. Only interfaces of the contract can be imported."
        "Build it with `autods-host plugin build`; do not compose components after that.";
    RENAMED_IMPORT "renamed-import" Author
        "The component imports an interface under another name. Interfaces are linked by their own names, so that an audit shows what there is."
        "Build it with `autods-host plugin build` from the contract as it is.";
    MISSING_EXPORT "missing-export" Author
        "The component does not export the interface by which the host calls plugins of its world."
        "Implement the trait of the world and name it in `export_loader!`, `export_method!` or `export_agent!`; check `plugin.world` in plugin.toml.";
    UNEXPECTED_EXPORT "unexpected-export" Author
        "The component exports something for which its world has no place."
        "Remove the export; a plugin has one world and one feature of the SDK.";
    WRONG_TYPES "wrong-types" Author
        "Names of imports and exports are right and their types are not: it was built against a changed copy of the contract."
        "Do not edit `vendor/wit` or `wit/`; build against the contract as the host ships it.";
    OVERSIZED "oversized" Officer
        "A part of the component (functions, modules, memories, tables) is larger than the policy allows. Compile time grows with it."
        "The key that the message names, in policy.toml; or the author makes that part smaller.";
    ABOVE_POLICY "above-policy" Author
        "The manifest asks for a higher limit than the policy gives. It is refused now, so that it does not fail in the middle of work."
        "The key of `[limits]` in plugin.toml; or whoever answers for the policy raises `limits` in policy.toml.";
    NOT_A_FILE "not-a-plain-file" Operator
        "A file of the plugin is a symbolic link, a folder or a device. What was looked at could be exchanged behind a link."
        "Put the file itself into the folder: `autods-host plugin install`.";
    REVOKED "revoked" Officer
        "The site no longer trusts exactly these bytes."
        "`revoked.sha256` in policy.toml, if it was listed by mistake; otherwise install a version that is not revoked.";
    OTHER_COMPONENT "other-component" Author
        "The component is not the one whose SHA-256 the manifest names: one of both was exchanged, or rebuilt without the other."
        "If it is yours, `autods-host plugin build`, and sign it again. If not, do not run it: install it again from its author.";
    SIGNED_WITHOUT_DIGEST "signed-without-digest" Author
        "The manifest is signed but names no component, so the signature would hold for any."
        "`autods-host plugin build` writes `component.sha256`; then `autods-host plugin sign`.";
    NOT_LOCKED "not-locked" Officer
        "The policy wants every plugin pinned, and autods.lock does not know this one."
        "Look at `autods-host audit`, then `autods-host plugin lock`; or `plugins.lock` in policy.toml.";
    BAD_LOCK "bad-lock" Officer
        "autods.lock was edited, is damaged, or lacks a signature that the policy wants."
        "Find out who changed it. Look at every plugin's audit, then make it anew with `autods-host plugin lock` (with `--key` where `plugins.lock = \"signed\"`).";
    OTHER_THAN_LOCKED "other-than-locked" Officer
        "The plugin is not the one that somebody looked at and pinned: its bytes, manifest, interface or signer changed."
        "If the change is wanted, look at its audit and pin it with `autods-host plugin lock`. If nobody knows of a change, do not run it.";
    UNDECLARED "undeclared-capability" Author
        "The component uses a capability for which its manifest does not ask. Whoever installs it must be able to see what it needs."
        "`capabilities.requires` in plugin.toml; then build and sign again.";
    NOT_GRANTED "not-granted" Officer
        "The component needs a capability that the policy, the task or its place in the run does not give. What a plugin gets is what all of them give."
        "`grants.<world>` in policy.toml where the policy withholds it, TASK.md or LAUNCH.md where the task does; or the author does without it.";
    NEVER_TOGETHER "never-together" Officer
        "The component would hold two capabilities that the policy keeps apart, such as rows and typed actions. Together they are a way out."
        "The author splits it into two plugins. `never-together.sets` in policy.toml can be changed, and should not be.";
    WRONG_USE "wrong-use" TaskAuthor
        "The task uses the plugin as something that its manifest does not offer: another world, or a role that it does not play."
        "The plugin's id in TASK.md or LAUNCH.md; or the author adds the role to `roles.may`.";
    COMPILE "compile-error" Author
        "The component passed every check and the compiler still refused it."
        "Build it with a current toolchain. If that does not help it is a defect of the host: report it with `autods-host audit --format json`.";
    // ---- signatures
    SIGNATURE_MISSING "signature-missing" Author
        "The policy wants plugins signed, and this one is not."
        "`autods-host plugin sign`, or minisign; send the .minisig file along. `plugins.signature` in policy.toml says whether it is wanted.";
    SIGNATURE_UNREADABLE "signature-unreadable" Operator
        "The signature's file cannot be read."
        "Its permissions.";
    SIGNATURE_MALFORMED "signature-malformed" Author
        "The .minisig file is not what minisign writes."
        "Send the file as minisign or `autods-host plugin sign` wrote it.";
    SIGNATURE_LEGACY "signature-legacy" Author
        "The signature is of minisign's old kind, over the bytes themselves."
        "Sign again without `-l`.";
    SIGNATURE_UNKNOWN_KEY "signature-unknown-key" Officer
        "The plugin is signed by a key that the site does not trust."
        "`[[signers]]` in policy.toml, after making sure by another way whose key it is.";
    SIGNATURE_REVOKED_KEY "signature-revoked-key" Officer
        "The plugin is signed by a key that the site no longer trusts."
        "Ask the author for a signature by a valid key. `revoked.keys` in policy.toml, if it was listed by mistake.";
    SIGNATURE_REVOKED_DIGEST "signature-revoked-digest" Officer
        "The site no longer trusts exactly these bytes, whoever signed them."
        "Ask the author for a newer version. `revoked.sha256` in policy.toml, if it was listed by mistake.";
    SIGNATURE_BAD "signature-bad" Author
        "The signature is not one of these bytes: manifest, signature or comment was changed after signing."
        "Get all files again from the author. Do not sign what you did not build.";
    SIGNATURE_NOT_ALLOWED "signature-not-allowed" Officer
        "The signer is trusted, but not for this plugin or this world."
        "`plugins` and `worlds` of that entry of `[[signers]]` in policy.toml.";
    SIGNATURE_COMMENT "signature-comment" Author
        "The trusted comment is longer than a line, or has characters that act on a terminal."
        "Sign again with a plain comment.";
    // ---- a call failed
    OUT_OF_MEMORY "out-of-memory" Officer
        "The plugin wanted more memory than a call may have, and gave up without it."
        "`limits.memory-mib` in policy.toml (at most 4096), or in plugin.toml if the manifest lowers it; or the author reads in chunks.";
    OUT_OF_TABLE "out-of-table" Officer
        "The plugin wanted more table elements (function references) than a call may have."
        "`limits.table-elements` in policy.toml.";
    OUT_OF_TIME "out-of-time" Officer
        "The call did not end in time."
        "`limits.wall-ms` in policy.toml, or in plugin.toml if the manifest lowers it; or the author looks for a loop that does not end.";
    INSTANTIATION "instantiation" Officer
        "The component needs more instances, memories or tables than a call may have."
        "`limits.instances`, `limits.memories`, `limits.tables` in policy.toml.";
    HOST_BUDGET "host-budget" Officer
        "The plugin used up what it may ask of the host or put out. The message names the key."
        "That key of `[limits]` in policy.toml; or the author reads or emits less, in larger pieces.";
    OUTPUT_REJECTED "output-rejected" Author
        "What the plugin put out is not what its world may put out: an undeclared table, column or metric, a wrong type, another number of rows, a name that could carry a row, a text that is too long. All of the call's output is gone."
        "The plugin; `autods-host plugin test` shows it with the case that does it. Names of metrics and words are declared in plugin.toml.";
    NOT_IN_MANIFEST "not-in-manifest" Author
        "The task wants the loader to fill a table or column that its manifest does not name, so nobody who installed it could expect that."
        "`[tables]` in plugin.toml, then build and sign again; or the name of the table or column in TASK.md.";
    SOURCE_UNREADABLE "source-unreadable" Operator
        "A file of data could not be read, or changed while it was read."
        "The file and its permissions; do not write into a folder of data while a run reads it.";
    WRONG_WORLD "wrong-world" Maintainers
        "The host called a plugin as something that it is not."
        "Nothing on your side: please report it.";
    INVALID_INPUT "invalid-input" TaskAuthor
        "What the host was to hand over makes no sense: a table or column twice, or a table without columns."
        "The dictionary in TASK.md, or the case in `case.toml`.";
    HOST_FAILURE "host-failure" Maintainers
        "The host itself failed during a call."
        "Nothing on your side: please report it.";
    TRAP_UNREACHABLE "trap-unreachable" Author
        "The plugin gave up: in Rust a panic, in other languages an abort."
        "The plugin. `autods-host plugin test` shows the message and its line; elsewhere a message may hold a row and is hidden unless policy.toml says `log.show = true`.";
    TRAP_STACK "trap-stack-overflow" Author
        "The plugin's stack is used up, most often by recursion without an end."
        "The plugin; or `engine.stack-kib` in policy.toml (at most 1024).";
    TRAP_MEMORY "trap-memory-out-of-bounds" Author
        "The plugin read or wrote outside its memory: a wild pointer."
        "The plugin. Nothing outside its memory was touched.";
    TRAP_TABLE "trap-table-out-of-bounds" Author
        "The plugin called outside its table of functions."
        "The plugin, or its toolchain.";
    TRAP_INDIRECT "trap-bad-indirect-call" Author
        "The plugin called a function that is not there, or of another type."
        "The plugin; in C most often a function declared with other types than it is defined with.";
    TRAP_ARITHMETIC "trap-arithmetic" Author
        "The plugin divided by zero, or turned a number into an integer that cannot hold it."
        "The plugin.";
    TRAP_VALUE "trap-bad-value" Author
        "The plugin gave back a value that the component model forbids: a bad pointer, text that is not UTF-8, an unknown case."
        "The plugin, or the bindings of its language.";
    TRAP_REENTRANCE "trap-reentrance" Author
        "The component was entered or left where it must not be."
        "The plugin, or the bindings of its language.";
    TRAP_EXIT "trap-exit" Author
        "The plugin ended itself by `wasi:cli/exit` instead of answering."
        "The plugin: return a fault; no `exit()`.";
    TRAP_OTHER "trap-other" Author
        "The plugin trapped in another way."
        "The plugin; `autods-host plugin test` shows the case that does it.";
    // ---- the plugin says that it cannot
    FAULT_EMPTY "fault-empty-input" Operator
        "The input holds no bytes, or no record after its header."
        "The file of data, or `files` in TASK.md.";
    FAULT_MALFORMED "fault-malformed" Operator
        "The input is not in the plugin's format."
        "The file of data at the line that the message names; or another `loader` or another option in TASK.md.";
    FAULT_RAGGED "fault-ragged-record" Operator
        "A record has more or fewer fields than the header."
        "The file of data at the line that the message names; or the option for what stands between fields.";
    FAULT_QUOTE "fault-unterminated-quote" Operator
        "A quoted field is still open at the end of the input."
        "The file of data at the line where the quote opens; or the option for quotes in TASK.md.";
    FAULT_UTF8 "fault-invalid-utf8" Operator
        "The input is not UTF-8."
        "Convert the file of data (`iconv -t UTF-8`).";
    FAULT_MISSING_COLUMN "fault-missing-column" TaskAuthor
        "A column that the dictionary declares is not in the input."
        "The column's name in TASK.md, or the file of data.";
    FAULT_DUPLICATE "fault-duplicate-column" Operator
        "A column's name stands twice in the input."
        "The file of data.";
    FAULT_VALUE "fault-invalid-value" TaskAuthor
        "A value cannot be read as the declared kind. The message names line and column, never the value."
        "The column's `type` or `missing` in TASK.md, or the file of data at that line.";
    FAULT_CODE "fault-unknown-code" TaskAuthor
        "A value is not among the codes that the dictionary lists."
        "The column's `codings` or `missing` in TASK.md, or the file of data at that line.";
    FAULT_UNKNOWN_PARAMETER "fault-unknown-parameter" TaskAuthor
        "The plugin does not know a step, parameter or option, or it has another type."
        "The options in TASK.md or LAUNCH.md; `autods-host plugin inspect` lists those that there are.";
    FAULT_RANGE "fault-parameter-out-of-range" TaskAuthor
        "A parameter is outside its range."
        "The options in TASK.md or LAUNCH.md; `autods-host plugin inspect` shows the range.";
    FAULT_MISSING_INPUT "fault-missing-input" Author
        "A table or column that the plugin needs was not handed over."
        "The recipe or the job; or the plugin asks for something that nobody said it needs.";
    FAULT_INSUFFICIENT "fault-insufficient-data" TaskAuthor
        "The rows are too few, or of one kind only, to learn anything from."
        "The population, the folds or the features of the task.";
    FAULT_STATE "fault-invalid-state" Operator
        "The fitted state is not one of this plugin in this version."
        "Run again with the version that fitted it; a run keeps its plugins in `plugins/`.";
    FAULT_REFUSED "fault-host-refused" Author
        "The plugin says that the host refused a read or an emit. The host's own reason is said where there is one."
        "The plugin: read inside the file, emit only what the job declares.";
    FAULT_INTERNAL "fault-internal" Author
        "The plugin found itself in a state that it believes impossible."
        "The plugin.";
}

/// The explanation of a code; `None` for one that no plugin or signature can cause.
#[must_use]
pub fn explain(code: &str) -> Option<&'static Explanation> {
    let bare = format!("fault-{code}");
    ALL.iter()
        .copied()
        .find(|explanation| explanation.code == code)
        // as a case of a plugin's tests writes it
        .or_else(|| {
            ALL.iter()
                .copied()
                .find(|explanation| explanation.code == bare)
        })
}

/// Every explanation.
pub fn explanations() -> impl Iterator<Item = &'static Explanation> {
    ALL.iter().copied()
}

impl Refusal {
    /// What it means, what to change, and who may.
    #[must_use]
    pub fn explanation(&self) -> &'static Explanation {
        match self {
            Self::Manifest(_) => &BAD_MANIFEST,
            Self::Unreadable { .. } => &UNREADABLE,
            Self::TooLarge { .. } => &TOO_LARGE,
            Self::NotWebAssembly => &NOT_WEBASSEMBLY,
            Self::Precompiled => &PRECOMPILED,
            Self::CoreModule => &CORE_MODULE,
            Self::Malformed { .. } => &MALFORMED,
            Self::ContractVersion { .. } => &CONTRACT_VERSION,
            Self::Import { .. } => &IMPORT,
            Self::WasiOff { .. } => &WASI_OFF,
            Self::MixedVersions { .. } => &MIXED_VERSIONS,
            Self::ImportKind { .. } => &IMPORT_KIND,
            Self::RenamedImport { .. } => &RENAMED_IMPORT,
            Self::MissingExport { .. } => &MISSING_EXPORT,
            Self::UnexpectedExport { .. } => &UNEXPECTED_EXPORT,
            Self::WrongTypes { .. } => &WRONG_TYPES,
            Self::Oversized { .. } => &OVERSIZED,
            Self::AbovePolicy { .. } => &ABOVE_POLICY,
            Self::NotAFile { .. } => &NOT_A_FILE,
            Self::Revoked { .. } => &REVOKED,
            Self::OtherComponent { .. } => &OTHER_COMPONENT,
            Self::Signature { fault, .. } => of_signature(fault),
            Self::SignedWithoutDigest => &SIGNED_WITHOUT_DIGEST,
            Self::NotLocked { .. } => &NOT_LOCKED,
            Self::BadLock { .. } => &BAD_LOCK,
            Self::OtherThanLocked { .. } => &OTHER_THAN_LOCKED,
            Self::Undeclared { .. } => &UNDECLARED,
            Self::NotGranted { .. } => &NOT_GRANTED,
            Self::NeverTogether { .. } => &NEVER_TOGETHER,
            Self::WrongUse { .. } => &WRONG_USE,
            Self::Compile { .. } => &COMPILE,
        }
    }
}

fn of_signature(error: &SignatureError) -> &'static Explanation {
    match error {
        SignatureError::Missing => &SIGNATURE_MISSING,
        SignatureError::Unreadable { .. } => &SIGNATURE_UNREADABLE,
        SignatureError::Malformed { .. } => &SIGNATURE_MALFORMED,
        SignatureError::Legacy(_) => &SIGNATURE_LEGACY,
        SignatureError::UnknownKey(_) => &SIGNATURE_UNKNOWN_KEY,
        SignatureError::Revoked(_) => &SIGNATURE_REVOKED_KEY,
        SignatureError::RevokedDigest(_) => &SIGNATURE_REVOKED_DIGEST,
        SignatureError::Bad(_) => &SIGNATURE_BAD,
        SignatureError::NotAllowed { .. } => &SIGNATURE_NOT_ALLOWED,
        SignatureError::Comment => &SIGNATURE_COMMENT,
    }
}

impl CallError {
    /// What it means, what to change, and who may.
    #[must_use]
    pub fn explanation(&self) -> &'static Explanation {
        match self {
            Self::OutOfMemory { .. } => &OUT_OF_MEMORY,
            Self::OutOfTable { .. } => &OUT_OF_TABLE,
            Self::OutOfTime { .. } => &OUT_OF_TIME,
            Self::Trap { kind } => match kind {
                TrapKind::Unreachable => &TRAP_UNREACHABLE,
                TrapKind::StackOverflow => &TRAP_STACK,
                TrapKind::MemoryOutOfBounds => &TRAP_MEMORY,
                TrapKind::TableOutOfBounds => &TRAP_TABLE,
                TrapKind::BadIndirectCall => &TRAP_INDIRECT,
                TrapKind::Arithmetic => &TRAP_ARITHMETIC,
                TrapKind::BadValue => &TRAP_VALUE,
                TrapKind::Reentrance => &TRAP_REENTRANCE,
                TrapKind::Exit => &TRAP_EXIT,
                TrapKind::Other => &TRAP_OTHER,
            },
            Self::Instantiation => &INSTANTIATION,
            Self::HostBudget { .. } => &HOST_BUDGET,
            Self::Fault(fault) => fault.code.explanation(),
            Self::OutputRejected(_) => &OUTPUT_REJECTED,
            Self::NotInManifest { .. } => &NOT_IN_MANIFEST,
            Self::Source { .. } => &SOURCE_UNREADABLE,
            Self::WrongWorld { .. } => &WRONG_WORLD,
            Self::Input { .. } => &INVALID_INPUT,
            Self::Host => &HOST_FAILURE,
        }
    }
}

impl FaultCode {
    /// What it means, what to change, and who may.
    #[must_use]
    pub fn explanation(self) -> &'static Explanation {
        match self {
            Self::EmptyInput => &FAULT_EMPTY,
            Self::Malformed => &FAULT_MALFORMED,
            Self::RaggedRecord => &FAULT_RAGGED,
            Self::UnterminatedQuote => &FAULT_QUOTE,
            Self::InvalidUtf8 => &FAULT_UTF8,
            Self::MissingColumn => &FAULT_MISSING_COLUMN,
            Self::DuplicateColumn => &FAULT_DUPLICATE,
            Self::InvalidValue => &FAULT_VALUE,
            Self::UnknownCode => &FAULT_CODE,
            Self::UnknownParameter => &FAULT_UNKNOWN_PARAMETER,
            Self::ParameterOutOfRange => &FAULT_RANGE,
            Self::MissingInput => &FAULT_MISSING_INPUT,
            Self::InsufficientData => &FAULT_INSUFFICIENT,
            Self::InvalidState => &FAULT_STATE,
            Self::HostRefused => &FAULT_REFUSED,
            Self::Internal => &FAULT_INTERNAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The codes that `code()` can give, read from the sources: a code that is not explained, or
    /// an explanation of a code that nothing gives, is found here whatever the matches say.
    fn given() -> BTreeSet<String> {
        let sources = [
            (include_str!("refusal.rs"), "pub fn code(&self)"),
            (include_str!("call_error.rs"), "impl CallError {"),
            (include_str!("call_error.rs"), "impl TrapKind {"),
            (include_str!("call_error.rs"), "impl FaultCode {"),
            (
                include_str!("../../signature/src/error.rs"),
                "impl SignatureError {",
            ),
        ];
        let mut codes = BTreeSet::new();
        for (source, begin) in sources {
            let body = source.split(begin).nth(1).unwrap();
            let arms = body.split("match ").nth(1).unwrap();
            let arms = arms.split("\n        }\n").next().unwrap();
            for arm in arms.split("=> \"").skip(1) {
                codes.insert(arm.split('"').next().unwrap().to_owned());
            }
        }
        codes
    }

    #[test]
    fn every_code_is_explained_and_every_explanation_is_of_a_code() {
        let explained: BTreeSet<String> = explanations().map(|e| e.code.to_owned()).collect();
        assert_eq!(explained.len(), ALL.len(), "a code is explained twice");
        assert_eq!(given(), explained);
    }

    #[test]
    fn an_error_is_explained_under_its_own_code() {
        let errors = [
            CallError::Host,
            CallError::Instantiation,
            CallError::OutOfTime { limit_ms: 1 },
            CallError::Trap {
                kind: TrapKind::Arithmetic,
            },
            CallError::Fault(crate::loader::Fault {
                code: FaultCode::UnknownCode,
                source: None,
                line: None,
                column: None,
                expected: None,
                found: None,
            }),
        ];
        for error in errors {
            assert_eq!(error.explanation().code, error.code());
        }
        let refusals = [
            Refusal::NotWebAssembly,
            Refusal::SignedWithoutDigest,
            Refusal::BadLock {
                what: String::new(),
            },
            Refusal::Signature {
                of: "the manifest",
                fault: SignatureError::Missing,
            },
        ];
        for refusal in refusals {
            assert_eq!(refusal.explanation().code, refusal.code());
        }
        assert_eq!(
            explain("invalid-value").unwrap().code,
            "fault-invalid-value"
        );
        assert!(explain("no-such-code").is_none());
    }
}
