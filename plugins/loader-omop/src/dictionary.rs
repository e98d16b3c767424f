//! Where the columns of a dictionary are read from.

use autods_sdk::loader::{Fault, FaultCode, TableSpec};

use crate::cdm::Datatype;
use crate::concepts::Part;
use crate::event;
use crate::header::Header;
use crate::options::{Options, Rows};
use crate::sources::Sources;

/// What a column of the dictionary holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A field of the record.
    Field { place: usize, datatype: Datatype },
    /// What the vocabulary says of the concept in a field.
    Concept { place: usize, part: Part },
    /// A column of an event, by its number in [`event::COLUMNS`].
    Event(usize),
}

/// How the column ends that holds part of a concept, beside its `<x>_concept_id`.
const PARTS: [(&str, Part); 4] = [
    ("_concept_name", Part::Name),
    ("_concept_code", Part::Code),
    ("_domain", Part::Domain),
    ("_vocabulary", Part::Vocabulary),
];

/// Where each column of the dictionary is read from in a file with that header.
pub(crate) fn cells(
    spec: &TableSpec,
    header: &Header,
    sources: &Sources<'_>,
    options: Options,
) -> Result<Vec<Cell>, Fault> {
    let names = spec.columns.iter().map(|column| column.name.as_str());
    names
        .enumerate()
        .map(|(at, name)| {
            let cell = match options.rows {
                Rows::Events => event_column(name),
                Rows::Records => record_column(name, header, sources),
            };
            cell.map_err(|code| {
                let fault = Fault::from(code).in_column(at);
                match code {
                    FaultCode::MissingColumn => fault.at_line(1),
                    _ => fault,
                }
            })
        })
        .collect()
}

fn event_column(name: &str) -> Result<Cell, FaultCode> {
    let place = event::COLUMNS.iter().position(|column| *column == name);
    place.map(Cell::Event).ok_or(FaultCode::MissingColumn)
}

fn record_column(name: &str, header: &Header, sources: &Sources<'_>) -> Result<Cell, FaultCode> {
    let name = name.to_ascii_lowercase();
    if let Some(place) = header.place(&name)
        && let Some(column) = header.columns.get(place).copied().flatten()
    {
        return Ok(Cell::Field {
            place,
            datatype: column.datatype,
        });
    }
    let concept = PARTS.iter().find_map(|(ending, part)| {
        let stem = name.strip_suffix(ending)?;
        let place = header.place(&format!("{stem}_concept_id"))?;
        Some(Cell::Concept { place, part: *part })
    });
    match concept {
        None => Err(FaultCode::MissingColumn),
        Some(_) if sources.of_table("concept").next().is_none() => Err(FaultCode::MissingInput),
        Some(cell) => Ok(cell),
    }
}
