//! Boards for tests, built through the rules themselves.

use crate::event::{Body, Event, HostBody, Locked};
use crate::facts::{Facts, MethodFacts, ParamFact, ParamKind, Rules};
use crate::rule::Rule;
use crate::rules::decide;
use crate::settle::settle;
use crate::state::State;
use crate::vocabulary::{
    Action, CheckKind, CheckResult, CheckTarget, ColumnRole, ColumnUse, Critique, Decision,
    Estimate, EventBody, EventId, Exclusion, Experiment, FeatureSet, Fidelity, Hypothesis,
    Objection, OutcomeVerdict, Param, Plan, Population, Proposal, ProposalBody, Protocol,
    Reference, Role, RoleCard, RubricItem, Scalar, Section, Stage, Statement, Step, TaskCard,
    Verdict,
};
use std::collections::BTreeMap;

pub(crate) const METHOD: &str = "method-impute-encode-scale";

pub(crate) struct Scene {
    pub(crate) events: Vec<Event>,
    pub(crate) facts: Facts,
    pub(crate) rules: Rules,
    pub(crate) protocol: EventId,
    pub(crate) features: EventId,
    pub(crate) hypothesis: EventId,
    pub(crate) plan: EventId,
    pub(crate) lint: EventId,
}

impl Scene {
    /// Facts and an empty log.
    pub(crate) fn empty() -> Self {
        Self {
            events: Vec::new(),
            facts: facts(),
            rules: Rules::default(),
            protocol: 0,
            features: 0,
            hypothesis: 0,
            plan: 0,
            lint: 0,
        }
    }

    /// A protocol is proposed.
    pub(crate) fn designed() -> Self {
        let mut scene = Self::empty();
        let task = scene.facts.task.clone().unwrap();
        let protocol = Protocol {
            populations: vec![everybody()],
            outcome: task.outcome,
            metric: task.primary_metric,
            folds: task.folds,
            lockbox: task.lockbox,
            thresholds: task.thresholds,
            subgroups: task.subgroups,
            seeds: task.seeds,
        };
        let proposal = Proposal {
            body: ProposalBody::Protocol(protocol),
            supersedes: None,
        };
        scene.protocol = scene.act(&biostatistician(), Stage::Design, Action::Propose(proposal));
        scene
    }

    /// The protocol is accepted and locked.
    pub(crate) fn prepared() -> Self {
        let mut scene = Self::designed();
        let (id, lint) = (scene.protocol, scene.lint_of(scene.protocol));
        for card in [validator(), steward()] {
            scene.act(
                &card,
                Stage::Design,
                Action::Endorse(scene.critique(id, lint)),
            );
        }
        let protocol = scene.state().protocol_of(id).unwrap().clone();
        let locked = Locked {
            proposal: id,
            digest: String::new(),
            protocol,
        };
        scene.append(
            Stage::Design,
            "host",
            Body::Host(Box::new(HostBody::Locked(locked))),
        );
        scene
    }

    /// Features are accepted, a hypothesis is open, and a plan (depth 4) is accepted.
    pub(crate) fn explored() -> Self {
        let mut scene = Self::prepared();
        let set = feature_proposal("linear", &[column("age"), column("days")], None);
        scene.features = scene.propose(&engineer(), set);
        let lint = scene.lint_of(scene.features);
        for card in [validator(), biostatistician()] {
            scene.act(
                &card,
                Stage::Prepare,
                Action::Endorse(scene.critique(scene.features, lint)),
            );
        }
        scene.hypothesis = scene.act(
            &modeler(),
            Stage::Explore,
            Action::OpenHypothesis(hypothesis("trees-find-more")),
        );
        scene.plan = scene.propose(&modeler(), scene.fresh_plan(4));
        scene.lint = scene.lint_of(scene.plan);
        for card in [validator(), biostatistician()] {
            scene.act(
                &card,
                Stage::Explore,
                Action::Endorse(scene.critique(scene.plan, scene.lint)),
            );
        }
        assert_eq!(scene.state().accepted_plans, [scene.plan]);
        scene
    }

    pub(crate) fn state(&self) -> State {
        State::of(&self.events)
    }

