//! Clinical data.

use super::column::{date, datetime, float, integer, text};
use super::table::Table;
use super::version::{BOTH, V53, V54};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "person",
        versions: BOTH,
        columns: &[
            integer("person_id").key().required(),
            integer("gender_concept_id").required().concept("Gender"),
            integer("year_of_birth").required().born(),
            integer("month_of_birth").between(1.0, 12.0),
            integer("day_of_birth").between(1.0, 31.0),
            datetime("birth_datetime"),
            integer("race_concept_id").required().concept("Race"),
            integer("ethnicity_concept_id")
                .required()
                .concept("Ethnicity"),
            integer("location_id").refers("location"),
            integer("provider_id").refers("provider"),
            integer("care_site_id").refers("care_site"),
            text("person_source_value"),
            text("gender_source_value"),
            integer("gender_source_concept_id").refers("concept"),
            text("race_source_value"),
            integer("race_source_concept_id").refers("concept"),
            text("ethnicity_source_value"),
            integer("ethnicity_source_concept_id").refers("concept"),
        ],
    },
    Table {
        name: "observation_period",
        versions: BOTH,
        columns: &[
            integer("observation_period_id").key().required(),
            integer("person_id").required().refers("person"),
            date("observation_period_start_date").required(),
            date("observation_period_end_date").required(),
            integer("period_type_concept_id")
                .required()
                .concept("Type Concept"),
        ],
    },
    Table {
        name: "visit_occurrence",
        versions: BOTH,
        columns: &[
            integer("visit_occurrence_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("visit_concept_id").required().concept("Visit"),
            date("visit_start_date").required(),
            datetime("visit_start_datetime"),
            date("visit_end_date").required(),
            datetime("visit_end_datetime"),
            integer("visit_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("provider_id").refers("provider"),
            integer("care_site_id").refers("care_site"),
            text("visit_source_value"),
            integer("visit_source_concept_id").refers("concept"),
            integer("admitting_source_concept_id")
                .refers("concept")
                .only(V53),
            text("admitting_source_value").only(V53),
            integer("discharge_to_concept_id")
                .concept("Visit")
                .only(V53),
            text("discharge_to_source_value").only(V53),
            integer("preceding_visit_occurrence_id").refers("visit_occurrence"),
            integer("admitted_from_concept_id")
                .concept("Visit")
                .only(V54),
            text("admitted_from_source_value").only(V54),
            integer("discharged_to_concept_id")
                .concept("Visit")
                .only(V54),
            text("discharged_to_source_value").only(V54),
        ],
    },
    Table {
        name: "visit_detail",
        versions: BOTH,
        columns: &[
            integer("visit_detail_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("visit_detail_concept_id")
                .required()
                .concept("Visit"),
            date("visit_detail_start_date").required(),
            datetime("visit_detail_start_datetime"),
            date("visit_detail_end_date").required(),
            datetime("visit_detail_end_datetime"),
            integer("visit_detail_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("provider_id").refers("provider"),
            integer("care_site_id").refers("care_site"),
            text("visit_detail_source_value"),
            integer("visit_detail_source_concept_id").refers("concept"),
            text("admitting_source_value").only(V53),
            integer("admitting_source_concept_id")
                .refers("concept")
                .only(V53),
            text("discharge_to_source_value").only(V53),
            integer("discharge_to_concept_id")
                .concept("Visit")
                .only(V53),
            integer("preceding_visit_detail_id").refers("visit_detail"),
            integer("visit_detail_parent_id")
                .refers("visit_detail")
                .only(V53),
            integer("visit_occurrence_id")
                .required()
                .refers("visit_occurrence"),
            integer("admitted_from_concept_id")
                .concept("Visit")
                .only(V54),
            text("admitted_from_source_value").only(V54),
            text("discharged_to_source_value").only(V54),
            integer("discharged_to_concept_id")
                .concept("Visit")
                .only(V54),
            integer("parent_visit_detail_id")
                .refers("visit_detail")
                .only(V54),
        ],
    },
    Table {
        name: "condition_occurrence",
        versions: BOTH,
        columns: &[
            integer("condition_occurrence_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("condition_concept_id")
                .required()
                .concept("Condition"),
            date("condition_start_date").required(),
            datetime("condition_start_datetime"),
            date("condition_end_date"),
            datetime("condition_end_datetime"),
            integer("condition_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("condition_status_concept_id").concept("Condition Status"),
            text("stop_reason"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("condition_source_value"),
            integer("condition_source_concept_id").refers("concept"),
            text("condition_status_source_value"),
        ],
    },
    Table {
        name: "drug_exposure",
        versions: BOTH,
        columns: &[
            integer("drug_exposure_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("drug_concept_id").required().concept("Drug"),
            date("drug_exposure_start_date").required(),
            datetime("drug_exposure_start_datetime"),
            date("drug_exposure_end_date").required(),
            datetime("drug_exposure_end_datetime"),
            date("verbatim_end_date"),
            integer("drug_type_concept_id")
                .required()
                .concept("Type Concept"),
            text("stop_reason"),
            integer("refills"),
            float("quantity"),
            integer("days_supply"),
            text("sig"),
            integer("route_concept_id").concept("Route"),
            text("lot_number"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("drug_source_value"),
            integer("drug_source_concept_id").refers("concept"),
            text("route_source_value"),
            text("dose_unit_source_value"),
        ],
    },
    Table {
        name: "procedure_occurrence",
        versions: BOTH,
        columns: &[
            integer("procedure_occurrence_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("procedure_concept_id")
                .required()
                .concept("Procedure"),
            date("procedure_date").required(),
            datetime("procedure_datetime"),
            integer("procedure_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("modifier_concept_id").refers("concept"),
            integer("quantity"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("procedure_source_value"),
            integer("procedure_source_concept_id").refers("concept"),
            text("modifier_source_value"),
            date("procedure_end_date").only(V54),
            datetime("procedure_end_datetime").only(V54),
        ],
    },
    Table {
        name: "device_exposure",
        versions: BOTH,
        columns: &[
            integer("device_exposure_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("device_concept_id").required().concept("Device"),
            date("device_exposure_start_date").required(),
            datetime("device_exposure_start_datetime"),
            date("device_exposure_end_date"),
            datetime("device_exposure_end_datetime"),
            integer("device_type_concept_id")
                .required()
                .concept("Type Concept"),
            text("unique_device_id"),
            integer("quantity"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("device_source_value"),
            integer("device_source_concept_id").refers("concept"),
            text("production_id").only(V54),
            integer("unit_concept_id").concept("Unit").only(V54),
            text("unit_source_value").only(V54),
            integer("unit_source_concept_id")
                .refers("concept")
                .only(V54),
        ],
    },
    Table {
        name: "measurement",
        versions: BOTH,
        columns: &[
            integer("measurement_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("measurement_concept_id")
                .required()
                .concept("Measurement"),
            date("measurement_date").required(),
            datetime("measurement_datetime"),
            text("measurement_time"),
            integer("measurement_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("operator_concept_id").concept("Meas Value Operator"),
            float("value_as_number"),
            integer("value_as_concept_id").refers("concept"),
            integer("unit_concept_id").concept("Unit"),
            float("range_low"),
            float("range_high"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("measurement_source_value"),
            integer("measurement_source_concept_id").refers("concept"),
            text("unit_source_value"),
            text("value_source_value"),
            integer("unit_source_concept_id")
                .refers("concept")
                .only(V54),
            integer("measurement_event_id").only(V54),
            integer("meas_event_field_concept_id")
                .refers("concept")
                .only(V54),
        ],
    },
    Table {
        name: "observation",
        versions: BOTH,
        columns: &[
            integer("observation_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("observation_concept_id")
                .required()
                .refers("concept"),
            date("observation_date").required(),
            datetime("observation_datetime"),
            integer("observation_type_concept_id")
                .required()
                .concept("Type Concept"),
            float("value_as_number"),
            text("value_as_string"),
            integer("value_as_concept_id").refers("concept"),
            integer("qualifier_concept_id").refers("concept"),
            integer("unit_concept_id").concept("Unit"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("observation_source_value"),
            integer("observation_source_concept_id").refers("concept"),
            text("unit_source_value"),
            text("qualifier_source_value"),
            text("value_source_value").only(V54),
            integer("observation_event_id").only(V54),
            integer("obs_event_field_concept_id")
                .refers("concept")
                .only(V54),
        ],
    },
    Table {
        name: "death",
        versions: BOTH,
        columns: &[
            integer("person_id").required().refers("person"),
            date("death_date").required(),
            datetime("death_datetime"),
            integer("death_type_concept_id").concept("Type Concept"),
            integer("cause_concept_id").refers("concept"),
            text("cause_source_value"),
            integer("cause_source_concept_id").refers("concept"),
        ],
    },
    Table {
        name: "note",
        versions: BOTH,
        columns: &[
            integer("note_id").key().required(),
            integer("person_id").required().refers("person"),
            date("note_date").required(),
            datetime("note_datetime"),
            integer("note_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("note_class_concept_id")
                .required()
                .refers("concept"),
            text("note_title"),
            text("note_text").required(),
            integer("encoding_concept_id").required().refers("concept"),
            integer("language_concept_id").required().refers("concept"),
            integer("provider_id").refers("provider"),
            integer("visit_occurrence_id").refers("visit_occurrence"),
            integer("visit_detail_id").refers("visit_detail"),
            text("note_source_value"),
            integer("note_event_id").only(V54),
            integer("note_event_field_concept_id")
                .refers("concept")
                .only(V54),
        ],
    },
    Table {
        name: "note_nlp",
        versions: BOTH,
        columns: &[
            integer("note_nlp_id").key().required(),
            integer("note_id").required().refers("note"),
            integer("section_concept_id").refers("concept"),
            text("snippet"),
            text("offset"),
            text("lexical_variant").required(),
            integer("note_nlp_concept_id").refers("concept"),
            integer("note_nlp_source_concept_id").refers("concept"),
            text("nlp_system"),
            date("nlp_date").required(),
            datetime("nlp_datetime"),
            text("term_exists"),
            text("term_temporal"),
            text("term_modifiers"),
        ],
    },
    Table {
        name: "specimen",
        versions: BOTH,
        columns: &[
            integer("specimen_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("specimen_concept_id")
                .required()
                .concept("Specimen"),
            integer("specimen_type_concept_id")
                .required()
                .concept("Type Concept"),
            date("specimen_date").required(),
            datetime("specimen_datetime"),
            float("quantity"),
            integer("unit_concept_id").concept("Unit"),
            integer("anatomic_site_concept_id").concept("Spec Anatomic Site"),
            integer("disease_status_concept_id").concept("Spec Disease Status"),
            text("specimen_source_id"),
            text("specimen_source_value"),
            text("unit_source_value"),
            text("anatomic_site_source_value"),
            text("disease_status_source_value"),
        ],
    },
    Table {
        name: "fact_relationship",
        versions: BOTH,
        columns: &[
            integer("domain_concept_id_1").required().refers("concept"),
            integer("fact_id_1").required(),
            integer("domain_concept_id_2").required().refers("concept"),
            integer("fact_id_2").required(),
            integer("relationship_concept_id")
                .required()
                .refers("concept"),
        ],
    },
];
