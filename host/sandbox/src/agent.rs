//! Calling an agent: a briefing in, typed actions out.

use crate::bindings::agent::autods::plugin::board;
use crate::bindings::types;
use crate::call_error::{CallError, Rejection};
use crate::inspect::{Bounds, inspect};
use crate::meter::{Meter, Usage};
use crate::plugin::{Call, Entry, Plugin, usage};
use crate::world::World;

pub use crate::bindings::types::{Param, Scalar, ValueKind};
pub use board::{
    Action, Availability, Briefing, Budget, Catalogue, CheckKind, CheckResult, CheckTarget, Column,
    ColumnRole, ColumnUse, Critique, DeadEnd, Decision, Direction, Estimate, Evaluation, Event,
    EventBody, EventId, Exclusion, Experiment, FeatureSet, Fidelity, Group, Hypothesis, Level,
    LevelRate, Objection, OutcomeVerdict, Plan, Population, Proposal, ProposalBody, Protocol,
    RateRow, Reference, Role, RoleCard, RubricItem, Sample, Section, Stage, Statement, Step,
    TaskCard, Ticket, TicketKind, Verdict,
};

/// Lets an agent act. Its actions are well-formed and bounded (texts, lists, numbers); whether
/// they keep to the board's rules is the board's to say.
///
/// # Errors
/// Where the plugin traps or passes a limit, or an action holds a text that is too long or has
/// control characters, a list that is too long, or a number that is not finite.
pub fn act(plugin: &Plugin, briefing: &Briefing) -> Result<(Vec<Action>, Usage), CallError> {
    let Entry::Agent(entry) = plugin.entry() else {
        return Err(plugin.wrong_world(World::Agent));
    };
    let state = AgentCall {
        meter: plugin.meter(),
    };
    let (actions, state) = plugin.run("act", state, |store| {
        let guest = entry.instantiate(&mut *store)?;
        store.data_mut().meter.entered = true;
        guest.autods_plugin_acting().call_act(store, briefing)
    })?;
    check(&actions, &state.meter)?;
    Ok((actions, usage(state)))
}

fn check(actions: &[Action], meter: &Meter) -> Result<(), CallError> {
    let limits = &meter.limits;
    let found = actions.len() as u64;
    if found > limits.actions {
        let limit = limits.actions;
        let rejection = Rejection::TooMany {
            what: "actions",
            key: "actions",
            found,
            limit,
        };
        return Err(CallError::OutputRejected(rejection));
    }
    let bounds = Bounds {
        text_bytes: limits.text_bytes,
        list_items: limits.list_items,
    };
    for (index, action) in actions.iter().enumerate() {
        inspect(action, bounds).map_err(|finding| {
            CallError::OutputRejected(Rejection::Value {
                action: u32::try_from(index).unwrap_or(u32::MAX),
                field: finding.field,
                what: finding.what,
            })
        })?;
    }
    Ok(())
}

/// What an agent's call carries: nothing but its account.
pub(crate) struct AgentCall {
    pub(crate) meter: Meter,
}

impl Call for AgentCall {
    fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }
}

impl types::Host for AgentCall {}
impl board::Host for AgentCall {}