    pub(crate) fn append(&mut self, stage: Stage, author: &str, body: Body) -> EventId {
        self.state().admits(&body).unwrap();
        let id = self.events.len() as EventId + 1;
        self.events.push(Event {
            id,
            stage,
            author: author.to_owned(),
            body,
        });
        id
    }

    /// Append what is due.
    pub(crate) fn settle(&mut self, stage: Stage) {
        loop {
            let due = settle(&self.events, &self.rules);
            if due.is_empty() {
                return;
            }
            for body in due {
                self.append(stage, "host", Body::Agent(body));
            }
        }
    }

    /// Act, by the rules, and settle.
    pub(crate) fn act(&mut self, card: &RoleCard, stage: Stage, action: Action) -> EventId {
        let bodies = decide(&self.events, &self.facts, &self.rules, card, stage, &action)
            .unwrap_or_else(|refusal| panic!("{refusal}"));
        let mut first = 0;
        for body in bodies {
            let id = self.append(stage, &card.instance, body);
            if first == 0 {
                first = id;
            }
        }
        self.settle(stage);
        first
    }

    pub(crate) fn refused(&self, card: &RoleCard, stage: Stage, action: &Action) -> Option<Rule> {
        decide(&self.events, &self.facts, &self.rules, card, stage, action)
            .err()
            .map(|refusal| refusal.rule)
    }

    pub(crate) fn propose(&mut self, card: &RoleCard, proposal: Proposal) -> EventId {
        let stage = match proposal.body {
            ProposalBody::Protocol(_) => Stage::Design,
            ProposalBody::Features(_) => Stage::Prepare,
            ProposalBody::Analysis(_) => Stage::Explore,
        };
        self.act(card, stage, Action::Propose(proposal))
    }

    pub(crate) fn checked(
        &self,
        kind: CheckKind,
        target: CheckTarget,
        verdict: OutcomeVerdict,
    ) -> Body {
        Body::Agent(EventBody::Checked(CheckResult {
            kind,
            target,
            verdict,
            statistic: 0.5,
            threshold: 0.95,
            levels: Vec::new(),
            numbers: Vec::new(),
        }))
    }

    pub(crate) fn check(
        &mut self,
        kind: CheckKind,
        target: CheckTarget,
        verdict: OutcomeVerdict,
    ) -> EventId {
        let body = self.checked(kind, target, verdict);
        self.append(Stage::Explore, "host", body)
    }

    pub(crate) fn lint_of(&mut self, id: EventId) -> EventId {
        self.check(
            CheckKind::Lint,
            CheckTarget::Event(id),
            OutcomeVerdict::Pass,
        )
    }

    pub(crate) fn blocking_lint_of(&mut self, id: EventId) -> EventId {
        self.check(
            CheckKind::Lint,
            CheckTarget::Event(id),
            OutcomeVerdict::Block,
        )
    }

    pub(crate) fn critique(&self, target: EventId, evidence: EventId) -> Critique {
        Critique {
            target,
            item: RubricItem::Leakage,
            evidence,
            remark: "As the check says.".to_owned(),
        }
    }

    pub(crate) fn objection(&self, target: EventId, evidence: EventId) -> Objection {
        Objection {
            critique: self.critique(target, evidence),
            drop_columns: Vec::new(),
            exclude: Vec::new(),
        }
    }

    pub(crate) fn verdict(&self, result: EventId, decision: Decision) -> Verdict {
        Verdict {
            result,
            decision,
            evidence: result,
            dead_end: None,
            remark: "As the numbers say.".to_owned(),
        }
    }

    pub(crate) fn proposal(&self, id: EventId) -> Proposal {
        self.state().proposals[&id].proposal.clone()
    }

    pub(crate) fn fresh_plan(&self, depth: i64) -> Proposal {
        let plan = plan(
            self.hypothesis,
            self.features,
            "gradient-boosting",
            &[param("depth", depth)],
        );
        Proposal {
            body: ProposalBody::Analysis(plan),
            supersedes: None,
        }
    }

    pub(crate) fn protocol_without(
        &mut self,
        column: &str,
        code: &str,
        evidence: EventId,
    ) -> EventId {
        let mut proposal = self.proposal(self.protocol);
        proposal.supersedes = Some(self.protocol);
        let ProposalBody::Protocol(protocol) = &mut proposal.body else {
            panic!()
        };
        let exclude = vec![exclusion(column, code, evidence)];
        let eligible = Population {
            id: "eligible".to_owned(),
            title: "Eligible".to_owned(),
            exclude,
        };
        protocol.populations.insert(0, eligible);
        self.propose(&biostatistician(), proposal)
    }

