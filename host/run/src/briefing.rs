//! What an agent is told before it acts.

use std::collections::BTreeMap;

use autods_board::{
    Body, BriefEvent, Briefing, Budget, Catalogue, Event, EventBody, Param, Role, RoleCard, Scalar,
    TaskCard, Ticket,
};

use autods_spec::{CastRole, Launch, OptionValue};

use crate::session::Session;

/// An agent of the run: who it is, and which plugin plays it.
#[derive(Clone, Debug)]
pub(crate) struct Player {
    pub(crate) card: RoleCard,
    pub(crate) plugin: String,
}

/// The agents of a run, in the order in which they are listed everywhere.
pub(crate) fn roster(launch: &Launch) -> Vec<Player> {
    let seed = launch.seeds.first().copied().unwrap_or(0);
    let player = |role: Role, name: &str, plugin: &str, team, params| Player {
        card: RoleCard {
            role,
            instance: name.to_owned(),
            team,
            params,
            seed,
        },
        plugin: plugin.to_owned(),
    };
    // the one that LAUNCH.md names, else the one that comes with the host
    let cast = |part: CastRole| {
        let (role, own) = match part {
            CastRole::DataSteward => (Role::DataSteward, "agent-data-steward"),
            CastRole::Biostatistician => (Role::Biostatistician, "agent-biostatistician"),
            CastRole::FeatureEngineer => (Role::FeatureEngineer, "agent-feature"),
            CastRole::Validator => (Role::Validator, "agent-validator"),
            CastRole::Translator => (Role::Translator, "agent-translator"),
            CastRole::Orchestrator => (Role::Orchestrator, "agent-orchestrator"),
        };
        match launch.cast(part) {
            Some(cast) => player(role, role.name(), &cast.agent, None, params(&cast.params)),
            None => player(role, role.name(), own, None, Vec::new()),
        }
    };
    let mut players = vec![
        cast(CastRole::DataSteward),
        cast(CastRole::Biostatistician),
        cast(CastRole::FeatureEngineer),
    ];
    for team in &launch.teams {
        players.push(player(
            Role::Modeler,
            &format!("modeler-{}", team.name),
            &team.agent,
            Some(team.name.clone()),
            params(&team.params),
        ));
    }
    players.push(cast(CastRole::Validator));
    players.push(cast(CastRole::Translator));
    let mut orchestrator = cast(CastRole::Orchestrator);
    let params = &mut orchestrator.card.params;
    if params.iter().all(|param| param.name != "stagnation") {
        params.push(Param {
            name: "stagnation".to_owned(),
            value: Scalar::Integer(i64::from(launch.exit_condition.stagnation)),
        });
    }
    players.push(orchestrator);
    players
}

/// Parameters of TASK.md or LAUNCH.md in the board's vocabulary.
pub(crate) fn params(given: &BTreeMap<String, OptionValue>) -> Vec<Param> {
    given
        .iter()
        .map(|(name, value)| Param {
            name: name.clone(),
            value: scalar(value),
        })
        .collect()
}

/// A value of LAUNCH.md in the board's vocabulary.
pub(crate) fn scalar(value: &OptionValue) -> Scalar {
    match value {
        OptionValue::Flag(v) => Scalar::Flag(*v),
        OptionValue::Integer(v) => Scalar::Integer(*v),
        OptionValue::Number(v) => Scalar::Number(*v),
        OptionValue::Text(v) => Scalar::Text(v.clone()),
    }
}

/// What the task asks, for agents.
pub(crate) fn task_card(session: &Session<'_>) -> TaskCard {
    let (task, launch) = (&session.task, &session.launch);
    TaskCard {
        name: task.name.clone(),
        question: task.question.clone(),
        table: task.endpoint.table.clone(),
        outcome: task.endpoint.name.clone(),
        primary_metric: task.primary_metric.name().to_owned(),
        folds: launch.cv_strategy.folds,
        lockbox: launch.cv_strategy.lockbox,
        thresholds: task.decision_thresholds.clone(),
        subgroups: launch.fairness_subgroups.clone(),
        min_delta: launch.promotion_criteria.min_delta,
        quorum: launch.critique_policy.quorum,
        seeds: launch.seeds.clone(),
    }
}

/// The board as an agent may read it: host records of other kinds appear by their kind's name.
fn readable(event: &Event) -> BriefEvent {
    BriefEvent {
        id: event.id,
        stage: event.stage,
        author: event.author.clone(),
        body: match &event.body {
            Body::Agent(body) => body.clone(),
            Body::Host(body) => EventBody::Other(kind_of(body)),
        },
    }
}

/// The kind of a host record.
pub(crate) fn kind_of(body: &autods_board::HostBody) -> String {
    serde_json::to_value(body)
        .ok()
        .and_then(|v| v.as_object().and_then(|o| o.keys().next().cloned()))
        .unwrap_or_default()
}

/// Build a briefing.
pub(crate) fn briefing(
    session: &Session<'_>,
    player: &Player,
    players: &[Player],
    catalogue: &Catalogue,
    tickets: &[Ticket],
    budget: Budget,
) -> Briefing {
    let conductor = player.card.role == Role::Orchestrator;
    let state = session.state();
    Briefing {
        card: player.card.clone(),
        task: task_card(session),
        stage: session.stage,
        protocol: state.protocol,
        champion: state.champion,
        catalogue: (!conductor).then(|| catalogue.clone()),
        events: if conductor {
            Vec::new()
        } else {
            session.seen().iter().map(readable).collect()
        },
        tickets: tickets
            .iter()
            .filter(|t| conductor || t.owner == player.card.instance)
            .cloned()
            .collect(),
        budget,
        roster: players
            .iter()
            .filter(|p| p.card.role != Role::Orchestrator)
            .map(|p| p.card.instance.clone())
            .collect(),
    }
}
