//! Rounds: the orchestrator schedules, agents act, the host answers.

use autods_board::{
    Action, Body, Budget, EventBody, EventId, Fidelity, HostBody, Role, Stage, Ticket, decide,
    settle,
};
use autods_ledger::Entry;

use crate::{
    briefing::{Player, briefing},
    calls::{record_call, record_failure},
    checks::Examiner,
    error::{Result, RunError},
    promotion::promote,
    release,
    session::{HOST, Session, recast},
    stage::Bench,
};

/// The rule that ends exploration when LAUNCH.md's budget of time is spent.
const WALL_SPENT: &str = "budget-wall-spent";

/// Let the agents work until the orchestrator asks for the gate, or the rounds are used up.
pub(crate) fn rounds(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    let limit = session.launch.budget.rounds;
    for round in 0..limit {
        if session.stage == Stage::Explore && wall_spent(session)? {
            return Ok(());
        }
        session.step(format!("round {}", round + 1), 0, 0);
        let tickets = tickets(session, bench);
        let left = budget(session, limit - round);
        let Some(order) = conduct(session, bench, &tickets, &left)? else {
            return Ok(());
        };
        session.host(HostBody::Scheduled(order.clone()))?;
        for instance in order {
            let Some(player) = bench
                .players
                .iter()
                .find(|p| p.card.instance == instance)
                .cloned()
            else {
                session.say(EventBody::Refused("unknown-instance".to_owned()))?;
                continue;
            };
            let tickets = self::tickets(session, bench);
            let actions = ask(session, bench, &player, &tickets, &left)?;
            for action in actions {
                apply(session, bench, &player, &action)?;
            }
            accept(session)?;
        }
        if session.stage == Stage::Explore {
            lab_work(session, bench)?;
        }
    }
    Ok(())
}

/// Whether the budget of time is spent; on resume, whether it was when this point was reached.
fn wall_spent(session: &mut Session<'_>) -> Result<bool> {
    let spent = match session.recorded() {
        Some(e) => matches!(&e.body, Body::Agent(EventBody::Refused(rule)) if rule == WALL_SPENT),
        None => session.elapsed() > session.launch.budget.wall.0,
    };
    if spent {
        session.say(EventBody::Refused(WALL_SPENT.to_owned()))?;
    }
    Ok(spent)
}

pub(crate) fn tickets(session: &Session<'_>, bench: &Bench) -> Vec<Ticket> {
    let cards: Vec<_> = bench.players.iter().map(|p| p.card.clone()).collect();
    autods_board::open_tickets(session.seen(), session.stage, &cards, &session.rules())
}

fn budget(session: &Session<'_>, rounds: u32) -> Budget {
    let mut experiments = 0;
    let mut since = 0;
    for event in session.seen() {
        match &event.body {
            Body::Agent(EventBody::Experiment(e)) if e.fidelity == Fidelity::Full => {
                experiments += 1;
                since += 1;
            }
            Body::Agent(EventBody::Promoted(_)) => since = 0,
            _ => {}
        }
    }
    Budget {
        experiments: session
            .launch
            .budget
            .experiments
            .saturating_sub(experiments),
        rounds,
        since_promotion: since,
    }
}

/// Ask the orchestrator. `None`: it asks for the gate, or has nothing to say.
fn conduct(
    session: &mut Session<'_>,
    bench: &Bench,
    tickets: &[Ticket],
    budget: &Budget,
) -> Result<Option<Vec<String>>> {
    let Some(conductor) = bench
        .players
        .iter()
        .find(|p| p.card.role == Role::Orchestrator)
        .cloned()
    else {
        return Err(RunError::Plugin(
            "the roster has no orchestrator".to_owned(),
        ));
    };
    for action in ask(session, bench, &conductor, tickets, budget)? {
        match action {
            Action::Advance => return Ok(None),
            Action::Schedule(order) if !order.is_empty() => return Ok(Some(order)),
            _ => {
                session.say(EventBody::Refused("role-forbids-action".to_owned()))?;
            }
        }
    }
    Ok(None)
}

/// Brief an agent and let it act. An agent that fails acts not at all; the others go on.
fn ask(
    session: &mut Session<'_>,
    bench: &Bench,
    player: &Player,
    tickets: &[Ticket],
    budget: &Budget,
) -> Result<Vec<Action>> {
    let told = briefing(
        session,
        player,
        &bench.players,
        &bench.catalogue,
        tickets,
        budget.clone(),
    );
    // an agent that failed in an earlier life of this run failed: it is not asked again
    let failed_before = matches!(
        session.recorded().map(|e| &e.body),
        Some(Body::Host(b)) if matches!(&**b, HostBody::AgentFailed(f) if f.instance == player.card.instance)
    );
    if failed_before {
        session.record(HOST, |_| Err(RunError::internal("not recorded")))?;
        return Ok(Vec::new());
    }
    let plugin = session.plugin(&player.plugin)?;
    let asked: autods_sandbox::agent::Briefing = recast(&told)?;
    let (called, account) = plugin.accounted();
    let answer = {
        release::to_agent(session, player, plugin, told.catalogue.as_ref())?;
        autods_sandbox::agent::act(&called, &asked)
    };
    session
        .briefed
        .insert(player.card.instance.clone(), session.seen().len());
    let plugin = session.plugin(&player.plugin)?;
    match answer {
        Ok((actions, mut usage)) => {
            // a briefing and actions cross the border as values: their size is that of their JSON
            usage.bytes_in = size(&told)?;
            usage.bytes_out = size(&actions)?;
            record_call(&session.ledger, plugin, "act", &account, &usage)?;
            actions.iter().map(recast).collect()
        }
        Err(error) => {
            record_failure(&session.ledger, plugin, "act", &account, &error)?;
            session.tell(crate::Update::Warning(format!(
                "{} failed and was left out of this round: {error}",
                player.card.instance
            )));
            session.host(HostBody::AgentFailed(autods_board::AgentFailed {
                instance: player.card.instance.clone(),
                code: error.code().to_owned(),
            }))?;
            Ok(Vec::new())
        }
    }
}

