//! The words of de-identification.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A class of identifiers: those of 45 CFR 164.514(b)(2)(i), with postcodes, ages and free text
/// told apart because they are treated differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// (A) Names.
    Name,
    /// (B) Addresses and other places smaller than a state, but for postcodes.
    GeographicSubdivision,
    /// (B) Postcodes of more than three digits.
    ZipCode,
    /// (C) Dates of a person, but for the year.
    Date,
    /// (C) Ages over 89.
    AgeOver89,
    /// (D) Telephone numbers.
    TelephoneNumber,
    /// (E) Fax numbers.
    FaxNumber,
    /// (F) E-mail addresses.
    EmailAddress,
    /// (G) Social security and other national numbers.
    SocialSecurityNumber,
    /// (H) Medical record numbers.
    MedicalRecordNumber,
    /// (I) Numbers of a health plan's members.
    HealthPlanNumber,
    /// (J) Account and card numbers.
    AccountNumber,
    /// (K) Certificate and licence numbers, those of care providers among them.
    LicenceNumber,
    /// (L) Vehicles.
    VehicleIdentifier,
    /// (M) Devices.
    DeviceIdentifier,
    /// (N) Web addresses.
    Url,
    /// (O) Internet addresses.
    IpAddress,
    /// (P) Finger prints, voice prints and the like.
    BiometricIdentifier,
    /// (Q) Pictures of a face.
    FaceImage,
    /// (R) Any other code that is one person's or one record's own.
    UniqueIdentifier,
    /// Free text, which may hold any of them.
    FreeText,
}

impl Class {
    /// All classes.
    pub const ALL: [Self; 21] = [
        Self::Name,
        Self::GeographicSubdivision,
        Self::ZipCode,
        Self::Date,
        Self::AgeOver89,
        Self::TelephoneNumber,
        Self::FaxNumber,
        Self::EmailAddress,
        Self::SocialSecurityNumber,
        Self::MedicalRecordNumber,
        Self::HealthPlanNumber,
        Self::AccountNumber,
        Self::LicenceNumber,
        Self::VehicleIdentifier,
        Self::DeviceIdentifier,
        Self::Url,
        Self::IpAddress,
        Self::BiometricIdentifier,
        Self::FaceImage,
        Self::UniqueIdentifier,
        Self::FreeText,
    ];

    /// Its name, `kebab-case`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GeographicSubdivision => "geographic-subdivision",
            Self::ZipCode => "zip-code",
            Self::Date => "date",
            Self::AgeOver89 => "age-over-89",
            Self::TelephoneNumber => "telephone-number",
            Self::FaxNumber => "fax-number",
            Self::EmailAddress => "email-address",
            Self::SocialSecurityNumber => "social-security-number",
            Self::MedicalRecordNumber => "medical-record-number",
            Self::HealthPlanNumber => "health-plan-number",
            Self::AccountNumber => "account-number",
            Self::LicenceNumber => "licence-number",
            Self::VehicleIdentifier => "vehicle-identifier",
            Self::DeviceIdentifier => "device-identifier",
            Self::Url => "url",
            Self::IpAddress => "ip-address",
            Self::BiometricIdentifier => "biometric-identifier",
            Self::FaceImage => "face-image",
            Self::UniqueIdentifier => "unique-identifier",
            Self::FreeText => "free-text",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is done with a column. Where several findings meet in one column, the strongest action
/// wins: the order of this list, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Ages above the cap become the age after it.
    Cap,
    /// Dates move, all dates of a person by the same number of days.
    Shift,
    /// Postcodes keep three digits, `000` where so few people live that three say too much.
    Generalise,
    /// Values become keyed hashes: equal values stay equal within a run, and nothing else is kept.
    Pseudonymise,
    /// The column is dropped.
    Remove,
}

impl Action {
    /// What was done, as a word of the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cap => "capped",
            Self::Shift => "shifted",
            Self::Generalise => "generalised",
            Self::Pseudonymise => "pseudonymised",
            Self::Remove => "removed",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The dictionary's role: a subject or a record.
    Role,
    /// The dictionary's kind: an identifier, a date, free text.
    Kind,
    /// The column's name.
    Name,
    /// The column's label.
    Label,
    /// The form of its values.
    Pattern,
    /// A check digit, or a number in a range that is given out.
    Checksum,
    /// (Almost) every row has another value.
    Uniqueness,
    /// Numbers out of a range that may be kept.
    Range,
}

impl Evidence {
    /// Its name, `kebab-case`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Kind => "kind",
            Self::Name => "name",
            Self::Label => "label",
            Self::Pattern => "pattern",
            Self::Checksum => "checksum",
            Self::Uniqueness => "uniqueness",
            Self::Range => "range",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
