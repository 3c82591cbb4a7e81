/* The blocks of a pcapng file, octet by octet. Called with a path, this program writes an example
 * there instead, for a reader that is not ours. */
#include "trace/pcapng.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint32_t word(const struct text *file, size_t at)
{
    uint8_t b[4];
    assert_true(at + 4 <= file->length);
    memcpy(b, file->bytes + at, 4);
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* A SYN in at 0.1 s from line 2 of the script, three octets out at 5000 s from no line. */
static struct trace *two_packets(void)
{
    struct trace *trace = made_trace();
    const uint32_t life = made_incarnation(trace, NULL, 40001, 80, 100, 200);
    struct trace_packet *packet =
        made_packet(trace, 100000, TRACE_TO_SUT, life, TCP_FLAG_SYN, 0, 0, 0, 65535);
    made_octets(trace, packet);
    trace->records[0].line = 2;
    made_state(trace, 100000, life, TCB_LISTEN, TCB_SYN_RECEIVED);
    packet = made_packet(trace, 5000000001, TRACE_FROM_SUT, life, TCP_FLAG_ACK, 1, 3, 1, 1000);
    made_octets(trace, packet);
    return trace;
}

static const char source[] = "0 socket(...) = 3\n  +.1 < S 0:0(0) win 65535 \n";

static void write_example(struct text *out)
{
    struct trace *trace = two_packets();
    pcapng_write(trace, source, sizeof source - 1, out);
    made_trace_free(trace);
}

/* The start of block number `index`; checks that each block's two lengths agree on the way. */
static size_t block(const struct text *file, unsigned index)
{
    size_t at = 0;
    for (unsigned i = 0;; i++) {
        const uint32_t length = word(file, at + 4);
        assert_int_equal(length % 4, 0);
        assert_int_equal(word(file, at + length - 4), length);
        if (i == index) {
            return at;
        }
        at += length;
    }
}

static bool holds(const struct text *file, size_t at, const char *words)
{
    return memmem(file->bytes + at, word(file, at + 4), words, strlen(words)) != NULL;
}

static void the_file_opens_with_a_section_and_a_raw_ip_interface(void **state)
{
    (void)state;
    struct text file = TEXT_EMPTY;
    write_example(&file);
    assert_int_equal(word(&file, 0), 0x0a0d0d0a);
    assert_int_equal(word(&file, 8), 0x1a2b3c4d);
    const size_t interface = block(&file, 1);
    assert_int_equal(word(&file, interface), 1);
    assert_int_equal(word(&file, interface + 8), 101);
    static const char resolution[] = {9, 0, 1, 0, 9, 0, 0, 0};
    assert_non_null(memmem(file.bytes + interface, 64, resolution, sizeof resolution));
    text_free(&file);
}

static void times_are_nanoseconds_since_the_start_of_the_script(void **state)
{
    (void)state;
    struct text file = TEXT_EMPTY;
    write_example(&file);
    const size_t first = block(&file, 2);
    assert_int_equal(word(&file, first), 6);
    assert_int_equal(word(&file, first + 12), 0);
    assert_int_equal(word(&file, first + 16), 100000000);
    const size_t second = block(&file, 3);
    const uint64_t ns = (uint64_t)word(&file, second + 12) << 32 | word(&file, second + 16);
    assert_int_equal(ns, 5000000001000);
    assert_int_equal(word(&file, second + 20), 43);
    assert_int_equal(second + word(&file, second + 4), file.length);
    text_free(&file);
}

static void the_comment_is_the_line_of_the_script_or_else_the_packet(void **state)
{
    (void)state;
    struct text file = TEXT_EMPTY;
    write_example(&file);
    assert_true(holds(&file, block(&file, 2), "made.pkt:2: +.1 < S 0:0(0) win 65535"));
    assert_false(holds(&file, block(&file, 2), "65535 "));
    assert_true(holds(&file, block(&file, 3), "made.pkt: > . 1:4(3) ack 1 win 1000"));
    text_free(&file);
}

static void a_line_beyond_the_source_falls_back_on_the_packet(void **state)
{
    (void)state;
    struct trace *trace = two_packets();
    struct text file = TEXT_EMPTY;
    trace->records[0].line = 9;
    pcapng_write(trace, source, sizeof source - 1, &file);
    assert_true(holds(&file, block(&file, 2), "made.pkt:9: < S 0:0(0) win 65535"));
    text_clear(&file);
    pcapng_write(trace, NULL, 0, &file);
    assert_true(holds(&file, block(&file, 2), "made.pkt:9: < S 0:0(0) win 65535"));
    text_free(&file);
    made_trace_free(trace);
}

static void directions_are_those_of_the_stack(void **state)
{
    (void)state;
    struct text file = TEXT_EMPTY;
    write_example(&file);
    for (unsigned i = 2; i < 4; i++) {
        const size_t at = block(&file, i);
        const size_t end = at + word(&file, at + 4);
        assert_int_equal(word(&file, end - 16), 2 | 4u << 16); /* epb_flags, four octets */
        assert_int_equal(word(&file, end - 12), i == 2 ? 1 : 2);
        assert_int_equal(word(&file, end - 8), 0);
    }
    text_free(&file);
}

static int write_example_to(const char *path)
{
    struct text out = TEXT_EMPTY;
    write_example(&out);
    FILE *file = fopen(path, "wb");
    const bool is_written = file != NULL && fwrite(out.bytes, 1, out.length, file) == out.length;
    text_free(&out);
    return is_written && fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        return write_example_to(argv[1]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_opens_with_a_section_and_a_raw_ip_interface),
        cmocka_unit_test(times_are_nanoseconds_since_the_start_of_the_script),
        cmocka_unit_test(the_comment_is_the_line_of_the_script_or_else_the_packet),
        cmocka_unit_test(a_line_beyond_the_source_falls_back_on_the_packet),
        cmocka_unit_test(directions_are_those_of_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
