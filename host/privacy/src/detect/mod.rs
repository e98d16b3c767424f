//! Detectors, one for each kind of evidence. They look at names and values and answer yes or no.

pub(crate) mod age;
pub(crate) mod checksum;
pub(crate) mod name;
pub(crate) mod postcode;
pub(crate) mod shape;
pub(crate) mod when;
