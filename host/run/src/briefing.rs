//! What an agent is told before it acts.

use autods_board::{
    Body, BriefEvent, Briefing, Budget, Catalogue, Event, EventBody, Param, Role, RoleCard, Scalar,
    TaskCard, Ticket,
};

use autods_spec::Launch;

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
    let player =
        |role: Role, name: &str, plugin: &str, team: Option<String>, params: Vec<Param>| Player {
            card: RoleCard {
                role,
                instance: name.to_owned(),
                team,
                params,
                seed,
            },
            plugin: plugin.to_owned(),
        };
    let plain = |role: Role, name: &str, plugin: &str| player(role, name, plugin, None, Vec::new());
    let mut players = vec![
        plain(Role::DataSteward, "data-steward", "agent-data-steward"),
        plain(
            Role::Biostatistician,
            "biostatistician",
            "agent-biostatistician",
        ),
        plain(Role::FeatureEngineer, "feature-engineer", "agent-feature"),
    ];
    for team in &launch.teams {
        let params = team
            .params
            .iter()
            .map(|(name, value)| Param {
                name: name.clone(),
                value: scalar(value),
            })
            .collect();
        players.push(player(
            Role::Modeler,
            &format!("modeler-{}", team.name),
            &team.agent,
            Some(team.name.clone()),
            params,
        ));
    }
    players.push(plain(Role::Validator, "validator", "agent-validator"));
    players.push(plain(Role::Translator, "translator", "agent-translator"));
    let stagnation = Param {
        name: "stagnation".to_owned(),
        value: Scalar::Integer(i64::from(launch.exit_condition.stagnation)),
    };
    players.push(player(
        Role::Orchestrator,
        "orchestrator",
        "agent-orchestrator",
        None,
        vec![stagnation],
    ));
    players
}

/// A value of LAUNCH.md in the board's vocabulary.
pub(crate) fn scalar(value: &autods_spec::OptionValue) -> Scalar {
    match value {
        autods_spec::OptionValue::Flag(v) => Scalar::Flag(*v),
        autods_spec::OptionValue::Integer(v) => Scalar::Integer(*v),
        autods_spec::OptionValue::Number(v) => Scalar::Number(*v),
        autods_spec::OptionValue::Text(v) => Scalar::Text(v.clone()),
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
