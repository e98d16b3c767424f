//! Which columns of which table say what, when and of whom.

use crate::cdm::Table;

/// How the records of a table are read as events. An empty name is no column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    table: &'static str,
    /// The type of the FHIR resource that says the same; for what has none, the table's name.
    pub(crate) kind: &'static str,
    pub(crate) id: &'static str,
    /// When it began: the first of these that is there.
    pub(crate) time: [&'static str; 2],
    /// When it ended.
    pub(crate) end: [&'static str; 2],
    pub(crate) concept: &'static str,
    pub(crate) number: &'static str,
    pub(crate) text: &'static str,
    /// The concept of a comparison (`<`, `>=`), which stands in the text.
    pub(crate) operator: &'static str,
    pub(crate) value: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) unit_source: &'static str,
    pub(crate) status: &'static str,
}

const NONE: View = View {
    table: "",
    kind: "",
    id: "",
    time: [""; 2],
    end: [""; 2],
    concept: "",
    number: "",
    text: "",
    operator: "",
    value: "",
    unit: "",
    unit_source: "",
    status: "",
};

const VIEWS: &[View] = &[
    View {
        table: "condition_occurrence",
        kind: "condition",
        id: "condition_occurrence_id",
        time: ["condition_start_datetime", "condition_start_date"],
        end: ["condition_end_datetime", "condition_end_date"],
        concept: "condition_concept_id",
        status: "condition_status_concept_id",
        ..NONE
    },
    View {
        table: "drug_exposure",
        kind: "medication-statement",
        id: "drug_exposure_id",
        time: ["drug_exposure_start_datetime", "drug_exposure_start_date"],
        end: ["drug_exposure_end_datetime", "drug_exposure_end_date"],
        concept: "drug_concept_id",
        number: "quantity",
        ..NONE
    },
    View {
        table: "procedure_occurrence",
        kind: "procedure",
        id: "procedure_occurrence_id",
        time: ["procedure_datetime", "procedure_date"],
        end: ["procedure_end_datetime", "procedure_end_date"],
        concept: "procedure_concept_id",
        number: "quantity",
        ..NONE
    },
    View {
        table: "device_exposure",
        kind: "device-use-statement",
        id: "device_exposure_id",
        time: [
            "device_exposure_start_datetime",
            "device_exposure_start_date",
        ],
        end: ["device_exposure_end_datetime", "device_exposure_end_date"],
        concept: "device_concept_id",
        number: "quantity",
        unit: "unit_concept_id",
        unit_source: "unit_source_value",
        ..NONE
    },
    View {
        table: "measurement",
        kind: "observation",
        id: "measurement_id",
        time: ["measurement_datetime", "measurement_date"],
        concept: "measurement_concept_id",
        number: "value_as_number",
        operator: "operator_concept_id",
        value: "value_as_concept_id",
        unit: "unit_concept_id",
        unit_source: "unit_source_value",
        ..NONE
    },
    View {
        table: "observation",
        kind: "observation",
        id: "observation_id",
        time: ["observation_datetime", "observation_date"],
        concept: "observation_concept_id",
        number: "value_as_number",
        text: "value_as_string",
        value: "value_as_concept_id",
        unit: "unit_concept_id",
        unit_source: "unit_source_value",
        ..NONE
    },
    View {
        table: "specimen",
        kind: "specimen",
        id: "specimen_id",
        time: ["specimen_datetime", "specimen_date"],
        concept: "specimen_concept_id",
        number: "quantity",
        unit: "unit_concept_id",
        unit_source: "unit_source_value",
        ..NONE
    },
    View {
        table: "visit_occurrence",
        kind: "encounter",
        id: "visit_occurrence_id",
        time: ["visit_start_datetime", "visit_start_date"],
        end: ["visit_end_datetime", "visit_end_date"],
        concept: "visit_concept_id",
        ..NONE
    },
    View {
        table: "death",
        kind: "death",
        id: "person_id",
        time: ["death_datetime", "death_date"],
        concept: "cause_concept_id",
        ..NONE
    },
    View {
        table: "condition_era",
        kind: "condition-era",
        id: "condition_era_id",
        time: ["condition_era_start_date", ""],
        end: ["condition_era_end_date", ""],
        concept: "condition_concept_id",
        ..NONE
    },
    View {
        table: "drug_era",
        kind: "drug-era",
        id: "drug_era_id",
        time: ["drug_era_start_date", ""],
        end: ["drug_era_end_date", ""],
        concept: "drug_concept_id",
        ..NONE
    },
    View {
        table: "dose_era",
        kind: "dose-era",
        id: "dose_era_id",
        time: ["dose_era_start_date", ""],
        end: ["dose_era_end_date", ""],
        concept: "drug_concept_id",
        number: "dose_value",
        unit: "unit_concept_id",
        ..NONE
    },
];

/// How a table's records are read as events, if they are.
pub(crate) fn view(table: &Table) -> Option<&'static View> {
    VIEWS.iter().find(|view| view.table == table.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdm::{self, Versions};

    #[test]
    fn every_column_of_a_view_is_one_of_its_table() {
        for view in VIEWS {
            let table = cdm::table(view.table).unwrap();
            let names = [view.id, view.concept, view.number, view.text, view.operator];
            let more = [view.value, view.unit, view.unit_source, view.status];
            let all = names
                .into_iter()
                .chain(more)
                .chain(view.time)
                .chain(view.end);
            for name in all.filter(|name| !name.is_empty()) {
                assert!(table.column(name, Versions::BOTH).is_some(), "{name}");
            }
        }
    }
}
