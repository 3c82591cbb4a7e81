/* W05 and W08 to W13, W17: what may be sent, and where. Sequence numbers pass the wrap in every
 * test. */
#include "build_trace.h"

#include <string.h>

static struct scene *connected(uint16_t window)
{
    struct scene *scene = scene_open(4);
    handshake(scene, window);
    return scene;
}

static void send_text(struct scene *scene, uint32_t seq, uint32_t count)
{
    sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 1, .count = count});
}

static void text_as_written_holds_in_every_transmission(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    wrote(scene, 700);
    wrote(scene, 800);
    send_text(scene, 1, 1000);
    send_text(scene, 1001, 500);
    drained(scene);
    send_text(scene, 301, 1000); /* again, cut otherwise */
    holds(scene, "W05");
}

static void one_wrong_octet_fires_also_when_sent_again(void **state)
{
    (void)state;
    uint8_t text[600];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = octet_at(TRACE_FROM_SUT, i);
    }
    text[599] ^= 1;
    struct scene *scene = connected(5000);
    wrote(scene, 300);
    wrote(scene, 300);
    send_text(scene, 1, 600);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 600, .text = text});
    only_fires(scene, "W05");
}

static void an_octet_that_was_never_written_fires(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    wrote(scene, 300);
    send_text(scene, 1, 301);
    only_fires(scene, "W05");
}

static void a_short_write_counts_only_what_it_took(void **state)
{
    (void)state;
    for (int64_t taken = 99; taken <= 100; taken++) {
        struct scene *scene = connected(5000);
        write_ends(scene, write_begins(scene, 300), taken);
        send_text(scene, 1, 100);
        (taken == 100 ? holds : only_fires)(scene, "W05");
    }
}

static void a_write_that_still_blocks_may_leave_in_part(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    write_begins(scene, 3000);
    send_text(scene, 1, 1000);
    drained(scene);
    holds(scene, "W05");
}

static void the_octet_of_a_keep_alive_is_not_judged(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    sent(scene,
         (struct piece){.flags = A, .seq = 0, .ack = 1, .count = 1, .text = (const uint8_t *)"x"});
    does_not_judge(scene, "W05");
}

static void text_without_any_recorded_call_is_not_judged(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    send_text(scene, 1, 100);
    does_not_judge(scene, "W05");
}

static void a_send_of_an_unknown_connection_silences_the_comparison(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    const uint32_t incarnation = scene->incarnation;
    scene->incarnation = TRACE_NO_EVENT;
    wrote(scene, 10);
    scene->incarnation = incarnation;
    send_text(scene, 1, 100);
    does_not_judge(scene, "W05");
}

static void fin_before_everything_written_was_sent_fires(void **state)
{
    (void)state;
    for (uint32_t count = 299; count <= 300; count++) {
        struct scene *scene = connected(5000);
        wrote(scene, 300);
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = count});
        (count == 300 ? holds : only_fires)(scene, "W17");
    }
}

static void text_beyond_the_offered_edge_fires(void **state)
{
    (void)state;
    for (uint32_t count = 500; count <= 501; count++) {
        struct scene *scene = connected(500);
        wrote(scene, 600);
        send_text(scene, 1, count);
        (count == 500 ? holds : only_fires)(scene, "W08");
    }
}

static void text_that_fits_a_window_once_offered_holds_after_it_shrank(void **state)
{
    (void)state;
    struct scene *scene = connected(500);
    wrote(scene, 600);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 100});
    send_text(scene, 1, 500);
    holds(scene, "W08");
}

static void a_window_behind_an_ack_of_unsent_data_offers_nothing(void **state)
{
    (void)state;
    struct scene *scene = connected(500);
    wrote(scene, 600);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 200, .window = 500});
    drained(scene);
    send_text(scene, 1, 501);
    only_fires(scene, "W08");
}

static void one_octet_may_probe_a_shut_window_and_two_may_not(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 2; count++) {
        struct scene *scene = connected(500);
        wrote(scene, 600);
        send_text(scene, 1, 500);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 501, .window = SHUT});
        drained(scene);
        send_text(scene, 501, count);
        (count == 1 ? holds : only_fires)(scene, "W08");
    }
}

static void one_octet_beyond_a_window_that_is_not_shut_fires(void **state)
{
    (void)state;
    struct scene *scene = connected(500);
    wrote(scene, 600);
    send_text(scene, 1, 500);
    send_text(scene, 501, 1);
    only_fires(scene, "W08");
}

static void the_window_of_a_syn_is_not_scaled_and_later_ones_are(void **state)
{
    (void)state;
    const struct tcp_options scaled = {
        .has_mss = true, .mss = 1000, .has_window_scale = true, .window_scale = 2};
    for (int later = 0; later <= 1; later++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .window = 100, .options = scaled});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = scaled});
        drained(scene);
        wrote(scene, 400);
        if (later == 1) {
            given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 100});
        }
        send_text(scene, 1, 400);
        (later == 1 ? holds : only_fires)(scene, "W08");
    }
}

static void a_window_offered_before_the_syn_ack_left_counts(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S, .window = 10});
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 400, .count = 5});
    sent(scene, (struct piece){.flags = SA, .ack = 6});
    drained(scene);
    wrote(scene, 400);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 6, .count = 400});
    holds(scene, "W08");
}

static void text_behind_the_fin_fires(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    wrote(scene, 100);
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = 100});
    wrote(scene, 1);
    send_text(scene, 101, 1);
    only_fires(scene, "W09");
}

static void text_before_the_fin_may_be_sent_again(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    wrote(scene, 100);
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = 100});
    send_text(scene, 1, 100);
    holds(scene, "W09");
}

