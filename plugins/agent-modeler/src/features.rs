//! The feature set that a team uses, and how wide its design matrix is.

use autods_sdk::agent::{Briefing, ColumnUse, EventId, FeatureSet, ProposalBody, Scalar};
use autods_sdk::params;

use crate::family::Family;

/// The latest accepted feature set of the name that the team's parameter `features`, or else its
/// family, asks for; failing that, the latest accepted one of any name.
pub(crate) fn chosen(briefing: &Briefing, family: Family) -> Option<(EventId, &FeatureSet)> {
    let name = params::text(&briefing.card.params, "features", family.features())
        .unwrap_or_else(|_| family.features());
    let accepted: Vec<(EventId, &FeatureSet)> = briefing
        .proposals()
        .filter(|(event, _)| briefing.is_accepted(event.id) && !is_superseded(briefing, event.id))
        .filter_map(|(event, proposal)| match &proposal.body {
            ProposalBody::Features(features) => Some((event.id, features)),
            _ => None,
        })
        .collect();
    accepted
        .iter()
        .rev()
        .find(|(_, features)| features.name == name)
        .or_else(|| accepted.last())
        .copied()
}

fn is_superseded(briefing: &Briefing, id: EventId) -> bool {
    briefing
        .proposals()
        .any(|(_, proposal)| proposal.supersedes == Some(id))
}

/// Design columns that a feature set gives, counted from the catalogue: a one-hot column for each
/// level with enough rows and two for `rare` and `missing`, one otherwise, one more for a
/// missing-indicator. An upper bound where levels are withheld.
pub(crate) fn width(briefing: &Briefing, features: &FeatureSet) -> u32 {
    features
        .columns
        .iter()
        .map(|used| columns_of(briefing, used))
        .fold(0, u32::saturating_add)
        .max(1)
}

/// Chapters of ICD-9-CM (17) and its two supplementary classifications.
const CHAPTERS: usize = 19;

fn columns_of(briefing: &Briefing, used: &ColumnUse) -> u32 {
    let has = |name: &str| used.steps.iter().find(|step| step.name == name);
    let base = match has("one-hot") {
        None => 1,
        Some(_) if has("icd9-chapter").is_some() => CHAPTERS + 2,
        Some(step) => {
            let enough = match params::get(&step.params, "min-count") {
                Some(Scalar::Integer(n)) => u64::try_from(*n).unwrap_or(0),
                _ => 0,
            };
            let kept = briefing.column(&used.column).map_or(0, |column| {
                column
                    .levels
                    .iter()
                    .filter(|level| level.n.is_some_and(|n| n >= enough))
                    .count()
            });
            kept + 2
        }
    };
    let columns = base + usize::from(has("missing-indicator").is_some());
    u32::try_from(columns).unwrap_or(u32::MAX)
}
