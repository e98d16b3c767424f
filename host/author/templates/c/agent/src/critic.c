/* A critic: judges proposals by what the host computes about them, and by nothing else.

   For every critique that it owes it asks for the host's `lint` of the proposal (does it keep to the
   protocol, its columns, the declared ranges?) and waits. With the check on the board it objects
   where the check blocks and endorses where it does not; either cites the check, because a critique
   without evidence is refused.

   An agent is a pure function: no clock, no randomness but its seed, no memory but the board. The
   same briefing gives the same actions. */

#include <string.h>

#include "autods/memory.h"

static board_rubric_item_t item_of(const board_proposal_t *proposal) {
    switch (proposal->body.tag) {
    case BOARD_PROPOSAL_BODY_PROTOCOL:
        return BOARD_RUBRIC_ITEM_VALIDATION_DESIGN;
    case BOARD_PROPOSAL_BODY_FEATURES:
        return BOARD_RUBRIC_ITEM_FEATURES;
    default:
        return BOARD_RUBRIC_ITEM_COMPLEXITY;
    }
}

static bool is_lint_of(const board_check_result_t *check, board_event_id_t target) {
    return check->kind == BOARD_CHECK_KIND_LINT && check->target.tag == BOARD_CHECK_TARGET_EVENT &&
           check->target.val.event == target;
}

/* The next thing to do about a proposal; false where there is nothing, or it is judged already. */
static bool judge(const board_briefing_t *briefing, board_event_id_t target,
                  board_action_t *action) {
    const board_proposal_t *proposal = NULL;
    const board_check_result_t *check = NULL;
    board_event_id_t evidence = 0;
    for (size_t at = 0; at < briefing->events.len; at++) {
        const board_event_t *event = &briefing->events.ptr[at];
        const board_critique_t *said = NULL;
        switch (event->body.tag) {
        case BOARD_EVENT_BODY_PROPOSED:
            proposal = event->id == target ? &event->body.val.proposed : proposal;
            break;
        case BOARD_EVENT_BODY_CHECKED:
            if (is_lint_of(&event->body.val.checked, target)) {
                check = &event->body.val.checked;
                evidence = event->id;
            }
            break;
        case BOARD_EVENT_BODY_ENDORSED:
            said = &event->body.val.endorsed;
            break;
        case BOARD_EVENT_BODY_OBJECTED:
            said = &event->body.val.objected.critique;
            break;
        }
        if (said && said->target == target && text_is(event->author, briefing->card.instance)) {
            return false;
        }
    }
    if (!proposal) {
        return false;
    }
    memset(action, 0, sizeof *action);
    if (!check) {
        action->tag = BOARD_ACTION_REQUEST_CHECK;
        action->val.request_check.f0 = BOARD_CHECK_KIND_LINT;
        action->val.request_check.f1.tag = BOARD_CHECK_TARGET_EVENT;
        action->val.request_check.f1.val.event = target;
        return true;
    }
    bool blocks = check->verdict == BOARD_OUTCOME_VERDICT_BLOCK;
    bool warns = check->verdict == BOARD_OUTCOME_VERDICT_WARN;
    board_critique_t critique = {.target = target, .item = item_of(proposal), .evidence = evidence};
    /* what is given to the host is freed behind it: a copy of the literal, and not the literal */
    plugin_string_dup(&critique.remark,
                      blocks  ? "It does not keep to the protocol or to declared ranges."
                      : warns ? "The check warns, but does not block."
                              : "The check finds nothing wrong.");
    if (blocks) {
        action->tag = BOARD_ACTION_OBJECT;
        action->val.object.critique = critique;
    } else {
        action->tag = BOARD_ACTION_ENDORSE;
        action->val.endorse = critique;
    }
    return true;
}

void exports_acting_act(exports_acting_briefing_t *briefing, exports_acting_list_action_t *ret) {
    struct buffer actions = {0};
    for (size_t at = 0; at < briefing->tickets.len; at++) {
        const board_ticket_t *ticket = &briefing->tickets.ptr[at];
        board_action_t action;
        if (ticket->kind == BOARD_TICKET_KIND_CRITIQUE &&
            text_is(ticket->owner, briefing->card.instance) &&
            judge(briefing, ticket->about, &action)) {
            buffer_add(&actions, &action, sizeof action);
        }
    }
    ret->ptr = (board_action_t *)(void *)actions.at;
    ret->len = actions.len / sizeof(board_action_t);
}
