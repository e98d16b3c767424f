//! What an audit says of plugins that are as they should be, and of some that are not.

#![allow(
    clippy::bool_assert_comparison,
    reason = "the value of a JSON document"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use autods_audit::{Examination, Occasion, Verdict, Wanted, html, json, sarif, table};
use autods_sandbox::{Policy, Profile};
use autods_tests::Module;

/// A policy that asks for neither lock nor signature, so that the rest can be seen.
fn policy() -> Policy {
    Policy::of(Profile::Development)
}

fn manifest(id: &str, world: &str, more: &str) -> String {
    let capabilities = match world {
        "loader" => r#""log", "read-sources", "emit-rows""#,
        "method" => r#""log", "see-rows""#,
        _ => r#""log", "see-aggregates", "act""#,
    };
    let own = match world {
        "loader" => {
            "[reads]\npatterns = [\"*.csv\"]\n[emits]\nmetrics = [\"ragged-lines\"]\n[tables]\n\"*\" = [\"*\"]\n"
        }
        "method" => "[vocabulary]\nlevels = [\"missing\"]\n",
        _ => "[roles]\nmay = [\"modeler\"]\n",
    };
    format!(
        "[plugin]\nid = \"{id}\"\nversion = \"1.0.0\"\nworld = \"{world}\"\ncontract = \"0.1.0\"\ntitle = \"A {world} & <more>\"\n\
         licence = \"MIT\"\n{own}[capabilities]\nrequires = [{capabilities}]\n{more}"
    )
}

fn write(folder: &Path, id: &str, manifest: &str, component: &[u8]) -> PathBuf {
    fs::write(folder.join(format!("{id}.toml")), manifest).unwrap();
    let path = folder.join(format!("{id}.wasm"));
    fs::write(&path, component).unwrap();
    path
}

/// Three plugins as they should be, and one that wants a socket and too much memory.
fn examination(folder: &Path) -> Examination {
    let mut components = Vec::new();
    for world in ["loader", "method", "agent"] {
        let component = Module::default().component(world);
        components.push(write(
            folder,
            &format!("a-{world}"),
            &manifest(&format!("a-{world}"), world, ""),
            &component,
        ));
    }
    let socket =
        wat::parse_str(r#"(component (import "wasi:sockets/tcp@0.2.6" (instance)))"#).unwrap();
    let greedy = manifest("greedy", "loader", "[limits]\nmemory-mib = 4096\n");
    components.push(write(folder, "greedy", &greedy, &socket));
    Examination::of(
        Occasion::Named,
        components.into_iter().map(Wanted::from),
        "`development`, built in",
        &policy(),
    )
}

/// Without what changes from one place or build to another.
fn settled(text: &str, folder: &Path) -> String {
    let text = text.replace(&folder.display().to_string(), "DIR");
    let mut out = String::new();
    let mut run = String::new();
    for character in text.chars().chain(['\0']) {
        if character.is_ascii_hexdigit() && !character.is_ascii_uppercase() {
            run.push(character);
            continue;
        }
        match run.len() {
            12 | 64 => out.push_str("DIGEST"),
            _ => out.push_str(&run),
        }
        run.clear();
        if character != '\0' {
            out.push(character);
        }
    }
    out
}

#[test]
fn the_table_says_everything_about_a_plugin_in_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let examination = examination(folder.path());
    insta::assert_snapshot!(settled(&table(&examination), folder.path()));
}

#[test]
fn a_refused_plugin_decides_the_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let mut examination = examination(folder.path());
    assert_eq!(examination.verdict(), Verdict::Refused);
    let refused = examination.subjects.pop().unwrap();
    assert_eq!(refused.verdict(), Verdict::Refused);
    assert_eq!(examination.verdict(), Verdict::Admitted);
}

#[test]
fn sarif_is_valid_against_the_schema_of_the_standard() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("sarif-2.1.0.schema.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut log = sarif(&examination(folder.path()));
    assert_eq!(schema::faults(&schema, &log), Vec::<String>::new());
    // a validator that finds nothing wrong with anything would prove nothing
    log["runs"][0]["results"][0]["level"] = serde_json::json!("terrible");
    log["runs"][0]["tool"]["driver"]["colour"] = serde_json::json!("red");
    assert_eq!(schema::faults(&schema, &log).len(), 2);
}

