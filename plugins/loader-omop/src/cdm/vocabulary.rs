//! Vocabularies.

use super::column::{date, float, integer, text};
use super::table::Table;
use super::version::{BOTH, V53};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "concept",
        versions: BOTH,
        columns: &[
            integer("concept_id").key().required(),
            text("concept_name").required(),
            text("domain_id").required().refers("domain"),
            text("vocabulary_id").required().refers("vocabulary"),
            text("concept_class_id").required().refers("concept_class"),
            text("standard_concept"),
            text("concept_code").required(),
            date("valid_start_date").required(),
            date("valid_end_date").required(),
            text("invalid_reason"),
        ],
    },
    Table {
        name: "vocabulary",
        versions: BOTH,
        columns: &[
            text("vocabulary_id").key().required(),
            text("vocabulary_name").required(),
            text("vocabulary_reference").required_in(V53),
            text("vocabulary_version"),
            integer("vocabulary_concept_id")
                .required()
                .refers("concept"),
        ],
    },
    Table {
        name: "domain",
        versions: BOTH,
        columns: &[
            text("domain_id").key().required(),
            text("domain_name").required(),
            integer("domain_concept_id").required().refers("concept"),
        ],
    },
    Table {
        name: "concept_class",
        versions: BOTH,
        columns: &[
            text("concept_class_id").key().required(),
            text("concept_class_name").required(),
            integer("concept_class_concept_id")
                .required()
                .refers("concept"),
        ],
    },
    Table {
        name: "concept_relationship",
        versions: BOTH,
        columns: &[
            integer("concept_id_1").required().refers("concept"),
            integer("concept_id_2").required().refers("concept"),
            text("relationship_id").required().refers("relationship"),
            date("valid_start_date").required(),
            date("valid_end_date").required(),
            text("invalid_reason"),
        ],
    },
    Table {
        name: "relationship",
        versions: BOTH,
        columns: &[
            text("relationship_id").key().required(),
            text("relationship_name").required(),
            text("is_hierarchical").required(),
            text("defines_ancestry").required(),
            text("reverse_relationship_id")
                .required()
                .refers("relationship"),
            integer("relationship_concept_id")
                .required()
                .refers("concept"),
        ],
    },
    Table {
        name: "concept_synonym",
        versions: BOTH,
        columns: &[
            integer("concept_id").required().refers("concept"),
            text("concept_synonym_name").required(),
            integer("language_concept_id").required().refers("concept"),
        ],
    },
    Table {
        name: "concept_ancestor",
        versions: BOTH,
        columns: &[
            integer("ancestor_concept_id").required().refers("concept"),
            integer("descendant_concept_id")
                .required()
                .refers("concept"),
            integer("min_levels_of_separation").required(),
            integer("max_levels_of_separation").required(),
        ],
    },
    Table {
        name: "source_to_concept_map",
        versions: BOTH,
        columns: &[
            text("source_code").required(),
            integer("source_concept_id").required().refers("concept"),
            text("source_vocabulary_id").required().refers("vocabulary"),
            text("source_code_description"),
            integer("target_concept_id").required().refers("concept"),
            text("target_vocabulary_id").required().refers("vocabulary"),
            date("valid_start_date").required(),
            date("valid_end_date").required(),
            text("invalid_reason"),
        ],
    },
    Table {
        name: "drug_strength",
        versions: BOTH,
        columns: &[
            integer("drug_concept_id").required().concept("Drug"),
            integer("ingredient_concept_id").required().concept("Drug"),
            float("amount_value"),
            integer("amount_unit_concept_id").concept("Unit"),
            float("numerator_value"),
            integer("numerator_unit_concept_id").concept("Unit"),
            float("denominator_value"),
            integer("denominator_unit_concept_id").concept("Unit"),
            integer("box_size"),
            date("valid_start_date").required(),
            date("valid_end_date").required(),
            text("invalid_reason"),
        ],
    },
    Table {
        name: "attribute_definition",
        versions: V53,
        columns: &[
            integer("attribute_definition_id").required(),
            text("attribute_name").required(),
            text("attribute_description"),
            integer("attribute_type_concept_id")
                .required()
                .refers("concept"),
            text("attribute_syntax"),
        ],
    },
];
