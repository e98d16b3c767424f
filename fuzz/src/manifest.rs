//! `plugin.toml`.
//!
//! Promise: what is accepted and written again is the same manifest; it never gets more than the
//! policy gives; and a refusal can be shown.

use autods_sandbox::{Limits, Manifest, fuzzing};

use crate::assert_shown;

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let manifest = match Manifest::parse("plugin.toml", text) {
        Ok(manifest) => manifest,
        Err(error) => return assert_shown("a refusal of a manifest", &error.to_string()),
    };
    let again = toml::to_string(&manifest).expect("a manifest can be written");
    let read = Manifest::parse("plugin.toml", &again)
        .unwrap_or_else(|error| panic!("what was written is refused: {error}\n{again}"));
    assert_eq!(
        read, manifest,
        "it is another manifest when it is written and read"
    );
    let policy = Limits::default();
    if let Some(limits) = fuzzing::limits_under(&manifest, &policy) {
        assert_eq!(
            limits.lower_of(&policy),
            limits,
            "it gets more than the policy gives"
        );
    }
    for name in ["", "visit", "a-b", text] {
        let _ = manifest.may_fill(name, ["id", name]);
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let loader = r#"[plugin]
id = "loader-x"
version = "1.0.0"
world = "loader"
contract = "0.1.0"
title = "A loader"
description = "Reads."
licence = "MIT"
[component]
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
[capabilities]
requires = ["log", "read-sources", "emit-rows"]
[reads]
patterns = ["*.csv"]
[emits]
metrics = ["rows-skipped"]
[tables]
visit = ["id", "date-*"]
"lab-*" = ["*"]
[params.separator]
type = "text"
default = ","
[limits]
memory-mib = 64
wall-ms = 1000
"#;
    let method = r#"[plugin]
id = "method-x"
version = "1.0.0"
world = "method"
contract = "0.1.0"
[capabilities]
requires = ["see-rows"]
[steps.one-hot]
description = "one column for each level"
[steps.one-hot.params.min-count]
type = "integer"
min = 1
max = 9.5
default = 2
[steps.pair.params."column-*"]
type = "number"
default = 0.5
[vocabulary]
levels = ["missing", "rare"]
"#;
    let agent = r#"[plugin]
id = "agent-x"
version = "1.0.0"
world = "agent"
contract = "0.1.0"
[capabilities]
requires = ["log", "see-aggregates", "act"]
[roles]
may = ["modeler", "validator"]
[params.bold]
type = "flag"
default = true
"#;
    for text in [loader, method, agent] {
        Manifest::parse("plugin.toml", text).expect("an honest manifest");
    }
    [loader, method, agent].map(|text| text.into()).into()
}
