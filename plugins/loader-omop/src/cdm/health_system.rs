//! Health system data.

use super::column::{float, integer, text};
use super::table::Table;
use super::version::{BOTH, V54};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "location",
        versions: BOTH,
        columns: &[
            integer("location_id").key().required(),
            text("address_1"),
            text("address_2"),
            text("city"),
            text("state"),
            text("zip"),
            text("county"),
            text("location_source_value"),
            integer("country_concept_id").concept("Geography").only(V54),
            text("country_source_value").only(V54),
            float("latitude").only(V54),
            float("longitude").only(V54),
        ],
    },
    Table {
        name: "care_site",
        versions: BOTH,
        columns: &[
            integer("care_site_id").key().required(),
            text("care_site_name"),
            integer("place_of_service_concept_id").concept("Visit"),
            integer("location_id").refers("location"),
            text("care_site_source_value"),
            text("place_of_service_source_value"),
        ],
    },
    Table {
        name: "provider",
        versions: BOTH,
        columns: &[
            integer("provider_id").key().required(),
            text("provider_name"),
            text("npi"),
            text("dea"),
            integer("specialty_concept_id").concept("Provider"),
            integer("care_site_id").refers("care_site"),
            integer("year_of_birth"),
            integer("gender_concept_id").concept("Gender"),
            text("provider_source_value"),
            text("specialty_source_value"),
            integer("specialty_source_concept_id").refers("concept"),
            text("gender_source_value"),
            integer("gender_source_concept_id").refers("concept"),
        ],
    },
];
