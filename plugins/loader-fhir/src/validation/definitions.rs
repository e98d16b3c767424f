//! The types of R4 and their elements, out of `r4.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::primitive::Primitive;

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A primitive.
    Primitive(Primitive),
    /// Elements of the type with that index.
    Complex(usize),
    /// A resource of any type.
    Resource,
}

/// An element of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it is a list.
    pub(super) many: bool,
    /// Whether there must be one.
    pub(super) required: bool,
    /// The choice that it is of, such as `value`.
    pub(super) choice: Option<&'static str>,
    /// Whether there must be one of the choice.
    pub(super) choice_required: bool,
}

/// A type: its elements and those of its bases, by name.
#[derive(Debug, Default)]
pub(super) struct Type {
    pub(super) elements: Vec<Element>,
    /// Whether an element is required or one of a choice.
    pub(super) is_picky: bool,
}

impl Type {
    /// The place of an element.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.elements
            .binary_search_by(|element| element.name.cmp(name))
            .ok()
    }
}

/// Every type.
#[derive(Debug)]
pub(super) struct Definitions {
    types: Vec<Type>,
    resources: HashMap<&'static str, usize>,
    /// What the `_name` of a primitive `name` holds.
    pub(super) primitive_extension: usize,
}

impl Definitions {
    /// The definitions of R4, read once.
    pub(super) fn r4() -> &'static Self {
        static R4: OnceLock<Definitions> = OnceLock::new();
        R4.get_or_init(|| Self::read(include_str!("r4.txt")))
    }

    pub(super) fn get(&self, index: usize) -> Option<&Type> {
        self.types.get(index)
    }

    /// The index of a resource's type.
    pub(super) fn resource(&self, name: &str) -> Option<usize> {
        self.resources.get(name).copied()
    }

    fn read(text: &'static str) -> Self {
        // every type's name, base and lines
        let mut raw: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(head) = line.strip_prefix("> ") {
                let (name, base) = head.split_once(' ').unwrap_or((head, ""));
                raw.push((name, base, Vec::new()));
            } else if let Some((_, _, lines)) = raw.last_mut() {
                lines.push(line);
            }
        }
        let by_name: HashMap<&str, usize> = raw
            .iter()
            .zip(0..)
            .map(|((name, ..), at)| (*name, at))
            .collect();
        let mut types = Vec::with_capacity(raw.len());
        let mut resources = HashMap::new();
        for (at, (name, ..)) in raw.iter().enumerate() {
            let mut read = Type::default();
            let mut of = Some(at);
            while let Some((name_of, base, lines)) = of.and_then(|at| raw.get(at)) {
                let own = lines.iter().filter_map(|line| element(line, &by_name));
                read.elements.extend(own);
                let is_base = matches!(*name, "Resource" | "DomainResource" | "MetadataResource");
                if *name_of == "Resource" && !is_base {
                    resources.insert(*name, at);
                }
                of = by_name.get(base).copied();
            }
            read.elements.sort_by_key(|element| element.name);
            let is_picky = |element: &Element| element.required || element.choice.is_some();
            read.is_picky = read.elements.iter().any(is_picky);
            types.push(read);
        }
        let primitive_extension = by_name.get("FHIRPrimitiveExtension").copied();
        Self {
            types,
            primitive_extension: primitive_extension.unwrap_or(usize::MAX),
            resources,
        }
    }
}

fn element(line: &'static str, types: &HashMap<&str, usize>) -> Option<Element> {
    let mut words = line.split(' ');
    let (name, kind, choice) = (words.next()?, words.next()?, words.next());
    let required = kind.ends_with('!');
    let kind = kind.trim_end_matches('!');
    let many = kind.ends_with('*');
    let kind = kind.trim_end_matches('*');
    let kind = match Primitive::named(kind) {
        Some(primitive) => Kind::Primitive(primitive),
        None if kind == "Resource" => Kind::Resource,
        None => Kind::Complex(*types.get(kind)?),
    };
    Some(Element {
        name,
        kind,
        many,
        required,
        choice: choice.map(|choice| choice.trim_end_matches('!')),
        choice_required: choice.is_some_and(|choice| choice.ends_with('!')),
    })
}

/// Whether R4 has a resource type of that name.
pub(crate) fn is_resource_type(name: &str) -> bool {
    Definitions::r4().resource(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_definitions_is_understood() {
        let text = include_str!("r4.txt");
        let r4 = Definitions::r4();
        assert_eq!(r4.resources.len(), 146);
        let heads = text.lines().filter_map(|line| line.strip_prefix("> "));
        let by_name = heads
            .filter_map(|head| head.split(' ').next())
            .zip(0..)
            .collect();
        for line in text.lines() {
            if !line.starts_with(['#', '>']) {
                assert!(element(line, &by_name).is_some(), "{line}");
            }
        }
        let patient = r4.get(r4.resource("Patient").unwrap()).unwrap();
        for name in ["birthDate", "contained", "extension", "id", "meta", "text"] {
            assert!(patient.find(name).is_some(), "{name}");
        }
        assert!(r4.types.iter().all(|read| read.elements.len() <= 512));
        assert!(!is_resource_type("Resource") && !is_resource_type("HumanName"));
    }
}
