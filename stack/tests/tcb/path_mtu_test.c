/* Path MTU discovery (RFC 1191, RFC 8201) and its caution (RFC 5927 7.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/one_host.h"

/* Fragmentation needed: the packet of `bytes` sent at `offset` from ISS did not fit `mtu`. */
static void too_big(struct one_host *one, uint32_t offset, uint32_t bytes, uint32_t mtu)
{
    const struct tcp_icmp icmp = {
        .source = one->remote.address,
        .destination = one->local.address,
        .type = TCP_ICMP4_UNREACHABLE,
        .code = TCP_ICMP4_FRAGMENTATION_NEEDED,
        .mtu = mtu,
        .quoted_source = one->local,
        .quoted_destination = one->remote,
        .quoted_seq = {one->iss + offset},
        .quoted_header_bytes = 20,
        .quoted_packet_bytes = bytes,
    };
    tcp_host_icmp(one->host, one->now, &icmp);
    assert_null(tcp_host_check(one->host));
}

/* Three segments of 1000 octets are on their way. */
static void open_with_flight(struct one_host *one, uint32_t distrust)
{
    one_prepare(one);
    one->config.icmp_distrust_size = distrust;
    one_start(one);
    one_reach(one, TCB_ESTABLISHED);
    one_write(one, 3000);
    one_out(one, ". 1:1001 ack 1");
    one_out(one, ". 1001:2001 ack 1");
    one_out(one, "P. 2001:3001 ack 1");
}

