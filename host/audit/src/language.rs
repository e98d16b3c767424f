//! Which language and tools made a component, as far as it says so itself. The `producers` section
//! is the author's own word (WebAssembly tool conventions, `ProducersSection.md`): it helps to find
//! the source, and proves nothing.

use autods_sandbox::Audit;
use serde::Serialize;

/// What made a component, as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Made {
    /// Languages, such as `Rust`; empty where it does not say.
    pub languages: Vec<String>,
    /// Tools with their versions, such as `rustc 1.95.0`.
    pub tools: Vec<String>,
}

/// Tools that stand for a language of which the component itself says nothing: an interpreter that
/// was compiled by another language's tools carries those tools' names.
const EMBEDDED: [(&str, &str); 6] = [
    ("componentize-py", "Python"),
    ("cpython", "Python"),
    ("componentize-js", "JavaScript"),
    ("componentizejs", "JavaScript"),
    ("jco", "JavaScript"),
    ("tinygo", "Go"),
];

/// Reads the producers of a component.
pub fn made(audit: &Audit) -> Made {
    let mut made = Made::default();
    let add = |list: &mut Vec<String>, text: String| {
        if !list.contains(&text) {
            list.push(text);
        }
    };
    for producer in &audit.producers {
        let name = producer.name.to_lowercase();
        if let Some((_, language)) = EMBEDDED.iter().find(|(tool, _)| name.starts_with(tool)) {
            add(&mut made.languages, (*language).to_owned());
        }
    }
    for producer in &audit.producers {
        match producer.field.as_str() {
            "language" if made.languages.is_empty() || !embedded(&made) => {
                add(&mut made.languages, producer.name.clone());
            }
            "language" => {}
            _ => {
                let tool = format!("{} {}", producer.name, producer.version);
                add(&mut made.tools, tool.trim_end().to_owned());
            }
        }
    }
    made
}

/// Whether its language is one that an interpreter brings along.
fn embedded(made: &Made) -> bool {
    made.languages
        .iter()
        .any(|language| EMBEDDED.iter().any(|(_, embedded)| embedded == language))
}
