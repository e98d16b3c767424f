"""The agent without a host."""

import unittest
from types import SimpleNamespace

from wit_world.imports import board
from wit_world.imports.board import CheckKind, OutcomeVerdict, RubricItem, TicketKind

import critic

LINT_OF_1 = (CheckKind.LINT, board.CheckTarget_Event(1))


def event(number, author, body):
    return board.Event(number, board.Stage.EXPLORE, author, body)


def proposed(number):
    plan = board.Plan(0, 0, "elastic-net-logistic", [], 12, "A plain model first.")
    proposal = board.Proposal(board.ProposalBody_Analysis(plan), None)
    return event(number, "modeler-linear", board.EventBody_Proposed(proposal))


def checked(verdict):
    result = board.CheckResult(*LINT_OF_1, verdict, 0.0, 0.0, [], [])
    return event(2, "host", board.EventBody_Checked(result))


def briefing(*events):
    # what the critic looks at, and nothing besides
    return SimpleNamespace(
        card=SimpleNamespace(instance="critic"),
        events=list(events),
        tickets=[board.Ticket(TicketKind.CRITIQUE, "critic", 1)],
    )


class Agent(unittest.TestCase):
    def test_without_the_check_it_asks_for_it(self):
        self.assertEqual(critic.act(briefing(proposed(1))), [board.Action_RequestCheck(LINT_OF_1)])

    def test_it_objects_where_the_check_blocks_and_endorses_where_it_does_not(self):
        for verdict in OutcomeVerdict:
            (action,) = critic.act(briefing(proposed(1), checked(verdict)))
            blocked = verdict == OutcomeVerdict.BLOCK
            self.assertIs(type(action), board.Action_Object if blocked else board.Action_Endorse)
            critique = action.value.critique if blocked else action.value
            self.assertEqual((critique.evidence, critique.item), (2, RubricItem.COMPLEXITY))

    def test_it_judges_once(self):
        (action,) = critic.act(briefing(proposed(1), checked(OutcomeVerdict.PASS)))
        said = event(3, "critic", board.EventBody_Endorsed(action.value))
        again = briefing(proposed(1), checked(OutcomeVerdict.PASS), said)
        self.assertEqual(critic.act(again), [])

    def test_it_says_nothing_of_what_is_not_on_the_board(self):
        self.assertEqual(critic.act(briefing()), [])
        self.assertEqual(critic.act(briefing(proposed(7))), [])


if __name__ == "__main__":
    unittest.main()
