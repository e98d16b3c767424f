//! The sections of the report, one file each.

mod attributions;
mod data;
mod exploration;
mod leakage;
mod limitations;
mod performance;
mod protocol;
mod question;
mod subgroups;
#[cfg(test)]
mod tests;

use autods_sdk::agent::Briefing;

use crate::sentence::Sentence;

/// Every sentence, section by section in the report's order.
pub(crate) fn all(briefing: &Briefing) -> Vec<Sentence> {
    [
        question::say,
        data::say,
        protocol::say,
        exploration::say,
        performance::say,
        subgroups::say,
        leakage::say,
        attributions::say,
        limitations::say,
    ]
    .iter()
    .flat_map(|say| say(briefing))
    .collect()
}
