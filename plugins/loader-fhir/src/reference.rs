//! References, resolved to the id of what they refer to.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::json::Json;

/// The resources of a Bundle by their `fullUrl`.
#[derive(Debug, Default)]
pub(crate) struct BundleIndex<'a> {
    by_url: HashMap<&'a str, &'a Json<'a>>,
    by_type_and_id: HashMap<(&'a str, &'a str), &'a Json<'a>>,
}

impl<'a> BundleIndex<'a> {
    pub(crate) fn new(bundle: &'a Json<'a>) -> Self {
        let mut index = Self::default();
        for entry in bundle.list("entry") {
            let Some(resource) = entry.get("resource") else {
                continue;
            };
            if let Some(url) = entry.text("fullUrl") {
                index.by_url.insert(url, resource);
            }
            if let (Some(kind), Some(id)) = (resource.text("resourceType"), resource.text("id")) {
                index.by_type_and_id.insert((kind, id), resource);
            }
        }
        index
    }

    /// The resource of the Bundle that a reference refers to.
    fn find(&self, reference: &str) -> Option<&'a Json<'a>> {
        let plain = reference
            .split_once("/_history/")
            .map_or(reference, |(plain, _)| plain);
        let found = self
            .by_url
            .get(reference)
            .or_else(|| self.by_url.get(plain));
        found.copied().or_else(|| {
            let (kind, id) = type_and_id(plain).filter(|_| !has_scheme(plain))?;
            self.by_type_and_id.get(&(kind, id)).copied()
        })
    }

    /// Whether a reference that the Bundle should hold the answer to has none in it: `urn:uuid:`
    /// and relative references.
    pub(crate) fn lacks(&self, reference: &str) -> bool {
        let is_local = reference.starts_with("urn:uuid:")
            || !has_scheme(reference) && type_and_id(reference).is_some();
        is_local && self.find(reference).is_none()
    }
}

/// Where references of a resource are resolved.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// The Bundle that the resource is in.
    pub(crate) bundle: Option<&'a BundleIndex<'a>>,
    /// The resource.
    pub(crate) resource: &'a Json<'a>,
    /// Its id.
    pub(crate) id: Option<&'a str>,
}

impl<'a> Scope<'a> {
    /// The id of the resource that a Reference refers to; `None` where it says only who it is by
    /// other means (an identifier, a search).
    ///
    /// A contained resource has an id within its container only: `container#id`.
    pub(crate) fn id_of(&self, reference: Option<&'a Json<'_>>) -> Option<Cow<'a, str>> {
        let text = reference?.text("reference")?;
        if let Some(local) = text.strip_prefix('#') {
            self.contained(local)?;
            return Some(Cow::Owned(format!(
                "{}#{local}",
                self.id.unwrap_or_default()
            )));
        }
        let found = self.bundle.and_then(|bundle| bundle.find(text));
        if let Some(id) = found.and_then(|resource| resource.text("id")) {
            return Some(Cow::Borrowed(id));
        }
        if let Some(uuid) = text.strip_prefix("urn:uuid:") {
            return Some(Cow::Borrowed(uuid));
        }
        type_and_id(text).map(|(_, id)| Cow::Borrowed(id))
    }

    /// The resource that a Reference refers to, where it is contained or in the Bundle.
    pub(crate) fn resource_of(&self, reference: Option<&'a Json<'_>>) -> Option<&'a Json<'a>> {
        let text = reference?.text("reference")?;
        match text.strip_prefix('#') {
            Some(local) => self.contained(local),
            None => self.bundle?.find(text),
        }
    }

    fn contained(&self, local: &str) -> Option<&'a Json<'a>> {
        let contained = self.resource.list("contained");
        contained
            .iter()
            .find(|resource| resource.text("id") == Some(local))
    }
}

/// The id that the entry of a Bundle gives to its resource: the resource's own, or else the UUID
/// of its `fullUrl`, by which others in the Bundle refer to it.
pub(crate) fn entry_id<'a>(entry: &'a Json<'_>, resource: &'a Json<'_>) -> Option<&'a str> {
    let uuid = || entry.text("fullUrl")?.strip_prefix("urn:uuid:");
    resource.text("id").or_else(uuid)
}

fn has_scheme(reference: &str) -> bool {
    reference.contains("://") || reference.starts_with("urn:")
}

/// `Type` and `id` of `[base/]Type/id[/_history/version]`.
pub(crate) fn type_and_id(reference: &str) -> Option<(&str, &str)> {
    let plain = reference
        .split_once("/_history/")
        .map_or(reference, |(plain, _)| plain);
    if plain.contains('?') || plain.starts_with("urn:") || plain.starts_with('#') {
        return None;
    }
    let (before, id) = plain.rsplit_once('/')?;
    let kind = before.rsplit('/').next()?;
    let is_type = kind.starts_with(|first: char| first.is_ascii_uppercase());
    (is_type && !id.is_empty()).then_some((kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(resource: &str, bundle: Option<&str>) -> Option<String> {
        let resource = Json::parse(resource).unwrap();
        let bundle = bundle.map(|bundle| Json::parse(bundle).unwrap());
        let index = bundle.as_ref().map(BundleIndex::new);
        let scope = Scope {
            bundle: index.as_ref(),
            resource: &resource,
            id: resource.text("id"),
        };
        let id = scope.id_of(resource.get("subject"));
        id.map(Cow::into_owned)
    }

    fn of(reference: &str) -> Option<String> {
        id(
            &format!(r#"{{"subject":{{"reference":"{reference}"}}}}"#),
            None,
        )
    }

    #[test]
    fn a_reference_is_resolved_to_an_id() {
        for (reference, expected) in [
            ("Patient/1", Some("1")),
            ("Patient/1/_history/2", Some("1")),
            ("http://x.org/fhir/Patient/a-b", Some("a-b")),
            ("urn:uuid:0f", Some("0f")),
            ("Patient?identifier=s|1", None),
            ("#p", None),
            ("http://x.org/", None),
            ("", None),
        ] {
            assert_eq!(of(reference).as_deref(), expected, "{reference}");
        }
    }

    #[test]
    fn a_contained_resource_has_an_id_within_its_container() {
        let observation = r##"{"id":"o","contained":[{"id":"p"}],"subject":{"reference":"#p"}}"##;
        assert_eq!(id(observation, None).as_deref(), Some("o#p"));
    }

    #[test]
    fn a_bundle_knows_its_own_by_full_url() {
        let bundle = r#"{"entry":[
            {"fullUrl":"urn:uuid:0f","resource":{"resourceType":"Patient","id":"7"}},
            {"fullUrl":"urn:uuid:1f","resource":{"resourceType":"Patient"}}]}"#;
        let of = |reference: &str| {
            let resource = format!(r#"{{"subject":{{"reference":"{reference}"}}}}"#);
            id(&resource, Some(bundle))
        };
        assert_eq!(of("urn:uuid:0f").as_deref(), Some("7"));
        assert_eq!(of("urn:uuid:1f").as_deref(), Some("1f"));
        let bundle = Json::parse(bundle).unwrap();
        let index = BundleIndex::new(&bundle);
        assert!(index.lacks("urn:uuid:2f") && index.lacks("Patient/8"));
        assert!(!index.lacks("Patient/7") && !index.lacks("http://x.org/Patient/8"));
    }
}
