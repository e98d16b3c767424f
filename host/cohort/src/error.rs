//! What can be wrong with a definition, and where.
//!
//! A message leaves out the place, which whoever read the definition knows better: with file and line.

/// A definition that cannot be carried out on these events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CohortError {
    /// It names a concept set that it does not define.
    #[error("there is no concept set `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownSet {
        /// Where in the definition.
        place: String,
        /// The name.
        name: String,
        /// A defined one that is spelt like it.
        nearest: Option<String>,
    },
    /// A window ends before it begins.
    #[error("the window from day {from} to day {to} holds no day")]
    EmptyWindow {
        /// Where in the definition.
        place: String,
        /// Its first day.
        from: i64,
        /// Its last day.
        to: i64,
    },
    /// A feature, or a criterion of who is studied, looks past the index event.
    #[error(
        "`{place}`: a window that ends on day {to} looks past the index event (day 0), and what happens then is not known at the moment of prediction"
    )]
    LooksAhead {
        /// Where in the definition.
        place: String,
        /// Its last day.
        to: i64,
    },
    /// A time at risk that begins before the index day.
    #[error(
        "`{place}`: the time at risk begins on day {from}; it begins on day 1 at the earliest, or on day 0 where only what comes after the index event of that day counts"
    )]
    RiskBefore {
        /// Where in the definition.
        place: String,
        /// Its first day.
        from: i64,
    },
    /// A criterion that nothing meets.
    #[error("at least {at_least} and at most {at_most} cannot both hold")]
    Bounds {
        /// Where in the definition.
        place: String,
        /// Least number.
        at_least: u64,
        /// Greatest number.
        at_most: u64,
    },
    /// Two features of one name.
    #[error("the name `{name}` is used twice")]
    Twice {
        /// Where in the definition.
        place: String,
        /// The name.
        name: String,
    },
}

impl CohortError {
    /// Where in the definition, such as `features[2].window`.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::UnknownSet { place, .. }
            | Self::EmptyWindow { place, .. }
            | Self::LooksAhead { place, .. }
            | Self::RiskBefore { place, .. }
            | Self::Bounds { place, .. }
            | Self::Twice { place, .. } => place,
        }
    }
}
