//! How strict to be.

use std::collections::BTreeMap;

use autods_table::Role;
use serde::{Deserialize, Serialize};

use crate::class::{Action, Class};
use crate::disclose::Disclosure;
use crate::error::PrivacyError;

/// A set of rules that others have thought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// HIPAA Safe Harbor, 45 CFR 164.514(b)(2), except that dates are shifted rather than cut to
    /// the year, so that intervals stay what they were. Shifted dates never leave the row zone.
    #[default]
    SafeHarbor,
}

/// How identifiers are treated and how much may be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Policy {
    /// The rules to start from. Default: `safe-harbor`.
    pub profile: Profile,
    /// The highest age that is kept, in years; older people all get the age after it. Default 89:
    /// an age of 95 becomes 90. At most 89.
    pub age_cap: u32,
    /// Dates move by 1 to this many days, either way. Default 365.
    pub date_shift_days: u32,
    /// The smallest number of people that may be shown. Default 11: counts of 1 to 10 are hidden.
    /// At least 2.
    pub threshold: u64,
    /// Whether "nobody" counts as a small number too. Default false: zeros are shown, because
    /// levels that nobody has are part of the dictionary.
    pub hide_zeros: bool,
    /// The share of rows with a value of their own from which a column of codes is taken for an
    /// identifier. Default 0.9; above 0.5, at most 1.
    pub unique_share: f64,
    /// Other actions than the defaults, by class. A stricter action may always be chosen; of the
    /// weaker ones, only those that leave the class unreadable: see [`Policy::check`].
    pub actions: BTreeMap<Class, Action>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            profile: Profile::SafeHarbor,
            age_cap: 89,
            date_shift_days: 365,
            threshold: 11,
            hide_zeros: false,
            unique_share: 0.9,
            actions: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// What is done with a class of identifiers. By default names, places, telephone and fax
    /// numbers, e-mail and web addresses, national numbers, biometrics, pictures and free text are
    /// removed; record, plan, account, licence, vehicle and device numbers and other codes are
    /// pseudonymised; dates are shifted, ages capped, postcodes generalised.
    #[must_use]
    pub fn action(&self, class: Class) -> Action {
        self.actions
            .get(&class)
            .copied()
            .unwrap_or_else(|| default_action(class))
    }

    /// What is done with a class in a column of this role: subjects and records stay tellable
    /// apart whatever they are called by, because rows are grouped by them.
    #[must_use]
    pub fn action_for(&self, class: Class, role: Role) -> Action {
        match role {
            Role::Subject | Role::RecordId => Action::Pseudonymise,
            _ => self.action(class),
        }
    }

    /// Disclosure control as this policy wants it.
    #[must_use]
    pub fn disclosure(&self) -> Disclosure {
        Disclosure {
            threshold: self.threshold,
            hide_zeros: self.hide_zeros,
        }
    }

    /// Whether the policy makes sense.
    ///
    /// # Errors
    /// [`PrivacyError::Policy`] with the key, the limit and what to do. An action that would leave
    /// a class readable (to cap a name, to shift a telephone number) is refused.
    pub fn check(&self) -> Result<(), PrivacyError> {
        let fault = |key, limit| Err(PrivacyError::Policy { key, limit });
        if !(18..=89).contains(&self.age_cap) {
            return fault("age-cap", "18 to 89 years");
        }
        if !(1..=3650).contains(&self.date_shift_days) {
            return fault("date-shift-days", "1 to 3650 days");
        }
        if self.threshold < 2 {
            return fault("threshold", "2 or more people");
        }
        if !(self.unique_share > 0.5 && self.unique_share <= 1.0) {
            return fault("unique-share", "above 0.5, at most 1");
        }
        for (&class, &action) in &self.actions {
            let sound = action == Action::Remove
                || action == default_action(class)
                || (action == Action::Pseudonymise && class != Class::FreeText);
            if !sound {
                return fault(
                    "actions",
                    "`remove`, `pseudonymise` (but not for free text), or the default of the class",
                );
            }
        }
        Ok(())
    }
}

fn default_action(class: Class) -> Action {
    match class {
        Class::Name
        | Class::GeographicSubdivision
        | Class::TelephoneNumber
        | Class::FaxNumber
        | Class::EmailAddress
        | Class::SocialSecurityNumber
        | Class::Url
        | Class::IpAddress
        | Class::BiometricIdentifier
        | Class::FaceImage
        | Class::FreeText => Action::Remove,
        Class::MedicalRecordNumber
        | Class::HealthPlanNumber
        | Class::AccountNumber
        | Class::LicenceNumber
        | Class::VehicleIdentifier
        | Class::DeviceIdentifier
        | Class::UniqueIdentifier => Action::Pseudonymise,
        Class::ZipCode => Action::Generalise,
        Class::Date => Action::Shift,
        Class::AgeOver89 => Action::Cap,
    }
}
