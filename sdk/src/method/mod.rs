//! The world `method`: the rows of one fold in, a fitted state or rows out.
//!
//! The types are those of `wit/method.wit`, where every one of them is documented; only the
//! tables are decoded into record batches.

mod table;

#[allow(
    missing_docs,
    unused_qualifications,
    clippy::all,
    reason = "generated from wit/, where every item is documented"
)]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "method",
        with: {
            "autods:plugin/types@0.1.0": crate::contract::bindings::autods::plugin::types,
            "autods:plugin/log@0.1.0": crate::contract::bindings::autods::plugin::log,
        },
        generate_unused_types: true,
        additional_derives: [Clone, PartialEq],
        pub_export_macro: true,
        export_macro_name: "__export_method_component",
        default_bindings_module: "autods_sdk::method::bindings",
    });
}

pub use crate::{Fault, FaultCode, LogLevel, Param, Scalar, ValueKind};
pub use bindings::exports::autods::plugin::fitting::{ColumnUse, Recipe, Step};
pub use table::{ROWS, Table, find};
#[doc(hidden)]
pub use table::{from_border, to_border};

/// A fitted method.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// What [`Method::apply`] needs; opaque to the host.
    pub state: Vec<u8>,
    /// The training rows as a following method should see them. Empty: the same as
    /// [`Method::apply`] gives.
    pub train: Vec<Table>,
}

/// A method: a transform, a harmoniser, an estimator or a scorer.
///
/// Every call runs in a store of its own: nothing is kept between calls but the state.
pub trait Method {
    /// Fits on the training rows of one fold. The same input and seed must give the same bits.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong, with the column's index in the recipe.
    fn fit(tables: &[Table], recipe: &Recipe, seed: u64) -> Result<Fitted, Fault>;

    /// Applies a fitted state to rows. Output row *i* belongs to input row *i*.
    ///
    /// # Errors
    /// [`FaultCode::InvalidState`] for a state that this method did not write.
    fn apply(state: &[u8], tables: &[Table]) -> Result<Vec<Table>, Fault>;
}

/// Makes a type that implements [`Method`](crate::method::Method) the component's export.
///
/// Expands to nothing outside `wasm32`, so that the crate is an ordinary library in `cargo test`.
#[macro_export]
macro_rules! export_method {
    ($method:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::method::bindings::exports::autods::plugin::fitting;
            struct Component;
            impl fitting::Guest for Component {
                fn fit(
                    tables: ::std::vec::Vec<fitting::TableData>,
                    recipe: fitting::Recipe,
                    seed: u64,
                ) -> ::std::result::Result<fitting::Fitted, $crate::method::Fault> {
                    $crate::announce_panics();
                    let tables = $crate::method::from_border(tables)?;
                    let fitted =
                        <$method as $crate::method::Method>::fit(&tables, &recipe, seed)?;
                    ::std::result::Result::Ok(fitting::Fitted {
                        state: fitted.state,
                        train: $crate::method::to_border(fitted.train)?,
                    })
                }
                fn apply(
                    state: ::std::vec::Vec<u8>,
                    tables: ::std::vec::Vec<fitting::TableData>,
                ) -> ::std::result::Result<
                    ::std::vec::Vec<fitting::TableData>,
                    $crate::method::Fault,
                > {
                    $crate::announce_panics();
                    let tables = $crate::method::from_border(tables)?;
                    $crate::method::to_border(
                        <$method as $crate::method::Method>::apply(&state, &tables)?,
                    )
                }
            }
            $crate::method::bindings::__export_method_component!(
                Component with_types_in $crate::method::bindings
            );
        };
    };
}
