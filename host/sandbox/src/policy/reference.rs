//! What every key of a policy means. The commented profiles (`policies/*.toml`) and the policy
//! reference of the book are written from here, and a test fails where they differ.

use super::{Policy, Profile, keys};

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Section and name, such as `limits.wall-ms`.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// Why it is there.
    pub why: &'static str,
    /// What else it acts on, or is acted on by; may be empty.
    pub with: &'static str,
}

/// Sections in the order in which they are shown, with what each is about.
pub const SECTIONS: [(&str, &str); 13] = [
    ("", "Which profile stands where this file is silent."),
    (
        "plugins",
        "What a plugin must bring along before anything of it is compiled.",
    ),
    (
        "confinement",
        "How the kernel confines the host itself, before the first plugin runs.",
    ),
    ("grants", "Capabilities that may ever be granted, by world."),
    (
        "never-together",
        "Capabilities that may never meet in one component.",
    ),
    (
        "signers",
        "Whose signatures count. A list of tables: one `[[signers]]` for each.",
    ),
    (
        "revoked",
        "What is not trusted any more, whoever signed or pinned it.",
    ),
    ("wasi", "What becomes of a component's imports from WASI."),
    (
        "limits",
        "One call into a plugin. Every call has a fresh store, so nothing carries over. A plugin's manifest may ask for less, never for more.",
    ),
    (
        "component",
        "What is admitted. Compilation cannot be interrupted, so its input is bounded.",
    ),
    (
        "engine",
        "How the engine is set up. Everything else about it is fixed, because results must be the same bits everywhere.",
    ),
    ("sources", "The files that a loader reads."),
    (
        "log",
        "What a plugin says to its author. It may contain rows.",
    ),
];

const fn key(name: &'static str, what: &'static str, why: &'static str, with: &'static str) -> Key {
    Key {
        name,
        what,
        why,
        with,
    }
}

