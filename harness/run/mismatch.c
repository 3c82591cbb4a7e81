/* A failure that explains itself: where, what, which fields, in which state, what happened before, and
 * how to see it again. */
#include "run/runner.h"

#include "trace/ladder.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LADDER_ROWS 12

/* ---- collecting ------------------------------------------------------------------------------------- */

static void set_problem(struct run *run, enum run_verdict verdict, struct source_span span,
                        const char *format, va_list arguments)
{
    char buffer[1024];
    (void)vsnprintf(buffer, sizeof buffer, format, arguments);
    run->problem.is_set = true;
    run->problem.verdict = verdict;
    run->problem.span = span;
    run->problem.message = arena_copy_text(run->arena, buffer, strlen(buffer));
}

bool run_stop(struct run *run, enum run_verdict verdict, struct source_span span,
              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!run->problem.is_set) {
        set_problem(run, verdict, span, format, arguments);
    }
    va_end(arguments);
    return false;
}

bool run_fail(struct run *run, enum run_verdict verdict, struct source_span span,
              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!run->problem.is_set && (verdict != RUN_FAILED || run_judges_script(run))) {
        set_problem(run, verdict, span, format, arguments);
    }
    va_end(arguments);
    return false;
}

void run_differ(struct run *run, const char *field, struct source_span span, const char *script,
                const char *stack)
{
    struct problem *const problem = &run->problem;
    if (problem->difference_count < RUN_DIFFERENCES_MAX) {
        problem->differences[problem->difference_count++] =
            (struct difference){field, script, stack, span};
    }
}

void run_concern(struct run *run, const struct connection *connection)
{
    struct problem *const problem = &run->problem;
    if (problem->is_set || problem->has_connection) {
        return;
    }
    problem->has_connection = true;
    problem->connection = connection->index;
    if ((run->sut->capabilities & SUT_INSPECT) != 0) {
        problem->has_status = numbers_status(run, connection, &problem->status);
    }
}

const char *run_duration_text(struct run *run, uint64_t us)
{
    char *const text =
        arena_format(run->arena, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '0') {
        length--;
    }
    if (length > 0 && text[length - 1] == '.') {
        length--;
    }
    text[length] = '\0';
    return arena_format(run->arena, "%s s", text);
}

const char *run_time_text(struct run *run, tcp_time at)
{
    if (at.us == UINT64_MAX) {
        return "any time";
    }
    return run_duration_text(run, at.us - run->start.us);
}

/* ---- parts of the report ---------------------------------------------------------------------------- */

static void add_place(const struct run *run, struct source_span span, struct text *out)
{
    const char *const path = run->scenario->path == NULL ? "script" : run->scenario->path;
    if (span.line == 0) {
        text_format(out, "%s: ", path);
    } else {
        text_format(out, "%s:%" PRIu32 ":%" PRIu32 ": ", path, span.line, span.column);
    }
}

/* What is shown of a long line: this many bytes, the caret among them. */
#define EXCERPT_BYTES_MAX 160

/* The line with a caret under the token. Control characters of the script reach no terminal. */
static void add_source_line(const struct run *run, struct source_span span, struct text *out)
{
    const char *const source = run->scenario->source;
    if (source == NULL || span.line == 0 || span.offset >= run->scenario->source_bytes) {
        return;
    }
    const size_t column = span.column - 1;
    const size_t before = column < EXCERPT_BYTES_MAX / 2 ? column : EXCERPT_BYTES_MAX / 2;
    const char *const begin = source + span.offset - before;
    size_t left = run->scenario->source_bytes - (size_t)(begin - source);
    left = left < EXCERPT_BYTES_MAX ? left : EXCERPT_BYTES_MAX;
    const char *const newline = memchr(begin, '\n', left);
    const size_t count = newline == NULL ? left : (size_t)(newline - begin);
    text_format(out, "%5" PRIu32 " | ", span.line);
    for (size_t i = 0; i < count; i++) {
        const unsigned char byte = (unsigned char)begin[i];
        const bool is_control = (byte < ' ' && byte != '\t') || byte == 0x7f;
        text_add(out, is_control ? "?" : &begin[i], 1);
    }
    text_string(out, "\n      | ");
    for (size_t i = 0; i < before && i < count; i++) {
        text_string(out, begin[i] == '\t' ? "\t" : " ");
    }
    text_string(out, "^");
    for (size_t i = 1; i < span.length && before + i < count; i++) {
        text_string(out, "~");
    }
    text_string(out, "\n");
}