static void a_keep_alive_octet_at_the_number_of_the_fin_is_no_text(void **state)
{
    (void)state;
    struct scene *scene = connected(5000);
    wrote(scene, 100);
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = 100});
    send_text(scene, 1, 100);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 102, .window = 1000});
    send_text(scene, 101, 1);
    holds(scene, "W09");
}

static void a_fin_at_another_number_fires(void **state)
{
    (void)state;
    for (uint32_t count = 99; count <= 100; count++) {
        struct scene *scene = connected(5000);
        wrote(scene, 100);
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = 100});
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = count});
        (count == 100 ? holds : only_fires)(scene, "W10");
    }
}

static void a_segment_beyond_the_first_unsent_number_fires(void **state)
{
    (void)state;
    for (uint32_t seq = 101; seq <= 102; seq++) {
        struct scene *scene = connected(5000);
        wrote(scene, 300);
        send_text(scene, 1, 100);
        sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 1});
        (seq == 101 ? holds : only_fires)(scene, "W11");
    }
}

static void a_segment_before_the_first_number_fires(void **state)
{
    (void)state;
    for (uint32_t back = 0; back <= 1; back++) {
        struct scene *scene = connected(5000);
        sent(scene, (struct piece){.flags = A, .seq = 0 - back, .ack = 1});
        (back == 0 ? holds : only_fires)(scene, "W11");
    }
}

static void a_right_edge_that_moves_left_fires(void **state)
{
    (void)state;
    for (uint16_t window = 899; window <= 900; window++) {
        struct scene *scene = connected(5000);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 1000});
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 100});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 101, .window = window});
        (window == 900 ? holds : only_fires)(scene, "W12");
    }
}

static void less_than_a_unit_of_a_scaled_window_may_get_lost(void **state)
{
    (void)state;
    const struct tcp_options scaled = {.has_window_scale = true, .window_scale = 2};
    for (uint32_t taken = 3; taken <= 4; taken++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .options = scaled});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = scaled});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 100});
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 8 - taken});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 9 - taken, .window = 98});
        (taken == 3 ? holds : only_fires)(scene, "W12");
    }
}

static void text_larger_than_the_peers_mss_fires(void **state)
{
    (void)state;
    for (uint32_t count = 1000; count <= 1001; count++) {
        struct scene *scene = connected(5000);
        wrote(scene, 2000);
        send_text(scene, 1, count);
        (count == 1000 ? holds : only_fires)(scene, "W13");
    }
}

static void without_an_mss_option_the_default_of_the_ip_version_counts(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        const uint32_t limit = version == 4 ? 536 : 1220;
        for (uint32_t count = limit; count <= limit + 1; count++) {
            struct scene *scene = scene_open(version);
            given(scene, (struct piece){.flags = S, .window = 5000});
            sent(scene, (struct piece){.flags = SA, .ack = 1});
            wrote(scene, 2000);
            send_text(scene, 1, count);
            (count == limit ? holds : only_fires)(scene, "W13");
        }
    }
}

static void options_count_against_the_mss(void **state)
{
    (void)state;
    const struct tcp_options stamped = {.has_mss = true, .mss = 1000, .has_timestamps = true};
    for (uint32_t count = 988; count <= 989; count++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .window = 5000, .options = stamped});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = stamped});
        wrote(scene, 1000);
        sent(scene, (struct piece){.flags = A,
                                   .seq = 1,
                                   .ack = 1,
                                   .count = count,
                                   .options = {.has_timestamps = true}});
        (count == 988 ? holds : only_fires)(scene, "W13");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_as_written_holds_in_every_transmission),
        cmocka_unit_test(one_wrong_octet_fires_also_when_sent_again),
        cmocka_unit_test(an_octet_that_was_never_written_fires),
        cmocka_unit_test(a_short_write_counts_only_what_it_took),
        cmocka_unit_test(a_write_that_still_blocks_may_leave_in_part),
        cmocka_unit_test(the_octet_of_a_keep_alive_is_not_judged),
        cmocka_unit_test(text_without_any_recorded_call_is_not_judged),
        cmocka_unit_test(a_send_of_an_unknown_connection_silences_the_comparison),
        cmocka_unit_test(fin_before_everything_written_was_sent_fires),
        cmocka_unit_test(text_beyond_the_offered_edge_fires),
        cmocka_unit_test(text_that_fits_a_window_once_offered_holds_after_it_shrank),
        cmocka_unit_test(a_window_behind_an_ack_of_unsent_data_offers_nothing),
        cmocka_unit_test(one_octet_may_probe_a_shut_window_and_two_may_not),
        cmocka_unit_test(one_octet_beyond_a_window_that_is_not_shut_fires),
        cmocka_unit_test(the_window_of_a_syn_is_not_scaled_and_later_ones_are),
        cmocka_unit_test(a_window_offered_before_the_syn_ack_left_counts),
        cmocka_unit_test(text_behind_the_fin_fires),
        cmocka_unit_test(text_before_the_fin_may_be_sent_again),
        cmocka_unit_test(a_keep_alive_octet_at_the_number_of_the_fin_is_no_text),
        cmocka_unit_test(a_fin_at_another_number_fires),
        cmocka_unit_test(a_segment_beyond_the_first_unsent_number_fires),
        cmocka_unit_test(a_segment_before_the_first_number_fires),
        cmocka_unit_test(a_right_edge_that_moves_left_fires),
        cmocka_unit_test(less_than_a_unit_of_a_scaled_window_may_get_lost),
        cmocka_unit_test(text_larger_than_the_peers_mss_fires),
        cmocka_unit_test(without_an_mss_option_the_default_of_the_ip_version_counts),
        cmocka_unit_test(options_count_against_the_mss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
