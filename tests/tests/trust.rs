//! What is not what somebody pinned or signed does not run, and the ledger says so.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use autods_tests::{Host, SmallTask, Spoken, copy_tree, pin, plugins};
use serde_json::Value;

/// A copy of the bundled plugins, pinned, to be meddled with.
fn folder(host: &Host) -> PathBuf {
    let folder = host.at("plugins");
    copy_tree(&plugins(), &folder);
    folder
}

fn small(host: &Host) -> PathBuf {
    SmallTask::new(600, 3).write(host.place())
}

fn start(host: &Host, plugins: &Path, policy: &str) -> (Spoken, PathBuf) {
    let task = small(host);
    let out = host.at("refused");
    let spoken = host.call([
        "run".as_ref(),
        "--task".as_ref(),
        task.as_os_str(),
        "--name".as_ref(),
        "refused".as_ref(),
        "--out".as_ref(),
        out.as_os_str(),
        "--plugins".as_ref(),
        plugins.as_os_str(),
        "--policy".as_ref(),
        policy.as_ref(),
    ]);
    (spoken, out)
}

/// The rule of the one refusal in a run's ledger, which ends with the run's failure.
fn refused_in_ledger(run: &Path) -> (String, String) {
    let text = fs::read_to_string(run.join("ledger.jsonl")).unwrap();
    let entries: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["entry"].clone())
        .collect();
    let refused: Vec<&Value> = entries
        .iter()
        .filter(|entry| entry["kind"] == "plugin-refused")
        .collect();
    assert_eq!(refused.len(), 1, "{text}");
    let last = entries.last().unwrap();
    assert_eq!(last["kind"], "run-closed", "{text}");
    assert_eq!(last["outcome"], "failed", "{text}");
    let word = |key: &str| refused[0][key].as_str().unwrap().to_owned();
    (word("id"), word("rule"))
}

fn must_be_refused(meddle: impl Fn(&Path), rule: &str) {
    let host = Host::new();
    let folder = folder(&host);
    meddle(&folder);
    let (spoken, run) = start(&host, &folder, "standard");
    spoken.must_end_with(5);
    spoken.must_say(&["plugin `loader-table` was refused", rule]);
    assert_eq!(
        refused_in_ledger(&run),
        ("loader-table".to_owned(), rule.to_owned())
    );
    // Nothing of it can be taken for a run.
    assert!(!run.join("run.toml").exists());
    assert!(!run.join("board.sqlite").exists());
}

fn component(folder: &Path) -> PathBuf {
    folder.join("loader-table.wasm")
}

