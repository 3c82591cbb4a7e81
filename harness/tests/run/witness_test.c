/* T04 to T07 and L05 in a script: each fires when the connection is not what the rule leaves it, and holds
 * when it is. What is broken is the stack's report of itself, between a segment or a deadline and the look
 * that follows. */
#include "run_text.h"
#include "trace/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum lie {
    LIE_NONE,
    LIE_WINDOW,     /* SND.WND is one more since the last segment */
    LIE_LOSS,       /* cwnd is twice what it is */
    LIE_RESET,      /* a segment with RST has ended the connection */
    LIE_DEADLINE,   /* something is always due */
    LIE_DUPLICATES, /* the last packet leaves again and again */
};

static enum lie lie;
static bool has_met; /* a segment came; nothing was polled since */

static void input(struct sut_instance *instance, tcp_time now, const uint8_t *packet, size_t count)
{
    sut_core.input(instance, now, packet, count);
    has_met = true;
}

static size_t output(struct sut_instance *instance, struct tcp_room room)
{
    static uint8_t last[2048];
    static size_t last_count;
    size_t count = sut_core.output(instance, room);
    has_met = false;
    if (count > 0 && count <= sizeof last) {
        memcpy(last, room.bytes, count);
        last_count = count;
    } else if (lie == LIE_DUPLICATES) {
        memcpy(room.bytes, last, last_count);
        count = last_count;
    }
    return count;
}

static tcp_time next_deadline(const struct sut_instance *instance)
{
    return lie == LIE_DEADLINE ? (tcp_time){1} : sut_core.next_deadline(instance);
}

static struct sut_result call(struct sut_instance *instance, tcp_time now,
                              const struct sut_call *asked)
{
    struct sut_result result = sut_core.call(instance, now, asked);
    if (lie == LIE_WINDOW && has_met && asked->kind == SUT_CALL_INSPECT) {
        result.status.snd_wnd++;
    } else if (lie == LIE_LOSS && asked->kind == SUT_CALL_TCP_LOOK) {
        result.status.cwnd_bytes *= 2;
    } else if (lie == LIE_RESET && has_met && asked->kind == SUT_CALL_LAST_STEP) {
        result.step.after = TCB_CLOSED;
    }
    return result;
}

static const struct run_outcome *run_lying(void **state, enum lie what, const char *script)
{
    struct sut liar = sut_core;
    liar.input = input;
    liar.output = output;
    liar.next_deadline = next_deadline;
    liar.call = call;
    lie = what;
    has_met = false;
    const struct run_outcome *const outcome = run_text(state, &liar, script);
    lie = LIE_NONE;
    return outcome;
}

static uint64_t verdicts_of(const struct run_outcome *outcome, const char *id)
{
    size_t count;
    const struct oracle_description *const *const rows = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i]->id, id) == 0) {
            return outcome->verdicts.of[i];
        }
    }
    return 0;
}

/* The script passes, judged at least once; with the lie the oracle fails it. */
static void assert_fires(void **state, const char *id, const char *finding, enum lie what,
                         const char *script)
{
    const struct run_outcome *outcome = run_lying(state, LIE_NONE, script);
    assert_passed(outcome);
    assert_int_not_equal(verdicts_of(outcome, id), 0);
    outcome = run_lying(state, what, script);
    assert_outcome(outcome, RUN_FAILED, finding);
    assert_string_equal(outcome->findings[0].oracle->id, id);
}

static void a_refused_segment_that_changes_something_is_found(void **state)
{
    assert_fires(state, "T04", "T04 refused-segment-changes-nothing, in ESTABLISHED", LIE_WINDOW,
                 HANDSHAKE "+0 < . 99999:99999(0) ack 1 win 777\n"
                           "+0 > . 1:1(0) ack 1\n");
}

static void a_window_that_is_not_the_newest_is_found(void **state)
{
    assert_fires(state, "T05", "T05 window-follows-the-newest-ack, in ESTABLISHED", LIE_WINDOW,
                 HANDSHAKE "+0 < P. 1:101(100) ack 1 win 777\n"
                           "+.2 > . 1:1(0) ack 101\n");
}

static void a_finding_in_a_batch_tells_its_own_step(void **state)
{
    assert_fires(state, "T05", "T05 window-follows-the-newest-ack, in ESTABLISHED", LIE_WINDOW,
                 HANDSHAKE "+0 batch {\n"
                           "    < P. 1:101(100) ack 1 win 777\n"
                           "    < R 101:101(0)\n"
                           "}\n"
                           "+0 read(4, ..., 100) = -1 ECONNRESET (connection reset by peer)\n");
}

static void a_loss_window_of_two_segments_is_found(void **state)
{
    assert_fires(state, "T06", "T06 loss-window-after-a-timeout", LIE_LOSS,
                 HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                           "+0 > P. 1:101(100) ack 1\n"
                           "+1 > P. 1:101(100) ack 1\n");
}