    pub(crate) fn result(&self, plan: EventId, auroc: f64, gain: Option<Estimate>) -> Experiment {
        Experiment {
            plan,
            fidelity: Fidelity::Full,
            seeds: 3,
            auroc: estimate(auroc),
            average_precision: 0.2,
            brier: 0.09,
            slope: estimate(1.0),
            intercept: estimate(0.0),
            seed_sd: 0.001,
            gain,
            against: None,
        }
    }

    pub(crate) fn experiment(&mut self, plan: EventId, auroc: f64) -> EventId {
        self.experiment_with_gain(plan, auroc, None)
    }

    pub(crate) fn experiment_with_gain(
        &mut self,
        plan: EventId,
        auroc: f64,
        gain: Option<Estimate>,
    ) -> EventId {
        let body = Body::Agent(EventBody::Experiment(self.result(plan, auroc, gain)));
        let id = self.append(Stage::Explore, "host", body);
        self.settle(Stage::Explore);
        id
    }

    pub(crate) fn rival_hypothesis(&mut self) -> EventId {
        self.act(
            &rival(),
            Stage::Explore,
            Action::OpenHypothesis(hypothesis("rival")),
        )
    }

    /// A plan of the rival that has its quorum; its earlier results get their verdicts first.
    pub(crate) fn accepted_plan_of_rival(&mut self, hypothesis: EventId, depth: i64) -> EventId {
        for result in self.state().owed_verdicts(&rival().instance) {
            self.act(
                &rival(),
                Stage::Explore,
                Action::GiveVerdict(self.verdict(result, Decision::Hold)),
            );
        }
        let mut proposal = self.fresh_plan(depth);
        let ProposalBody::Analysis(plan) = &mut proposal.body else {
            panic!()
        };
        plan.hypothesis = hypothesis;
        let id = self.propose(&rival(), proposal);
        let lint = self.lint_of(id);
        for card in [validator(), biostatistician()] {
            self.act(
                &card,
                Stage::Explore,
                Action::Endorse(self.critique(id, lint)),
            );
        }
        id
    }
}

pub(crate) fn facts() -> Facts {
    let columns = [
        ("age", ColumnRole::Predictor),
        ("days", ColumnRole::Predictor),
        ("discharge", ColumnRole::Predictor),
        ("weight", ColumnRole::Predictor),
        ("person", ColumnRole::Subject),
        ("outcome", ColumnRole::Outcome),
    ];
    let integer = |name: &str, min: f64, max: f64| ParamFact {
        name: name.to_owned(),
        kind: ParamKind::Integer,
        min: Some(min),
        max: Some(max),
    };
    let text = |name: &str| ParamFact {
        name: name.to_owned(),
        kind: ParamKind::Text,
        min: None,
        max: None,
    };
    let steps = [
        ("standardise", Vec::new()),
        ("pair", vec![text("column-0")]),
    ];
    let steps = steps
        .into_iter()
        .map(|(name, params)| (name.to_owned(), params))
        .collect();
    Facts {
        columns: columns
            .into_iter()
            .map(|(name, role)| (name.to_owned(), role))
            .collect(),
        methods: BTreeMap::from([(METHOD.to_owned(), MethodFacts { steps })]),
        learners: BTreeMap::from([
            (
                "gradient-boosting".to_owned(),
                vec![integer("depth", 1.0, 12.0), integer("rounds", 1.0, 5000.0)],
            ),
            (
                "elastic-net-logistic".to_owned(),
                vec![integer("folds", 2.0, 20.0)],
            ),
        ]),
        task: Some(TaskCard {
            name: "task-example".to_owned(),
            question: "Who comes back?".to_owned(),
            table: "stays".to_owned(),
            outcome: "readmission".to_owned(),
            primary_metric: "auroc".to_owned(),
            folds: 5,
            lockbox: 0.2,
            thresholds: vec![0.1, 0.2],
            subgroups: vec!["age".to_owned()],
            min_delta: 0.001,
            quorum: 2,
            seeds: vec![1, 2, 3],
        }),
    }
}

