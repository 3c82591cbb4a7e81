/* `assert [@label | fd N] field op value, ...`: what the system under test says of a connection, held
 * against the script. Fields are those of struct tcp_status, in the RFC's spelling or in C's. */
#include "run/assertion_fields.h"
#include "run/runner.h"
#include "scenario/parse.h"

#include <inttypes.h>
#include <string.h>

static bool holds(enum scenario_compare compare, int64_t difference)
{
    switch (compare) {
    case SCENARIO_EQ:
        return difference == 0;
    case SCENARIO_NE:
        return difference != 0;
    case SCENARIO_LT:
        return difference < 0;
    case SCENARIO_LE:
        return difference <= 0;
    case SCENARIO_GT:
        return difference > 0;
    case SCENARIO_GE:
        return difference >= 0;
    }
    return false;
}

static const char *compare_text(enum scenario_compare compare)
{
    static const char *const texts[] = {"==", "!=", "<", "<=", ">", ">="};
    return texts[compare];
}

/* What a condition is about. */
struct subject {
    const struct connection *connection; /* or NULL */
    struct tcp_status status;
    bool has_record;
};

static bool fail_condition(struct run *run, const struct scenario_condition *condition,
                           const struct subject *subject, const char *script, const char *stack)
{
    if (subject->connection != NULL) {
        run_concern(run, subject->connection);
    }
    const char *const wanted =
        arena_format(run->arena, "%s %s", compare_text(condition->compare), script);
    (void)run_fail(run, RUN_FAILED, condition->span, "the assertion does not hold: %s is %s",
                   condition->field, stack);
    run_differ(run, condition->field, condition->span, wanted, stack);
    return false;
}

static const char *nearest_state(const char *word)
{
    const char *names[TCB_STATE_COUNT];
    for (int state = 0; state < TCB_STATE_COUNT; state++) {
        names[state] = tcb_state_name((enum tcb_state)state);
    }
    return diagnostic_nearest(word, names, TCB_STATE_COUNT);
}

static bool is_state_name(const char *word)
{
    const char *const nearest = nearest_state(word);
    return nearest != NULL && strcmp(nearest, word) == 0;
}