#[test]
fn sarif_points_to_the_line_of_the_manifest_and_to_the_component() {
    let folder = tempfile::tempdir().unwrap();
    let examination = examination(folder.path());
    let log = sarif(&examination);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = |code: &str| {
        let result = results
            .iter()
            .find(|result| result["ruleId"] == code)
            .unwrap();
        result["locations"][0]["physicalLocation"].clone()
    };
    let text = fs::read_to_string(folder.path().join("greedy.toml")).unwrap();
    let line = 1 + text
        .lines()
        .position(|line| line.starts_with("memory-mib"))
        .unwrap();
    let above = place("above-policy");
    assert_eq!(above["region"]["startLine"], line);
    assert!(
        above["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("greedy.toml")
    );
    let import = place("undeclared-import");
    assert!(
        import["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("greedy.wasm")
    );
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(
            log["runs"][0]["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
    }
}

#[test]
fn an_unknown_key_of_a_manifest_is_pointed_to_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let broken = manifest("x", "agent", "[limmits]\n");
    let path = write(
        folder.path(),
        "x",
        &broken,
        &Module::default().component("agent"),
    );
    let examination = Examination::of(Occasion::Named, [Wanted::from(path)], "p", &policy());
    let log = sarif(&examination);
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    let line = broken.lines().count();
    assert_eq!(place["region"]["startLine"], line, "{log:#}");
    // what could not even be read has a page all the same
    let page = html(&examination, None).unwrap();
    assert!(page.contains("unknown key"), "{page}");
    assert!(table(&examination).contains("bad-manifest"));
}

#[test]
fn json_has_the_audit_and_what_is_said_about_it() {
    let folder = tempfile::tempdir().unwrap();
    let told = json(&examination(folder.path()));
    assert_eq!(told["verdict"], "refused");
    let loader = &told["plugins"][0];
    assert_eq!(
        (&loader["id"], &loader["verdict"]),
        (&"a-loader".into(), &"admitted".into())
    );
    assert_eq!(loader["grants"].as_array().unwrap().len(), 3);
    assert!(
        loader["can-never"][0]["text"]
            .as_str()
            .unwrap()
            .contains("network")
    );
    assert!(told["plugins"][3]["refusals"].as_array().unwrap().len() > 1);
}

#[test]
fn the_page_is_escaped_and_fetches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let page = html(&examination(folder.path()), Some("2026-01-31")).unwrap();
    assert!(
        page.contains("A loader &#38; &#60;more&#62;")
            || page.contains("A loader &amp; &lt;more&gt;"),
        "{page}"
    );
    assert!(!page.contains("<more>"));
    for wire in ["<script", "http://", "https://", "src=", "url(", "@import"] {
        assert!(!page.contains(wire), "{wire}");
    }
    assert!(page.contains("2026-01-31"));
    // every heading that a reader jumps to is there, and each plugin has one of its own
    for id in ["summary-heading", "plugin-1-heading", "plugin-4-heading"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        assert!(page.contains(&format!("aria-labelledby=\"{id}\"")), "{id}");
    }
    assert_eq!(
        page.matches("<table>").count(),
        page.matches("<caption>").count()
    );
}

#[test]
fn the_page_says_what_each_kind_can_and_can_never_do() {
    let folder = tempfile::tempdir().unwrap();
    let page = html(&examination(folder.path()), None).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        "It can read the data files that the host opened for its table, and no others.",
        "It can see the rows of one fold at a time",
        "It can see aggregates that passed disclosure control",
        "It can never reach a network",
        "It can never see a row, a value of one patient, or a group too small to be shown.",
        "It can never see a row outside the fold",
        "Nothing, because it is refused.",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    // messages are shown under this policy, and the page must not say otherwise
    assert!(page.contains("They may hold values of rows."));
}

#[test]
fn a_plugin_of_another_id_than_the_tasks_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let component = Module::default().component("agent");
    let path = write(folder.path(), "x", &manifest("y", "agent", ""), &component);
    let wanted = Wanted {
        id: Some("x".into()),
        ..Wanted::from(path)
    };
    let examination = Examination::of(Occasion::Task("t".into()), [wanted], "p", &policy());
    assert_eq!(examination.subjects[0].refusals()[0].code(), "wrong-use");
}

#[test]
fn a_limit_that_a_lock_keeps_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let component = Module::default().component("agent");
    let path = write(folder.path(), "x", &manifest("x", "agent", ""), &component);
    let mut lock = autods_sandbox::Lock::default();
    lock.pin(
        autods_sandbox::PluginFile::read_to_pin(&path, &policy())
            .unwrap()
            .audit(),
    );
    lock.write(folder.path()).unwrap();
    let mut generous = policy();
    generous.limits.memory_mib *= 2;
    let examination = Examination::of(Occasion::Named, [Wanted::from(path)], "p", &generous);
    let page = table(&examination);
    assert!(page.contains("autods.lock, as it was pinned"), "{page}");
    assert!(page.contains("exactly what autods.lock pins"), "{page}");
}

#[test]
fn limits_say_where_they_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let component = Module::default().component("agent");
    let path = write(
        folder.path(),
        "x",
        &manifest("x", "agent", "[limits]\nwall-ms = 1000\n"),
        &component,
    );
    let mut policy = policy();
    policy.limits.memory_mib = 77;
    let examination = Examination::of(Occasion::Named, [Wanted::from(path)], "p", &policy);
    let told = json(&examination);
    let origin = |key: &str| {
        let limits = told["plugins"][0]["limit-origins"].as_array().unwrap();
        limits.iter().find(|limit| limit["key"] == key).unwrap()["origin"].clone()
    };
    assert_eq!(origin("wall-ms"), "manifest");
    assert_eq!(origin("memory-mib"), "policy");
    assert_eq!(origin("actions"), "default");
}
