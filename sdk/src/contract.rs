//! What the three worlds share: values, faults, the log.

#[allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    reason = "generated from wit/, where every item is documented"
)]
pub(crate) mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        inline: "
            package autods:sdk@0.1.0;
            world shared {
                import autods:plugin/types@0.1.0;
                import autods:plugin/log@0.1.0;
            }
        ",
        generate_all,
        generate_unused_types: true,
        additional_derives: [Clone, PartialEq],
    });
}

pub use bindings::autods::plugin::log::Level as LogLevel;
pub use bindings::autods::plugin::types::{Fault, FaultCode, Param, Scalar, ValueKind};

/// Writes a message for the plugin's author; `false` when the call's log budget is used up.
/// It is counted, capped and never part of a report. Outside a component it goes nowhere.
pub fn log(level: LogLevel, message: &str) -> bool {
    #[cfg(target_arch = "wasm32")]
    return bindings::autods::plugin::log::write(level, message);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (level, message);
        true
    }
}

impl From<FaultCode> for Fault {
    fn from(code: FaultCode) -> Self {
        Self {
            code,
            source: None,
            line: None,
            column: None,
            expected: None,
            found: None,
        }
    }
}

impl Fault {
    /// The same fault, in this source.
    #[must_use]
    pub fn in_source(mut self, source: u32) -> Self {
        self.source = Some(source);
        self
    }

    /// The same fault, at this line of its source, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The same fault, in this column of the dictionary (loader) or recipe (method).
    #[must_use]
    pub fn in_column(mut self, column: usize) -> Self {
        self.column = u32::try_from(column).ok();
        self
    }

    /// The same fault, with what was expected and what was found.
    #[must_use]
    pub fn expected_found(mut self, expected: u64, found: u64) -> Self {
        self.expected = Some(expected);
        self.found = Some(found);
        self
    }
}