static void a_reset_that_only_guesses_and_ends_is_found(void **state)
{
    assert_fires(state, "T07", "T07 reset-is-exact, in CLOSED", LIE_RESET,
                 HANDSHAKE "+0 < R 2:2(0)\n"
                           "+0 > . 1:1(0) ack 1\n");
}

static void a_deadline_that_stays_is_found(void **state)
{
    assert_outcome(run_lying(state, LIE_DEADLINE, HANDSHAKE), RUN_FAILED, "L05 deadlines-move");
}

static void packets_without_end_are_found(void **state)
{
    struct test_run *const test = *state;
    assert_outcome(run_lying(state, LIE_DUPLICATES, HANDSHAKE), RUN_FAILED, "L01 instant-ends");
    test->options.oracles = "L05";
    assert_outcome(run_lying(state, LIE_DUPLICATES, HANDSHAKE), RUN_FAILED, "L05 deadlines-move");
}

static void what_does_not_end_ends_the_run_though_nobody_asks(void **state)
{
    struct test_run *const test = *state;
    test->options.oracles = "T07";
    assert_outcome(run_lying(state, LIE_DEADLINE, HANDSHAKE), RUN_BROKEN, "again and again");
    assert_outcome(run_lying(state, LIE_DUPLICATES, HANDSHAKE), RUN_BROKEN, "without end");
}

static void a_declared_fault_is_no_finding_and_its_step_is_told_once(void **state)
{
    const struct run_outcome *const outcome = run_lying(
        state, LIE_WINDOW,
        "violates T05: \"a stack that miscounts\"\n" HANDSHAKE "+0 < P. 1:101(100) ack 1 win 777\n"
        "+.2 > . 1:1(0) ack 101\n");
    uint32_t number = 0;
    assert_passed(outcome);
    for (size_t i = 0; i < outcome->trace->record_count; i++) {
        const struct trace_record *const record = &outcome->trace->records[i];
        if (record->kind == TRACE_STEP) {
            assert_int_not_equal(record->as.step.number, number);
            number = record->as.step.number;
        }
    }
    assert_int_not_equal(number, 0);
}

/* What the stack did in the very event that is found wrong. */
static void assert_shows(const struct run_outcome *outcome, const char *row)
{
    struct text ladder = TEXT_EMPTY;
    ladder_print(outcome->trace, &(const struct ladder_options){.is_ascii = true}, &ladder);
    if (strstr(text_read(&ladder), row) == NULL) {
        print_error("%s", text_read(&ladder));
        fail();
    }
    text_free(&ladder);
}

static void a_finding_shows_what_its_segment_did(void **state)
{
    const struct run_outcome *const outcome =
        run_lying(state, LIE_WINDOW, HANDSHAKE "+0 < F. 1:1(0) ack 1 win 777\n");
    assert_outcome(outcome, RUN_FAILED, "T05 window-follows-the-newest-ack, in CLOSE-WAIT");
    assert_shows(outcome, ">| ESTABLISHED -> CLOSE-WAIT\n");
    assert_shows(outcome, "|<- . 1:1(0) ack 2");
    assert_non_null(strstr(text_read(&outcome->report), "ESTABLISHED → CLOSE-WAIT"));
}

static void a_finding_shows_what_its_deadline_did(void **state)
{
    const struct run_outcome *const outcome = run_lying(state, LIE_LOSS,
                                                        HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                                                                  "+0 > P. 1:101(100) ack 1\n"
                                                                  "+1 > P. 1:101(100) ack 1\n");
    assert_outcome(outcome, RUN_FAILED, "T06 loss-window-after-a-timeout, in ESTABLISHED");
    assert_shows(outcome, "1.100000  |<- P. 1:101(100) ack 1");
}

/* One that cannot tell is asked nothing. */
static void a_system_that_cannot_tell_is_not_judged(void **state)
{
    const struct run_outcome *const outcome =
        run_text(state, &fake_sut,
                 HANDSHAKE "+0 < P. 1:101(100) ack 1 win 777\n"
                           "+0 > . 1:1(0) ack 101\n");
    assert_passed(outcome);
    assert_int_equal(verdicts_of(outcome, "T05"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refused_segment_that_changes_something_is_found),
        TEST(a_window_that_is_not_the_newest_is_found),
        TEST(a_finding_in_a_batch_tells_its_own_step),
        TEST(a_loss_window_of_two_segments_is_found),
        TEST(a_reset_that_only_guesses_and_ends_is_found),
        TEST(a_deadline_that_stays_is_found),
        TEST(packets_without_end_are_found),
        TEST(what_does_not_end_ends_the_run_though_nobody_asks),
        TEST(a_declared_fault_is_no_finding_and_its_step_is_told_once),
        TEST(a_finding_shows_what_its_segment_did),
        TEST(a_finding_shows_what_its_deadline_did),
        TEST(a_system_that_cannot_tell_is_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
