/* The agent without a host. */

#include "check.h"

static board_event_t events[3];

static void proposed(board_event_id_t number) {
    events[0] = (board_event_t){.id = number, .author = text_of("modeler-linear")};
    events[0].body.tag = BOARD_EVENT_BODY_PROPOSED;
    events[0].body.val.proposed.body.tag = BOARD_PROPOSAL_BODY_ANALYSIS;
}

static void checked(board_outcome_verdict_t verdict) {
    events[1] = (board_event_t){.id = 2, .author = text_of("host")};
    events[1].body.tag = BOARD_EVENT_BODY_CHECKED;
    board_check_result_t *check = &events[1].body.val.checked;
    *check = (board_check_result_t){.kind = BOARD_CHECK_KIND_LINT, .verdict = verdict};
    check->target.tag = BOARD_CHECK_TARGET_EVENT;
    check->target.val.event = 1;
}

/* What it does about proposal 1 with so many events on the board. */
static exports_acting_list_action_t act(size_t count) {
    board_ticket_t ticket = {BOARD_TICKET_KIND_CRITIQUE, text_of("critic"), 1};
    board_briefing_t briefing = {.events = {events, count}, .tickets = {&ticket, 1}};
    briefing.card.instance = text_of("critic");
    exports_acting_list_action_t actions;
    exports_acting_act(&briefing, &actions);
    return actions;
}

static void without_the_check_it_asks_for_it(void) {
    proposed(1);
    exports_acting_list_action_t actions = act(1);
    CHECK(actions.len == 1 && actions.ptr->tag == BOARD_ACTION_REQUEST_CHECK);
    CHECK(actions.ptr->val.request_check.f0 == BOARD_CHECK_KIND_LINT);
    CHECK(actions.ptr->val.request_check.f1.tag == BOARD_CHECK_TARGET_EVENT);
    CHECK(actions.ptr->val.request_check.f1.val.event == 1);
}

static void it_objects_where_the_check_blocks_and_endorses_where_it_does_not(void) {
    for (board_outcome_verdict_t verdict = 0; verdict <= BOARD_OUTCOME_VERDICT_BLOCK; verdict++) {
        proposed(1);
        checked(verdict);
        exports_acting_list_action_t actions = act(2);
        bool blocks = verdict == BOARD_OUTCOME_VERDICT_BLOCK;
        CHECK(actions.len == 1);
        CHECK(actions.ptr->tag == (blocks ? BOARD_ACTION_OBJECT : BOARD_ACTION_ENDORSE));
        board_critique_t critique =
            blocks ? actions.ptr->val.object.critique : actions.ptr->val.endorse;
        CHECK(critique.evidence == 2 && critique.item == BOARD_RUBRIC_ITEM_COMPLEXITY);
    }
}

static void it_judges_once(void) {
    proposed(1);
    checked(BOARD_OUTCOME_VERDICT_PASS);
    events[2] = (board_event_t){.id = 3, .author = text_of("critic")};
    events[2].body.tag = BOARD_EVENT_BODY_ENDORSED;
    events[2].body.val.endorsed.target = 1;
    CHECK(act(3).len == 0);
    events[2].author = text_of("somebody");
    CHECK(act(3).len == 1);
}

static void it_says_nothing_of_what_is_not_on_the_board(void) {
    CHECK(act(0).len == 0);
    proposed(7);
    CHECK(act(1).len == 0);
}

int main(void) {
    without_the_check_it_asks_for_it();
    it_objects_where_the_check_blocks_and_endorses_where_it_does_not();
    it_judges_once();
    it_says_nothing_of_what_is_not_on_the_board();
    return failures != 0;
}
