//! Sections, in the order of the page. Each is a function from the board to blocks.

mod attributions;
mod checks;
mod data;
mod deliberation;
mod evidence;
mod exploration;
mod leakage;
mod limitations;
mod objections;
mod performance;
mod plan;
mod privacy;
mod protocol;
mod question;
mod reproduction;
mod subgroups;
mod summary;
mod table_one;
mod timing;

pub(crate) use attributions::{attributions, push_of};
pub(crate) use data::data;
pub(crate) use evidence::evidence;
pub(crate) use exploration::exploration;
pub(crate) use leakage::leakage;
pub(crate) use limitations::limitations;
pub(crate) use objections::objections;
pub(crate) use performance::performance;
pub(crate) use privacy::privacy;
pub(crate) use protocol::protocol;
pub(crate) use question::question;
pub(crate) use reproduction::reproduction;
pub(crate) use subgroups::subgroups;
pub(crate) use summary::{banner, summary};
pub(crate) use timing::timing;

use autods_board::Section as Place;

use crate::{ReportError, document::Block, reading::Reading};

/// The translator's sentences for a section, to stand at its start.
fn statements(reading: &Reading<'_>, place: Place) -> Result<Vec<Block>, ReportError> {
    Ok(reading
        .statements(place)?
        .into_iter()
        .map(Block::Statement)
        .collect())
}
