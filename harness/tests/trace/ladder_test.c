/* Ladders of hand-made traces, held against golden files in this folder. FINWAIT_BLESS=1 in the
 * environment writes the files anew. */
#include "trace/ladder.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ACK TCP_FLAG_ACK
#define PSH TCP_FLAG_PSH
#define SYN TCP_FLAG_SYN
#define FIN TCP_FLAG_FIN

static void expect_golden(const char *name, const struct trace *trace,
                          const struct ladder_options *options)
{
    struct text got = TEXT_EMPTY;
    ladder_print(trace, options, &got);
    char path[256];
    (void)snprintf(path, sizeof path, "harness/tests/trace/%s", name);
    if (getenv("FINWAIT_BLESS") != NULL) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(got.bytes, 1, got.length, file), got.length);
        assert_int_equal(fclose(file), 0);
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    static char expected[65536];
    const size_t count = fread(expected, 1, sizeof expected - 1, file);
    expected[count] = '\0';
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text_read(&got), expected);
    text_free(&got);
}

/* A whole short life: handshake, request, response, close by the stack, TIME-WAIT. */
static struct trace *short_life(void)
{
    struct trace *trace = made_trace();
    const uint32_t life = made_incarnation(trace, NULL, 40001, 80, 0xfffffff0, 0x01020304);
    made_call(trace, 0, 1, "listen(3, 1)");
    made_result(trace, 0, 1, "listen(3, 1)", 0, NULL);
    made_call(trace, 0, 2, "accept(3, ..., ...)");
    struct tcp_options *options =
        &made_packet(trace, 100000, TRACE_TO_SUT, life, SYN, 0, 0, 0, 65535)->segment.options;
    options->has_mss = true;
    options->mss = 1460;
    options->sack_permitted = true;
    options->has_timestamps = true;
    options->timestamp_value = 1000;
    options->has_window_scale = true;
    options->window_scale = 7;
    made_state(trace, 100000, life, TCB_LISTEN, TCB_SYN_RECEIVED);
    options = &made_packet(trace, 100000, TRACE_FROM_SUT, life, SYN | ACK, 0, 0, 1, 65535)
                   ->segment.options;
    options->has_mss = true;
    options->mss = 1460;
    made_packet(trace, 200000, TRACE_TO_SUT, life, ACK, 1, 0, 1, 65535);
    made_state(trace, 200000, life, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    made_result(trace, 200000, 2, "accept(3, ..., ...)", 4, NULL);
    made_packet(trace, 300000, TRACE_TO_SUT, life, PSH | ACK, 1, 1000, 1, 65535);
    made_call(trace, 300000, 3, "read(4, ..., 4096)");
    made_result(trace, 300000, 3, "read(4, ..., 4096)", 1000, NULL);
    made_packet(trace, 500000, TRACE_FROM_SUT, life, ACK, 1, 0, 1001, 65535);
    made_call(trace, 600000, 4, "close(4)");
    made_packet(trace, 600000, TRACE_FROM_SUT, life, FIN | ACK, 1, 0, 1001, 65535);
    made_state(trace, 600000, life, TCB_ESTABLISHED, TCB_FIN_WAIT_1);
    made_result(trace, 600000, 4, "close(4)", 0, NULL);
    made_packet(trace, 1600000, TRACE_FROM_SUT, life, FIN | ACK, 1, 0, 1001, 65535);
    made_step(trace, 1600000, TCP_CAUSE_RETRANSMISSION_TIMEOUT);
    made_packet(trace, 1700000, TRACE_TO_SUT, life, FIN | ACK, 1001, 0, 2, 65535);
    made_state(trace, 1700000, life, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2);
    made_state(trace, 1700000, life, TCB_FIN_WAIT_2, TCB_TIME_WAIT);
    made_packet(trace, 1700000, TRACE_FROM_SUT, life, ACK, 2, 0, 1002, 65535);
    made_step(trace, 241700000, TCP_CAUSE_TIME_WAIT_TIMEOUT);
    made_state(trace, 241700000, life, TCB_TIME_WAIT, TCB_CLOSED);
    return trace;
}

static void a_short_life_is_drawn_in_box_characters(void **state)
{
    (void)state;
    struct trace *trace = short_life();
    expect_golden("ladder_short_life.txt", trace, &(struct ladder_options){.has_heading = true});
    made_trace_free(trace);
}

static void the_same_life_is_drawn_in_ascii_with_its_isns(void **state)
{
    (void)state;
    struct trace *trace = short_life();
    expect_golden(
        "ladder_ascii.txt", trace,
        &(struct ladder_options){.has_heading = true, .is_ascii = true, .shows_isn = true});
    made_trace_free(trace);
}

static void only_the_last_rows_are_drawn_when_asked(void **state)
{
    (void)state;
    struct trace *trace = short_life();
    expect_golden("ladder_last_rows.txt", trace, &(struct ladder_options){.last_rows = 4});
    made_trace_free(trace);
}

static void two_incarnations_and_a_stranger_are_told_apart(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    const uint32_t old = made_incarnation(trace, "old", 40001, 80, 1000, 2000);
    const uint32_t young = made_incarnation(trace, NULL, 40002, 80, 3000, 4000);
    made_packet(trace, 0, TRACE_TO_SUT, old, SYN, 0, 0, 0, 65535);
    made_state(trace, 0, old, TCB_LISTEN, TCB_SYN_RECEIVED);
    made_packet(trace, 0, TRACE_TO_SUT, young, SYN, 0, 0, 0, 65535);
    made_state(trace, 0, young, TCB_LISTEN, TCB_SYN_RECEIVED);
    struct trace_packet *packet =
        made_packet(trace, 1000000, TRACE_TO_SUT, young, ACK, 1, 10, 1, 65535);
    packet->incarnation = TRACE_NO_EVENT;
    packet->segment.source.port = 5;
    struct tcp_step_record *step = made_step(trace, 1000000, TCP_CAUSE_SEGMENT);
    step->verdict = TCP_VERDICT_RESET;
    step->reason = "no connection, and the segment is not a reset itself, 3.10.7.1";
    packet = made_packet(trace, 1000000, TRACE_FROM_SUT, young, TCP_FLAG_RST, 1, 0, 0, 0);
    packet->incarnation = TRACE_NO_EVENT;
    packet->segment.destination.port = 5;
    expect_golden("ladder_two_connections.txt", trace,
                  &(struct ladder_options){.has_heading = true});
    made_trace_free(trace);
}

static void an_empty_trace_has_an_empty_ladder(void **state)
{
    (void)state;
    struct trace *trace = made_trace();
    struct text out = TEXT_EMPTY;
    ladder_print(trace, &(struct ladder_options){0}, &out);
    assert_string_equal(text_read(&out), "");
    text_free(&out);
    made_trace_free(trace);
}

static size_t columns(const char *line, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)line[i] & 0xc0) != 0x80;
    }
    return count;
}

