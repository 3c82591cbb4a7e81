/* Expectations: is there any, can it be met, and does the peer use only what it can know? */
#include "scenario/linter.h"

#include <string.h>

#include "scenario/option_names.h"
#include "scenario/same.h"
#include "tcp/segment.h"

/* Calls after which still nothing can leave. */
static const char *const silent_calls[] = {
    "socket",    "bind",       "listen",  "setsockopt",   "getsockopt",
    "fcntl",     "accept",     "accept4", "epoll_create", "epoll_create1",
    "epoll_ctl", "epoll_wait", "poll",    "ioctl",        NULL};

/* Calls whose success nobody writes down for its own sake. */
static const char *const setup_calls[] = {"socket", "bind",         "listen",        "setsockopt",
                                          "fcntl",  "epoll_create", "epoll_create1", NULL};

/* What has been passed. */
struct story {
    struct linter *linter;
    bool can_send;     /* something has happened that may make the stack send */
    bool is_opening;   /* ... and it may have chosen an initial number */
    bool has_answered; /* a packet from it was expected, so the peer has seen numbers */
    bool has_expected; /* anything */
    bool has_fixed_isn;
};

/* ---- numbers that nobody can know ---------------------------------------------------------------- */

static bool is_ours(const struct scenario_number *number)
{
    switch (number->base) {
    case SCENARIO_BASE_ISS:
    case SCENARIO_BASE_SND_UNA:
    case SCENARIO_BASE_SND_NXT:
    case SCENARIO_BASE_SND_EDGE:
        return true;
    case SCENARIO_BASE_SCRIPT:
    case SCENARIO_BASE_ABSOLUTE:
    case SCENARIO_BASE_IRS:
    case SCENARIO_BASE_RCV_NXT:
    case SCENARIO_BASE_RCV_EDGE:
        break;
    }
    return false;
}

/* A script number counts from the stack's initial number once there is one; the runner takes it as
 * it stands while there is none, and then nobody has to know anything. */
static void check_number(const struct story *story, const struct scenario_number *number,
                         bool counts_from_ours, struct source_span span)
{
    const bool is_relative =
        counts_from_ours && story->is_opening && number->base == SCENARIO_BASE_SCRIPT;
    if (is_ours(number) || is_relative) {
        linter_find(story->linter, LINT_UNKNOWABLE, number->span.length > 0 ? number->span : span,
                    "the peer has seen no number of the stack yet, so it cannot know this one",
                    "an absolute number such as 17!, or the stack's SYN expected before", NULL);
    }
}

static void check_peer(void *context, const struct scenario_packet *packet)
{
    const struct story *story = context;
    if (packet->direction != SCENARIO_INBOUND || packet->protocol != SCENARIO_TCP ||
        story->has_answered || story->has_fixed_isn) {
        return;
    }
    const struct scenario_tcp *tcp = &packet->as.tcp;
    check_number(story, &tcp->start, false, tcp->sequence_span);
    if (tcp->has_ack) {
        check_number(story, &tcp->ack, true, tcp->ack_span);
    }
}

static bool has_fixed_isn(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->option_count; i++) {
        if (strcmp(scenario->options[i].name, "set") == 0 &&
            strncmp(scenario->options[i].value, "fixed_iss=", 10) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- expectations that nothing can meet ----------------------------------------------------------- */

static bool may_be_nothing(const struct scenario_event *event)
{
    return event->kind == SCENARIO_ONE_OF &&
           event->as.group.items[event->as.group.count - 1].as.group.count == 0;
}

static void check_cause(struct story *story, const struct scenario_event *event)
{
    if (!story->can_send && !story->has_answered && !may_be_nothing(event)) {
        linter_find(story->linter, LINT_UNREACHABLE, event->span,
                    "nothing has happened yet that could make the stack send",
                    "a call such as connect(), or an inbound packet, before", NULL);
    }
}

static bool same_packets(const struct scenario_event *a, const struct scenario_event *b)
{
    if (a->as.group.count != b->as.group.count) {
        return false;
    }
    for (size_t i = 0; i < a->as.group.count; i++) {
        if (!scenario_event_same(&a->as.group.items[i], &b->as.group.items[i])) {
            return false;
        }
    }
    return true;
}

#define ALTERNATIVES_MAX 64 /* that are compared with all others */

static void check_alternatives(const struct story *story, const struct scenario_event *event)
{
    const struct scenario_event *items = event->as.group.items;
    const size_t count =
        event->as.group.count < ALTERNATIVES_MAX ? event->as.group.count : ALTERNATIVES_MAX;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (same_packets(&items[i], &items[j])) {
                linter_find(story->linter, LINT_UNREACHABLE, items[i].span,
                            "this alternative stands above already", NULL, NULL);
                break;
            }
        }
    }
}

