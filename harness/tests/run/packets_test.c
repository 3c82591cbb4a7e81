/* Packets both ways, field by field: what is laid into the octets of one that is injected, and what of
 * one that left is compared. */
#include "run_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The last packet that was injected. */
static const struct trace_packet *last_injected(const struct run_outcome *outcome)
{
    const struct trace_packet *last = NULL;
    for (size_t i = 0; i < outcome->trace->record_count; i++) {
        const struct trace_record *record = &outcome->trace->records[i];
        if (record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_TO_SUT) {
            last = &record->as.packet;
        }
    }
    assert_non_null(last);
    return last;
}

static void assert_options(const struct trace_packet *packet, const char *octets, size_t count)
{
    assert_int_equal(packet->layout.options_bytes, count);
    assert_memory_equal(packet->bytes + packet->layout.options_offset, octets, count);
}

#define LISTENING                                                                                  \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                                                \
    "+0 bind(3, ..., ...) = 0\n"                                                                   \
    "+0 listen(3, 5) = 0\n"

static void options_are_laid_as_the_script_orders_them(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 LISTENING "+0 < S 0:0(0) win 9 <wscale 7,nop,mss 1460,sackOK,TS val 1 ecr 2,eol>\n"
                           "+0 > S. 0:0(0) ack 1 <mss 1460>\n");
    assert_passed(outcome);
    assert_options(last_injected(outcome),
                   "\x03\x03\x07\x01\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\x01\0\0\0\x02\0\0\0",
                   24);
    assert_int_equal(last_injected(outcome)->wire, TCP_WIRE_OK);
}

static void sack_blocks_of_the_peer_count_in_our_numbers(void **state)
{
    fake_quirks.iss = 0x01020300;
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0 < . 1:1(0) ack 1 win 9 <nop,nop,sack 5:7>\n");
    assert_int_equal(outcome->verdict, RUN_PASSED);
    assert_options(last_injected(outcome), "\x01\x01\x05\x0a\x01\x02\x03\x05\x01\x02\x03\x07", 12);
}

static void options_are_compared_in_order(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut,
                 LISTENING "+0 < S 0:0(0) win 9 <mss 1460>\n"
                           "+0 > S. 0:0(0) ack 1 <mss 1460,nop,wscale 8>\n");
    assert_outcome(outcome, RUN_FAILED, "another packet");
    assert_non_null(strstr(text_read(&outcome->report), "<mss 1460,nop,wscale 8>   <mss 1460>"));
    assert_outcome(run_text(state, &fake_sut,
                            LISTENING "+0 < S 0:0(0) win 9 <mss 1460>\n"
                                      "+0 > S. 0:0(0) ack 1\n"),
                   RUN_FAILED, "another packet");
    assert_passed(run_text(state, &fake_sut,
                           LISTENING "+0 < S 0:0(0) win 9 <mss 1460>\n"
                                     "+0 > S. 0:0(0) ack 1 <...>\n"));
}

static void ip_fields_are_laid_and_compared(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &fake_sut, HANDSHAKE "+0 < [tos 0x20, ect0, ttl 9] . 1:1(0) ack 1 win 9\n");
    assert_passed(outcome);
    assert_int_equal(last_injected(outcome)->segment.ttl, 9);
    assert_int_equal(last_injected(outcome)->segment.traffic_class, 0x22);
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0 close(4) = 0\n"
                                     "+0 > [noecn, ttl 64] F. 1:1(0) ack 1\n"));
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 close(4) = 0\n"
                                      "+0 > [ect0] F. 1:1(0) ack 1\n"),
                   RUN_FAILED, "another packet");
}

static void a_window_that_is_left_out_is_not_compared(void **state)
{
    fake_quirks.window = 1234;
    assert_passed(run_text(state, &fake_sut, HANDSHAKE));
    assert_passed(run_text(state, &fake_sut,
                           HANDSHAKE "+0 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1 win 1234\n"));
    assert_outcome(run_text(state, &fake_sut,
                            HANDSHAKE "+0 write(4, ..., 9) = 9\n"
                                      "+0 > P. 1:10(9) ack 1 win 1233\n"),
                   RUN_FAILED, "win 1234");
}