fn size(value: &impl serde::Serialize) -> Result<u64> {
    serde_json::to_vec(value)
        .map(|bytes| bytes.len() as u64)
        .map_err(RunError::internal)
}

/// Apply one action under the board's rules.
fn apply(session: &mut Session<'_>, bench: &Bench, player: &Player, action: &Action) -> Result<()> {
    let judged = decide(
        session.seen(),
        &session.facts(),
        &session.rules(),
        &player.card,
        session.stage,
        action,
    );
    if let (Action::RequestCheck((kind, target)), Ok(_)) = (action, &judged) {
        let known = session.seen().iter().any(|e| {
            matches!(&e.body, Body::Agent(EventBody::Checked(c)) if c.kind == *kind && &c.target == target)
        });
        if known {
            return Ok(());
        }
        let found = bench.with_examiner(session, |examiner: &Examiner<'_>| {
            examiner.examine(*kind, target)
        })?;
        return match found {
            Some(check) => session.say(EventBody::Checked(check)).map(|_| ()),
            None => session
                .say(EventBody::Refused("nothing-to-check".to_owned()))
                .map(|_| ()),
        };
    }
    match judged {
        Ok(bodies) => {
            for body in bodies {
                session.record_same(&player.card.instance, body.clone())?;
                if let Body::Agent(EventBody::Verdict(verdict)) = &body
                    && verdict.decision == autods_board::Decision::Promote
                    && session.stage == Stage::Explore
                {
                    promote(session, bench, verdict.result)?;
                }
            }
        }
        Err(refusal) => {
            let rule = refusal.rule.name().to_owned();
            session.ledger(&Entry::Refused {
                rule: rule.clone(),
                agent: player.card.instance.clone(),
            })?;
            session.record_same(&player.card.instance, Body::Agent(EventBody::Refused(rule)))?;
        }
    }
    Ok(())
}

/// What follows from the log by rule: answered objections, accepted proposals, falsified hypotheses.
fn accept(session: &mut Session<'_>) -> Result<()> {
    loop {
        let due = settle(session.seen(), &session.rules());
        if due.is_empty() {
            return Ok(());
        }
        for body in due {
            session.record_same(HOST, Body::Agent(body))?;
        }
    }
}

/// Run every accepted plan that has not been run: screened first, then on all preset seeds.
fn lab_work(session: &mut Session<'_>, bench: &Bench) -> Result<()> {
    loop {
        let done = |id: EventId, session: &Session<'_>| {
            session
                .seen()
                .iter()
                .any(|e| matches!(&e.body, Body::Agent(EventBody::Experiment(x)) if x.plan == id))
        };
        let next = session
            .state()
            .accepted_plans
            .into_iter()
            .find(|&id| !done(id, session));
        let Some(plan) = next else {
            return accept(session);
        };
        if budget(session, 1).experiments == 0 {
            return accept(session);
        }
        let claim = session.claim(plan)?;
        let screened = run_plan(session, bench, plan, Fidelity::Screen)?;
        let hopeless = matches!(
            session.agent_body(screened),
            Some(EventBody::Experiment(e)) if e.gain.is_some_and(|g| g.upper < 0.0)
        );
        if !hopeless {
            let claim = session.renew(&claim)?;
            run_plan(session, bench, plan, Fidelity::Full)?;
            session.release(&claim)?;
        } else {
            session.release(&claim)?;
        }
    }
}

fn run_plan(
    session: &mut Session<'_>,
    bench: &Bench,
    plan: EventId,
    fidelity: Fidelity,
) -> Result<EventId> {
    let resolved = session.resolve(plan)?;
    session.step(
        format!(
            "experiment: {} on {} ({fidelity:?})",
            resolved.plan.method, resolved.features.name
        ),
        0,
        0,
    );
    let population = session.primary_population();
    session.timed("explore: experiments", |session| {
        session.record(HOST, |session| {
            let champion = match session.state().champion {
                Some(id) => Some((id, session.plan_of_result(id)?)),
                None => None,
            };
            let made = bench.with_lab(session, |lab| {
                lab.experiment(
                    &resolved,
                    &population,
                    fidelity,
                    champion.as_ref().map(|(id, p)| (*id, p)),
                )
            })?;
            Ok(Body::Agent(EventBody::Experiment(made)))
        })
    })
}
