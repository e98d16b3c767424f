//! The version of the format that a file says it is in.

/// A version of VCF, as `##fileformat` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V4_1,
    V4_2,
    V4_3,
    V4_4,
    V4_5,
}

impl Version {
    /// Reads the first line of a file.
    pub(crate) fn read(line: &str) -> Option<Self> {
        match line.strip_prefix("##fileformat=VCFv4.")? {
            "1" => Some(Self::V4_1),
            "2" => Some(Self::V4_2),
            "3" => Some(Self::V4_3),
            "4" => Some(Self::V4_4),
            "5" => Some(Self::V4_5),
            _ => None,
        }
    }

    /// Whether the rules of 4.3 hold: percent encoding, unique keys, spaces in INFO.
    pub(crate) fn is_strict(self) -> bool {
        self >= Self::V4_3
    }
}
