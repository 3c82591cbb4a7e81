/* The counters that libFuzzer reads are there, and are counted in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "feedback.h"
#include "target.h"

int fuzz_one_input(const uint8_t *input, size_t count)
{
    (void)input;
    (void)count;
    return 0;
}

static void the_section_holds_every_counter(void **state)
{
    (void)state;
    assert_int_equal(feedback_section_bytes(), FEEDBACK_COUNT);
}

static void each_step_and_each_change_has_its_own_counter(void **state)
{
    (void)state;
    feedback_begin();
    assert_int_equal(feedback_seen(), 0);
    size_t seen = 0;
    for (int from = 0; from < TCB_STATE_COUNT; from++) {
        for (int to = 0; to < TCB_STATE_COUNT; to++) {
            feedback_change((enum tcb_state)from, (enum tcb_state)to);
            assert_int_equal(feedback_seen(), ++seen);
        }
    }
    for (int before = 0; before < TCB_STATE_COUNT; before++) {
        for (int verdict = 0; verdict < TCP_VERDICT_COUNT; verdict++) {
            for (int check = 0; check < TCP_CHECK_COUNT; check++) {
                feedback_step(&(struct tcp_step_record){.cause = TCP_CAUSE_SEGMENT,
                                                        .before = (enum tcb_state)before,
                                                        .verdict = (enum tcp_verdict)verdict,
                                                        .check = (enum tcp_check)check});
                assert_int_equal(feedback_seen(), ++seen);
            }
        }
    }
    feedback_step(&(struct tcp_step_record){.cause = TCP_CAUSE_KEEP_ALIVE_TIMEOUT,
                                            .before = TCB_TIME_WAIT,
                                            .verdict = TCP_VERDICT_NONE});
    assert_int_equal(feedback_seen(), ++seen);
    feedback_begin();
    assert_int_equal(feedback_seen(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_section_holds_every_counter),
        cmocka_unit_test(each_step_and_each_change_has_its_own_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
