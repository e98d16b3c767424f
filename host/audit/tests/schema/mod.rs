//! As much of JSON Schema (draft 07) as the schema of SARIF 2.1.0 uses. A keyword that is not known
//! here fails the test: what is not checked must not seem to be.
//!
//! The schema beside it is OASIS's, `sarif-schema-2.1.0.json` of the SARIF specification.

use serde_json::Value;

/// What is wrong with `value`, with the place of each fault.
pub fn faults(root: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(root, root, value, "$", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = schema.as_object().unwrap();
    if let Some(reference) = schema.get("$ref") {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        check(root, root.pointer(pointer).unwrap(), value, at, faults);
    }
    let mut fault = |what: &str| faults.push(format!("{at}: {what}"));
    for (keyword, wanted) in schema {
        let good = match keyword.as_str() {
            "$id"
            | "$schema"
            | "$ref"
            | "title"
            | "description"
            | "default"
            | "definitions"
            | "properties"
            | "additionalProperties"
            | "items"
            | "anyOf"
            | "oneOf" => true,
            "type" => is(value, wanted.as_str().unwrap()),
            "enum" => wanted.as_array().unwrap().contains(value),
            "required" => value.as_object().is_none_or(|object| {
                let names = wanted.as_array().unwrap().iter();
                names
                    .map(|name| name.as_str().unwrap())
                    .all(|name| object.contains_key(name))
            }),
            "minimum" => value
                .as_f64()
                .is_none_or(|number| number >= wanted.as_f64().unwrap()),
            "maximum" => value
                .as_f64()
                .is_none_or(|number| number <= wanted.as_f64().unwrap()),
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= wanted.as_u64().unwrap()),
            "uniqueItems" => value.as_array().is_none_or(|items| {
                (0..items.len()).all(|index| !items[..index].contains(&items[index]))
            }),
            // an annotation in this draft; what we write as a URI has none but URI characters
            "format" => value.as_str().is_none_or(|text| {
                !wanted.as_str().unwrap().starts_with("uri") || !text.contains([' ', '\\', '"'])
            }),
            // one pattern is in use; no regular expressions are needed for it
            "pattern" => value.as_str().is_none_or(|text| {
                assert_eq!(wanted, "[^/]+/.+", "this test checks no other pattern");
                text.split_once('/')
                    .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
            }),
            other => panic!("the schema uses `{other}`, which this test does not check"),
        };
        if !good {
            fault(&format!("not as `{keyword}` {wanted} wants it"));
        }
    }
    for (keyword, all) in [("anyOf", false), ("oneOf", true)] {
        let Some(choices) = schema.get(keyword) else {
            continue;
        };
        let fitting = choices
            .as_array()
            .unwrap()
            .iter()
            .filter(|choice| {
                let mut inner = Vec::new();
                check(root, choice, value, at, &mut inner);
                inner.is_empty()
            })
            .count();
        if fitting == 0 || (all && fitting > 1) {
            faults.push(format!("{at}: {fitting} of `{keyword}` fit"));
        }
    }
    if let Some(object) = value.as_object() {
        let none = serde_json::Map::new();
        let properties = schema
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        for (name, inner) in object {
            let at = format!("{at}.{name}");
            match (properties.get(name), schema.get("additionalProperties")) {
                (Some(schema), _) => check(root, schema, inner, &at, faults),
                (None, Some(Value::Bool(false))) => faults.push(format!("{at}: not a property")),
                (None, Some(schema @ Value::Object(_))) => check(root, schema, inner, &at, faults),
                (None, _) => {}
            }
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            check(root, schema, item, &format!("{at}[{index}]"), faults);
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the schema has the type `{other}`, which this test does not check"),
    }
}