static void what_was_lost_goes_again_in_slow_start_and_cwnd_stays(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    const uint32_t cwnd = one_status(&one).cwnd_bytes;
    too_big(&one, 1, 1040, 540);
    assert_int_equal(one_status(&one).send_mss, 500);
    one_out(&one, ". 1:501 ack 1");
    one_silent(&one);
    too_big(&one, 1001, 1040, 540); /* the burst: nothing is lowered, nothing goes again */
    too_big(&one, 2001, 1040, 540);
    one_silent(&one);
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd);
    one_in(&one, ". 1:1 ack 501");
    one_out(&one, ". 501:1001 ack 1");
    one_out(&one, ". 1001:1501 ack 1");
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1501");
    one_out(&one, ". 1501:2001 ack 1");
    one_out(&one, ". 2001:2501 ack 1");
    one_out(&one, "P. 2501:3001 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void what_stands_before_the_quoted_segment_does_not_go_again(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    too_big(&one, 1001, 1040, 540);
    one_out(&one, ". 1001:1501 ack 1");
    one_silent(&one);
    too_big(&one, 2001, 540, 440); /* further ahead than what goes again already */
    one_out(&one, ". 1501:1901 ack 1");
    one_silent(&one);
    too_big(&one, 1, 540, 340); /* back to the beginning */
    one_out(&one, ". 1:301 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void every_plateau_has_its_turn(void **state)
{
    (void)state;
    static const uint32_t plateaus[] = {32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};
    struct one_host one;
    one_prepare(&one);
    one.config.mtu = 65535;
    one.config.icmp_distrust_size = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 100);
    one_out(&one, "P. 1:101 ack 1");
    uint32_t bytes = 65535;
    for (size_t i = 0; i < sizeof plateaus / sizeof *plateaus; i++) {
        too_big(&one, 1, bytes, 0);
        bytes = one_status(&one).path_mtu;
        assert_int_equal(bytes, plateaus[i]);
    }
    one_close(&one);
}

static void a_report_put_off_outlives_what_stands_before_the_quoted_segment(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    one_in(&one, ". 1:1 ack 3001");
    one_write(&one, 2000);
    one_out(&one, ". 3001:4001 ack 1");
    one_out(&one, "P. 4001:5001 ack 1");
    too_big(&one, 4001, 1040, 540);
    one_in(&one, ". 1:1 ack 4001");
    assert_int_equal(one_status(&one).send_mss, 1000);
    one_wait(&one, 1000000);
    assert_int_equal(one_status(&one).send_mss, 500);
    one_out(&one, ". 4001:4501 ack 1");
    one_close(&one);
}

static void the_timer_takes_over_when_that_is_lost_too(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    one_wait(&one, 500000);
    too_big(&one, 1, 1040, 540);
    one_out(&one, ". 1:501 ack 1");
    one_wait(&one, 999999);
    one_silent(&one);
    one_wait(&one, 1);
    one_out(&one, ". 1:501 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void sixty_eight_octets_are_the_least(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    too_big(&one, 1, 1040, 67);
    assert_int_equal(one_status(&one).send_mss, 1000);
    one_silent(&one);
    too_big(&one, 1, 1040, 68);
    assert_int_equal(one_status(&one).send_mss, 28);
    one_out(&one, ". 1:29 ack 1");
    one_close(&one);
}

static void a_report_never_raises_the_estimate(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 0);
    too_big(&one, 1, 1040, 1500);
    assert_int_equal(one_status(&one).path_mtu, 0);
    too_big(&one, 1, 1040, 840);
    one_out(&one, ". 1:801 ack 1");
    too_big(&one, 1, 1040, 841);
    too_big(&one, 1, 1040, 840);
    one_silent(&one);
    assert_int_equal(one_status(&one).path_mtu, 840);
    too_big(&one, 1, 1040, 839);
    assert_int_equal(one_status(&one).path_mtu, 839);
    one_close(&one);
}

static void old_routers_are_answered_from_the_plateau_table(void **state)
{
    (void)state;
    static const struct {
        uint32_t quoted, mtu;
    } cases[] = {{1500, 1006}, /* not below the estimate: the router may have added the header */
                 {1499, 1492}, {1493, 1492}, {1492, 1006}, {1007, 1006},
                 {1006, 508},  {297, 296},   {296, 68},    {69, 68}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct one_host one;
        open_with_flight(&one, 0);
        too_big(&one, 1, cases[i].quoted, 0);
        assert_int_equal(one_status(&one).path_mtu, cases[i].mtu);
        one_close(&one);
    }
}

static void more_than_was_ever_sent_is_not_believed(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    too_big(&one, 1, 1040, 1041);
    assert_int_equal(one_status(&one).path_mtu, 0);
    too_big(&one, 1, 1040, 1040); /* of the very size: nothing to send again, but noted */
    assert_int_equal(one_status(&one).path_mtu, 1040);
    one_silent(&one);
    one_close(&one);
}

/* A segment of 1000 octets has arrived, another is on its way. */
static void open_with_proof(struct one_host *one)
{
    open_with_flight(one, 1);
    one_in(one, ". 1:1 ack 1001");
    one_silent(one);
}

static void less_than_what_arrived_waits_for_a_timeout(void **state)
{
    (void)state;
    struct one_host one;
    open_with_proof(&one);
    too_big(&one, 1001, 1040, 540);
    assert_int_equal(one_status(&one).path_mtu, 0);
    one_silent(&one);
    one_wait(&one, 1000000);
    assert_int_equal(one_status(&one).path_mtu, 540);
    one_out(&one, ". 1001:1501 ack 1");
    one_silent(&one);
    one_close(&one);
}

static void a_report_put_off_is_forgotten_when_the_quoted_segment_arrives(void **state)
{
    (void)state;
    struct one_host one;
    open_with_proof(&one);
    too_big(&one, 1001, 1040, 540);
    one_in(&one, ". 1:1 ack 2001");
    one_wait(&one, 1000000);
    assert_int_equal(one_status(&one).path_mtu, 0);
    one_out(&one, "P. 2001:3001 ack 1");
    one_close(&one);
}

static void what_has_just_arrived_in_that_size_speaks_for_the_report(void **state)
{
    (void)state;
    struct one_host one;
    open_with_proof(&one);
    too_big(&one, 1001, 1040, 1040);
    assert_int_equal(one_status(&one).path_mtu, 1040);
    one_close(&one);
}

static void full_size_is_tried_again_after_ten_minutes(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    too_big(&one, 1, 1040, 540);
    one_out(&one, ". 1:501 ack 1");
    one_in(&one, ". 1:1 ack 3001");
    one_silent(&one);
    one_wait(&one, 599999999);
    assert_int_equal(one_status(&one).send_mss, 500);
    one_wait(&one, 1);
    assert_int_equal(one_status(&one).send_mss, 1000);
    assert_int_equal(one_step(&one).cause, TCP_CAUSE_PATH_MTU_TIMEOUT);
    one_write(&one, 1000);
    one_out(&one, "P. 3001:4001 ack 1");
    too_big(&one, 3001, 1040, 540);
    one_out(&one, ". 3001:3501 ack 1"); /* at once: since then nothing larger has arrived */
    one_close(&one);
}

static void a_window_that_is_smaller_than_the_raised_size_grows_with_it(void **state)
{
    (void)state;
    struct one_host one;
    open_with_flight(&one, 1);
    too_big(&one, 1, 1040, 540);
    one_out(&one, ". 1:501 ack 1");
    one_wait(&one, 1000000);
    one_out(&one, ". 1:501 ack 1");
    assert_int_equal(one_status(&one).cwnd_bytes, 500);
    one_in(&one, ". 1:1 ack 3001");
    const uint32_t cwnd = one_status(&one).cwnd_bytes;
    one_wait(&one, 600000000);
    assert_int_equal(one_status(&one).send_mss, 1000);
    assert_int_equal(one_status(&one).cwnd_bytes, cwnd < 1000 ? 1000 : cwnd);
    one_close(&one);
}

static void the_offered_mss_is_not_the_paths_matter(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.icmp_distrust_size = 0;
    one_start(&one);
    one_reach(&one, TCB_SYN_SENT);
    too_big(&one, 0, 44, 540);
    assert_int_equal(one_status(&one).receive_mss, 1460);
    one_silent(&one);
    one_in(&one, "S. 0:0 ack 1 win 10000 mss 1000");
    one_out(&one, ". 1:1 ack 1");
    assert_int_equal(one_status(&one).send_mss, 500);
    one_close(&one);
}

static void without_discovery_nothing_is_lowered_and_df_is_clear(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.path_mtu_discovery = 0;
    one_start(&one);
    one_reach(&one, TCB_ESTABLISHED);
    one_write(&one, 2000);
    one_out(&one, ". 1:1001 ack 1");
    assert_true(one.last.may_fragment);
    const uint16_t identification = one.last.identification;
    one_out(&one, "P. 1001:2001 ack 1");
    assert_int_equal(one.last.identification, (uint16_t)(identification + 1));
    too_big(&one, 1, 1040, 540);
    assert_int_equal(one_status(&one).send_mss, 1000);
    one_close(&one);
}

static void a_waiting_child_keeps_what_is_known_of_its_path(void **state)
{
    (void)state;
    struct one_host one;
    one_prepare(&one);
    one.config.icmp_distrust_size = 0;
    one_start(&one);
    one_reach_passive(&one, TCB_SYN_RECEIVED);
    too_big(&one, 0, 44, 540);
    assert_int_equal(one_status(&one).path_mtu, 540);
    assert_int_equal(one_status(&one).send_mss, 500);
    one_silent(&one);
    one_in(&one, ". 1:1 ack 1");
    assert_int_equal(one_status(&one).send_mss, 500);
    one_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_lost_goes_again_in_slow_start_and_cwnd_stays),
        cmocka_unit_test(what_stands_before_the_quoted_segment_does_not_go_again),
        cmocka_unit_test(every_plateau_has_its_turn),
        cmocka_unit_test(a_report_put_off_outlives_what_stands_before_the_quoted_segment),
        cmocka_unit_test(the_timer_takes_over_when_that_is_lost_too),
        cmocka_unit_test(sixty_eight_octets_are_the_least),
        cmocka_unit_test(a_report_never_raises_the_estimate),
        cmocka_unit_test(old_routers_are_answered_from_the_plateau_table),
        cmocka_unit_test(more_than_was_ever_sent_is_not_believed),
        cmocka_unit_test(less_than_what_arrived_waits_for_a_timeout),
        cmocka_unit_test(a_report_put_off_is_forgotten_when_the_quoted_segment_arrives),
        cmocka_unit_test(what_has_just_arrived_in_that_size_speaks_for_the_report),
        cmocka_unit_test(full_size_is_tried_again_after_ten_minutes),
        cmocka_unit_test(a_window_that_is_smaller_than_the_raised_size_grows_with_it),
        cmocka_unit_test(the_offered_mss_is_not_the_paths_matter),
        cmocka_unit_test(without_discovery_nothing_is_lowered_and_df_is_clear),
        cmocka_unit_test(a_waiting_child_keeps_what_is_known_of_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