static void an_inbound_window_that_is_left_out_is_the_last_one(void **state)
{
    const struct run_outcome *outcome = run_text(
        state, &fake_sut,
        HANDSHAKE "+0 < . 1:1(0) ack 1 win 777\n+0 < P. 1:2(1) ack 1\n+0 > . 1:1(0) ack 2\n");
    assert_passed(outcome);
    assert_int_equal(last_injected(outcome)->segment.window, 777);
}

static void segments_are_glued_in_compat_mode_only(void **state)
{
    static const char script[] =
        HANDSHAKE "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n";
    fake_quirks.splits_writes = true;
    assert_outcome(run_text(state, &fake_sut, script), RUN_FAILED, "another packet");
    struct text compat = TEXT_EMPTY;
    text_format(&compat, "--mode=compat\n%s", script);
    assert_passed(run_text(state, &fake_sut, text_read(&compat)));
    text_free(&compat);
}

static void portable_mode_forgives_windows_and_push(void **state)
{
    fake_quirks.window = 1234;
    assert_passed(run_text(state, &fake_sut,
                           "--mode=portable\n" HANDSHAKE "+0 write(4, ..., 9) = 9\n"
                           "+0 > . 1:10(9) ack 1 win 99\n"));
}

/* ---- with our own stack: live state -------------------------------------------------------------- */

static void numbers_may_name_variables_of_the_connection(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &sut_core,
                 HANDSHAKE "+0 write(4, ..., 100) = 100\n"
                           "+0 > P. snd.una:snd.una+100(100) ack rcv.nxt\n"
                           "+.1 < P. seq rcv.nxt+10 (5) ack snd.nxt\n"
                           "+0 > . 101:101(0) ack 1\n"
                           "+0 < P. seq rcv.nxt (10) ack iss+101\n"
                           "+0 > . 101:101(0) ack 16\n"
                           "+0 read(4, ..., 100) = 15\n"
                           "+0 < . rcv.edge:rcv.edge(0) ack snd.edge-1\n"
                           "+0 > . 101:101(0) ack irs+16\n");
    assert_passed(outcome);
    assert_outcome(run_text(state, &sut_core, "0 < . seq rcv.nxt ack 1\n"), RUN_FAILED,
                   "a connection that does not exist");
}

static void assertions_read_the_state_at_that_moment(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 assert state == ESTABLISHED, snd.una == snd.nxt\n"
                                     "+0 assert fd 3 state == LISTEN\n"
                                     "+0 assert fd 4 rcv.nxt == 1, snd.wnd > 65534, snd_wnd != 1\n"
                                     "+0 assert rto_us == 1s, cwnd >= 2920, cwnd_bytes < 65536\n"
                                     "+0 close(4) = 0\n"
                                     "+0 > F. 1:1(0) ack 1\n"
                                     "+0 assert state != ESTABLISHED\n"));
    const struct run_outcome *outcome =
        run_text(state, &sut_core, HANDSHAKE "+0 assert rcv.nxt == 1, snd.nxt == 2\n");
    assert_outcome(outcome, RUN_FAILED, "the assertion does not hold: snd.nxt is 1");
    assert_int_equal(outcome->line, 8);
    assert_outcome(run_text(state, &sut_core, HANDSHAKE "+0 assert colour == 1\n"), RUN_INVALID,
                   "a connection has no colour");
    assert_outcome(run_text(state, &sut_core, HANDSHAKE "+0 assert @x state == CLOSED\n"),
                   RUN_INVALID, "@x names no connection");
}

static void what_is_gone_is_in_closed(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 < R. 1:1(0) ack 1\n"
                                     "+0 close(4) = 0\n"
                                     "+0 assert state == CLOSED\n"));
    assert_outcome(run_text(state, &sut_core,
                            HANDSHAKE "+0 < R. 1:1(0) ack 1\n"
                                      "+0 close(4) = 0\n"
                                      "+0 assert rcv.nxt == 1\n"),
                   RUN_FAILED, "gone");
}

