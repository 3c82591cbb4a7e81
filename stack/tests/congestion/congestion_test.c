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
    struct congestion congestion = {0};
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

static void a_mark_leaves_at_least_one_segment(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    congestion_marked(&congestion, 1000, 10000);
    assert_int_equal(congestion.window.cwnd_bytes, 5000);
    congestion_marked(&congestion, 1000, 1000);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
    assert_int_equal(congestion.window.ssthresh_bytes, 2000);
}

static void an_acknowledgment_makes_the_window_grow(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    const struct congestion_ack ack = {.mss = 1000, .octets = 1000, .flight_bytes = 10000};
    congestion_acknowledge(&congestion, &ack);
    assert_int_equal(congestion.window.cwnd_bytes, 11000);
}

static struct congestion fresh_cubic(void)
{
    struct congestion congestion = {.control = TCP_CONGESTION_CUBIC};
    congestion_init(&congestion, 1000, 10, false);
    return congestion;
}

static void cubic_does_what_its_own_rules_say(void **state)
{
    (void)state;
    struct congestion congestion = fresh_cubic();
    congestion_timeout(&congestion, 1000, 10000, true);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
    assert_int_equal(congestion.window.ssthresh_bytes, 7000);
    congestion_marked(&congestion, 1000, 20000);
    assert_int_equal(congestion.window.cwnd_bytes, 14000);
    congestion_marked(&congestion, 1000, 1000);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
}

static void cubic_grows_only_by_what_filled_its_window(void **state)
{
    (void)state;
    struct congestion congestion = fresh_cubic();
    const struct congestion_ack ack = {.mss = 1000, .octets = 1000, .flight_bytes = 5000};
    congestion_acknowledge(&congestion, &ack);
    assert_int_equal(congestion.window.cwnd_bytes, 10000);
    congestion_note_flight(&congestion, 1000, 10000, 5);
    assert_int_equal(congestion.cubic.counted_us, 5);
    congestion_acknowledge(&congestion, &ack);
    assert_int_equal(congestion.window.cwnd_bytes, 11000);
}

static void reno_notes_no_flight(void **state)
{
    (void)state;
    struct congestion congestion = fresh();
    const struct congestion before = congestion;
    congestion_note_flight(&congestion, 1000, 10000, 5);
    assert_memory_equal(&congestion, &before, sizeof before);
}

static void another_choice_keeps_the_windows_and_forgets_the_rest(void **state)
{
    (void)state;
    struct congestion congestion = fresh_cubic();
    congestion_timeout(&congestion, 1000, 10000, true);
    congestion_note_flight(&congestion, 1000, 10000, 5);
    struct congestion before = congestion;
    congestion_choose(&congestion, TCP_CONGESTION_CUBIC); /* it is already */
    assert_memory_equal(&congestion, &before, sizeof before);
    congestion_choose(&congestion, TCP_CONGESTION_RENO);
    assert_int_equal(congestion.control, TCP_CONGESTION_RENO);
    assert_int_equal(congestion.window.cwnd_bytes, 1000);
    assert_int_equal(congestion.window.ssthresh_bytes, 7000);
    const struct cubic nothing = {0};
    assert_memory_equal(&congestion.cubic, &nothing, sizeof nothing);
}

static void an_initial_window_is_the_same_for_all_and_the_choice_stays(void **state)
{
    (void)state;
    struct congestion congestion = fresh_cubic();
    congestion_marked(&congestion, 1000, 9000);
    congestion_init(&congestion, 1000, 10, false);
    assert_int_equal(congestion.control, TCP_CONGESTION_CUBIC);
    assert_int_equal(congestion.window.cwnd_bytes, 10000);
    assert_int_equal(congestion.cubic.w_max_bytes, 0);
}

static void controllers_have_names(void **state)
{
    (void)state;
    enum tcp_congestion_control control = TCP_CONGESTION_RENO;
    assert_string_equal(tcp_congestion_control_name(TCP_CONGESTION_RENO), "reno");
    assert_string_equal(tcp_congestion_control_name(TCP_CONGESTION_CUBIC), "cubic");
    assert_true(tcp_congestion_control_find("cubic", 5, &control));
    assert_int_equal(control, TCP_CONGESTION_CUBIC);
    assert_false(tcp_congestion_control_find("cubi", 4, &control));
    assert_false(tcp_congestion_control_find("cubicx", 6, &control));
    assert_false(tcp_congestion_control_find("", 0, &control));
    assert_int_equal(control, TCP_CONGESTION_CUBIC);
    assert_true(tcp_congestion_control_find("reno", 4, &control));
    assert_int_equal(control, TCP_CONGESTION_RENO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_begins_with_the_initial_window),
        cmocka_unit_test(a_timeout_leaves_the_loss_window),
        cmocka_unit_test(a_mark_leaves_at_least_one_segment),
        cmocka_unit_test(an_acknowledgment_makes_the_window_grow),
        cmocka_unit_test(cubic_does_what_its_own_rules_say),
        cmocka_unit_test(cubic_grows_only_by_what_filled_its_window),
        cmocka_unit_test(reno_notes_no_flight),
        cmocka_unit_test(another_choice_keeps_the_windows_and_forgets_the_rest),
        cmocka_unit_test(an_initial_window_is_the_same_for_all_and_the_choice_stays),
        cmocka_unit_test(controllers_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
