//! runbook.md: the state machine that a run executes.

use crate::error::{Fault, SpecError};
use crate::reading::{self, Source};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;

/// The front matter of runbook.md.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    /// Version of the protocol; 1.
    pub version: u32,
    /// The states, from the first to the last. All of them, in this order.
    pub states: Vec<State>,
    /// The ways from one state to the next, each with its gate.
    pub transitions: Vec<Transition>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Files become tables.
    Ingest,
    /// Identifiers are found and removed.
    Govern,
    /// The study is fixed before any model is fitted.
    Design,
    /// Columns are audited, feature sets agreed on.
    Prepare,
    /// Teams compete.
    Explore,
    /// The champion is examined; the lock-box is opened.
    Validate,
    /// Words are added to numbers.
    Report,
    /// Nothing happens any more.
    Closed,
}

/// A way from one state to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// From.
    pub from: State,
    /// To.
    pub to: State,
    /// Conditions that must all hold.
    pub gate: Vec<GateCondition>,
}

/// A condition of a gate. The host decides each by code that reads the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateCondition {
    /// Every table of the task is loaded and profiled.
    TablesLoaded,
    /// A scan of the de-identified tables finds nothing.
    RescanClean,
    /// A protocol has its quorum and no open objection.
    ProtocolAccepted,
    /// The protocol's digest is on the board.
    ProtocolLocked,
    /// The lock-box is cut.
    LockboxCut,
    /// Every predictor has its leakage checks on the board.
    LeakageChecksDone,
    /// No accepted feature set uses a column that a check blocks.
    BlockingChecksAnswered,
    /// At least one feature set has its quorum and no open objection.
    FeaturesAccepted,
    /// Nobody owes anything in this state.
    NoOpenTickets,
    /// There is a champion.
    ChampionPromoted,
    /// Nothing met the promotion criteria: a negative result, reported as one.
    NoChampion,
    /// Every leakage check of LAUNCH.md is in the ledger, and none blocks.
    LeakageLedgerComplete,
    /// The lock-box was opened, and no more often than LAUNCH.md allows.
    LockboxOpenedOnce,
    /// The validator has given its verdict on the champion.
    SignedOff,
    /// Every number in every sentence resolves to an event.
    StatementsResolve,
}

/// What each way must at least have in its gate; a runbook can add to this, never take away.
const WAYS: &[(State, State, &[GateCondition])] = {
    use GateCondition::*;
    use State::*;
    &[
        (Ingest, Govern, &[TablesLoaded]),
        (Govern, Design, &[RescanClean, NoOpenTickets]),
        (
            Design,
            Prepare,
            &[ProtocolAccepted, ProtocolLocked, LockboxCut, NoOpenTickets],
        ),
        (
            Prepare,
            Explore,
            &[
                LeakageChecksDone,
                FeaturesAccepted,
                BlockingChecksAnswered,
                NoOpenTickets,
            ],
        ),
        (Explore, Validate, &[ChampionPromoted]),
        (Explore, Report, &[NoChampion]),
        (
            Validate,
            Report,
            &[LeakageLedgerComplete, LockboxOpenedOnce, SignedOff],
        ),
        (Report, Closed, &[StatementsResolve]),
    ]
};

impl State {
    /// All states, from the first to the last.
    pub const ALL: [Self; 8] = [
        Self::Ingest,
        Self::Govern,
        Self::Design,
        Self::Prepare,
        Self::Explore,
        Self::Validate,
        Self::Report,
        Self::Closed,
    ];

    /// Its name, such as `explore`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Govern => "govern",
            Self::Design => "design",
            Self::Prepare => "prepare",
            Self::Explore => "explore",
            Self::Validate => "validate",
            Self::Report => "report",
            Self::Closed => "closed",
        }
    }
}

