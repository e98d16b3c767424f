//! Validation against FHIR R4 (4.0.1): what a resource must be, whatever its profile.
//!
//! Checked are the JSON itself, the elements of every R4 type (which there are, how often, of which
//! JSON type), the formats of primitive types, Narrative, what Bundle and Parameters must hold, and
//! a few invariants. Not checked are codes against value sets, profiles, and invariants at large.
//!
//! ```
//! use loader_fhir::validation::{Options, Rule, validate};
//!
//! let findings = validate(br#"{"resourceType":"Patient","nmae":[]}"#, Options::default());
//! assert_eq!(findings[0].rule, Rule::UnknownElement);
//! assert_eq!(findings[0].location, "Patient.nmae");
//! ```

mod definitions;
mod finding;
mod invariants;
mod narrative;
mod primitive;
mod walk;

pub(crate) use definitions::is_resource_type;
pub(crate) use finding::Findings;
pub use finding::{Finding, Rule};
pub(crate) use walk::check;

use crate::json::Json;

/// What is checked besides the specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether a text that looks like markup (`<script>`) is an error, as for systems that put
    /// texts into pages unescaped.
    pub refuse_markup: bool,
}

/// Findings kept at most.
const KEPT: usize = 1000;

/// Validates one resource (or Bundle); gives at most the first 1000 errors, none where it is valid.
#[must_use]
pub fn validate(bytes: &[u8], options: Options) -> Vec<Finding> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut findings = Findings::keeping(KEPT);
    match std::str::from_utf8(bytes) {
        Err(error) => findings.add(Rule::InvalidUtf8, Some(error.valid_up_to()), String::new),
        Ok(text) => match Json::parse(text) {
            Err(error) => {
                let before = text
                    .split_inclusive('\n')
                    .take(error.line().saturating_sub(1));
                let offset = before.map(str::len).sum();
                findings.add(Rule::InvalidJson, Some(offset), String::new);
            }
            Ok(json) => check(&json, text, options, &mut findings),
        },
    }
    findings.into_kept()
}
