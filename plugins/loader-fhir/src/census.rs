//! Counting what a resource refers to and extends.

use crate::json::Json;
use crate::reference::BundleIndex;

/// Counts of resources read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Census {
    pub(crate) resources: u64,
    pub(crate) unknown_resources: u64,
    pub(crate) unknown_extensions: u64,
    pub(crate) references: u64,
    pub(crate) contained_references: u64,
    pub(crate) unresolved_in_bundle: u64,
}

/// Extensions that the standard and US Core define.
const KNOWN_EXTENSIONS: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/",
    "http://hl7.org/fhir/us/core/StructureDefinition/",
];

impl Census {
    /// Counts references and extensions anywhere in a resource.
    pub(crate) fn count(&mut self, resource: &Json<'_>, bundle: Option<&BundleIndex<'_>>) {
        each_reference(resource, &mut |reference| {
            self.references += 1;
            self.contained_references += u64::from(reference.starts_with('#'));
            let lacks = bundle.is_some_and(|bundle| bundle.lacks(reference));
            self.unresolved_in_bundle += u64::from(lacks);
        });
        each_extension(resource, &mut |url| {
            // an extension within an extension has a name, no URL
            let is_known = KNOWN_EXTENSIONS.iter().any(|known| url.starts_with(known));
            self.unknown_extensions += u64::from(url.contains(':') && !is_known);
        });
    }
}

/// Every `reference` of a Reference, at any depth.
pub(crate) fn each_reference<'j>(json: &'j Json<'_>, see: &mut impl FnMut(&'j str)) {
    for (name, value) in json.members() {
        match value {
            Json::Text(text) if name == "reference" => see(text),
            _ => each_reference(value, see),
        }
    }
    json.items()
        .iter()
        .for_each(|item| each_reference(item, see));
}

/// Every `url` of an Extension, at any depth.
fn each_extension<'j>(json: &'j Json<'_>, see: &mut impl FnMut(&'j str)) {
    for (name, value) in json.members() {
        if name == "extension" || name == "modifierExtension" {
            let urls = value
                .items()
                .iter()
                .filter_map(|extension| extension.text("url"));
            urls.for_each(&mut *see);
        }
        each_extension(value, see);
    }
    json.items()
        .iter()
        .for_each(|item| each_extension(item, see));
}