impl GateCondition {
    /// Its name in runbook.md, such as `rescan-clean`.
    pub fn name(self) -> &'static str {
        match self {
            Self::TablesLoaded => "tables-loaded",
            Self::RescanClean => "rescan-clean",
            Self::ProtocolAccepted => "protocol-accepted",
            Self::ProtocolLocked => "protocol-locked",
            Self::LockboxCut => "lockbox-cut",
            Self::LeakageChecksDone => "leakage-checks-done",
            Self::BlockingChecksAnswered => "blocking-checks-answered",
            Self::FeaturesAccepted => "features-accepted",
            Self::NoOpenTickets => "no-open-tickets",
            Self::ChampionPromoted => "champion-promoted",
            Self::NoChampion => "no-champion",
            Self::LeakageLedgerComplete => "leakage-ledger-complete",
            Self::LockboxOpenedOnce => "lockbox-opened-once",
            Self::SignedOff => "signed-off",
            Self::StatementsResolve => "statements-resolve",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for GateCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Runbook {
    /// Read a runbook.
    pub fn read(path: &Path) -> Result<Self, SpecError> {
        Self::parse(&path.display().to_string(), &reading::text_of(path)?)
    }

    /// Parse the text of a runbook. `file` is only used in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, SpecError> {
        let reading = reading::front_matter_of::<Self>(file, text)?;
        reading.value.check(&reading.source)?;
        Ok(reading.value)
    }

    /// The ways out of a state, in the order of the file.
    pub fn from(&self, state: State) -> impl Iterator<Item = &Transition> {
        self.transitions
            .iter()
            .filter(move |transition| transition.from == state)
    }

    /// Names of the conditions of the gate between two states, by their names.
    pub fn conditions(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let found = self
            .transitions
            .iter()
            .find(|t| t.from.name() == from && t.to.name() == to)?;
        Some(
            found
                .gate
                .iter()
                .map(|condition| condition.name().to_owned())
                .collect(),
        )
    }

    fn check(&self, at: &Source) -> Result<(), SpecError> {
        at.in_range(
            "version",
            self.version,
            self.version == 1,
            "this host executes version 1",
        )?;
        if self.states != State::ALL {
            let all: Vec<&str> = State::ALL.iter().map(|state| state.name()).collect();
            let words = format!("the states must be {}, in this order", all.join(", "));
            return Err(at.error("states", Fault::Contradiction(words)));
        }
        for (i, transition) in self.transitions.iter().enumerate() {
            self.transition(i, transition, at)?;
        }
        let given = |from: State, to: State| {
            self.transitions
                .iter()
                .any(|t| t.from == from && t.to == to)
        };
        if let Some((from, to, _)) = WAYS.iter().find(|(from, to, _)| !given(*from, *to)) {
            let words = format!("the way from `{from}` to `{to}` is missing");
            return Err(at.error("transitions", Fault::Contradiction(words)));
        }
        Ok(())
    }

    fn transition(&self, i: usize, transition: &Transition, at: &Source) -> Result<(), SpecError> {
        let path = format!("transitions[{i}]");
        let (from, to) = (transition.from, transition.to);
        let same = |t: &&Transition| t.from == from && t.to == to;
        if self.transitions[..i].iter().any(|t| same(&t)) {
            let words = format!("the way from `{from}` to `{to}` stands twice");
            return Err(at.error(&path, Fault::Contradiction(words)));
        }
        let Some((_, _, floor)) = WAYS.iter().find(|way| (way.0, way.1) == (from, to)) else {
            let words = format!("there is no way from `{from}` to `{to}`");
            return Err(at.error(&path, Fault::Contradiction(words)));
        };
        at.distinct(&format!("{path}.gate"), "condition", &transition.gate)?;
        if let Some(condition) = floor
            .iter()
            .find(|condition| !transition.gate.contains(condition))
        {
            let words =
                format!("the gate from `{from}` to `{to}` must have the condition `{condition}`");
            return Err(at.error(&format!("{path}.gate"), Fault::Contradiction(words)));
        }
        Ok(())
    }
}
