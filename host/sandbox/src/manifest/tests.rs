use super::*;
use crate::bindings::types::Scalar;
use crate::parameter::declared;

const GOOD: &str = r#"
[plugin]
id = "method-x"
version = "1.0.0"
world = "method"
contract = "0.1.0"
[steps.one-hot]
description = "one column for each level"
[steps.one-hot.params.min-count]
type = "integer"
min = 1
default = 10
[steps.pair.params."column-*"]
type = "text"
[vocabulary]
levels = ["missing", "rare"]
[limits]
memory-mib = 64
[component]
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
[capabilities]
requires = ["log", "see-rows"]
"#;

fn error(text: &str) -> String {
    Manifest::parse("plugin.toml", text)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_manifest_is_read_and_its_limits_are_the_lower_ones() {
    let manifest = Manifest::parse("plugin.toml", GOOD).unwrap();
    let limits = manifest.limits_under(&Limits::default()).unwrap();
    assert_eq!(limits.memory_mib, 64);
    assert_eq!(limits.wall_ms, Limits::default().wall_ms);
    let small = Limits {
        memory_mib: 32,
        ..Limits::default()
    };
    assert_eq!(
        manifest.limits_under(&small),
        Err(("memory-mib".into(), 64, 32))
    );
}

#[test]
fn a_numbered_parameter_is_declared_by_its_pattern() {
    let manifest = Manifest::parse("plugin.toml", GOOD).unwrap();
    let params = &manifest.steps["pair"].params;
    assert!(declared(params, "column-12").is_some());
    assert!(declared(params, "column-").is_none());
    assert!(declared(params, "column-x").is_none());
    let count = &manifest.steps["one-hot"].params["min-count"];
    assert!(count.accepts(&Scalar::Integer(1)));
    assert!(!count.accepts(&Scalar::Integer(0)));
    assert!(!count.accepts(&Scalar::Text("1".into())));
    assert_eq!(count.default_scalar(), Some(Scalar::Integer(10)));
}

#[test]
fn an_unknown_key_names_line_and_nearest_key() {
    let text = GOOD.replace("version =", "versoin =");
    assert_eq!(
        error(&text),
        "plugin.toml:4: unknown key `plugin.versoin`; did you mean `version`?"
    );
    let text = GOOD.replace("min = 1", "minimum = 1");
    assert_eq!(
        error(&text),
        "plugin.toml:11: unknown key `steps.one-hot.params.min-count.minimum`; did you mean `min`?"
    );
}

#[test]
fn a_section_of_another_world_is_refused() {
    let text = GOOD.replace("world = \"method\"", "world = \"agent\"");
    assert_eq!(
        error(&text),
        "plugin.toml: `steps` belongs to the world `method`, not `agent`"
    );
}

#[test]
fn a_default_outside_its_range_is_refused() {
    let text = GOOD.replace("default = 10", "default = 0");
    assert!(error(&text).contains("has a default"), "{}", error(&text));
}

#[test]
fn a_range_without_numbers_is_refused() {
    for bound in ["nan", "-nan", "inf", "-inf"] {
        let text = GOOD.replace("min = 1", &format!("min = {bound}"));
        assert!(
            error(&text).contains("not a finite number"),
            "{}",
            error(&text)
        );
    }
}

#[test]
fn an_id_that_could_be_a_path_is_refused() {
    let text = GOOD.replace("method-x", "../method-x");
    assert!(error(&text).contains("kebab-case"), "{}", error(&text));
}

#[test]
fn a_capability_of_another_world_is_refused_with_those_there_are() {
    let text = GOOD.replace("see-rows", "read-sources");
    assert_eq!(
        error(&text),
        "plugin.toml: `capabilities.requires` has `read-sources`, which no method can have; there are log, see-rows"
    );
    let text = GOOD.replace("see-rows", "sockets");
    assert!(
        error(&text).contains("unknown variant `sockets`"),
        "{}",
        error(&text)
    );
}

#[test]
fn a_digest_that_is_none_is_refused() {
    for digest in ["", "00", &"g".repeat(64), &"A".repeat(64)] {
        let text = GOOD.replace(&"0".repeat(64), digest);
        assert!(error(&text).contains("64 hexadecimal digits"), "{digest}");
    }
}

#[test]
fn a_loader_fills_only_what_its_manifest_names() {
    let text = r#"
[plugin]
id = "loader-x"
version = "1.0.0"
world = "loader"
contract = "0.1.0"
[tables]
visit = ["id", "date-*"]
"lab-*" = ["*"]
"#;
    let manifest = Manifest::parse("plugin.toml", text).unwrap();
    assert_eq!(manifest.may_fill("visit", ["id", "date-in"]), Ok(()));
    assert_eq!(manifest.may_fill("visit", ["id", "name"]), Err(Some(1)));
    assert_eq!(manifest.may_fill("lab-1", ["anything"]), Ok(()));
    assert_eq!(manifest.may_fill("person", ["id"]), Err(None));
    let silent = text.split("[tables]").next().unwrap();
    let silent = Manifest::parse("plugin.toml", silent).unwrap();
    assert_eq!(silent.may_fill("visit", ["id"]), Err(None));
}
