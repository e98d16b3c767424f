//! What types of resources must hold beyond their elements.

use std::collections::HashSet;

use super::Rule;
use super::primitive::is_uuid;
use super::walk::Walk;
use crate::json::Json;
use crate::reference::type_and_id;

/// Checks a resource of that type.
pub(super) fn check(walk: &mut Walk<'_, '_>, kind: &str, resource: &Json<'_>) {
    match kind {
        "Bundle" => bundle(walk, resource),
        "Parameters" => parameters(walk, resource),
        "RiskAssessment" => risk_assessment(walk, resource),
        _ => {}
    }
}

/// Links, and what its type asks of its entries (bdl-3, bdl-7, bdl-11, bdl-12).
fn bundle(walk: &mut Walk<'_, '_>, bundle: &Json<'_>) {
    let mut relations = HashSet::new();
    for link in bundle.list("link") {
        if link
            .text("relation")
            .is_some_and(|relation| !relations.insert(relation))
        {
            walk.report(Rule::DuplicateLink, Some("link"));
        }
    }
    let kind = bundle.text("type").unwrap_or_default();
    let entries = bundle.list("entry");
    let first = entries
        .first()
        .and_then(|entry| entry.at(&["resource"])?.text("resourceType"));
    let head = match kind {
        "document" => Some("Composition"),
        "message" => Some("MessageHeader"),
        _ => None,
    };
    if head.is_some() && first != head {
        walk.report(Rule::InvalidEntry, Some("entry"));
    }
    let mut urls = HashSet::new();
    for entry in entries {
        if matches!(kind, "transaction" | "batch") && entry.get("request").is_none() {
            walk.report(Rule::InvalidEntry, Some("entry"));
        }
        let Some(url) = entry.text("fullUrl") else {
            continue;
        };
        let version = entry
            .at(&["resource", "meta"])
            .and_then(|meta| meta.text("versionId"));
        if kind != "history" && !urls.insert((url, version)) {
            walk.report(Rule::DuplicateFullUrl, Some("entry"));
        }
        let resource = entry.get("resource");
        let of = |name| resource.and_then(|resource| resource.text(name));
        let is_mismatch = match (type_and_id(url), of("id")) {
            (Some((kind, id)), Some(own)) => Some(kind) == of("resourceType") && id != own,
            _ => false,
        };
        if is_mismatch {
            walk.report(Rule::FullUrlMismatch, Some("entry"));
        }
        if url
            .strip_prefix("urn:uuid:")
            .is_some_and(|uuid| !is_uuid(uuid))
        {
            walk.report(Rule::InvalidFormat, Some("entry"));
        }
    }
}

/// Who hands over resources of a type refers to one of those.
fn parameters(walk: &mut Walk<'_, '_>, parameters: &Json<'_>) {
    let mut at_hand = HashSet::new();
    let mut kinds = HashSet::new();
    for parameter in parameters.list("parameter") {
        let Some(resource) = parameter.get("resource") else {
            continue;
        };
        if let (Some(kind), Some(id)) = (resource.text("resourceType"), resource.text("id")) {
            at_hand.insert((kind, id));
            kinds.insert(kind);
        }
    }
    let mut lacking = 0_usize;
    crate::census::each_reference(parameters, &mut |reference| {
        let is_relative = !reference.contains("://");
        if let Some(target) = type_and_id(reference).filter(|_| is_relative) {
            lacking += usize::from(kinds.contains(target.0) && !at_hand.contains(&target));
        }
    });
    for _ in 0..lacking {
        walk.report(Rule::UnresolvedReference, Some("parameter"));
    }
}

/// ras-2: a probability is at most 100 (per cent).
fn risk_assessment(walk: &mut Walk<'_, '_>, assessment: &Json<'_>) {
    for prediction in assessment.list("prediction") {
        let is_beyond = match prediction.get("probabilityDecimal") {
            Some(Json::Whole(number)) => *number > 100,
            Some(Json::Decimal(number)) => *number > 100.0,
            _ => false,
        };
        if is_beyond {
            walk.report(Rule::BeyondLimit, Some("prediction"));
        }
    }
}