/// Every key.
pub const KEYS: &[Key] = &[
    key(
        "profile",
        "The named policy whose values stand where this file is silent: `strict`, `standard` or `development`.",
        "A site states only where it differs, and a reader sees at once how far.",
        "Every other key.",
    ),
    key(
        "plugins.lock",
        "Whether a plugin must be pinned by `autods.lock` in its folder: `signed` (it must, and the lock itself must be signed by a trusted signer as `autods.lock`), `required`, or `optional` (a lock that is there is obeyed).",
        "The lock is what somebody looked at; a plugin that was exchanged afterwards does not run.",
        "Written by `autods-host plugin install` and `plugin lock`. A signed lock also keeps an older, signed version of a plugin from coming back.",
    ),
    key(
        "plugins.signature",
        "Whether a plugin must be signed by one of `signers`: `required` or `optional`. A signature that is there must be right under both.",
        "Says who answers for the code, on a machine that has never seen the internet.",
        "`signers`, `revoked.keys`. The signature is over the manifest, which names the component by digest.",
    ),
    key(
        "confinement.kernel",
        "Landlock (files, TCP) and seccomp (sockets, processes) around the host: `required` (no start without), `preferred` (where the kernel has it; the ledger says what is missing) or `off`.",
        "The second wall: should a plugin ever break out of its sandbox, it is in a process that can open no socket, start no program, and see only this run's files.",
        "Linux 6.2 or later (Landlock ABI 3) for `required`.",
    ),
    key(
        "grants.loader",
        "Capabilities that a loader may ever be granted.",
        "The upper bound of the site, whatever a manifest asks for.",
        "What is granted in the end is what manifest, policy, task and role all give.",
    ),
    key(
        "grants.method",
        "Capabilities that a method may ever be granted.",
        "The upper bound of the site, whatever a manifest asks for.",
        "As `grants.loader`.",
    ),
    key(
        "grants.agent",
        "Capabilities that an agent may ever be granted.",
        "The upper bound of the site, whatever a manifest asks for.",
        "As `grants.loader`.",
    ),
    key(
        "never-together.sets",
        "Sets of capabilities; a component that would be granted two of one set is refused.",
        "No component holds both a row and a wire. The worlds are made so; this says it once more, where an officer can read it, and fails should a later world forget it.",
        "`grants`: a policy that grants two of a set to one world is itself refused.",
    ),
    key(
        "signers",
        "Each with `name`, `key` (second line of a minisign public key file), and optionally `plugins` (patterns of ids that they may sign, `autods.lock` for the lock) and `worlds`.",
        "Trust is given by name, for what somebody is known to do.",
        "`plugins.signature`, `plugins.lock`, `revoked.keys`.",
    ),
    key(
        "revoked.keys",
        "Ids of keys (16 hexadecimal digits) whose signatures no longer count.",
        "A key is lost sooner or later.",
        "Comes before `signers`.",
    ),
    key(
        "revoked.sha256",
        "SHA-256 digests of components or manifests that are refused.",
        "A fault in one version is no reason to distrust its author.",
        "Comes before everything else, a signature or the lock included.",
    ),
    key(
        "wasi.stubs",
        "Whether a component's imports from WASI (`cli`, `clocks`, `filesystem`, `io`, `random`) are answered by stubs: an empty environment, no files, a clock that begins at zero and advances only when it is looked at, a fixed stream of random numbers. Otherwise a component that has such an import is refused.",
        "Toolchains of other languages import WASI whether or not the author uses it.",
        "`wasi:sockets` and `wasi:http` are refused in every configuration. Every call into a stub counts as one of `limits.host-calls`.",
    ),
    key(
        "limits.memory-mib",
        "Linear memory in MiB, summed over all memories of the call's store.",
        "`memory.grow` beyond it answers -1; a plugin that then gives up ends as `out-of-memory`.",
        "Calls that run side by side each have their own. A method needs about three times the size of its largest table.",
    ),
    key(
        "limits.table-elements",
        "Table elements (function references), summed over all tables of the store.",
        "Eight bytes of host memory each.",
        "Compiled Rust needs a few thousand, an interpreter tens of thousands.",
    ),
    key(
        "limits.instances",
        "Core instances in a store.",
        "Each costs host memory.",
        "A component of a compiled language has three or four; one of Python, which is linked from shared libraries, about 40.",
    ),
    key(
        "limits.memories",
        "Linear memories in a store.",
        "Each reserves address space.",
        "Their sizes together are `limits.memory-mib`.",
    ),
    key(
        "limits.tables",
        "Tables in a store.",
        "Each costs host memory.",
        "Their elements together are `limits.table-elements`.",
    ),
    key(
        "limits.wall-ms",
        "Wall time of a call in milliseconds.",
        "An endless loop ends.",
        "Noticed within `engine.tick-ms`; host calls look at the clock too. Compilation is not part of a call.",
    ),
    key(
        "limits.host-calls",
        "Calls that the guest may make into the host: reads, emits, metrics, messages.",
        "Time spent in the host is time nobody interrupts, and a count is a channel.",
        "One more ends the call as `host-budget`.",
    ),
    key(
        "limits.crossing-mib",
        "MiB that one crossing of the border may make the host allocate: the arguments of one host call, or the result of one export.",
        "Bounds what a guest can make the host allocate before any check sees a value.",
        "Must hold a method's largest output table.",
    ),
    key(
        "limits.read-mib",
        "MiB that a loader may read from its sources in one call, re-reads included.",
        "A loader that reads for ever ends.",
        "Beyond it reads answer `budget-exhausted`.",
    ),
    key(
        "limits.output-rows",
        "Rows that a call may put out, over all tables.",
        "Bounds the host's memory.",
        "With `limits.output-mib`.",
    ),
    key(
        "limits.output-mib",
        "MiB that a call may put out as Arrow streams, over all tables.",
        "Bounds the host's memory.",
        "With `limits.output-rows`.",
    ),
    key(
        "limits.output-streams",
        "Arrow streams that a loader may emit in one call.",
        "Each has a fixed cost in the host.",
        "",
    ),
    key(
        "limits.output-columns",
        "Columns of one output table.",
        "Each has a fixed cost in the host.",
        "Names of columns are those of the task, or made from them.",
    ),
    key(
        "limits.metrics",
        "Metrics that a loader may post in one call.",
        "Numbers that a plugin chooses are a channel: few of them carry little.",
        "Their names are in the manifest.",
    ),
    key(
        "limits.shards",
        "Shards that a loader may plan.",
        "Each is a call.",
        "",
    ),
    key(
        "limits.state-mib",
        "MiB of a method's fitted state.",
        "It is kept and handed back with every `apply`.",
        "",
    ),
    key(
        "limits.actions",
        "Actions that an agent may take in one call.",
        "An agent that floods the board silences the others.",
        "",
    ),
    key(
        "limits.list-items",
        "Items in any one list inside an action.",
        "As `limits.actions`.",
        "",
    ),
    key(
        "limits.text-bytes",
        "Bytes of any one text inside an action.",
        "A text of an agent is read by people and by other agents.",
        "Names and texts of parameters are further held to 256 bytes by the contract.",
    ),
    key(
        "limits.log-lines",
        "Messages to the author per call; beyond it `log.write` answers false.",
        "A message is the widest channel that a plugin has.",
        "`log.show`.",
    ),
    key(
        "limits.log-bytes",
        "Bytes of messages per call; beyond it `log.write` answers false.",
        "As `limits.log-lines`.",
        "`log.show`. What a plugin prints through a stub of WASI counts as messages.",
    ),
    key(
        "limits.handles",
        "Handles of WASI stubs (streams, things to wait for) that a guest may hold at once; one more ends the call as `host-budget`.",
        "Each costs the host some bytes for as long as the call lasts.",
        "Matters only with `wasi.stubs`.",
    ),
    key(
        "component.size-kib",
        "Size of the component's file in KiB; not one byte more is read.",
        "Reading and compiling cost memory and time that no later limit bounds.",
        "A component of an interpreted language carries its interpreter.",
    ),
    key(
        "component.modules",
        "Core modules in a component, nested ones included.",
        "Each is compiled.",
        "",
    ),
    key(
        "component.functions",
        "Functions in a component, over all its modules.",
        "Each is compiled.",
        "`engine.compile-threads`.",
    ),
    key(
        "component.function-kib",
        "Size of the largest function body in KiB.",
        "Compile time grows faster than linearly with it.",
        "",
    ),
    key(
        "engine.stack-kib",
        "Guest stack in KiB; an overflow is a trap.",
        "Recursion ends.",
        "The calling thread needs this much and about 512 KiB more.",
    ),
    key(
        "engine.compile-stack-mib",
        "Stack in MiB of the threads that compile.",
        "Deeply nested code recurses in the compiler.",
        "",
    ),
    key(
        "engine.compile-threads",
        "Threads that compile; 0: one for each core.",
        "A site may want to leave cores to others.",
        "",
    ),
    key(
        "engine.tick-ms",
        "Milliseconds between looks at the clock while guest code runs.",
        "How late an endless loop is noticed.",
        "`limits.wall-ms`.",
    ),
    key(
        "sources.files",
        "Files matched for one table.",
        "Each is opened and hashed.",
        "",
    ),
    key(
        "sources.inflate-mib",
        "MiB that the `.gz` files of one table may inflate to, together.",
        "They are held in memory, once, and shared by all shards.",
        "`sources.inflate-ratio`.",
    ),
    key(
        "sources.inflate-ratio",
        "Inflated bytes for each compressed byte, per file.",
        "Clinical text compresses 5 to 40 times, a bomb about 1000 times.",
        "Files that inflate to less than 1 MiB pass.",
    ),
    key(
        "log.show",
        "Whether messages of plugins are kept for showing to a person.",
        "An author must see why a plugin gives up; on protected data a message may hold a row.",
        "Never reaches board, report, ledger or another plugin.",
    ),
    key(
        "log.line-bytes",
        "Bytes of one message that are kept.",
        "A terminal is no place for a megabyte.",
        "`log.show`.",
    ),
];

