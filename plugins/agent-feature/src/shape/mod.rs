//! What a column is, beyond its kind: read from its labels and the shape of its codes.

mod band;
mod dose;
mod icd9;
mod skew;

use autods_sdk::agent::{Column, ValueKind};

use crate::settings::FEW_LEVELS;
pub(crate) use skew::is_skewed;

/// A column's shape.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A number, or a yes/no that is one.
    Number,
    /// Codes that are intervals, such as `[70-80)`.
    Band,
    /// Codes whose order is known, lowest first.
    Ordered(Vec<String>),
    /// ICD-9 diagnosis codes.
    Icd9,
    /// A category with few levels.
    Few,
    /// A category with many levels, or codes without a list of them.
    Many,
}

/// The shape of a column; nothing for what no step can use: free text, dates.
pub(crate) fn shape(column: &Column) -> Option<Shape> {
    match column.kind {
        ValueKind::Boolean | ValueKind::Integer | ValueKind::Number => Some(Shape::Number),
        ValueKind::Text | ValueKind::Date | ValueKind::Datetime => None,
        // pseudonymised, hence harmless to propose; the check says what it is
        ValueKind::Identifier => Some(Shape::Many),
        ValueKind::Category | ValueKind::Ordinal => Some(coded(column)),
    }
}

fn coded(column: &Column) -> Shape {
    if band::is_band(column) {
        Shape::Band
    } else if icd9::is_icd9(column) {
        Shape::Icd9
    } else if let Some(order) = dose::order(column) {
        Shape::Ordered(order)
    } else if column.kind == ValueKind::Ordinal && !column.levels.is_empty() {
        // the catalogue lists an ordinal's levels in the dictionary's order
        Shape::Ordered(codes(column))
    } else if level_count(column) <= FEW_LEVELS {
        Shape::Few
    } else {
        Shape::Many
    }
}

/// The codes of a column in the catalogue's order.
pub(crate) fn codes(column: &Column) -> Vec<String> {
    column
        .levels
        .iter()
        .map(|level| level.code.clone())
        .collect()
}

fn level_count(column: &Column) -> u64 {
    column.distinct.unwrap_or(column.levels.len() as u64)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use autods_sdk::agent::Role;
    use autods_sdk::testkit::BriefingBuilder;

    /// A category column with these codes, each its own label.
    pub(crate) fn category(codes: &[&str]) -> Column {
        let levels: Vec<(&str, &str, Option<u64>)> =
            codes.iter().map(|code| (*code, *code, Some(100))).collect();
        let briefing = BriefingBuilder::new(Role::FeatureEngineer, "feature-engineer")
            .category("c", &levels)
            .build();
        briefing.column("c").cloned().unwrap()
    }

    #[test]
    fn shapes_follow_codes_and_kinds() {
        let band = category(&["[0-10)", "[10-20)", "[20-30)"]);
        assert_eq!(shape(&band), Some(Shape::Band));
        let dose = category(&["Up", "No", "Steady"]);
        let order = ["No", "Steady", "Up"].map(str::to_owned).to_vec();
        assert_eq!(shape(&dose), Some(Shape::Ordered(order)));
        let mut grade = category(&["Norm", ">7", ">8"]);
        assert_eq!(shape(&grade), Some(Shape::Few));
        grade.kind = ValueKind::Ordinal;
        assert_eq!(shape(&grade), Some(Shape::Ordered(codes(&grade))));
        let mut many = category(&["a", "b"]);
        many.distinct = Some(70);
        assert_eq!(shape(&many), Some(Shape::Many));
        many.kind = ValueKind::Text;
        assert_eq!(shape(&many), None);
    }
}
