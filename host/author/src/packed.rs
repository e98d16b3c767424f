//! Templates, contract and SDK, inside the program (`build.rs`).

include!(concat!(env!("OUT_DIR"), "/packed.rs"));
