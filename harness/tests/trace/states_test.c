/* The states that a host tells of, and the one that they began in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trace/states.h"

static uint64_t word(enum tcb_state before, enum tcb_state first, enum tcb_state latest)
{
    return (uint64_t)before << 8 | (uint64_t)first << 4 | (uint64_t)latest;
}

static void states_are_told_from_the_latest_back(void **state)
{
    (void)state;
    const uint64_t states = word(TCB_LISTEN, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    assert_int_equal(states_at(states, 0), TCB_ESTABLISHED);
    assert_int_equal(states_at(states, 1), TCB_SYN_RECEIVED);
    assert_int_equal(states_told(2), 2);
    assert_int_equal(states_told(STATES_MAX), STATES_MAX);
    assert_int_equal(states_told(STATES_MAX + 1), STATES_MAX);
}

static void what_is_known_wrongly_is_put_right(void **state)
{
    (void)state;
    const uint64_t reopened = word(TCB_TIME_WAIT, TCB_LISTEN, TCB_SYN_RECEIVED);
    const uint64_t activated = word(TCB_LISTEN, TCB_CLOSED, TCB_SYN_SENT);
    assert_int_equal(states_first(reopened, 2, TCB_LISTEN), TCB_TIME_WAIT);
    assert_int_equal(states_first(activated, 2, TCB_CLOSED), TCB_LISTEN);
}

static void what_is_known_stays_otherwise(void **state)
{
    (void)state;
    const uint64_t states = word(TCB_TIME_WAIT, TCB_LISTEN, TCB_SYN_RECEIVED);
    assert_int_equal(states_first(states, 2, TCB_CLOSED), TCB_CLOSED);
    assert_int_equal(states_first(states, 1, TCB_LISTEN), TCB_LISTEN);
    assert_int_equal(states_first(states, 1, TCB_ESTABLISHED), TCB_ESTABLISHED);
    assert_int_equal(states_first(UINT64_MAX, STATES_MAX, TCB_LISTEN), TCB_LISTEN); /* no room */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_told_from_the_latest_back),
        cmocka_unit_test(what_is_known_wrongly_is_put_right),
        cmocka_unit_test(what_is_known_stays_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
