/* Two hosts side by side: what leaves one, what arrives at the other, and what does not. */
#include "trace/ladder_pair.h"

#include "made_trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* b's first SYN is lost, the second one arrives after 10 ms. */
static void make(struct trace **a, struct trace **b)
{
    *a = made_trace();
    *b = made_trace();
    const uint32_t at_a = made_incarnation(*a, NULL, 8000, 80, 100, 200);
    const uint32_t at_b = made_incarnation(*b, NULL, 80, 8000, 200, 100);
    made_call(*a, 0, 1, "listen(3, 1)");
    made_result(*a, 0, 1, "listen(3, 1)", 0, NULL);
    (void)made_packet(*b, 0, TRACE_FROM_SUT, at_b, TCP_FLAG_SYN, 0, 0, 0, 65535);
    (void)made_packet(*b, 1000000, TRACE_FROM_SUT, at_b, TCP_FLAG_SYN, 0, 0, 0, 65535);
    (void)made_packet(*a, 1010000, TRACE_TO_SUT, at_a, TCP_FLAG_SYN, 0, 0, 0, 65535);
    made_state(*a, 1010000, at_a, TCB_LISTEN, TCB_SYN_RECEIVED);
    (void)made_packet(*a, 1010000, TRACE_FROM_SUT, at_a, TCP_FLAG_SYN | TCP_FLAG_ACK, 0, 0, 1,
                      9000);
    (void)made_packet(*b, 1020000, TRACE_TO_SUT, at_b, TCP_FLAG_SYN | TCP_FLAG_ACK, 0, 0, 1, 9000);
}

static void expect(const struct ladder_options *options, const char *expected)
{
    struct trace *a;
    struct trace *b;
    struct text got = TEXT_EMPTY;
    make(&a, &b);
    ladder_pair_print(a, b, options, &got);
    assert_string_equal(text_read(&got), expected);
    text_free(&got);
    made_trace_free(a);
    made_trace_free(b);
}

static void packets_show_where_they_leave_and_where_they_arrive(void **state)
{
    (void)state;
    expect(&(struct ladder_options){.is_ascii = true, .has_heading = true},
           "       time                       host a                                    host b\n"
           "                                 |                                          |\n"
           "   0.000000  listen(3, 1) = 0    |                                          |\n"
           "                                 |..- S 0:0(0) win 65535 -------------------|\n"
           "   1.000000                      |..- S 0:0(0) win 65535 -------------------|\n"
           "   1.010000  LISTEN ->           |<- S 0:0(0) win 65535 ------------------..|\n"
           "             SYN-RECEIVED        |                                          |\n"
           "                                 |-- S. 0:0(0) ack 1 win 9000 ------------..|\n"
           "   1.020000                      |..- S. 0:0(0) ack 1 win 9000 ------------>|\n");
}

static void the_last_rows_are_those_of_both_hosts(void **state)
{
    (void)state;
    expect(&(struct ladder_options){.is_ascii = true, .last_rows = 2},
           "   1.010000                      |-- S. 0:0(0) ack 1 win 9000 ------------..|\n"
           "   1.020000                      |..- S. 0:0(0) ack 1 win 9000 ------------>|\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_show_where_they_leave_and_where_they_arrive),
        cmocka_unit_test(the_last_rows_are_those_of_both_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
