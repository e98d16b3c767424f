//! Versions of the model.

/// Some of the versions 5.3 and 5.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions(u8);

/// 5.3 (and 5.3.1).
pub(super) const V53: Versions = Versions(1);
/// 5.4.
pub(super) const V54: Versions = Versions(2);
/// Both.
pub(super) const BOTH: Versions = Versions(3);

impl Versions {
    /// 5.3 (and 5.3.1).
    pub const V53: Self = V53;
    /// 5.4.
    pub const V54: Self = V54;
    /// Either: what one of them has is known, and what both require is required.
    pub const BOTH: Self = BOTH;
    pub(super) const NONE: Self = Self(0);

    /// Whether one of these is one of those.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all of those are among these.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Those that are among both.
    #[must_use]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
