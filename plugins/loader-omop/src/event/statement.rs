//! Records as statements.

use std::borrow::Cow;

use crate::concepts::{Concept, Concepts};
use crate::event::view::View;
use crate::header::Header;
use crate::rows::Row;

/// What ids of concepts are codes of, as HL7's guide of OMOP in FHIR has it.
const SYSTEM: &str = "https://fhir-terminology.ohdsi.org";

/// Comparisons by their concepts; `=` says nothing that a number does not.
const OPERATORS: [(&str, &str); 4] = [
    ("4171756", "<"),
    ("4171754", "<="),
    ("4172704", ">"),
    ("4171755", ">="),
];

/// Reads the records of one file as statements.
pub(crate) struct Statements {
    view: &'static View,
    table: &'static str,
    id: Option<usize>,
    person: Option<usize>,
    visit: Option<usize>,
    time: [Option<usize>; 2],
    end: [Option<usize>; 2],
    concept: Option<usize>,
    number: Option<usize>,
    text: Option<usize>,
    operator: Option<usize>,
    value: Option<usize>,
    unit: Option<usize>,
    unit_source: Option<usize>,
    status: Option<usize>,
}

impl Statements {
    /// Finds the columns of the view in a header.
    pub(crate) fn new(view: &'static View, header: &Header) -> Self {
        let place = |name| header.place(name);
        Self {
            view,
            table: header.table.name,
            id: place(view.id),
            person: place("person_id"),
            visit: place("visit_occurrence_id"),
            time: view.time.map(place),
            end: view.end.map(place),
            concept: place(view.concept),
            number: place(view.number),
            text: place(view.text),
            operator: place(view.operator),
            value: place(view.value),
            unit: place(view.unit),
            unit_source: place(view.unit_source),
            status: place(view.status),
        }
    }

    /// A record's statement, in the order of [`super::COLUMNS`].
    pub(crate) fn read<'r>(
        &self,
        row: Row<'r>,
        concepts: Option<&'r Concepts>,
    ) -> [Option<Cow<'r, str>>; 14] {
        let text = |place| row.text(place).map(Cow::Borrowed);
        // no matching concept is no concept
        let coded = |place| row.text(place).filter(|id| *id != "0");
        let first = |places: [Option<usize>; 2]| places.into_iter().find_map(text);
        let code = coded(self.concept);
        let concept = |id: Option<&str>| concepts.and_then(|concepts| concepts.get(id?));
        let label = concept(code).map(|concept| Cow::Borrowed(concept.name.as_str()));
        let comparison = coded(self.operator).and_then(|id| {
            let mut operators = OPERATORS.iter();
            operators.find_map(|(operator, sign)| (*operator == id).then_some(*sign))
        });
        let id = row.text(self.id).map(|id| format!("{}/{id}", self.table));
        [
            id.map(Cow::Owned),
            Some(Cow::Borrowed(self.view.kind)),
            text(self.person),
            text(self.visit),
            first(self.time),
            first(self.end),
            code.map(|_| Cow::Borrowed(SYSTEM)),
            code.map(Cow::Borrowed),
            label,
            text(self.number),
            text(self.text).or(comparison.map(Cow::Borrowed)),
            coded(self.value).map(Cow::Borrowed),
            self.unit(row, concept(coded(self.unit))),
            coded(self.status).map(Cow::Borrowed),
        ]
    }

    /// The UCUM code of the unit's concept, or the unit as the source had it.
    fn unit<'r>(&self, row: Row<'r>, concept: Option<&'r Concept>) -> Option<Cow<'r, str>> {
        let ucum = concept.filter(|concept| concept.vocabulary == "UCUM");
        let code = ucum.map(|concept| concept.code.as_str());
        code.or(row.text(self.unit_source)).map(Cow::Borrowed)
    }
}
