//! The world `agent`: aggregates in, typed actions out.
//!
//! The types are those of `wit/agent.wit`, where every one of them is documented.

mod briefing;

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
        world: "agent",
        with: {
            "autods:plugin/types@0.1.0": crate::contract::bindings::autods::plugin::types,
            "autods:plugin/log@0.1.0": crate::contract::bindings::autods::plugin::log,
        },
        generate_unused_types: true,
        additional_derives: [Clone, PartialEq],
        pub_export_macro: true,
        export_macro_name: "__export_agent_component",
        default_bindings_module: "autods_sdk::agent::bindings",
    });
}

pub use crate::{LogLevel, Param, Scalar, ValueKind};
pub use bindings::autods::plugin::board::*;

/// An agent: a pure function from what it knows to what it does.
pub trait Agent {
    /// What the agent does on this briefing. The same briefing must always give the same actions:
    /// an agent has no clock, no randomness but `briefing.card.seed`, and no memory but the board.
    ///
    /// An action that breaks a rule of the board is refused by name; it is never an error here.
    fn act(briefing: &Briefing) -> Vec<Action>;
}

/// Makes a type that implements [`Agent`](crate::agent::Agent) the component's export.
///
/// Expands to nothing outside `wasm32`, so that the crate is an ordinary library in `cargo test`.
#[macro_export]
macro_rules! export_agent {
    ($agent:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Component;
            impl $crate::agent::bindings::exports::autods::plugin::acting::Guest for Component {
                fn act(
                    briefing: $crate::agent::Briefing,
                ) -> ::std::vec::Vec<$crate::agent::Action> {
                    $crate::announce_panics();
                    <$agent as $crate::agent::Agent>::act(&briefing)
                }
            }
            $crate::agent::bindings::__export_agent_component!(
                Component with_types_in $crate::agent::bindings
            );
        };
    };
}
