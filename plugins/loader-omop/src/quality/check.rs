//! The checks.

/// A check type of the Data Quality Dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// A null where the model allows none.
    IsRequired,
    /// A value that is not of the column's datatype.
    CdmDatatype,
    /// A number below what is plausible.
    PlausibleValueLow,
    /// A number above what is plausible.
    PlausibleValueHigh,
    /// An end before its start.
    PlausibleTemporalAfter,
    /// A concept that the vocabulary has not.
    IsForeignKey,
    /// A standard concept of another domain than the column's.
    FkDomain,
    /// A concept that is not standard, or no longer valid.
    IsStandardValidConcept,
    /// A required standard concept that is 0.
    StandardConceptRecordCompleteness,
    /// A source concept that is 0.
    SourceConceptRecordCompleteness,
    /// A source value whose standard concept is 0.
    SourceValueCompleteness,
}

/// All of them.
pub(crate) const CHECKS: [Check; 11] = [
    Check::IsRequired,
    Check::CdmDatatype,
    Check::PlausibleValueLow,
    Check::PlausibleValueHigh,
    Check::PlausibleTemporalAfter,
    Check::IsForeignKey,
    Check::FkDomain,
    Check::IsStandardValidConcept,
    Check::StandardConceptRecordCompleteness,
    Check::SourceConceptRecordCompleteness,
    Check::SourceValueCompleteness,
];

impl Check {
    /// Whether it is told by the vocabulary.
    pub(crate) fn needs_concepts(self) -> bool {
        matches!(
            self,
            Self::IsForeignKey | Self::FkDomain | Self::IsStandardValidConcept
        )
    }

    /// The metric that counts its violations.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::IsRequired => "is-required",
            Self::CdmDatatype => "cdm-datatype",
            Self::PlausibleValueLow => "plausible-value-low",
            Self::PlausibleValueHigh => "plausible-value-high",
            Self::PlausibleTemporalAfter => "plausible-temporal-after",
            Self::IsForeignKey => "is-foreign-key",
            Self::FkDomain => "fk-domain",
            Self::IsStandardValidConcept => "is-standard-valid-concept",
            Self::StandardConceptRecordCompleteness => "standard-concept-record-completeness",
            Self::SourceConceptRecordCompleteness => "source-concept-record-completeness",
            Self::SourceValueCompleteness => "source-value-completeness",
        }
    }
}