static void no_line_is_wider_than_100_columns(void **state)
{
    (void)state;
    struct trace *trace = short_life();
    struct tcp_options *options =
        &made_packet(trace, 123456789000000, TRACE_TO_SUT, 0, ACK | PSH | TCP_FLAG_URG, 4294967295u,
                     1400, 4294967295u, 65535)
             ->segment.options;
    options->has_timestamps = true;
    options->timestamp_value = 4294967295u;
    options->timestamp_echo = 4294967295u;
    options->sack_count = 3;
    for (int i = 0; i < 3; i++) {
        options->sack[i] = (struct tcp_sack_block){{5}, {7}};
    }
    made_call(trace, 123456789000000, 9,
              "a_call_without_any_place_where_it_could_be_broken_into_two_lines_of_text");
    struct text out = TEXT_EMPTY;
    ladder_print(trace, &(struct ladder_options){.has_heading = true}, &out);
    for (const char *line = text_read(&out); *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        assert_true(columns(line, length) <= 100);
        line += length + 1;
    }
    assert_non_null(strstr(text_read(&out), " waits\n"));
    text_free(&out);
    made_trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_life_is_drawn_in_box_characters),
        cmocka_unit_test(the_same_life_is_drawn_in_ascii_with_its_isns),
        cmocka_unit_test(only_the_last_rows_are_drawn_when_asked),
        cmocka_unit_test(two_incarnations_and_a_stranger_are_told_apart),
        cmocka_unit_test(an_empty_trace_has_an_empty_ladder),
        cmocka_unit_test(no_line_is_wider_than_100_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
