//! Walking through a resource beside its type's definition.

use std::collections::HashSet;

use super::definitions::{Definitions, Element, Kind, Type};
use super::primitive::Primitive;
use super::{Findings, Options, Rule, invariants, narrative};
use crate::json::{self, Json};

/// Checks a resource that was read from `text`.
pub(crate) fn check(json: &Json<'_>, text: &str, options: Options, findings: &mut Findings) {
    let mut walk = Walk {
        r4: Definitions::r4(),
        text,
        options,
        findings,
        path: Vec::new(),
        here: None,
    };
    walk.resource(json);
}

/// A step from a value to one within.
#[derive(Clone, Copy)]
enum Step<'j> {
    Member(&'j str),
    Item(usize),
}

/// Where a walk is.
pub(super) struct Walk<'j, 'f> {
    r4: &'static Definitions,
    text: &'j str,
    options: Options,
    findings: &'f mut Findings,
    path: Vec<Step<'j>>,
    /// The byte where the last member that was entered begins.
    here: Option<usize>,
}

impl<'j> Walk<'j, '_> {
    /// Something is wrong here, or in a member of what is here.
    pub(super) fn report(&mut self, rule: Rule, member: Option<&str>) {
        let path = &self.path;
        self.findings.add(rule, self.here, || {
            let mut location = String::new();
            for step in path {
                match step {
                    Step::Member(name) if location.is_empty() => location.push_str(name),
                    Step::Member(name) => location.extend([".", name]),
                    Step::Item(at) => location.push_str(&format!("[{at}]")),
                }
            }
            if let Some(member) = member {
                location.extend([".", member]);
            }
            location
        });
    }

    fn within(&mut self, step: Step<'j>, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    fn resource(&mut self, json: &'j Json<'j>) {
        self.here = json.offset_in(self.text).or(self.here);
        let Some(name) = json.text("resourceType") else {
            self.report(Rule::MissingResourceType, None);
            return;
        };
        let r4 = self.r4;
        let Some(of) = r4.resource(name).and_then(|at| r4.get(at)) else {
            self.report(Rule::UnknownResourceType, None);
            return;
        };
        let check = |walk: &mut Self| {
            walk.object(json, of, true);
            walk.here = json.offset_in(walk.text).or(walk.here);
            invariants::check(walk, name, json);
        };
        // within another, the element's name says where it is
        if self.path.is_empty() {
            self.within(Step::Member(name), check);
        } else {
            check(self);
        }
    }

    fn object(&mut self, json: &'j Json<'j>, of: &'static Type, is_resource: bool) {
        let Json::Object(members) = json else {
            let rule = match json {
                Json::Array(_) => Rule::SingleExpected,
                Json::Null => Rule::UnexpectedNull,
                _ => Rule::WrongJsonType,
            };
            self.report(rule, None);
            return;
        };
        if members.is_empty() {
            self.report(Rule::EmptyObject, None);
        }
        self.duplicates(members);
        // which elements there are, themselves or as `_name`
        let mut seen = [0_u64; 8];
        for (name, value) in members {
            if is_resource && name == "resourceType" {
                continue;
            }
            self.here = json::offset_of(name, self.text).or(self.here);
            let plain = name.strip_prefix('_');
            let place = of.find(plain.unwrap_or(name));
            let element = place.and_then(|place| of.elements.get(place));
            let is_primitive =
                |element: &&Element| matches!(element.kind, Kind::Primitive(_)) || plain.is_none();
            let (Some(place), Some(element)) = (place, element.filter(is_primitive)) else {
                self.report(Rule::UnknownElement, Some(name));
                continue;
            };
            if let Some(word) = seen.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
            let has_extensions =
                plain.is_none() && element.many && json.get(&format!("_{name}")).is_some();
            let kind = match plain {
                Some(_) => Kind::Complex(self.r4.primitive_extension),
                None => element.kind,
            };
            let gaps = plain.is_some() || has_extensions;
            self.within(Step::Member(name), |walk| {
                walk.element(value, kind, element.many, gaps);
            });
        }
        if of.is_picky {
            self.here = json.offset_in(self.text).or(self.here);
            self.completeness(of, &seen);
        }
    }

    /// An element's value or values; some may be `null` where there are gaps.
    fn element(&mut self, value: &'j Json<'j>, kind: Kind, many: bool, gaps: bool) {
        match (many, value) {
            (true, Json::Array(items)) if items.is_empty() => self.report(Rule::EmptyArray, None),
            (true, Json::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    if gaps && *item == Json::Null {
                        continue;
                    }
                    self.within(Step::Item(at), |walk| walk.value(item, kind));
                }
            }
            (true, _) => self.report(Rule::ListExpected, None),
            (false, Json::Array(items)) if items.is_empty() => {
                self.report(Rule::EmptyArray, None);
            }
            (false, Json::Array(_)) => self.report(Rule::SingleExpected, None),
            (false, _) => self.value(value, kind),
        }
    }

    fn value(&mut self, value: &'j Json<'j>, kind: Kind) {
        match (kind, value) {
            (_, Json::Null) => self.report(Rule::UnexpectedNull, None),
            (Kind::Resource, _) => self.resource(value),
            (Kind::Complex(at), _) => {
                if let Some(of) = self.r4.get(at) {
                    self.object(value, of, false);
                }
            }
            (Kind::Primitive(primitive), _) => {
                if let Some(rule) = primitive.check(value) {
                    self.report(rule, None);
                } else if let Some(text) = value.as_text() {
                    self.prose(text, primitive);
                }
            }
        }
    }

    fn prose(&mut self, text: &str, primitive: Primitive) {
        if primitive == Primitive::Xhtml && !narrative::is_div(text) {
            self.report(Rule::InvalidNarrative, None);
        }
        let is_markup = || {
            let mut after = text.split('<').skip(1);
            after.any(|rest| {
                rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c))
            })
        };
        if self.options.refuse_markup && primitive == Primitive::Text && is_markup() {
            self.report(Rule::Markup, None);
        }
    }

    fn duplicates(&mut self, members: &'j [(std::borrow::Cow<'j, str>, Json<'j>)]) {
        if members.len() > 32 {
            let mut names = HashSet::new();
            for (name, _) in members {
                if !names.insert(name.as_ref()) {
                    self.here = json::offset_of(name, self.text).or(self.here);
                    self.report(Rule::DuplicateMember, Some(name));
                }
            }
            return;
        }
        for (at, (name, _)) in members.iter().enumerate() {
            let mut earlier = members.iter().take(at);
            if earlier.any(|(other, _)| other.len() == name.len() && other == name) {
                self.here = json::offset_of(name, self.text).or(self.here);
                self.report(Rule::DuplicateMember, Some(name));
            }
        }
    }

    /// Elements that must be there, and choices of which one may be.
    fn completeness(&mut self, of: &'static Type, seen: &[u64; 8]) {
        let is_seen = |place: usize| {
            seen.get(place / 64)
                .is_some_and(|word| word >> (place % 64) & 1 == 1)
        };
        let mut choice = "";
        let (mut chosen, mut choice_required) = (0, false);
        let close = |walk: &mut Self, choice: &str, chosen: usize, required: bool| {
            if chosen > 1 {
                walk.report(Rule::SeveralChoices, Some(choice));
            } else if required && chosen == 0 {
                walk.report(Rule::MissingElement, Some(choice));
            }
        };
        // elements are in the order of their names, hence the choices of one next to each other,
        // or nearly: another element may stand between them
        for (place, element) in of.elements.iter().enumerate() {
            if element.required && !is_seen(place) {
                self.report(Rule::MissingElement, Some(element.name));
            }
            let Some(name) = element.choice else {
                continue;
            };
            if name != choice {
                close(self, choice, chosen, choice_required);
                (choice, chosen, choice_required) = (name, 0, false);
            }
            chosen += usize::from(is_seen(place));
            choice_required |= element.choice_required;
        }
        close(self, choice, chosen, choice_required);
    }
}
