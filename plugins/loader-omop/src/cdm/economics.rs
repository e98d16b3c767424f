//! Health economics.

use super::column::{date, float, integer, text};
use super::table::Table;
use super::version::BOTH;

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "payer_plan_period",
        versions: BOTH,
        columns: &[
            integer("payer_plan_period_id").key().required(),
            integer("person_id").required().refers("person"),
            date("payer_plan_period_start_date").required(),
            date("payer_plan_period_end_date").required(),
            integer("payer_concept_id").concept("Payer"),
            text("payer_source_value"),
            integer("payer_source_concept_id").refers("concept"),
            integer("plan_concept_id").concept("Plan"),
            text("plan_source_value"),
            integer("plan_source_concept_id").refers("concept"),
            integer("sponsor_concept_id").concept("Sponsor"),
            text("sponsor_source_value"),
            integer("sponsor_source_concept_id").refers("concept"),
            text("family_source_value"),
            integer("stop_reason_concept_id").concept("Plan Stop Reason"),
            text("stop_reason_source_value"),
            integer("stop_reason_source_concept_id").refers("concept"),
        ],
    },
    Table {
        name: "cost",
        versions: BOTH,
        columns: &[
            integer("cost_id").key().required(),
            integer("cost_event_id").required(),
            text("cost_domain_id").required().refers("domain"),
            integer("cost_type_concept_id")
                .required()
                .concept("Type Concept"),
            integer("currency_concept_id").concept("Currency"),
            float("total_charge"),
            float("total_cost"),
            float("total_paid"),
            float("paid_by_payer"),
            float("paid_by_patient"),
            float("paid_patient_copay"),
            float("paid_patient_coinsurance"),
            float("paid_patient_deductible"),
            float("paid_by_primary"),
            float("paid_ingredient_cost"),
            float("paid_dispensing_fee"),
            integer("payer_plan_period_id").refers("payer_plan_period"),
            float("amount_allowed"),
            integer("revenue_code_concept_id").concept("Revenue Code"),
            text("revenue_code_source_value"),
            integer("drg_concept_id").refers("concept"),
            text("drg_source_value"),
        ],
    },
];
