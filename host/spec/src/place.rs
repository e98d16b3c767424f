//! Where each key and value of a YAML document stands.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;
use std::fmt;

/// Line and column of every place of a document, by path such as `data[0].columns[3].name`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    by_path: BTreeMap<String, (u64, u64)>,
}

impl Places {
    pub(crate) fn of(root: Option<Node>) -> Self {
        let mut places = Self::default();
        if let Some(root) = root {
            places.walk(String::new(), &root);
        }
        places
    }

    fn walk(&mut self, path: String, node: &Node) {
        match node {
            Node::Leaf => {}
            Node::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.enter(format!("{path}[{i}]"), item.referenced, &item.value);
                }
            }
            Node::Map(entries) => {
                for (key, value) in entries {
                    let below = if path.is_empty() {
                        key.value.clone()
                    } else {
                        format!("{path}.{}", key.value)
                    };
                    self.enter(below, key.referenced, &value.value);
                }
            }
        }
    }

    fn enter(&mut self, path: String, location: serde_saphyr::Location, node: &Node) {
        self.by_path
            .insert(path.clone(), (location.line(), location.column()));
        self.walk(path, node);
    }

    /// Line and column of `path`, or of the nearest place above it that stands in the file.
    pub(crate) fn locate(&self, path: &str) -> (u64, u64) {
        let mut path = path;
        loop {
            if let Some(place) = self.by_path.get(path) {
                return *place;
            }
            match path.rfind(['.', '[']) {
                Some(cut) => path = &path[..cut],
                None => return (1, 0),
            }
        }
    }

    /// The path of the mapping or list that holds what stands at `line` and `column`: the last
    /// place that begins there or before, without its own last part when it begins exactly there.
    pub(crate) fn around(&self, line: u64, column: u64) -> String {
        let found = self
            .by_path
            .iter()
            .filter(|(_, at)| **at <= (line, column))
            .max_by_key(|(path, at)| (**at, path.len()));
        match found {
            None => String::new(),
            Some((path, at)) if *at == (line, column) => path
                .rfind(['.', '['])
                .map(|cut| path[..cut].to_owned())
                .unwrap_or_default(),
            Some((path, _)) => path.clone(),
        }
    }
}

/// A YAML node of which only its place matters.
#[derive(Debug)]
pub(crate) enum Node {
    Leaf,
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Node::Map(entries))
    }
}
