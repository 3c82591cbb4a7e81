/* The initial window (RFC 6928) and slow start (RFC 5681 3.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "congestion/window.h"

static struct congestion_window fresh(uint32_t mss)
{
    struct congestion_window window;
    window_init(&window, mss, 10, false);
    return window;
}

static void the_initial_window_is_that_of_rfc_6928(void **state)
{
    (void)state;
    /* min(10 * MSS, max(2 * MSS, 14600)) */
    assert_int_equal(fresh(48).cwnd_bytes, 480);
    assert_int_equal(fresh(536).cwnd_bytes, 5360);
    assert_int_equal(fresh(1459).cwnd_bytes, 14590);
    assert_int_equal(fresh(1460).cwnd_bytes, 14600);
    assert_int_equal(fresh(1461).cwnd_bytes, 14600);
    assert_int_equal(fresh(7300).cwnd_bytes, 14600);
    assert_int_equal(fresh(7301).cwnd_bytes, 14602);
    assert_int_equal(fresh(65495).cwnd_bytes, 130990);
}

static void it_can_be_set_to_one_segment(void **state)
{
    (void)state;
    struct congestion_window window;
    window_init(&window, 1000, 1, false);
    assert_int_equal(window.cwnd_bytes, 1000);
    window_init(&window, 9000, 1, false);
    assert_int_equal(window.cwnd_bytes, 9000); /* never below a segment */
}

static void after_a_lost_syn_it_is_one_segment(void **state)
{
    (void)state;
    struct congestion_window window;
    window_init(&window, 1460, 10, true);
    assert_int_equal(window.cwnd_bytes, 1460);
}

static void ssthresh_begins_beyond_every_window(void **state)
{
    (void)state;
    assert_int_equal(fresh(1460).ssthresh_bytes, UINT32_C(0x3fffffff));
}

static void slow_start_adds_what_was_acknowledged_up_to_a_segment(void **state)
{
    (void)state;
    struct congestion_window window = fresh(1000);
    window_slow_start(&window, 1000, 999);
    assert_int_equal(window.cwnd_bytes, 10999);
    window_slow_start(&window, 1000, 1001);
    assert_int_equal(window.cwnd_bytes, 11999);
}

static void it_ends_at_the_largest_window(void **state)
{
    (void)state;
    struct congestion_window window = fresh(1000);
    window.cwnd_bytes = CWND_MAX_BYTES - 1;
    window_slow_start(&window, 1000, 1);
    assert_int_equal(window.cwnd_bytes, UINT32_C(0x3fffffff));
    window_slow_start(&window, 1000, 1);
    assert_int_equal(window.cwnd_bytes, UINT32_C(0x3fffffff));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_initial_window_is_that_of_rfc_6928),
        cmocka_unit_test(it_can_be_set_to_one_segment),
        cmocka_unit_test(after_a_lost_syn_it_is_one_segment),
        cmocka_unit_test(ssthresh_begins_beyond_every_window),
        cmocka_unit_test(slow_start_adds_what_was_acknowledged_up_to_a_segment),
        cmocka_unit_test(it_ends_at_the_largest_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