static void a_deadline_at_an_assertion_has_taken_effect_unless_causes_follow(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 close(4) = 0\n"
                                     "+0 > F. 1:1(0) ack 1\n"
                                     "+0 < F. 1:1(0) ack 2\n"
                                     "+0 > . 2:2(0) ack 2\n"
                                     "+239.999999 assert state == TIME-WAIT\n"
                                     "+.000001 assert state == CLOSED\n"));
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 close(4) = 0\n"
                                     "+0 > F. 1:1(0) ack 1\n"
                                     "+0 < F. 1:1(0) ack 2\n"
                                     "+0 > . 2:2(0) ack 2\n"
                                     "+240 assert state == TIME-WAIT\n"
                                     "+0 < R. 2:2(0) ack 2\n"));
}

static void a_batch_of_data_costs_one_ack(void **state)
{
    assert_passed(run_text(state, &sut_core,
                           HANDSHAKE "+0 batch {\n"
                                     "  < . 1:1461(1460) ack 1\n"
                                     "  < . 1461:2921(1460) ack 1\n"
                                     "  < . 2921:4381(1460) ack 1\n"
                                     "  < . 4381:5841(1460) ack 1\n"
                                     "}\n"
                                     "+0 > . 1:1(0) ack 5841\n"));
}

static void raw_fields_make_malformed_packets(void **state)
{
    const struct run_outcome *outcome =
        run_text(state, &sut_core, HANDSHAKE "+0 < P. 1:11(10) ack 1 win 9 raw(checksum=0x1234)\n");
    assert_passed(outcome);
    assert_int_equal(last_injected(outcome)->wire, TCP_WIRE_BAD_CHECKSUM);
    outcome = run_text(state, &sut_core, HANDSHAKE "+0 < P. 1:11(10) ack 1 win 9 raw(offset=3)\n");
    assert_passed(outcome);
    assert_int_equal(last_injected(outcome)->wire, TCP_WIRE_BAD_DATA_OFFSET);
    outcome = run_text(state, &sut_core, HANDSHAKE "+0 < P. 1:11(10) ack 1 win 9 raw(length=30)\n");
    assert_passed(outcome);
    assert_int_equal(last_injected(outcome)->wire, TCP_WIRE_TRUNCATED);
}

/* Injects an ACK behind the handshake; `where` goes before it, `raw` behind it. */
static const struct trace_packet *inject_ack(void **state, uint8_t ip_version, const char *where,
                                             const char *raw)
{
    char script[1500];
    ((struct test_run *)*state)->options.ip_version = ip_version;
    assert_in_range(
        snprintf(script, sizeof script, HANDSHAKE "+0 < %s . 1:1(0) ack 1 win 9 %s\n", where, raw),
        1, sizeof script - 1);
    const struct run_outcome *outcome = run_text(state, &sut_core, script);
    assert_passed(outcome);
    return last_injected(outcome);
}

static void what_shortens_a_packet_does_so_last(void **state)
{
    for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
        const size_t header = version == 6 ? 40 : 20;
        assert_int_equal(inject_ack(state, version, "", "raw(length=0, offset=5)")->count, 0);
        assert_int_equal(inject_ack(state, version, "", "raw(cut=3, reserved=7)")->count,
                         header + 3);
        assert_int_equal(inject_ack(state, version, "[options 8]", "raw(length=0)")->count, 0);
        assert_int_equal(inject_ack(state, version, "[options 40]", "raw(cut=1)")->count,
                         header + 41);
    }
    assert_int_equal(inject_ack(state, 6, "", "raw(cut=1, fragment=0)")->count, 49);
    assert_int_equal(inject_ack(state, 6, "[options 8]", "raw(fragment=0)")->wire,
                     TCP_WIRE_FRAGMENT);
}