fn hypothesis(name: &str) -> Hypothesis {
    Hypothesis {
        name: name.to_owned(),
        statement: "There is something to be found.".to_owned(),
        prediction: 0.005,
        falsified_below: 0.002,
        after_experiments: 2,
    }
}

fn everybody() -> Population {
    Population {
        id: "all".to_owned(),
        title: "All rows".to_owned(),
        exclude: Vec::new(),
    }
}

pub(crate) fn card(role: Role, instance: &str) -> RoleCard {
    let team = instance.strip_prefix("modeler-").map(str::to_owned);
    RoleCard {
        role,
        instance: instance.to_owned(),
        team,
        params: Vec::new(),
        seed: 1,
    }
}

pub(crate) fn modeler() -> RoleCard {
    card(Role::Modeler, "modeler-boosting")
}

pub(crate) fn rival() -> RoleCard {
    card(Role::Modeler, "modeler-rival")
}

pub(crate) fn validator() -> RoleCard {
    card(Role::Validator, "validator")
}

pub(crate) fn biostatistician() -> RoleCard {
    card(Role::Biostatistician, "biostatistician")
}

pub(crate) fn steward() -> RoleCard {
    card(Role::DataSteward, "data-steward")
}

pub(crate) fn engineer() -> RoleCard {
    card(Role::FeatureEngineer, "feature-engineer")
}

pub(crate) fn roster() -> Vec<RoleCard> {
    vec![
        steward(),
        biostatistician(),
        engineer(),
        modeler(),
        rival(),
        validator(),
        card(Role::Translator, "translator"),
        card(Role::Orchestrator, "orchestrator"),
    ]
}

pub(crate) fn estimate(value: f64) -> Estimate {
    Estimate {
        value,
        lower: value - 0.01,
        upper: value + 0.01,
    }
}

pub(crate) fn column(name: &str) -> ColumnUse {
    ColumnUse {
        column: name.to_owned(),
        steps: Vec::new(),
    }
}

pub(crate) fn step(name: &str, params: &[Param]) -> Step {
    Step {
        name: name.to_owned(),
        params: params.to_vec(),
    }
}

pub(crate) fn pair(name: &str, a: &str, b: &str) -> ColumnUse {
    let text = |name: &str, value: &str| Param {
        name: name.to_owned(),
        value: Scalar::Text(value.to_owned()),
    };
    ColumnUse {
        column: name.to_owned(),
        steps: vec![step("pair", &[text("column-0", a), text("column-1", b)])],
    }
}

pub(crate) fn features(name: &str, columns: &[ColumnUse]) -> FeatureSet {
    FeatureSet {
        name: name.to_owned(),
        columns: columns.to_vec(),
        method: METHOD.to_owned(),
        rationale: "Everything that is known at discharge.".to_owned(),
    }
}

pub(crate) fn feature_proposal(
    name: &str,
    columns: &[ColumnUse],
    supersedes: Option<EventId>,
) -> Proposal {
    Proposal {
        body: ProposalBody::Features(features(name, columns)),
        supersedes,
    }
}

pub(crate) fn param(name: &str, value: i64) -> Param {
    Param {
        name: name.to_owned(),
        value: Scalar::Integer(value),
    }
}

pub(crate) fn plan(hypothesis: EventId, features: EventId, method: &str, params: &[Param]) -> Plan {
    Plan {
        hypothesis,
        features,
        method: method.to_owned(),
        params: params.to_vec(),
        complexity: 100,
        rationale: "A sensible start.".to_owned(),
    }
}

pub(crate) fn exclusion(column: &str, code: &str, evidence: EventId) -> Exclusion {
    Exclusion {
        column: column.to_owned(),
        codes: vec![code.to_owned()],
        reason: "They cannot have the outcome.".to_owned(),
        evidence,
    }
}

pub(crate) fn statement(text: &str, refs: &[(EventId, &str)]) -> Statement {
    let refs = refs.iter().map(|(event, pointer)| Reference {
        event: *event,
        pointer: (*pointer).to_owned(),
    });
    Statement {
        section: Section::Performance,
        text: text.to_owned(),
        refs: refs.collect(),
    }
}
