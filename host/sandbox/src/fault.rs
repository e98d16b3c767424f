//! A fault has numbers in it that its plugin chose, and they are shown to a person. A plugin that
//! sees rows could write a value there, so that only what names a place that exists is kept.

use crate::bindings::types::Fault;

/// What a fault can be about.
pub(crate) struct Places {
    /// Sources of the call.
    pub sources: u64,
    /// Bytes of the largest source: it cannot have more lines. `None`: nothing has lines.
    pub lines: Option<u64>,
    /// Columns of the widest table or recipe.
    pub columns: Option<u64>,
    /// The largest number of anything that can be expected or found.
    pub count: u64,
}

impl Places {
    /// The fault without the numbers that name no place.
    pub(crate) fn bind(&self, fault: Fault) -> Fault {
        Fault {
            code: fault.code,
            source: fault
                .source
                .filter(|source| u64::from(*source) < self.sources),
            line: fault
                .line
                .filter(|line| self.lines.is_some_and(|lines| (1..=lines).contains(line))),
            column: fault.column.filter(|column| {
                self.columns
                    .is_some_and(|columns| u64::from(*column) < columns)
            }),
            expected: fault.expected.filter(|count| *count <= self.count),
            found: fault.found.filter(|count| *count <= self.count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bindings::types::FaultCode;

    const PLACES: Places = Places {
        sources: 2,
        lines: Some(100),
        columns: Some(3),
        count: 50,
    };

    #[test]
    fn numbers_that_name_a_place_stay() {
        let fault = Fault {
            code: FaultCode::RaggedRecord,
            source: Some(1),
            line: Some(100),
            column: Some(2),
            expected: Some(50),
            found: Some(0),
        };
        assert_eq!(PLACES.bind(fault), fault);
    }

    #[test]
    fn numbers_that_name_none_go() {
        let fault = Fault {
            code: FaultCode::RaggedRecord,
            source: Some(2),
            line: Some(101),
            column: Some(3),
            expected: Some(51),
            found: Some(4_815_162_342),
        };
        let bound = PLACES.bind(fault);
        let numbers = [bound.line, bound.expected, bound.found];
        assert_eq!(
            (bound.source, bound.column, numbers),
            (None, None, [None; 3])
        );
        let nowhere = Places {
            lines: None,
            ..PLACES
        };
        assert_eq!(nowhere.bind(fault).line, None);
    }
}
