/* Live segments in the notation of scripts. */
#include "trace/segment_text.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct segment_numbers known = {true, true, {0xffffffff}, {1000}};

static void expect_text(const struct tcp_segment *segment, const struct segment_numbers *numbers,
                        const uint8_t *options, size_t option_count, const char *expected)
{
    struct text out = TEXT_EMPTY;
    segment_text(&out, segment, numbers, options, option_count);
    assert_string_equal(text_read(&out), expected);
    text_free(&out);
}

static void every_flag_has_its_letter_and_none_is_a_dash(void **state)
{
    (void)state;
    struct tcp_segment segment = {.flags = 0x1ff, .seq = {0xffffffff}, .ack = {1001}, .window = 7};
    expect_text(&segment, &known, NULL, 0, "FSRPEWAU. 0:0(0) ack 1 win 7 urg 0");
    segment.flags = 0;
    expect_text(&segment, &known, NULL, 0, "- 0:0(0) win 7");
}

static void numbers_wrap_around_their_isn(void **state)
{
    (void)state;
    const struct tcp_segment segment = {.flags = TCP_FLAG_ACK | TCP_FLAG_PSH,
                                        .seq = {4},
                                        .ack = {999},
                                        .window = 65535,
                                        .payload_bytes = 100};
    expect_text(&segment, &known, NULL, 0, "P. 5:105(100) ack 4294967295 win 65535");
}

static void an_unknown_isn_leaves_the_number_on_the_wire(void **state)
{
    (void)state;
    const struct tcp_segment segment = {
        .flags = TCP_FLAG_ACK, .seq = {17}, .ack = {18}, .payload_bytes = 2};
    expect_text(&segment, &(struct segment_numbers){0}, NULL, 0, ". 17!:19!(2) ack 18! win 0");
}

static void a_reset_shows_its_window_only_when_it_has_one(void **state)
{
    (void)state;
    struct tcp_segment segment = {.flags = TCP_FLAG_RST, .seq = {0}};
    expect_text(&segment, &known, NULL, 0, "R 1:1(0)");
    segment.window = 5;
    expect_text(&segment, &known, NULL, 0, "R 1:1(0) win 5");
}

static void options_are_shown_in_the_order_of_the_wire(void **state)
{
    (void)state;
    const struct tcp_segment segment = {.flags = TCP_FLAG_SYN, .seq = {0xffffffff}};
    static const uint8_t options[] = {
        2,    4,    5, 180, 1, 3, 3, 7,   4, 2, 8, 10,  0,   0, 0,    1,    0xff, 0xff,
        0xff, 0xff, 5, 10,  0, 0, 3, 233, 0, 0, 7, 208, 253, 4, 0xab, 0xcd, 0,    99,
    };
    expect_text(&segment, &known, options, sizeof options,
                "S 0:0(0) win 0 <mss 1460,nop,wscale 7,sackOK,TS val 1 ecr 4294967295,"
                "sack 1:1000,253 abcd,eol,broken 63>");
}

static void an_option_that_runs_over_the_header_is_shown_as_broken(void **state)
{
    (void)state;
    const struct tcp_segment segment = {.flags = TCP_FLAG_SYN, .seq = {0xffffffff}};
    static const uint8_t too_long[] = {2, 5, 1, 2};
    expect_text(&segment, &known, too_long, sizeof too_long, "S 0:0(0) win 0 <broken 02050102>");
    static const uint8_t too_short[] = {2, 1};
    expect_text(&segment, &known, too_short, sizeof too_short, "S 0:0(0) win 0 <broken 0201>");
    static const uint8_t wrong_size[] = {2, 3, 9};
    expect_text(&segment, &known, wrong_size, sizeof wrong_size, "S 0:0(0) win 0 <2 09>");
}

static void a_packet_of_a_trace_brings_its_own_numbers_and_octets(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    const uint32_t life = made_incarnation(trace, NULL, 5, 80, 100, 200);
    struct trace_packet *packet =
        made_packet(trace, 0, TRACE_FROM_SUT, life, TCP_FLAG_ACK, 1, 10, 3, 50);
    packet->segment.options.has_timestamps = true;
    packet->segment.options.timestamp_value = 9;
    packet->segment.traffic_class = 2;
    made_octets(trace, packet);
    struct text out = TEXT_EMPTY;
    segment_text_of_packet(&out, trace, packet);
    assert_string_equal(text_read(&out), "[ect0] . 1:11(10) ack 3 win 50 <nop,nop,TS val 9 ecr 0>");
    text_clear(&out);
    packet->wire = TCP_WIRE_TRUNCATED;
    segment_text_of_packet(&out, trace, packet);
    assert_string_equal(text_read(&out), "62 octets (truncated)");
    text_free(&out);
    made_trace_free(trace);
}

static void a_script_may_call_an_isn_something_else_than_0(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    const uint32_t life = made_incarnation(trace, NULL, 5, 80, 100, 200);
    trace->incarnations[life].local_number = 4000;
    trace->incarnations[life].remote_number = 200;
    struct text out = TEXT_EMPTY;
    segment_text_of_packet(&out, trace,
                           made_packet(trace, 0, TRACE_FROM_SUT, life, TCP_FLAG_ACK, 1, 10, 3, 50));
    assert_string_equal(text_read(&out), ". 4001:4011(10) ack 203 win 50");
    text_clear(&out);
    segment_text_of_packet(&out, trace,
                           made_packet(trace, 0, TRACE_TO_SUT, life, TCP_FLAG_ACK, 3, 0, 1, 50));
    assert_string_equal(text_read(&out), ". 203:203(0) ack 4001 win 50");
    text_free(&out);
    made_trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flag_has_its_letter_and_none_is_a_dash),
        cmocka_unit_test(numbers_wrap_around_their_isn),
        cmocka_unit_test(an_unknown_isn_leaves_the_number_on_the_wire),
        cmocka_unit_test(a_reset_shows_its_window_only_when_it_has_one),
        cmocka_unit_test(options_are_shown_in_the_order_of_the_wire),
        cmocka_unit_test(an_option_that_runs_over_the_header_is_shown_as_broken),
        cmocka_unit_test(a_packet_of_a_trace_brings_its_own_numbers_and_octets),
        cmocka_unit_test(a_script_may_call_an_isn_something_else_than_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
