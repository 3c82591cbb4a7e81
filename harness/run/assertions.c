/* `assert [@label | fd N] field op value, ...`: what the system under test says of a connection, held
 * against the script. Fields are those of struct tcp_status, in the RFC's spelling or in C's. */
#include "run/runner.h"
#include "scenario/parse.h"

#include "scenario/parse.h"

#include <inttypes.h>
#include <string.h>

enum field_kind {
    FIELD_STATE,
    FIELD_LOCAL_NUMBER,
    FIELD_REMOTE_NUMBER,
    FIELD_U32,
    FIELD_U64,
    FIELD_BOOL
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
};

#define FIELD(name, kind, member)                                                                  \
    {                                                                                              \
        name, kind, offsetof(struct tcp_status, member)                                            \
    }

static const struct field fields[] = {
    FIELD("state", FIELD_STATE, state),
    FIELD("iss", FIELD_LOCAL_NUMBER, iss),
    FIELD("snd.una", FIELD_LOCAL_NUMBER, snd_una),
    FIELD("snd.nxt", FIELD_LOCAL_NUMBER, snd_nxt),
    FIELD("snd.wl1", FIELD_REMOTE_NUMBER, snd_wl1),
    FIELD("snd.wl2", FIELD_LOCAL_NUMBER, snd_wl2),
    FIELD("snd.up", FIELD_LOCAL_NUMBER, snd_up),
    FIELD("irs", FIELD_REMOTE_NUMBER, irs),
    FIELD("rcv.nxt", FIELD_REMOTE_NUMBER, rcv_nxt),
    FIELD("rcv.up", FIELD_REMOTE_NUMBER, rcv_up),
    FIELD("snd.wnd", FIELD_U32, snd_wnd),
    FIELD("rcv.wnd", FIELD_U32, rcv_wnd),
    FIELD("max.snd.wnd", FIELD_U32, max_snd_wnd),
    FIELD("send.mss", FIELD_U32, send_mss),
    FIELD("unsent.bytes", FIELD_U32, unsent_bytes),
    FIELD("unacked.bytes", FIELD_U32, unacked_bytes),
    FIELD("send.room.bytes", FIELD_U32, send_room_bytes),
    FIELD("readable.bytes", FIELD_U32, readable_bytes),
    FIELD("islands", FIELD_U32, islands),
    FIELD("cwnd.bytes", FIELD_U32, cwnd_bytes),
    FIELD("ssthresh.bytes", FIELD_U32, ssthresh_bytes),
    FIELD("srtt.us", FIELD_U64, srtt_us),
    FIELD("rttvar.us", FIELD_U64, rttvar_us),
    FIELD("rto.us", FIELD_U64, rto_us),
    FIELD("retransmits", FIELD_U32, retransmits),
    FIELD("backlog.used", FIELD_U32, backlog_used),
    FIELD("fin.received", FIELD_BOOL, fin_received),
    FIELD("is.passive", FIELD_BOOL, is_passive),
    FIELD("is.owned", FIELD_BOOL, is_owned),
    FIELD("backlog", FIELD_U32, backlog),
    FIELD("acceptable", FIELD_U32, acceptable),
    FIELD("send.buffer.bytes", FIELD_U32, send_buffer_bytes),
    FIELD("receive.buffer.bytes", FIELD_U32, receive_buffer_bytes),
    FIELD("receive.mss", FIELD_U32, receive_mss),
    FIELD("urgent.ahead.bytes", FIELD_U32, urgent_ahead_bytes),
    FIELD("keep.alive.unanswered", FIELD_U32, keep_alive_unanswered),
};

/* "snd_una" and "snd.una" are one name, and the unit may be left out. */
static bool is_named(const char *field, const char *wanted)
{
    size_t i = 0;
    for (; wanted[i] != '\0'; i++) {
        const char letter = wanted[i] == '_' || wanted[i] == '-' ? '.' : wanted[i];
        if (field[i] != letter) {
            return false;
        }
    }
    return strcmp(field + i, "") == 0 || strcmp(field + i, ".bytes") == 0 ||
           strcmp(field + i, ".us") == 0;
}

static const struct field *find(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (is_named(fields[i].name, name)) {
            return &fields[i];
        }
    }
    return NULL;
}

bool run_knows_field(const char *name, const char **nearest)
{
    enum { COUNT = sizeof fields / sizeof fields[0] };
    const char *names[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = fields[i].name;
    }
    const bool is_known = find(name) != NULL;
    *nearest = is_known ? NULL : diagnostic_nearest(name, names, COUNT);
    return is_known;
}

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
    if (holds(condition->compare, live < expected ? -1 : live > expected)) {
        return true;
    }
    return fail_condition(run, condition, subject, arena_format(run->arena, "%" PRIu64, expected),
                          arena_format(run->arena, "%" PRIu64, live));
}

static bool fail_field(struct run *run, const struct scenario_condition *condition)
{
    const char *names[sizeof fields / sizeof fields[0]];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        names[i] = fields[i].name;
    }
    const char *const nearest =
        diagnostic_nearest(condition->field, names, sizeof fields / sizeof fields[0]);
    return run_fail(run, RUN_INVALID, condition->span, "a connection has no %s%s%s%s",
                    condition->field, nearest == NULL ? "" : "; did you mean ",
                    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

static bool check_condition(struct run *run, const struct scenario_condition *condition,
                            const struct subject *subject)
{
    const struct field *const field = find(condition->field);
    if (field == NULL) {
        return fail_field(run, condition);
    }
    if (field->kind == FIELD_STATE) {
        return check_state(run, condition, subject);
    }
    if (condition->word != NULL) {
        return run_fail(run, RUN_INVALID, condition->value_span,
                        "%s is compared with a number, not with %s", condition->field,
                        condition->word);
    }
    if (!subject->has_record) {
        return fail_condition(run, condition, subject, "something",
                              "gone: no record of the connection");
    }
    const char *const at = (const char *)&subject->status + field->offset;
    tcp_seqno number;
    uint32_t small;
    uint64_t large;
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
    case FIELD_STATE:
        break;
    }
    return true;
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
        subject->connection = connections_by_label(run, assertion->connection);
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

bool assertions_check(struct run *run, const struct scenario_event *event)
{
    struct subject subject = {0};
    if ((run->sut->capabilities & SUT_INSPECT) == 0) {
        return run_fail(run, RUN_SKIPPED, event->span,
                        "%s cannot tell the state of a connection, which assert needs",
                        run->sut->name);
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
