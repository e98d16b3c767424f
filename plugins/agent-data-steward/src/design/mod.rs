//! The critique of a protocol: can every row that it keeps have the outcome at all?

mod critique;
mod end_of_life;

pub(crate) use critique::critique;