static bool check_state(struct run *run, const struct scenario_condition *condition,
                        const struct subject *subject)
{
    const char *const state =
        tcb_state_name(subject->has_record ? subject->status.state : TCB_CLOSED);
    if (condition->word == NULL ||
        (condition->compare != SCENARIO_EQ && condition->compare != SCENARIO_NE)) {
        return run_fail(run, RUN_INVALID, condition->span,
                        "a state is compared by == or != with a state's name");
    }
    if (!is_state_name(condition->word)) {
        const char *const nearest = nearest_state(condition->word);
        return run_fail(run, RUN_INVALID, condition->value_span, "there is no state %s%s%s%s",
                        condition->word, nearest == NULL ? "" : "; did you mean ",
                        nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
    }
    const bool is_same = strcmp(state, condition->word) == 0;
    return is_same == (condition->compare == SCENARIO_EQ) ||
           fail_condition(run, condition, subject, condition->word, state);
}

static bool check_sequence(struct run *run, const struct scenario_condition *condition,
                           const struct subject *subject, tcp_seqno live, enum number_side side)
{
    tcp_seqno expected;
    if (condition->number.offset > UINT32_MAX || condition->number.offset < -(int64_t)UINT32_MAX) {
        return run_fail(run, RUN_INVALID, condition->value_span,
                        "%" PRId64 " is no sequence number, of which there are 2^32",
                        condition->number.offset);
    }
    if (!numbers_live(run, subject->connection, &condition->number, side, &expected)) {
        return false;
    }
    if (holds(condition->compare, (int32_t)(live.raw - expected.raw))) {
        return true;
    }
    return fail_condition(
        run, condition, subject,
        arena_format(run->arena, "%" PRIu32, numbers_script(subject->connection, expected, side)),
        arena_format(run->arena, "%" PRIu32, numbers_script(subject->connection, live, side)));
}

static bool check_number(struct run *run, const struct scenario_condition *condition,
                         const struct subject *subject, uint64_t live)
{
    const uint64_t expected = (uint64_t)condition->number.offset;
    if (condition->number.base != SCENARIO_BASE_SCRIPT || condition->number.offset < 0) {
        return run_fail(run, RUN_INVALID, condition->value_span,
                        "%s is compared with a number from 0, not with a sequence number",
                        condition->field);
    }
    if (holds(condition->compare, live < expected ? -1 : live > expected)) {
        return true;
    }
    return fail_condition(run, condition, subject, arena_format(run->arena, "%" PRIu64, expected),
                          arena_format(run->arena, "%" PRIu64, live));
}

static bool fail_field(struct run *run, const struct scenario_condition *condition,
                       const char *owner, const char *nearest)
{
    return run_fail(run, RUN_INVALID, condition->span, "%s no %s%s%s%s", owner, condition->field,
                    nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "?");
}

static bool wants_number(struct run *run, const struct scenario_condition *condition)
{
    return condition->word == NULL ||
           run_fail(run, RUN_INVALID, condition->value_span,
                    "%s is compared with a number, not with %s", condition->field, condition->word);
}

/* `live` NULL: it has not ended. */
static bool check_error(struct run *run, const struct scenario_condition *condition,
                        const struct subject *subject, const char *live)
{
    if (condition->word == NULL ||
        (condition->compare != SCENARIO_EQ && condition->compare != SCENARIO_NE)) {
        return run_fail(run, RUN_INVALID, condition->span,
                        "%s is compared by == or != with the name of an error, such as RESET or OK",
                        condition->field);
    }
    const char *const wanted =
        assertion_error_word(run->arena, arena_format(run->arena, "TCP_ERROR_%s", condition->word));
    if (!assertion_knows_error(run->arena, wanted)) {
        return run_fail(run, RUN_INVALID, condition->value_span, "there is no error %s",
                        condition->word);
    }
    const char *const word = live == NULL ? "not yet" : assertion_error_word(run->arena, live);
    return (strcmp(word, wanted) == 0) == (condition->compare == SCENARIO_EQ) ||
           fail_condition(run, condition, subject, condition->word, word);
}

/* What the runner itself has noted, which outlives the record. */
static bool check_told(struct run *run, const struct scenario_condition *condition,
                       const struct subject *subject, const struct field *field)
{
    const struct connection *const connection = subject->connection;
    if (field->kind == FIELD_ENDED) {
        const bool has_ended = connection != NULL && connection->has_ended;
        return check_error(run, condition, subject,
                           has_ended ? tcp_error_name(connection->ended) : NULL);
    }
    return wants_number(run, condition) &&
           check_number(run, condition, subject,
                        connection == NULL ? 0 : connection->event_counts[field->offset]);
}

static bool check_status(struct run *run, const struct scenario_condition *condition,
                         const struct subject *subject, const struct field *field)
{
    const char *const at = (const char *)&subject->status + field->offset;
    tcp_seqno number;
    uint32_t small;
    uint64_t large;
    enum tcp_error error;
    switch (field->kind) {
    case FIELD_LOCAL_NUMBER:
    case FIELD_REMOTE_NUMBER:
        memcpy(&number, at, sizeof number);
        return check_sequence(run, condition, subject, number,
                              field->kind == FIELD_LOCAL_NUMBER ? NUMBER_LOCAL : NUMBER_REMOTE);
    case FIELD_U32:
        memcpy(&small, at, sizeof small);
        return check_number(run, condition, subject, small);
    case FIELD_U64:
        memcpy(&large, at, sizeof large);
        return check_number(run, condition, subject, large);
    case FIELD_BOOL:
        return check_number(run, condition, subject, *(const bool *)at);
    case FIELD_ERROR:
        memcpy(&error, at, sizeof error);
        return check_error(run, condition, subject, tcp_error_name(error));
    case FIELD_STATE:
    case FIELD_EVENT:
    case FIELD_ENDED:
    case FIELD_COUNTER:
        break;
    }
    return true;
}

static bool check_condition(struct run *run, const struct scenario_condition *condition,
                            const struct subject *subject)
{
    const char *nearest;
    const struct field *const field = assertion_field_find(condition->field, &nearest);
    if (field == NULL) {
        return fail_field(run, condition, "a connection has", nearest);
    }
    if (field->kind == FIELD_STATE) {
        return check_state(run, condition, subject);
    }
    if (field->kind == FIELD_EVENT || field->kind == FIELD_ENDED) {
        return check_told(run, condition, subject, field);
    }
    if (field->kind != FIELD_ERROR && !wants_number(run, condition)) {
        return false;
    }
    if (!subject->has_record) {
        return fail_condition(run, condition, subject, "something",
                              "gone: no record of the connection");
    }
    return check_status(run, condition, subject, field);
}

static bool check_all(struct run *run, const struct scenario_condition *conditions, size_t count,
                      const struct subject *subject)
{
    for (size_t i = 0; i < count; i++) {
        if (!check_condition(run, &conditions[i], subject)) {
            return false;
        }
    }
    return true;
}

/* ---- whom it is about ----------------------------------------------------------------------------- */

static bool inspect_descriptor(struct run *run, const struct scenario_event *event,
                               struct subject *subject)
{
    struct descriptor *const entry = descriptors_find(run, event->as.assertion->descriptor);
    if (entry == NULL) {
        return run_fail(run, RUN_INVALID, event->span, "fd %" PRId64 " names no descriptor",
                        event->as.assertion->descriptor);
    }
    subject->connection = descriptors_connection(run, entry);
    if (subject->connection != NULL) {
        subject->has_record = numbers_status(run, subject->connection, &subject->status);
        return true;
    }
    const struct sut_call flow = {.kind = SUT_CALL_FLOW, .fd = entry->fd};
    const struct sut_result where = run->sut->call(run->instance, run->now, &flow);
    const struct sut_call call = {.kind = SUT_CALL_INSPECT, .flow = where.flow};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    subject->has_record = where.error == NULL && result.error == NULL && result.value != 0;
    subject->status = result.status;
    return true;
}

static bool find_subject(struct run *run, const struct scenario_event *event,
                         struct subject *subject)
{
    const struct scenario_assertion *const assertion = event->as.assertion;
    if (assertion->connection == NULL && assertion->descriptor >= 0) {
        return inspect_descriptor(run, event, subject);
    }
    if (assertion->connection != NULL) {
        subject->connection = targets_connection(run, assertion->connection);
        if (subject->connection == NULL) {
            return run_fail(run, RUN_INVALID, event->span, "@%s names no connection yet",
                            assertion->connection);
        }
    } else {
        subject->connection = connections_latest(run);
    }
    subject->has_record =
        subject->connection != NULL && numbers_status(run, subject->connection, &subject->status);
    return true;
}

/* `assert host`: the counters of struct tcp_counters. */
static bool check_host(struct run *run, const struct scenario_assertion *assertion)
{
    const struct sut_call call = {.kind = SUT_CALL_COUNTERS};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    const struct subject nobody = {0};
    for (size_t i = 0; i < assertion->condition_count; i++) {
        const struct scenario_condition *const condition = &assertion->conditions[i];
        const char *nearest;
        const struct field *const field = assertion_counter_find(condition->field, &nearest);
        uint32_t live;
        if (field == NULL) {
            return fail_field(run, condition, "the host counts", nearest);
        }
        memcpy(&live, (const char *)&result.counters + field->offset, sizeof live);
        if (!wants_number(run, condition) || !check_number(run, condition, &nobody, live)) {
            return false;
        }
    }
    return true;
}

bool assertions_check(struct run *run, const struct scenario_event *event)
{
    struct subject subject = {0};
    if ((run->sut->capabilities & SUT_INSPECT) == 0) {
        return run_fail(run, RUN_SKIPPED, event->span,
                        "%s cannot tell the state of a connection, which assert needs",
                        run->sut->name);
    }
    if (event->as.assertion->is_host) {
        return check_host(run, event->as.assertion);
    }
    if (!find_subject(run, event, &subject)) {
        return false;
    }
    return check_all(run, event->as.assertion->conditions, event->as.assertion->condition_count,
                     &subject);
}

bool assertions_hold(struct run *run, const struct connection *connection,
                     const struct tcp_status *status, const struct scenario_condition *conditions,
                     size_t count)
{
    const struct subject subject = {connection, *status, true};
    return check_all(run, conditions, count, &subject);
}
