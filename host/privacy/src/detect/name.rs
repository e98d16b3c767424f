//! What the name of a column gives away.

use crate::class::Class;

/// Words that name a class, as they stand side by side in a column's name, whatever separates
/// them (`date_of_birth`, `dateOfBirth`, `DATEOFBIRTH`).
const NAMES: &[(Class, &[&str])] = &[
    (
        Class::Date,
        &[
            "dob",
            "date of birth",
            "birth date",
            "birthday",
            "birth day",
            "year of birth",
            "birth year",
            "yob",
            "date of death",
            "death date",
            "dod",
            "admission date",
            "discharge date",
            "admit date",
            "visit date",
            "service date",
            "admission time",
            "discharge time",
            "admit time",
            "encounter date",
        ],
    ),
    (
        Class::EmailAddress,
        &["email", "e mail", "email address", "mail address"],
    ),
    (Class::FaxNumber, &["fax", "fax number"]),
    (
        Class::TelephoneNumber,
        &[
            "phone",
            "telephone",
            "tel",
            "tel no",
            "mobile",
            "mobile number",
            "cell phone",
            "phone number",
            "home phone",
            "work phone",
            "contact number",
            "pager",
        ],
    ),
    (
        Class::SocialSecurityNumber,
        &[
            "ssn",
            "social security",
            "social security number",
            "national id",
            "nhs number",
            "national insurance number",
            "sin number",
            "tax id",
            "personal number",
            "aadhaar",
            "codice fiscale",
        ],
    ),
    (Class::IpAddress, &["ip", "ip address", "ip addr", "ipv"]),
    (
        Class::DeviceIdentifier,
        &[
            "device id",
            "device identifier",
            "device serial",
            "device number",
            "device udi",
            "udi",
            "serial number",
            "serial no",
            "implant serial",
            "implant id",
            "imei",
            "mac address",
            "mac addr",
            "pacemaker id",
        ],
    ),
    (
        Class::VehicleIdentifier,
        &[
            "vin",
            "licence plate",
            "license plate",
            "number plate",
            "vehicle id",
            "vehicle identifier",
            "vehicle registration",
        ],
    ),
    (
        Class::LicenceNumber,
        &[
            "licence number",
            "license number",
            "licence no",
            "license no",
            "drivers license",
            "driver license",
            "driver licence",
            "driving licence",
            "certificate number",
            "passport",
            "passport number",
            "npi",
            "dea number",
            "dea no",
            "provider number",
        ],
    ),
    (
        Class::HealthPlanNumber,
        &[
            "member id",
            "member number",
            "insurance id",
            "insurance number",
            "policy number",
            "policy id",
            "subscriber id",
            "beneficiary id",
            "beneficiary number",
            "medicare number",
            "medicare id",
            "medicaid id",
            "medicaid number",
            "health plan id",
            "health plan number",
            "health card number",
            "mbi",
            "hicn",
        ],
    ),
    (
        Class::AccountNumber,
        &[
            "account",
            "account number",
            "account no",
            "account id",
            "acct",
            "acct no",
            "acct number",
            "iban",
            "credit card",
            "card number",
            "bank account",
        ],
    ),
    (
        Class::MedicalRecordNumber,
        &[
            "mrn",
            "medical record",
            "medical record number",
            "medical record no",
            "patient id",
            "patient nbr",
            "patient no",
            "patient num",
            "patient number",
            "patient identifier",
            "patient key",
            "patid",
            "chart number",
            "chart no",
            "hospital number",
            "hospital no",
            "patient unit stay id",
            "patientunitstayid",
            "patienthealthsystemstayid",
            "unique pid",
            "uniquepid",
        ],
    ),
    (
        Class::Url,
        &[
            "url",
            "uri",
            "website",
            "web site",
            "web page",
            "homepage",
            "home page",
            "web address",
        ],
    ),
    (
        Class::ZipCode,
        &[
            "zip",
            "zip code",
            "postcode",
            "post code",
            "postal code",
            "postal",
        ],
    ),
    (
        Class::GeographicSubdivision,
        &[
            "address",
            "addr",
            "home address",
            "street",
            "street address",
            "address line",
            "city",
            "town",
            "village",
            "county",
            "precinct",
            "parish",
            "latitude",
            "longitude",
            "lat",
            "lon",
            "lng",
            "geocode",
            "geolocation",
            "gps",
            "census tract",
            "census block",
            "neighborhood",
            "neighbourhood",
            "birthplace",
            "birth place",
            "place of birth",
            "fips",
        ],
    ),
    (
        Class::BiometricIdentifier,
        &[
            "fingerprint",
            "finger print",
            "voiceprint",
            "voice print",
            "retina scan",
            "iris scan",
            "biometric",
            "faceprint",
        ],
    ),
    (
        Class::FaceImage,
        &[
            "photo",
            "photograph",
            "face image",
            "portrait",
            "headshot",
            "selfie",
        ],
    ),
    (
        Class::Name,
        &[
            "full name",
            "first name",
            "last name",
            "given name",
            "family name",
            "middle name",
            "maiden name",
            "patient name",
            "subject name",
            "person name",
            "mother name",
            "mothers name",
            "father name",
            "spouse name",
            "contact name",
            "emergency contact",
            "next of kin",
            "guardian name",
            "physician name",
            "doctor name",
            "provider name",
            "nurse name",
            "attending name",
            "surgeon name",
            "surname",
            "forename",
            "nickname",
            "nick name",
            "initials",
            "fname",
            "lname",
            "user name",
            "username",
            "attending physician",
            "referring physician",
        ],
    ),
    (
        Class::FreeText,
        &[
            "free text",
            "freetext",
            "note",
            "notes",
            "clinical note",
            "note text",
            "comment",
            "comments",
            "remark",
            "remarks",
            "narrative",
            "discharge summary",
            "report text",
            "history of present illness",
        ],
    ),
    (
        Class::UniqueIdentifier,
        &[
            "encounter id",
            "encounter nbr",
            "encounter no",
            "encounter number",
            "visit id",
            "visit number",
            "visit no",
            "record id",
            "record number",
            "record no",
            "case id",
            "case number",
            "case no",
            "subject id",
            "subject number",
            "person id",
            "participant id",
            "participant number",
            "hadm id",
            "stay id",
            "icustay id",
            "accession number",
            "accession no",
            "accession id",
            "specimen id",
            "sample id",
            "order id",
            "claim id",
            "claim number",
            "uuid",
            "guid",
            "study id",
            "row id",
            "rowid",
            "barcode",
            "employee id",
            "user id",
            "login",
        ],
    ),
];

