//! Classes of genes that quality control looks at, told by their symbols as scanpy's tutorial
//! "Preprocessing and clustering" tells them, in any case (mice have `mt-`).

/// What a gene counts for besides itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Class {
    /// Of the mitochondrial genome: `MT-`.
    pub(crate) mitochondrial: bool,
    /// Of the ribosome: `RPS`, `RPL`.
    pub(crate) ribosomal: bool,
    /// Haemoglobin: `HB`, and then no `P`, `(` or `)`.
    pub(crate) haemoglobin: bool,
}

impl Class {
    pub(crate) fn of(symbol: &str) -> Self {
        let starts = |start: &str| {
            symbol
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        let after_hb = symbol.get(2..).and_then(|rest| rest.chars().next());
        Self {
            mitochondrial: starts("MT-"),
            ribosomal: starts("RPS") || starts("RPL"),
            haemoglobin: starts("HB")
                && after_hb.is_some_and(|next| !matches!(next, '(' | 'P' | 'p' | ')')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_told_by_the_start_of_a_symbol() {
        let class = |symbol: &str| {
            let class = Class::of(symbol);
            [class.mitochondrial, class.ribosomal, class.haemoglobin]
        };
        for symbol in ["MT-ND1", "mt-Co1"] {
            assert_eq!(class(symbol), [true, false, false], "{symbol}");
        }
        for symbol in ["RPS6", "RPL13A", "Rpl3", "RPS6KA1"] {
            assert_eq!(class(symbol), [false, true, false], "{symbol}");
        }
        for symbol in ["HBA1", "HBB", "Hbb-bs", "HBEGF"] {
            assert_eq!(class(symbol), [false, false, true], "{symbol}");
        }
        for symbol in ["HBP1", "HB", "MTOR", "RP11-34P13.7", "", "é", "Hé"] {
            assert_eq!(class(symbol), [false; 3], "{symbol}");
        }
    }
}