static void fields_of_ip_do_not_move_those_of_tcp(void **state)
{
    static const struct {
        uint8_t version;
        const char *where, *raw;
        size_t tcp; /* where the TCP header begins */
    } rows[] = {
        {4, "", "raw(checksum=0x1234)", 20},
        {4, "", "raw(fragment=0, checksum=0x1234)", 20},
        {4, "", "raw(ip_version=6, checksum=0x1234)", 20},
        {4, "[options 16]", "raw(ip_version=6, checksum=0x1234)", 36},
        {6, "", "raw(checksum=0x1234)", 40},
        {6, "", "raw(checksum=0x1234, fragment=0)", 48},
        {6, "", "raw(fragment=0, checksum=0x1234)", 48},
        {6, "", "raw(ip_version=4, checksum=0x1234)", 40},
        {6, "[options 16]", "raw(fragment=0, checksum=0x1234)", 64},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct trace_packet *packet =
            inject_ack(state, rows[i].version, rows[i].where, rows[i].raw);
        const uint8_t *tcp = packet->bytes + rows[i].tcp;
        assert_int_equal(packet->count, rows[i].tcp + 20);
        assert_memory_equal(tcp + 4, "\0\0\0\1", 4);
        assert_memory_equal(tcp + 16, "\x12\x34", 2);
    }
}

#define TIMESTAMP "nop,nop,TS val 1 ecr 0"

static void no_packet_is_larger_than_ip_can_say(void **state)
{
    static const struct {
        uint8_t version; /* 0: both */
        const char *packet;
        enum run_verdict verdict;
    } rows[] = {
        {0, ". 1:65496(65495) ack 1 win 9", RUN_PASSED},
        {4, ". 1:65496(65495) ack 1 win 9 <nop>", RUN_INVALID},
        {4, ". 1:65484(65483) ack 1 win 9 <" TIMESTAMP ">", RUN_PASSED},
        {6, ". 1:65496(65495) ack 1 win 9 <" TIMESTAMP ",nop,nop,TS val 1 ecr 0>", RUN_INVALID},
        {6, ". 1:65496(65495) ack 1 win 9 <mss 1,mss 2,mss 3,mss 4,mss 5>", RUN_PASSED},
        {4, "[options 8] . 1:65496(65495) ack 1 win 9", RUN_INVALID},
        {6, "[options 16] . 1:65496(65495) ack 1 win 9", RUN_PASSED},
        {6, "[options 24] . 1:65496(65495) ack 1 win 9", RUN_INVALID},
        {6, "[options 16] . 1:65496(65495) ack 1 win 9 raw(fragment=0)", RUN_INVALID},
        {4, "[options 40] . 1:65456(65455) ack 1 win 9 raw(fragment=0)", RUN_PASSED},
    };
    struct test_run *test = *state;
    test->options.mode = RUN_COMPAT; /* what is answered does not matter */
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        char script[1500];
        test->options.ip_version = i % 2 == 0 ? 4 : 6;
        if (rows[i / 2].version != 0 && rows[i / 2].version != test->options.ip_version) {
            continue;
        }
        assert_in_range(
            snprintf(script, sizeof script, "%s+0 < %s\n", HANDSHAKE, rows[i / 2].packet), 1,
            sizeof script - 1);
        const struct run_outcome *outcome = run_text(state, &sut_core, script);
        if (rows[i / 2].verdict == RUN_INVALID) {
            assert_outcome(outcome, RUN_INVALID, "no IP packet holds that much");
        }
        assert_int_equal(outcome->verdict, rows[i / 2].verdict);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_text_setup, run_text_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(options_are_laid_as_the_script_orders_them),
        TEST(sack_blocks_of_the_peer_count_in_our_numbers),
        TEST(options_are_compared_in_order),
        TEST(ip_fields_are_laid_and_compared),
        TEST(a_window_that_is_left_out_is_not_compared),
        TEST(an_inbound_window_that_is_left_out_is_the_last_one),
        TEST(segments_are_glued_in_compat_mode_only),
        TEST(portable_mode_forgives_windows_and_push),
        TEST(numbers_may_name_variables_of_the_connection),
        TEST(assertions_read_the_state_at_that_moment),
        TEST(what_is_gone_is_in_closed),
        TEST(a_deadline_at_an_assertion_has_taken_effect_unless_causes_follow),
        TEST(a_batch_of_data_costs_one_ack),
        TEST(raw_fields_make_malformed_packets),
        TEST(what_shortens_a_packet_does_so_last),
        TEST(fields_of_ip_do_not_move_those_of_tcp),
        TEST(no_packet_is_larger_than_ip_can_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
