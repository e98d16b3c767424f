//! Derived elements, and the results schema.

use super::column::{date, datetime, float, integer, text};
use super::table::Table;
use super::version::{BOTH, V54};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "drug_era",
        versions: BOTH,
        columns: &[
            integer("drug_era_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("drug_concept_id").required().concept("Drug"),
            date("drug_era_start_date").required(),
            date("drug_era_end_date").required(),
            integer("drug_exposure_count"),
            integer("gap_days"),
        ],
    },
    Table {
        name: "dose_era",
        versions: BOTH,
        columns: &[
            integer("dose_era_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("drug_concept_id").required().concept("Drug"),
            integer("unit_concept_id").required().concept("Unit"),
            float("dose_value").required(),
            date("dose_era_start_date").required(),
            date("dose_era_end_date").required(),
        ],
    },
    Table {
        name: "condition_era",
        versions: BOTH,
        columns: &[
            integer("condition_era_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("condition_concept_id")
                .required()
                .concept("Condition"),
            date("condition_era_start_date").required(),
            date("condition_era_end_date").required(),
            integer("condition_occurrence_count"),
        ],
    },
    Table {
        name: "episode",
        versions: V54,
        columns: &[
            integer("episode_id").key().required(),
            integer("person_id").required().refers("person"),
            integer("episode_concept_id").required().concept("Episode"),
            date("episode_start_date").required(),
            datetime("episode_start_datetime"),
            date("episode_end_date"),
            datetime("episode_end_datetime"),
            integer("episode_parent_id"),
            integer("episode_number"),
            integer("episode_object_concept_id")
                .required()
                .refers("concept"),
            integer("episode_type_concept_id")
                .required()
                .concept("Type Concept"),
            text("episode_source_value"),
            integer("episode_source_concept_id").refers("concept"),
        ],
    },
    Table {
        name: "episode_event",
        versions: V54,
        columns: &[
            integer("episode_id").required().refers("episode"),
            integer("event_id").required(),
            integer("episode_event_field_concept_id")
                .required()
                .refers("concept"),
        ],
    },
    Table {
        name: "cohort",
        versions: BOTH,
        columns: &[
            integer("cohort_definition_id").required(),
            integer("subject_id").required(),
            date("cohort_start_date").required(),
            date("cohort_end_date").required(),
        ],
    },
    Table {
        name: "cohort_definition",
        versions: BOTH,
        columns: &[
            integer("cohort_definition_id").required(),
            text("cohort_definition_name").required(),
            text("cohort_definition_description"),
            integer("definition_type_concept_id")
                .required()
                .refers("concept"),
            text("cohort_definition_syntax"),
            integer("subject_concept_id").required().refers("concept"),
            date("cohort_initiation_date"),
        ],
    },
];