/// A name that begins so counts something or says whether there is any.
const COUNTING: [&str; 9] = [
    "num", "n", "count", "number", "total", "has", "is", "any", "days",
];
/// A name that ends so speaks about a thing, and is not the thing.
const ABOUT: [&str; 24] = [
    "type",
    "flag",
    "count",
    "class",
    "group",
    "category",
    "status",
    "score",
    "rate",
    "ratio",
    "change",
    "ind",
    "indicator",
    "quality",
    "missing",
    "level",
    "kind",
    "known",
    "given",
    "available",
    "verified",
    "consent",
    "total",
    "changes",
];

/// The words of a name in lower case: split at anything but letters and digits, at humps, and
/// without digits at their end (`diag_1` → `diag`, `dateOfBirth` → `date`, `of`, `birth`).
pub(crate) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let after = letters.get(place + 1);
        let hump = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if hump || !letter.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.push(word);
    words
        .into_iter()
        .map(|word| {
            word.trim_end_matches(|letter: char| letter.is_ascii_digit())
                .to_owned()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// The class that a name speaks of, the one with the longest match.
pub(crate) fn class(name: &str) -> Option<Class> {
    let words = words(name);
    let (first, last) = (words.first()?, words.last()?);
    if words.len() > 1 && (COUNTING.contains(&first.as_str()) || ABOUT.contains(&last.as_str())) {
        return None;
    }
    if words == ["name"] {
        return Some(Class::Name);
    }
    NAMES
        .iter()
        .flat_map(|(class, patterns)| patterns.iter().map(move |pattern| (*class, *pattern)))
        .filter(|(_, pattern)| speaks(&words, pattern))
        .max_by_key(|(_, pattern)| pattern.len())
        .map(|(class, _)| class)
}

/// Whether a name ends in a word for a number or a code, as names of identifiers do.
pub(crate) fn ends_like_an_identifier(name: &str) -> bool {
    let words = words(name);
    let counts = words.len() > 1
        && words
            .first()
            .is_some_and(|first| COUNTING.contains(&first.as_str()));
    !counts
        && words.last().is_some_and(|last| {
            matches!(
                last.as_str(),
                "id" | "ids"
                    | "nbr"
                    | "no"
                    | "number"
                    | "num"
                    | "key"
                    | "uuid"
                    | "guid"
                    | "identifier"
                    | "index"
                    | "pid"
                    | "eid"
                    | "code"
            )
        })
}

fn speaks(words: &[String], pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split(' ').collect();
    if words.windows(parts.len()).any(|window| window == parts) {
        return true;
    }
    // Written in one word. Short ones would be found in anything, as `ip` in nothing but itself.
    parts.len() > 1 && {
        let joined: String = parts.concat();
        words.contains(&joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("dateOfBirth"), ["date", "of", "birth"]);
        assert_eq!(words("SSN_number2"), ["ssn", "number"]);
        assert_eq!(words("HTTPServer"), ["http", "server"]);
        assert_eq!(words("diag_1"), ["diag"]);
        assert_eq!(words("__"), Vec::<String>::new());
    }

    #[test]
    fn names_of_identifiers_are_known() {
        for (name, expected) in [
            ("full_name", Class::Name),
            ("LastName", Class::Name),
            ("name", Class::Name),
            ("surname", Class::Name),
            ("dob", Class::Date),
            ("DATE_OF_BIRTH", Class::Date),
            ("birthdate", Class::Date),
            ("zip", Class::ZipCode),
            ("zipcode", Class::ZipCode),
            ("Postal Code", Class::ZipCode),
            ("phone", Class::TelephoneNumber),
            ("home_phone_2", Class::TelephoneNumber),
            ("fax", Class::FaxNumber),
            ("ssn", Class::SocialSecurityNumber),
            ("email", Class::EmailAddress),
            ("emailAddress", Class::EmailAddress),
            ("ip_address", Class::IpAddress),
            ("ip", Class::IpAddress),
            ("home_address", Class::GeographicSubdivision),
            ("mrn", Class::MedicalRecordNumber),
            ("patient_nbr", Class::MedicalRecordNumber),
            ("patientID", Class::MedicalRecordNumber),
            ("encounter_id", Class::UniqueIdentifier),
            ("account_no", Class::AccountNumber),
            ("license_number", Class::LicenceNumber),
            ("licence_plate", Class::VehicleIdentifier),
            ("device_serial", Class::DeviceIdentifier),
            ("free_text", Class::FreeText),
            ("medicare_id", Class::HealthPlanNumber),
            ("homepage_url", Class::Url),
            ("fingerprint", Class::BiometricIdentifier),
        ] {
            assert_eq!(class(name), Some(expected), "{name}");
        }
    }

    #[test]
    fn names_of_measurements_are_not_taken_for_identifiers() {
        for name in [
            "race",
            "gender",
            "age",
            "weight",
            "admission_type_id",
            "discharge_disposition_id",
            "admission_source_id",
            "time_in_hospital",
            "payer_code",
            "medical_specialty",
            "num_lab_procedures",
            "num_procedures",
            "num_medications",
            "number_outpatient",
            "number_emergency",
            "number_inpatient",
            "diag_1",
            "number_diagnoses",
            "max_glu_serum",
            "A1Cresult",
            "change",
            "diabetesMed",
            "readmitted",
            "insulin",
            "glyburide-metformin",
            "drug_name",
            "test_name",
            "phone_type",
            "num_phone_calls",
            "has_email",
            "address_changes",
            "stage",
            "dosage",
            "skin_type",
            "hip_fracture",
            "cell_count",
            "latent_class",
            "tel_count",
            "hba1c",
            "tip_speed",
            "note_count",
            "family_history",
            "last_visit_days_ago",
            "country",
            "state",
            "lip_thickness",
            "cityness",
            "url_count",
        ] {
            assert_eq!(class(name), None, "{name}");
        }
    }
}
