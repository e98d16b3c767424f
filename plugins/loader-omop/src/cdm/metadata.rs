//! Metadata.

use super::column::{date, datetime, float, integer, text};
use super::table::Table;
use super::version::{BOTH, V54};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "cdm_source",
        versions: BOTH,
        columns: &[
            text("cdm_source_name").required(),
            text("cdm_source_abbreviation").required_in(V54),
            text("cdm_holder").required_in(V54),
            text("source_description"),
            text("source_documentation_reference"),
            text("cdm_etl_reference"),
            date("source_release_date").required_in(V54),
            date("cdm_release_date").required_in(V54),
            text("cdm_version"),
            text("vocabulary_version").required_in(V54),
            integer("cdm_version_concept_id")
                .required()
                .refers("concept")
                .only(V54),
        ],
    },
    Table {
        name: "metadata",
        versions: BOTH,
        columns: &[
            integer("metadata_concept_id").required().refers("concept"),
            integer("metadata_type_concept_id")
                .required()
                .refers("concept"),
            text("name").required(),
            text("value_as_string"),
            integer("value_as_concept_id").refers("concept"),
            date("metadata_date"),
            datetime("metadata_datetime"),
            integer("metadata_id").key().required().only(V54),
            float("value_as_number").only(V54),
        ],
    },
];
