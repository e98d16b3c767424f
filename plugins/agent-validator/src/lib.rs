//! The validator: the critic whose objection stops a leak before any compute is spent on it.
//!
//! It judges protocols, feature sets and plans (`critique`) and signs the champion off
//! (`sign_off`). It decides by rule, and every judgement cites a check that the host computed.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod critique;
mod leak;
mod sign_off;
mod validator;
mod workflow;

pub use validator::Validator;

autods_sdk::export_agent!(Validator);
