//! One spelling for equal values.

use serde::Serialize;
use serde_json::Value;

/// JSON with sorted keys and without spaces: equal values have equal texts.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn canonical<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    write(&serde_json::to_value(value)?, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            // sorted here, whatever order the map of serde_json keeps
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (i, (key, value)) in fields.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(key)?);
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
        plain => out.push_str(&serde_json::to_string(plain)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_does_not_matter_and_that_of_lists_does() {
        let a = json!({"b": [1, 2], "a": {"d": null, "c": "x\"y"}});
        let b = json!({"a": {"c": "x\"y", "d": null}, "b": [1, 2]});
        assert_eq!(canonical(&a).unwrap(), canonical(&b).unwrap());
        assert_eq!(
            canonical(&a).unwrap(),
            r#"{"a":{"c":"x\"y","d":null},"b":[1,2]}"#
        );
        assert_ne!(
            canonical(&json!([1, 2])).unwrap(),
            canonical(&json!([2, 1])).unwrap()
        );
    }
}