fn section_of(name: &str) -> &str {
    match name {
        "signers" => "signers",
        _ => name.split_once('.').map_or("", |(section, _)| section),
    }
}

fn value_in(policy: &Policy, name: &str) -> Option<toml::Value> {
    let whole = toml::Value::try_from(policy).ok()?;
    name.split('.')
        .try_fold(&whole, |value, part| value.get(part))
        .cloned()
}

fn range_words(name: &str, value: &toml::Value) -> String {
    match value {
        toml::Value::Integer(_) => {
            let (least, greatest) = keys::range(name);
            format!("{least} to {greatest}")
        }
        toml::Value::Boolean(_) => "true or false".to_owned(),
        _ => String::new(),
    }
}

/// A profile as a commented file.
pub fn commented(profile: Profile) -> String {
    let policy = Policy::of(profile);
    let about = match profile {
        Profile::Strict => {
            "for protected data under an officer: signed plugins under a signed lock, and no start without\n# the kernel's confinement. It admits nothing until [[signers]] names whom the site trusts."
        }
        Profile::Standard => {
            "the default: every plugin pinned by the lock, confinement wherever the kernel has it."
        }
        Profile::Development => {
            "for an author's own plugins, on data that may be shown: unsigned, not pinned, messages shown,\n# WASI stubs for toolchains that need them. Not for protected data."
        }
    };
    let mut text = format!(
        "# The policy `{profile}`: {about}\n#\n# Written from the reference in host/sandbox/src/policy/reference.rs; not read at run time.\n"
    );
    for (section, purpose) in SECTIONS {
        text.push_str(&format!("\n{}", wrapped(purpose)));
        if section == "signers" {
            for key in KEYS.iter().filter(|key| key.name == "signers") {
                text.push_str(&comment(key, "none"));
            }
            text.push_str("#\n# [[signers]]\n# name = \"Data office\"\n# key = \"RWQ...\"\n# plugins = [\"*\", \"autods.lock\"]\n# worlds = [\"loader\", \"method\", \"agent\"]\n");
            continue;
        }
        if !section.is_empty() {
            text.push_str(&format!("[{section}]\n"));
        }
        for key in KEYS.iter().filter(|key| section_of(key.name) == section) {
            let Some(value) = value_in(&policy, key.name) else {
                continue;
            };
            let short = key.name.rsplit('.').next().unwrap_or(key.name);
            text.push_str(&comment(key, &range_words(key.name, &value)));
            text.push_str(&format!("{short} = {value}\n"));
        }
    }
    text
}