static size_t width_of(const struct problem *problem, bool is_script)
{
    size_t width = 6;
    for (size_t i = 0; i < problem->difference_count; i++) {
        const struct difference *const item = &problem->differences[i];
        const size_t length = strlen(is_script ? item->script : item->field);
        width = length > width ? length : width;
    }
    return width;
}

static void add_table(const struct problem *problem, struct text *out)
{
    if (problem->difference_count == 0) {
        return;
    }
    const size_t second = 2 + width_of(problem, false) + 3;
    const size_t third = second + width_of(problem, true) + 3;
    text_string(out, "\n  field");
    text_pad_to(out, second);
    text_string(out, "script");
    text_pad_to(out, third);
    text_string(out, "stack\n");
    for (size_t i = 0; i < problem->difference_count; i++) {
        const struct difference *const item = &problem->differences[i];
        text_format(out, "  %s", item->field);
        text_pad_to(out, second);
        text_string(out, item->script);
        text_pad_to(out, third);
        text_format(out, "%s\n", item->stack);
    }
}

static void add_timer(struct run *run, const char *name, tcp_time at, struct text *out,
                      const char **between)
{
    if (at.us != UINT64_MAX) {
        text_format(out, "%s%s at %s", *between, name, run_time_text(run, at));
        *between = ", ";
    }
}

static void add_timers(struct run *run, const struct tcp_status *status, struct text *out)
{
    const char *between = "";
    text_string(out, "  timers: ");
    add_timer(run, "retransmission", status->retransmission_at, out, &between);
    add_timer(run, "persist", status->persist_at, out, &between);
    add_timer(run, "delayed ACK", status->delayed_ack_at, out, &between);
    add_timer(run, "TIME-WAIT", status->time_wait_at, out, &between);
    text_string(out, between[0] == '\0' ? "none\n" : "\n");
}

static void add_status(struct run *run, struct text *out)
{
    const struct problem *const problem = &run->problem;
    if (!problem->has_connection || (run->sut->capabilities & SUT_INSPECT) == 0) {
        return;
    }
    const struct connection *const connection = run->connections[problem->connection];
    text_string(out, "\nconnection ");
    if (connection->label != NULL) {
        text_format(out, "@%s ", connection->label);
    }
    text_format(out, "%u > %u: ", connection->flow.local.port, connection->flow.remote.port);
    if (!problem->has_status) {
        text_string(out, "no record is left\n");
        return;
    }
    const struct tcp_status *const status = &problem->status;
    text_format(out, "%s\n", tcb_state_name(status->state));
    text_format(out,
                "  snd.una %" PRIu32 ", snd.nxt %" PRIu32 ", snd.wnd %" PRIu32 ", unsent %" PRIu32
                ", cwnd %" PRIu32 "\n",
                numbers_script(connection, status->snd_una, NUMBER_LOCAL),
                numbers_script(connection, status->snd_nxt, NUMBER_LOCAL), status->snd_wnd,
                status->unsent_bytes, status->cwnd_bytes);
    text_format(out, "  rcv.nxt %" PRIu32 ", rcv.wnd %" PRIu32 ", readable %" PRIu32 "\n",
                numbers_script(connection, status->rcv_nxt, NUMBER_REMOTE), status->rcv_wnd,
                status->readable_bytes);
    add_timers(run, status, out);
}

static void add_ladder(const struct run *run, struct text *out)
{
    const struct ladder_options options = {.last_rows = LADDER_ROWS};
    if (run->trace->record_count == 0) {
        return;
    }
    text_string(out, "\n");
    ladder_print(run->trace, &options, out);
}

void mismatch_report(struct run *run, struct run_outcome *out)
{
    const struct problem *const problem = &run->problem;
    struct text *const report = &out->report;
    out->line = problem->span.line;
    out->column = problem->span.column;
    text_clear(&out->summary);
    text_string(&out->summary, problem->message);
    add_place(run, problem->span, report);
    text_format(report, "%s\n", problem->message);
    add_source_line(run, problem->span, report);
    if (problem->note != NULL) {
        text_format(report, "  %s\n", problem->note);
    }
    if (problem->verdict == RUN_FAILED || problem->verdict == RUN_BROKEN) {
        add_table(problem, report);
        add_status(run, report);
        if (run->has_last_step) {
            mismatch_step(&run->last_step, report);
        }
        add_ladder(run, report);
        if (run->options->command != NULL) {
            text_format(report, "\nreplay: %s\n", run->options->command);
        }
    }
}
