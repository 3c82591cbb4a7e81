/* The interface to congestion control: what each event does, whichever controller there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "congestion/congestion.h"

static struct congestion fresh(void)
{
    struct congestion congestion;
    congestion_init(&congestion, 1000, 10, false);
    return congestion;
}

static void a_connection_begins_with_the_initial_window(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion.reno.acked_bytes = 5;
    congestion_init(&congestion, 1000, 4, false);
    assert_int_equal(congestion.window.cwnd_bytes, 4000);
    assert_int_equal(congestion.reno.acked_bytes, 0);
    congestion_init(&congestion, 1000, 4, true);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
}

static void a_timeout_leaves_the_loss_window(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion_timeout(&congestion, 1000, 10000, true);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
    assert_int_equal(congestion.window.ssthresh_bytes, 5000);
    congestion_timeout(&congestion, 1000, 1000, false);
    assert_int_equal(congestion.window.ssthresh_bytes, 5000);
}

static void a_loss_leaves_at_least_two_segments(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion_signal(&congestion, 1000, 3000, CONGESTION_LOSS);
    assert_int_equal(congestion.window.cwnd_bytes, 2000);
    assert_int_equal(congestion.window.ssthresh_bytes, 2000);
}

static void a_mark_leaves_at_least_one(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion_signal(&congestion, 1000, 10000, CONGESTION_ECE);
    assert_int_equal(congestion.window.cwnd_bytes, 5000);
    congestion_signal(&congestion, 1000, 1000, CONGESTION_ECE);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
    assert_int_equal(congestion.window.ssthresh_bytes, 2000);
}

static void an_acknowledgment_makes_the_window_grow(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion_acknowledge(&congestion, 1000, 1000);
    assert_int_equal(congestion.window.cwnd_bytes, 11000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_begins_with_the_initial_window),
        cmocka_unit_test(a_timeout_leaves_the_loss_window),
        cmocka_unit_test(a_loss_leaves_at_least_two_segments),
        cmocka_unit_test(a_mark_leaves_at_least_one),
        cmocka_unit_test(an_acknowledgment_makes_the_window_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