fn change(path: &Path, how: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    how(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_truncated_component_is_refused() {
    must_be_refused(
        |folder| change(&component(folder), |bytes| bytes.truncate(bytes.len() / 2)),
        "other-than-locked",
    );
}

#[test]
fn a_component_with_one_bit_flipped_is_refused() {
    must_be_refused(
        |folder| {
            change(&component(folder), |bytes| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            });
        },
        "other-than-locked",
    );
}

#[test]
fn a_huge_component_is_refused() {
    must_be_refused(
        |folder| {
            fs::File::options()
                .write(true)
                .open(component(folder))
                .unwrap()
                .set_len(64 << 20)
                .unwrap();
        },
        "component-too-large",
    );
}

#[test]
fn a_component_of_another_world_is_refused() {
    must_be_refused(
        |folder| {
            fs::copy(folder.join("agent-modeler.wasm"), component(folder)).unwrap();
            fs::copy(
                folder.join("agent-modeler.toml"),
                folder.join("loader-table.toml"),
            )
            .unwrap();
        },
        "wrong-use",
    );
}

#[test]
fn precompiled_machine_code_is_refused() {
    must_be_refused(
        |folder| {
            // The head of an ELF file is what the runtime's own artifacts begin with.
            change(&component(folder), |bytes| {
                bytes.splice(..4, *b"\x7fELF");
            });
        },
        "other-than-locked",
    );
}

#[test]
fn a_manifest_that_was_edited_is_refused() {
    must_be_refused(
        |folder| {
            let place = folder.join("loader-table.toml");
            let text = fs::read_to_string(&place).unwrap();
            fs::write(place, text + "\n# harmless\n").unwrap();
        },
        "other-than-locked",
    );
}

#[test]
fn a_tampered_lock_is_refused() {
    let host = Host::new();
    let folder = folder(&host);
    let place = folder.join("autods.lock");
    let text = fs::read_to_string(&place).unwrap();
    fs::write(
        &place,
        text.replace("memory-mib = 1024", "memory-mib = 4096"),
    )
    .unwrap();
    let (spoken, run) = start(&host, &folder, "standard");
    spoken.must_end_with(5);
    spoken.must_say(&["autods.lock cannot be used", "the file was edited"]);
    assert_eq!(refused_in_ledger(&run).1, "bad-lock");
}

#[test]
fn without_a_lock_nothing_runs_under_standard() {
    let host = Host::new();
    let folder = folder(&host);
    fs::remove_file(folder.join("autods.lock")).unwrap();
    let (spoken, run) = start(&host, &folder, "standard");
    spoken.must_end_with(5);
    spoken.must_say(&["autods-host plugin lock"]);
    assert_eq!(refused_in_ledger(&run).1, "not-locked");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_plugin_folder_is_refused() {
    must_be_refused(
        |folder| {
            let elsewhere = folder.with_file_name("elsewhere.wasm");
            fs::rename(component(folder), &elsewhere).unwrap();
            std::os::unix::fs::symlink(elsewhere, component(folder)).unwrap();
        },
        "not-a-plain-file",
    );
}

#[test]
fn an_unsigned_plugin_is_refused_under_strict() {
    let host = Host::new();
    let folder = folder(&host);
    let (spoken, run) = start(&host, &folder, "strict");
    spoken.must_end_with(5);
    spoken.must_say(&["there is no signature"]);
    assert_eq!(refused_in_ledger(&run).1, "signature-missing");
}

#[test]
fn a_policy_that_was_edited_between_start_and_resume_stops_the_run() {
    let host = Host::new();
    let task = small(&host);
    let run = host.run(&task, "edited");
    run.call().must_end_with(0);
    let place = host.at("edited").join("policy.toml");
    let text = fs::read_to_string(&place).unwrap();
    fs::write(&place, text.replace("wall-ms = 300000", "wall-ms = 600000")).unwrap();
    let spoken = host.resume(&host.at("edited"));
    spoken.must_end_with(7);
    spoken.must_say(&["policy.toml is not what this run began with"]);
}

#[test]
fn an_unknown_key_in_a_policy_stops_the_start_and_leaves_nothing() {
    let host = Host::new();
    let policy = host.at("policy.toml");
    fs::write(&policy, "[limits]\nwall-time = 5\n").unwrap();
    let (spoken, run) = start(&host, &plugins(), policy.to_str().unwrap());
    spoken.must_end_with(3);
    spoken.must_say(&["policy.toml:2: unknown key `limits.wall-time`"]);
    assert!(!run.exists());
}

#[test]
fn a_capability_that_the_task_withholds_is_not_granted() {
    let host = Host::new();
    let task = small(&host);
    let launch = task.join("LAUNCH.md");
    let text = fs::read_to_string(&launch).unwrap();
    fs::write(
        &launch,
        text.replacen("seeds:", "withhold: [log]\nseeds:", 1),
    )
    .unwrap();
    let out = host.at("withheld");
    let spoken = host.run(&task, "withheld").call();
    spoken.must_end_with(5);
    spoken.must_say(&["which the task does not give", "withhold"]);
    assert_eq!(refused_in_ledger(&out).1, "not-granted");
}

#[test]
fn a_folder_that_was_pinned_again_runs() {
    let host = Host::new();
    let folder = folder(&host);
    let place = folder.join("loader-table.toml");
    let text = fs::read_to_string(&place).unwrap();
    fs::write(place, text + "\n# looked at\n").unwrap();
    pin(&folder);
    let (spoken, run) = start(&host, &folder, "standard");
    spoken.must_end_with(0);
    host.verify(&run).must_end_with(0);
}

#[test]
fn strict_is_set_up_as_the_book_says_with_the_plugins_of_a_build() {
    let host = Host::new();
    folder(&host);
    host.call(["key", "new", "office"]).must_end_with(0);
    let shown = host.call(["policy", "show", "strict"]);
    shown.must_end_with(0);
    let public = fs::read_to_string(host.at("office.pub")).unwrap();
    let key = public.lines().last().unwrap();
    let signers = format!("\n[[signers]]\nname = \"the data office\"\nkey = \"{key}\"\n");
    fs::write(host.at("policy.toml"), shown.out + &signers).unwrap();
    for entry in fs::read_dir(host.at("plugins")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "wasm") {
            let path = path.to_str().unwrap();
            host.call(["plugin", "sign", path, "--key", "office.key"])
                .must_end_with(0);
        }
    }
    let policy = ["--plugins", "plugins", "--policy", "policy.toml"];
    host.call([&["plugin", "lock"], &policy[..], &["--key", "office.key"]].concat())
        .must_end_with(0);
    let audit = host.call([&["audit"], &policy[..]].concat());
    audit.must_end_with(0);
    assert!(audit.out.contains("13 of 13 plugins admitted"), "{audit}");
}

#[test]
fn a_lock_is_signed_for_what_its_signer_was_shown() {
    let host = Host::new();
    let folder = folder(&host);
    host.call(["key", "new", "office"]).must_end_with(0);
    let lock = |ids: &[&str], key: &[&str]| {
        host.call([&["plugin", "lock"], ids, &["--plugins", "plugins"], key].concat())
    };
    let signing = ["--key", "office.key"];
    let first = lock(&[], &signing);
    first.must_end_with(0);
    assert!(
        first
            .out
            .contains("no lock of this folder was signed before"),
        "{first}"
    );
    assert!(first.out.contains("new      loader-table 0.1.0"), "{first}");
    // nothing differs, nothing is said
    let again = lock(&["agent-modeler"], &signing);
    again.must_end_with(0);
    assert!(!again.out.contains("changed"), "{again}");

    // somebody who can write in the folder changes one plugin and pins it
    let manifest = folder.join("loader-table.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text + "\n# harmless, they say\n").unwrap();
    lock(&["loader-table"], &[]).must_end_with(0);
    assert!(!folder.join("autods.lock.minisig").exists());
    let before = fs::read(folder.join("autods.lock")).unwrap();
    let other = lock(&["agent-modeler"], &signing);
    other.must_end_with(5);
    other.must_say(&["not signed", "were not named: loader-table"]);
    assert_eq!(fs::read(folder.join("autods.lock")).unwrap(), before);
    assert!(!folder.join("autods.lock.minisig").exists());
    // and takes away what was signed before
    let aside = folder.join("autods.lock.signed");
    let kept = fs::read(&aside).unwrap();
    fs::remove_file(&aside).unwrap();
    let other = lock(&["agent-modeler"], &signing);
    other.must_end_with(5);
    other.must_say(&["that nobody signed for", "agent-translator", "loader-table"]);
    // or edits it
    fs::write(&aside, [&kept[..], b"\n"].concat()).unwrap();
    let other = lock(&["agent-modeler"], &signing);
    other.must_end_with(5);
    assert!(other.out.contains("does not count"), "{other}");

    // who signs for everything sees it
    fs::write(&aside, kept).unwrap();
    let whole = lock(&[], &signing);
    whole.must_end_with(0);
    assert!(whole.out.contains("changed  loader-table 0.1.0"), "{whole}");
    assert_eq!(whole.out.matches("changed").count(), 1, "{whole}");
    assert!(folder.join("autods.lock.minisig").exists());
}

#[test]
fn a_run_goes_on_under_the_policy_that_the_site_names() {
    let host = Host::new();
    let task = small(&host);
    let run = host.run(&task, "named");
    run.call().must_end_with(0);
    let out = host.at("named");
    let resume = |policy: &str| host.call(["resume", out.to_str().unwrap(), "--policy", policy]);
    let stricter = resume("strict");
    stricter.must_end_with(3);
    stricter.must_say(&["began under another policy", "resume without --policy"]);
    resume("standard").must_end_with(0);
}

#[test]
fn the_list_says_what_the_policy_says() {
    let host = Host::new();
    folder(&host);
    let list = |policy: &str| {
        let list = host.call(["plugin", "list", "--plugins", "plugins", "--policy", policy]);
        list.must_end_with(0);
        list.out
    };
    assert!(
        list("standard")
            .lines()
            .all(|line| line.contains("  admitted  "))
    );
    assert!(
        list("strict")
            .lines()
            .all(|line| line.contains("  refused   "))
    );
}
