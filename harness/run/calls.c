/* The calls of a script: arguments in, a result held against the script's. Blocking ones are kept in
 * pending.c until they return. */
#include "run/call_forms.h"
#include "run/runner.h"

#include <inttypes.h>
#include <string.h>

/* The call as the script writes it, for trace and reports. */
static const char *call_text(struct run *run, const struct scenario_event *event)
{
    const struct scenario_call *const call = event->as.call;
    const struct source_span name = call->name_span;
    const uint32_t end = event->span.offset + event->span.length;
    if (run->scenario->source == NULL || name.length == 0 || end <= name.offset) {
        return call->name;
    }
    const char *const text = run->scenario->source + name.offset;
    const char *const result = memchr(text, '=', end - name.offset);
    size_t count = end - name.offset;
    if (result != NULL && call->result_span.offset > name.offset) {
        count = call->result_span.offset - name.offset;
        while (count > 0 && (text[count - 1] == ' ' || text[count - 1] == '=')) {
            count--;
        }
    }
    return arena_copy_text(run->arena, text, count);
}

static bool sends(const struct pending *entry)
{
    return entry->call.kind == SUT_CALL_WRITE || entry->call.kind == SUT_CALL_TCP_SEND;
}

static bool receives(const struct pending *entry)
{
    return entry->call.kind == SUT_CALL_READ || entry->call.kind == SUT_CALL_TCP_RECEIVE;
}

/* The state in which an RFC 9293 call finds its record. */
static bool state_of(struct run *run, const struct pending *entry, enum tcb_state *out)
{
    const bool is_about_one = entry->call.connection.generation != 0;
    const struct sut_call look = {.kind = SUT_CALL_TCP_LOOK, .connection = entry->call.connection};
    const struct sut_result result =
        is_about_one ? run->sut->call(run->instance, run->now, &look) : (struct sut_result){0};
    *out = result.error == NULL ? result.status.state : TCB_CLOSED;
    return is_about_one;
}

static void record_call(struct run *run, const struct pending *entry)
{
    enum tcb_state state = TCB_CLOSED;
    const bool has_state = state_of(run, entry, &state);
    struct trace_record *const record = run_record(run, TRACE_CALL, entry->event);
    const bool is_send = sends(entry);
    const bool is_receive = receives(entry);
    record->as.call = (struct trace_call){
        .name = entry->event->as.call->name,
        .text = entry->text,
        .cookie = entry->cookie,
        .incarnation = entry->connection,
        .is_send = is_send,
        .is_receive = is_receive,
        .bytes = is_send ? entry->call.bytes : NULL,
        .count = is_send || is_receive ? entry->call.count : 0,
        .has_state = has_state,
        .state = state,
    };
}

static void record_done(struct run *run, const struct pending *entry,
                        const struct sut_result *result, int64_t value)
{
    struct trace_record *const record = run_record(run, TRACE_CALL_DONE, entry->event);
    const bool is_receive = receives(entry);
    const bool has_bytes = is_receive && result->value > 0;
    record->as.call = (struct trace_call){
        .name = entry->event->as.call->name,
        .text = entry->text,
        .cookie = entry->cookie,
        .incarnation = entry->connection,
        .is_send = sends(entry),
        .is_receive = is_receive,
        .bytes = has_bytes ? entry->call.bytes : NULL,
        .count = has_bytes ? (size_t)result->value : 0,
        .value = value,
        .error = result->error,
    };
}

/* ---- judging ------------------------------------------------------------------------------------- */

static const char *outcome_text(struct run *run, int64_t value, const char *error)
{
    if (error != NULL) {
        return arena_format(run->arena, "%" PRId64 " %s", value, error);
    }
    return arena_format(run->arena, "%" PRId64, value);
}

static void concern_entry(struct run *run, const struct pending *entry)
{
    if (entry->connection < run->connection_count) {
        run_concern(run, run->connections[entry->connection]);
    }
}

static bool judge_time(struct run *run, const struct pending *entry)
{
    if (!entry->is_blocking || (run->now.us + run->tolerance_us >= entry->end.us &&
                                run->now.us <= entry->end.us + run->tolerance_us)) {
        return true;
    }
    concern_entry(run, entry);
    const char *const expected = run_time_text(run, entry->end);
    const char *const actual = run_time_text(run, run->now);
    (void)run_fail(run, RUN_FAILED, entry->event->time.span,
                   "%s() returned at %s, but the script expects it to block until %s",
                   entry->event->as.call->name, actual, expected);
    run_differ(run, "returns at", entry->event->time.span, expected, actual);
    return false;
}

