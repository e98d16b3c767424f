//! The rules by name.

use crate::vocabulary::EventId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An action was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule it breaks.
    pub rule: Rule,
    /// The event it is about; 0 where about none.
    pub about: EventId,
}

impl Refusal {
    pub(crate) fn new(rule: Rule, about: EventId) -> Self {
        Self { rule, about }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.name(), self.rule.meaning())?;
        if self.about > 0 {
            write!(f, " (event {})", self.about)
        } else {
            Ok(())
        }
    }
}

impl std::error::Error for Refusal {}

macro_rules! rules {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// A rule of the board. Its name is what a refusal says and what
        /// [`EventBody::Refused`](crate::EventBody::Refused) remembers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule {
            $(#[doc = $meaning] $variant,)*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in `kebab-case`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it says, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

rules! {
    RoleForbidsAction "role-forbids-action" "this role never does this";
    StageForbidsAction "stage-forbids-action" "this is not done in this stage of a run";
    TextTooLong "text-too-long" "a text or a list is longer than the board takes";
    MalformedValue "malformed-value" "a text is empty or has control characters, a number is not finite, a name stands twice, or a value makes no sense";
    UnknownEvent "unknown-event" "there is no event of that number and kind";
    Superseded "superseded" "the proposal has a successor; speak about that one";
    ProtocolLocked "protocol-locked" "the protocol is locked and does not change any more";
    AlreadyAccepted "already-accepted" "the proposal is accepted and stands";
    SaidBefore "said-before" "the same was said before by the same agent";
    SelfEndorsement "self-endorsement" "nobody endorses a proposal of their own";
    CritiqueWithoutEvidence "critique-without-evidence" "a critique must cite a computed check";
    EvidenceOfAnotherTarget "evidence-of-another-target" "the check that is cited is about something else";
    EvidenceContradicts "evidence-contradicts" "an endorsement cites a check that blocks, or an objection one that passes";
    BlockedCheckNotAnswered "blocked-check-not-answered" "a check blocks something that the proposal still uses";
    ObjectionUnanswerable "objection-unanswerable" "what the objection asks for cannot be done to its target";
    ObjectionNotAnswered "objection-not-answered" "the successor does not do what an open objection asks for";
    NotYourProposal "not-your-proposal" "only its author replaces a proposal, by one of the same kind";
    NotYourObjection "not-your-objection" "only who raised an objection withdraws it, while it is open";
    NotYourHypothesis "not-your-hypothesis" "a plan tests a hypothesis of its own team";
    NotYourResult "not-your-result" "a team judges its own results, the validator the champion";
    DuplicateProposal "duplicate-proposal" "the same was proposed before";
    DuplicatePlan "duplicate-plan" "an equal plan was proposed before, whatever it was called";
    KnownDeadEnd "known-dead-end" "the plan goes in a direction that is known to be dead";
    DeadEndMisplaced "dead-end-misplaced" "a dead end must cover the plan that was judged, name a parameter of its learner, and spare the champion";
    PlanOnUnacceptedFeatures "plan-on-unaccepted-features" "a plan uses an accepted feature set";
    HypothesisClosed "hypothesis-closed" "the hypothesis met its own falsification rule";
    OpenVerdictTickets "open-verdict-tickets" "a team that owes a verdict gets no new work";
    OverBudget "over-budget" "the experiments that LAUNCH.md allows are spent or promised";
    VerdictWithoutEvidence "verdict-without-evidence" "a verdict must cite a check of the result, or the result itself";
    ExclusionWithoutEvidence "exclusion-without-evidence" "an exclusion must cite a check of its column";
    ProtocolDeviates "protocol-deviates" "the protocol differs from what TASK.md and LAUNCH.md fix";
    UnknownColumn "unknown-column" "there is no such column";
    ForbiddenColumn "forbidden-column" "the column is no predictor";
    UnknownMethod "unknown-method" "there is no such method";
    UnknownStep "unknown-step" "the method has no such step";
    UnknownLearner "unknown-learner" "there is no such learner";
    UnknownParameter "unknown-parameter" "there is no such parameter";
    ParameterOutOfRange "parameter-out-of-range" "a parameter is of the wrong type or outside its declared range";
    NumberTypedByHand "number-typed-by-hand" "a number in a statement must be a reference";
    BadReference "bad-reference" "a reference does not resolve to a number on the board, or placeholders and references do not match";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn names_are_those_that_serialisation_gives() {
        for rule in Rule::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.name());
        }
    }
}