static bool excludes(const struct scenario_condition *a, const struct scenario_condition *b)
{
    if (a->compare != SCENARIO_EQ || b->compare != SCENARIO_EQ || strcmp(a->field, b->field) != 0) {
        return false;
    }
    if (a->word != NULL && b->word != NULL) {
        return strcmp(a->word, b->word) != 0;
    }
    return a->word == NULL && b->word == NULL && a->number.base == b->number.base &&
           a->number.offset != b->number.offset;
}

#define CONDITIONS_MAX 64 /* likewise */

static void check_conditions(const struct story *story, const struct scenario_assertion *assertion)
{
    const size_t count =
        assertion->condition_count < CONDITIONS_MAX ? assertion->condition_count : CONDITIONS_MAX;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (excludes(&assertion->conditions[i], &assertion->conditions[j])) {
                linter_find(story->linter, LINT_UNREACHABLE, assertion->conditions[i].span,
                            arena_format(story->linter->arena,
                                         "%s cannot have two values at one time",
                                         assertion->conditions[i].field),
                            NULL, NULL);
                break;
            }
        }
    }
}

/* ---- the story ------------------------------------------------------------------------------------- */

static void pass_call(struct story *story, const struct scenario_call *call)
{
    const bool is_setup = linter_is_among(call->name, setup_calls);
    const bool has_failed = call->error != NULL || (call->result.kind == SCENARIO_VALUE_INTEGER &&
                                                    call->result.integer < 0);
    if (!linter_is_among(call->name, silent_calls)) {
        story->can_send = true;
    }
    if (strcmp(call->name, "connect") == 0) {
        story->is_opening = true;
    }
    if (call->result.kind == SCENARIO_VALUE_INTEGER && (has_failed || !is_setup)) {
        story->has_expected = true;
    }
}

static void pass_inbound(void *context, const struct scenario_packet *packet)
{
    struct story *story = context;
    if (packet->direction == SCENARIO_INBOUND) {
        story->can_send = true;
        story->is_opening = story->is_opening || (packet->protocol == SCENARIO_TCP &&
                                                  (packet->as.tcp.flags & TCP_FLAG_SYN) != 0);
    }
}

static void pass_event(struct story *story, const struct scenario_event *event)
{
    linter_packets(event, check_peer, story);
    linter_packets(event, pass_inbound, story);
    if (linter_is_expectation(event)) {
        check_cause(story, event);
        story->has_answered = story->has_expected = true;
    }
    if (event->kind == SCENARIO_ONE_OF) {
        check_alternatives(story, event);
    }
    if (event->kind == SCENARIO_CALL) {
        pass_call(story, event->as.call);
    }
    if (event->kind == SCENARIO_ASSERT) {
        check_conditions(story, event->as.assertion);
    }
    if (event->kind == SCENARIO_COMMAND || event->kind == SCENARIO_CODE) {
        story->can_send = true; /* nobody knows what it does */
    }
    story->has_expected = story->has_expected || event->kind == SCENARIO_ASSERT ||
                          event->kind == SCENARIO_QUIET || event->kind == SCENARIO_CODE;
}

void lint_expectations(struct linter *linter)
{
    const struct scenario *scenario = linter->scenario;
    /* A script in mode causes expects nothing: oracles judge it, and its numbers are told from where the connection
     * stands. */
    if (option_is_said(scenario->options, scenario->option_count, "mode", "causes")) {
        return;
    }
    struct story story = {.linter = linter, .has_fixed_isn = has_fixed_isn(scenario)};
    for (size_t i = 0; i < scenario->event_count; i++) {
        pass_event(&story, &scenario->events[i]);
    }
    if (!story.has_expected && scenario->event_count > 0) {
        linter_find(linter, LINT_NO_EXPECTATION, scenario->events[scenario->event_count - 1].span,
                    "the script ends here and has expected nothing",
                    "an outbound packet, assert, or quiet for some time", NULL);
    }
}