static bool judge_result(struct run *run, const struct pending *entry, int64_t value,
                         const char *error)
{
    const struct scenario_call *const call = entry->event->as.call;
    if (!entry->says_result) {
        return true;
    }
    const bool same_error =
        (error == NULL && call->error == NULL) ||
        (error != NULL && call->error != NULL && strcmp(error, call->error) == 0);
    if (same_error && value == entry->result) {
        return true;
    }
    concern_entry(run, entry);
    const char *const script = outcome_text(run, entry->result, call->error);
    const char *const stack = outcome_text(run, value, error);
    (void)run_fail(run, RUN_FAILED, call->result_span, "%s() returned %s, not %s", call->name,
                   stack, script);
    run_differ(run, "result", call->result_span, script, stack);
    return false;
}

bool calls_judge(struct run *run, struct pending *entry, const struct sut_result *result)
{
    int64_t value = result->error != NULL ? -1 : result->value;
    bool is_sound = true;
    if (entry->form->conclude != NULL) {
        is_sound = entry->form->conclude(run, entry, result, &value);
    }
    record_done(run, entry, result, value);
    return (is_sound && judge_time(run, entry) && judge_result(run, entry, value, result->error)) ||
           run_lets_be(run);
}

/* What the script expects, if it says anything: `...` and the name that a connection gets do not. */
static bool read_result(struct run *run, struct pending *entry)
{
    const struct scenario_call *const call = entry->event->as.call;
    const bool names =
        call->result.kind == SCENARIO_VALUE_WORD && entry->form->conclude == call_tcp_conclude_open;
    if (run->mode == RUN_CAUSES) {
        return true; /* nothing is compared */
    }
    if (names || call->result.kind == SCENARIO_VALUE_ELLIPSIS) {
        return call->error == NULL || run_fail(run, RUN_INVALID, call->result_span,
                                               "%s stands behind -1 only", call->error);
    }
    entry->says_result = true;
    return argument_integer(run, &call->result, &entry->result);
}

/* ---- making --------------------------------------------------------------------------------------- */

/* A call that blocks has bound its names already: a socket's four-tuple is known once connect() is made,
 * and close() lets go at once. */
static void note_descriptor(struct run *run, const struct pending *entry)
{
    if (entry->call.kind == SUT_CALL_CONNECT && entry->descriptor != NULL) {
        targets_bind_descriptor(run, entry->descriptor->name, entry->call.fd);
    }
    if (entry->call.kind == SUT_CALL_CLOSE && entry->descriptor != NULL &&
        run->mode == RUN_CAUSES) { /* one that fails had nothing to let go of */
        descriptors_unbind(run, entry->descriptor->name);
    }
}

static bool wait_for(struct run *run, const struct pending *entry)
{
    const uint32_t cookie = entry->cookie;
    note_descriptor(run, entry);
    (void)pending_add(run, entry);
    if (!drain(run)) {
        return false;
    }
    for (size_t i = 0; !entry->is_blocking && !run_lets_be(run) && i < run->pending_count; i++) {
        if (run->pending[i].cookie == cookie && !run->pending[i].is_done) {
            concern_entry(run, entry);
            return run_fail(run, RUN_FAILED, entry->event->span,
                            "%s() would block; a call that blocks is written begin...end",
                            entry->event->as.call->name);
        }
    }
    return true;
}

/* socket(..., SOCK_STREAM|SOCK_NONBLOCK, ...) is two calls of the adapter. */
static bool make_more(struct run *run, const struct pending *entry, const struct sut_result *result)
{
    if (entry->call.kind != SUT_CALL_SOCKET || entry->call.count == 0 || result->error != NULL) {
        return true;
    }
    const struct sut_call call = {.kind = SUT_CALL_SET_OPTION,
                                  .cookie = run->next_cookie++,
                                  .fd = (int)result->value,
                                  .option = TCP_SOCKET_O_NONBLOCK,
                                  .number = 1};
    (void)run->sut->call(run->instance, run->now, &call);
    return true;
}

bool calls_make(struct run *run, const struct scenario_event *event, tcp_time end)
{
    const struct scenario_call *const call = event->as.call;
    struct pending entry = {.cookie = ++run->next_cookie,
                            .event = event,
                            .form = calls_find(call->name),
                            .end = end,
                            .is_blocking = event->time.has_end,
                            .connection = RUN_NO_CONNECTION,
                            .text = call_text(run, event)};
    if (entry.form == NULL) {
        return vocabulary_refuse_call(run, call);
    }
    if (call->argument_count < entry.form->arguments_min ||
        call->argument_count > entry.form->arguments_max) {
        return run_fail(run, RUN_INVALID, event->span, "%s() does not take %zu arguments",
                        call->name, call->argument_count);
    }
    if (!read_result(run, &entry) || !entry.form->prepare(run, call, &entry)) {
        return false;
    }
    entry.call.cookie = entry.cookie;
    record_call(run, &entry);
    const struct sut_result result = run->sut->call(run->instance, run->now, &entry.call);
    if (result.is_pending) {
        return wait_for(run, &entry);
    }
    note_descriptor(run, &entry);
    return calls_judge(run, &entry, &result) && make_more(run, &entry, &result) && drain(run);
}
