"""A critic: judges proposals by what the host computes about them, and by nothing else.

For every critique that it owes it asks for the host's `lint` of the proposal (does it keep to the
protocol, its columns, the declared ranges?) and waits. With the check on the board it objects where
the check blocks and endorses where it does not; either cites the check, because a critique without
evidence is refused.

An agent is a pure function: no clock, no randomness but its seed, no memory but the board. The same
briefing gives the same actions.
"""

from wit_world.imports import board
from wit_world.imports.board import CheckKind, OutcomeVerdict, RubricItem, TicketKind

ITEMS = {
    board.ProposalBody_Protocol: RubricItem.VALIDATION_DESIGN,
    board.ProposalBody_Features: RubricItem.FEATURES,
    board.ProposalBody_Analysis: RubricItem.COMPLEXITY,
}


def act(briefing):
    me = briefing.card.instance
    owed = [t for t in briefing.tickets if t.kind == TicketKind.CRITIQUE and t.owner == me]
    actions = [judge(briefing, ticket.about) for ticket in owed]
    return [action for action in actions if action is not None]


def judge(briefing, target):
    """The next thing to do about a proposal; nothing where it is judged already."""
    proposal = None
    evidence = None
    for event in briefing.events:
        match event.body:
            case board.EventBody_Proposed(value) if event.id == target:
                proposal = value
            case board.EventBody_Checked(value) if is_lint_of(value, target):
                evidence = (event.id, value.verdict)
            case board.EventBody_Endorsed(value) if value.target == target:
                if event.author == briefing.card.instance:
                    return None
            case board.EventBody_Objected(value) if value.critique.target == target:
                if event.author == briefing.card.instance:
                    return None
    if proposal is None:
        return None
    if evidence is None:
        return board.Action_RequestCheck((CheckKind.LINT, board.CheckTarget_Event(target)))
    check, verdict = evidence
    item = ITEMS[type(proposal.body)]
    if verdict == OutcomeVerdict.BLOCK:
        remark = "It does not keep to the protocol or to declared ranges."
        critique = board.Critique(target, item, check, remark)
        return board.Action_Object(board.Objection(critique, [], []))
    warned = verdict == OutcomeVerdict.WARN
    remark = "The check warns, but does not block." if warned else "The check finds nothing wrong."
    return board.Action_Endorse(board.Critique(target, item, check, remark))


def is_lint_of(check, target):
    return check.kind == CheckKind.LINT and check.target == board.CheckTarget_Event(target)
