/* Runs in mode causes, on our own stack: what the script does is done, whatever comes of it. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "causes/prologue.h"

#define OPENED                                                                                     \
    "--mode=causes\n"                                                                              \
    "+0 tcp.open(passive, 80, ..., 5) = c0\n"                                                      \
    "+0 < 8000 > 80 S 5!:5!(0) win 65535 <mss 1460>\n"                                             \
    "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 65535\n"                                         \
    "+0 tcp.accept(c0) = c1\n"

/* The packets of a run, a letter each: '<' to the stack, '>' from it. */
static void assert_packets(const struct run_outcome *outcome, const char *expected)
{
    char got[64] = "";
    size_t count = 0;
    for (size_t i = 0; i < outcome->trace->record_count && count + 1 < sizeof got; i++) {
        const struct trace_record *const record = &outcome->trace->records[i];
        if (record->kind == TRACE_PACKET) {
            got[count++] = record->as.packet.direction == TRACE_TO_SUT ? '<' : '>';
        }
    }
    assert_string_equal(got, expected);
}

static const struct trace_packet *last_packet(const struct run_outcome *outcome)
{
    size_t i = outcome->trace->record_count;
    while (outcome->trace->records[i - 1].kind != TRACE_PACKET) {
        i--;
    }
    return &outcome->trace->records[i - 1].as.packet;
}

static void what_leaves_needs_no_expectation(void **state)
{
    const struct run_outcome *const outcome =
        run_text(state, &sut_core, OPENED "+0 tcp.send(c1, ..., 100) = ...\n");
    assert_passed(outcome);
    assert_packets(outcome, "<><>");
}

static void what_names_nothing_is_tried(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           "--mode=causes\n+0 tcp.close(c5) = ...\n"
                           "+0 read(3, ..., 100) = ...\n+0 set mtu=0\n+0 set iss=5\n"
                           "+0 < @c7 F. seq rcv.nxt ack snd.una\n+0 accept(0, ..., ...) = 1\n"));
}

static void a_name_means_its_connection_even_after_its_end(void **state)
{
    const struct run_outcome *const outcome =
        run_text(state, &sut_core,
                 OPENED "+0 tcp.abort(c1) = ...\n+0 tcp.release(c1) = ...\n"
                        "+0 < @c1 . seq rcv.nxt ack snd.nxt+7 win 65535\n");
    assert_passed(outcome);
    assert_packets(outcome, "<><><>");
    assert_int_equal(last_packet(outcome)->segment.destination.port, 8000);
    /* RFC 9293 3.10.7.1: the RST takes its number from the ACK, which counted from nothing. */
    assert_int_equal(last_packet(outcome)->segment.seq.raw, 7);
}

static void a_descriptor_means_its_connection_even_after_close(void **state)
{
    const struct run_outcome *const outcome =
        run_text(state, &sut_core,
                 "--mode=causes\n+0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n"
                 "+0 connect(3, 8000, ...) = ...\n+0 < @fd3 S. 5!:5!(0) ack snd.nxt win 65535\n"
                 "+0 close(3) = ...\n+0 < @fd3 F. seq rcv.nxt ack snd.nxt win 65535\n");
    assert_passed(outcome);
    assert_packets(outcome, "><>><>"); /* SYN; its answer; ACK; FIN; their FIN; our ACK */
}

static void a_call_may_block(void **state)
{
    const struct run_outcome *const outcome =
        run_text(state, &sut_core,
                 "--mode=causes\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                 "+0 bind(3, 80, ...) = ...\n+0 listen(3, 1) = ...\n"
                 "+0 socket.set(3, SO_RCVTIMEO, 5000) = ...\n+0 accept(3, ..., ...) = 4\n");
    assert_passed(outcome);
}

static void a_wait_ends_before_the_deadlines_of_its_end(void **state)
{
    assert_packets(run_text(state, &sut_core,
                            OPENED "+0 tcp.send(c1, ..., 100) = ...\nwait until deadline\n"
                                   "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 65535\n"),
                   "<><><"); /* the ACK comes before the retransmission */
    assert_packets(run_text(state, &sut_core,
                            OPENED "+0 tcp.send(c1, ..., 100) = ...\nwait until deadline\n"
                                   "wait until deadline-1us\n"
                                   "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 65535\n"),
                   "<><>><");
}

static void octets_and_damage_reach_the_wire(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &sut_core,
                 OPENED "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 1 <octets 050a0102>\n");
    const struct trace_packet *packet = last_packet(outcome);
    assert_memory_equal(packet->bytes + packet->count - 4, "\x05\x0a\x01\x02", 4);
    outcome = run_text(state, &sut_core,
                       OPENED "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 1 raw(cut=19)\n");
    assert_int_equal(last_packet(outcome)->count, 20 + 19);
    outcome =
        run_text(state, &sut_core,
                 OPENED "+0 < 8000 > 80 . seq rcv.nxt ack snd.nxt win 1 raw(checksum_xor=1)\n");
    assert_int_equal(last_packet(outcome)->wire, TCP_WIRE_BAD_CHECKSUM);
}

static void a_script_of_any_mode_starts_from_a_prologue(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           "start close-wait\n+0 assert state == CLOSE-WAIT, rcv.nxt == 1002\n"
                           "+0 tcp.close(c1) = 0\n+0 > F. 1:1(0) ack 1002\n"
                           "+0 < . 1002:1002(0) ack 2\n+0 assert state == CLOSED\n"));
    assert_outcome(run_text(state, &sut_core, "start nowhere\n+0 assert state == CLOSED\n"),
                   RUN_INVALID, "there is no prologue nowhere");
}

static void every_prologue_reaches_its_state(void **state)
{
    for (uint8_t i = 1; i < CAUSE_PROLOGUE_COUNT; i++) {
        char script[200];
        const enum tcb_state reached = prologue_state((enum prologue)i);
        (void)snprintf(script, sizeof script, "start %s\n+0 assert state == %s\n",
                       cause_prologue_name(i), tcb_state_name(reached));
        if (reached != TCB_CLOSED) {
            assert_passed(run_text(state, &sut_core, script));
        }
    }
}

int main(void)
{
#define RUN_TEST(test) cmocka_unit_test_setup_teardown(test, run_text_setup, run_text_teardown)
    const struct CMUnitTest tests[] = {
        RUN_TEST(what_leaves_needs_no_expectation),
        RUN_TEST(what_names_nothing_is_tried),
        RUN_TEST(a_name_means_its_connection_even_after_its_end),
        RUN_TEST(a_descriptor_means_its_connection_even_after_close),
        RUN_TEST(a_call_may_block),
        RUN_TEST(a_wait_ends_before_the_deadlines_of_its_end),
        RUN_TEST(octets_and_damage_reach_the_wire),
        RUN_TEST(a_script_of_any_mode_starts_from_a_prologue),
        RUN_TEST(every_prologue_reaches_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
