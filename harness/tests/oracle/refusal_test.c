/* T04: which steps are refusals, and what one may change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "oracle/refusal.h"

static const struct tcp_step_record refused = {
    .cause = TCP_CAUSE_SEGMENT,
    .before = TCB_ESTABLISHED,
    .after = TCB_ESTABLISHED,
    .verdict = TCP_VERDICT_CHALLENGE,
    .check = TCP_CHECK_RESET,
};

static void a_segment_that_an_early_check_discards_is_refused(void **state)
{
    (void)state;
    assert_true(refusal_is_one(&refused));
    struct tcp_step_record step = refused;
    step.check = TCP_CHECK_TEXT; /* its ACK has counted */
    assert_false(refusal_is_one(&step));
    step = refused;
    step.verdict = TCP_VERDICT_ACCEPT;
    assert_false(refusal_is_one(&step));
    step = refused;
    step.cause = TCP_CAUSE_NONE;
    assert_false(refusal_is_one(&step));
    step = refused;
    step.before = TCB_LISTEN;
    assert_false(refusal_is_one(&step));
}

static void a_reset_that_ends_the_connection_is_no_refusal(void **state)
{
    (void)state;
    struct tcp_step_record step = refused;
    step.verdict = TCP_VERDICT_RESET;
    step.check = TCP_CHECK_SYN;
    assert_true(refusal_is_one(&step));
    step.after = TCB_CLOSED;
    assert_false(refusal_is_one(&step));
}

static void what_has_changed_is_named(void **state)
{
    (void)state;
    struct tcp_status before, after;
    memset(&before, 0, sizeof before);
    before.state = TCB_ESTABLISHED;
    after = before;
    assert_null(refusal_change(&before, &after));
    after.received_ds = 1; /* may change */
    assert_null(refusal_change(&before, &after));
    after.snd_wnd = 1;
    assert_string_equal(refusal_change(&before, &after), "snd_wnd");
    after = before;
    after.keep_alive_at.us = 1;
    assert_string_equal(refusal_change(&before, &after), "keep_alive_at");
    after = before;
    after.time_wait_at.us = 1;
    assert_string_equal(refusal_change(&before, &after), "time_wait_at");
    before.state = after.state = TCB_TIME_WAIT; /* it begins anew */
    assert_null(refusal_change(&before, &after));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_segment_that_an_early_check_discards_is_refused),
        cmocka_unit_test(a_reset_that_ends_the_connection_is_no_refusal),
        cmocka_unit_test(what_has_changed_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