fn comment(key: &Key, range: &str) -> String {
    let mut text = wrapped(key.what);
    text.push_str(&wrapped(&format!("Why: {}", key.why)));
    if !key.with.is_empty() {
        text.push_str(&wrapped(&format!("See also: {}", key.with)));
    }
    if !range.is_empty() && range != "none" {
        text.push_str(&wrapped(&format!("Range: {range}.")));
    }
    text
}

/// Comment lines of at most 100 characters.
fn wrapped(words: &str) -> String {
    let mut text = String::new();
    let mut line = String::from("#");
    for word in words.split_whitespace() {
        if line.len() + 1 + word.len() > 100 {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
    text
}

/// The reference as a page of Markdown: every key with its value in each profile.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Policy reference\n\n<!-- Written from host/sandbox/src/policy/reference.rs by its test; do not edit. -->\n\n\
         A site's `policy.toml` names one of three profiles and states where it differs. `autods-host policy show\n\
         NAME` prints one in full, `autods-host policy explain KEY` one key of this page.\n\
         What a plugin gets in the end is what its manifest asks for, the policy grants, the task does not\n\
         withhold and its role needs. An unknown key is an error, with its line and the nearest known key.\n",
    );
    for (section, purpose) in SECTIONS {
        let heading = if section.is_empty() {
            "profile"
        } else {
            section
        };
        text.push_str(&format!("\n## {heading}\n\n{purpose}\n"));
        for key in KEYS.iter().filter(|key| section_of(key.name) == section) {
            text.push_str(&explained(key));
        }
    }
    text
}

/// One key as Markdown.
pub fn explained(key: &Key) -> String {
    let mut text = format!(
        "\n### `{}`\n\n{}\n\n*Why:* {}\n",
        key.name, key.what, key.why
    );
    if !key.with.is_empty() {
        text.push_str(&format!("\n*See also:* {}\n", key.with));
    }
    let values: Vec<String> = Profile::ALL
        .iter()
        .map(|profile| {
            let value = value_in(&Policy::of(*profile), key.name)
                .map_or_else(|| "none".to_owned(), |value| value.to_string());
            format!("`{value}` in {profile}")
        })
        .collect();
    let range = value_in(&Policy::default(), key.name)
        .map(|value| range_words(key.name, &value))
        .filter(|range| !range.is_empty())
        .map_or_else(String::new, |range| format!("; {range}"));
    text.push_str(&format!("\n*Default:* {}{range}.\n", values.join(", ")));
    text
}

/// The key of that name, or the nearest one.
///
/// # Errors
/// The nearest known name, if any is alike.
pub fn find(name: &str) -> Result<&'static Key, Option<&'static str>> {
    KEYS.iter()
        .find(|key| key.name == name)
        .ok_or_else(|| crate::keys::nearest(name, KEYS.iter().map(|key| key.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What a test found to be out of date is written when `AUTODS_BLESS` is set.
    fn same_as_file(path: &str, text: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if std::env::var_os("AUTODS_BLESS").is_some() {
            std::fs::write(&path, text).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == text,
            "{} is out of date; run this test with AUTODS_BLESS=1",
            path.display()
        );
    }

    #[test]
    fn the_shipped_profiles_are_commented_from_here_and_mean_what_the_code_means() {
        for profile in Profile::ALL {
            let text = commented(profile);
            let policy = Policy::parse("p", &text).unwrap();
            assert_eq!(policy, Policy::of(profile));
            same_as_file(&format!("policies/{profile}.toml"), &text);
        }
    }

    #[test]
    fn the_page_of_the_book_is_written_from_here() {
        same_as_file("../../docs/policy.md", &markdown());
    }

    #[test]
    fn every_key_of_a_policy_has_its_words() {
        let whole = toml::Table::try_from(Policy::default()).unwrap();
        let mut names = Vec::new();
        for (section, value) in &whole {
            match value {
                toml::Value::Table(table) => {
                    names.extend(table.keys().map(|key| format!("{section}.{key}")));
                }
                _ => names.push(section.clone()),
            }
        }
        names.sort();
        let mut known: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
        for key in KEYS {
            assert!(!key.what.is_empty() && !key.why.is_empty(), "{}", key.name);
        }
    }
}
