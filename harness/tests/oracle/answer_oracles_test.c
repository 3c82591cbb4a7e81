/* W19 to W27 but W24: what is answered and acknowledged, and how much is sent at a time. */
#include "build_trace.h"

static void give(struct scene *scene, uint32_t seq, uint32_t ack, uint32_t count)
{
    given(scene,
          (struct piece){.flags = A, .seq = seq, .ack = ack, .window = 5000, .count = count});
}

static void acknowledge(struct scene *scene, uint32_t ack)
{
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = ack, .window = (uint16_t)(2001 - ack)});
}

static void silence_after_an_unacceptable_segment_fires(void **state)
{
    (void)state;
    const uint32_t places[] = {0, 2002, 5000};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (uint32_t answers = 0; answers < 2; answers++) {
            struct scene *scene = scene_connected(5000);
            give(scene, places[i], 1, 0);
            if (answers > 0) {
                acknowledge(scene, 1);
            }
            drained(scene);
            (answers == 1 ? holds : only_fires)(scene, "W19");
        }
    }
}

static void an_rst_outside_the_window_draws_nothing(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    given(scene, (struct piece){.flags = R, .seq = 5000});
    drained(scene);
    does_not_judge(scene, "W19");
}

static void a_window_that_opens_a_little_fires(void **state)
{
    (void)state;
    for (uint16_t gain = 999; gain <= 1000; gain++) {
        struct scene *scene = scene_connected(5000);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000 + gain});
        drained(scene);
        (gain == 1000 ? holds : only_fires)(scene, "W20");
    }
}

static void half_a_small_buffer_is_enough(void **state)
{
    (void)state;
    struct scene *scene = scene_open(6);
    handshake(scene, 5000);
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 600});
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 900});
    holds(scene, "W20");
}

static void a_part_of_what_there_is_fires_unless_it_fills_half_the_window(void **state)
{
    (void)state;
    for (uint16_t window = 900; window <= 902; window += 2) {
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        handshake(scene, window);
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        wrote(scene, 900);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 450});
        sent(scene, (struct piece){.flags = A, .seq = 451, .ack = 1, .count = 50}); /* of 450 */
        drained(scene);
        (window == 900 ? holds : only_fires)(scene, "W21");
    }
}

static void all_that_there_is_may_be_little(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    wrote(scene, 10);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000, .count = 10});
    drained(scene);
    holds(scene, "W21");
}

static void the_override_timeout_may_send_a_part(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    wrote(scene, 900);
    drained(scene);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000, .count = 10});
    drained(scene);
    holds(scene, "W21");
}

static void a_small_segment_behind_another_fires(void **state)
{
    (void)state;
    for (uint32_t nagle = 0; nagle < 2; nagle++) {
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        scene->config.nagle = nagle;
        handshake(scene, 5000);
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        wrote(scene, 10);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 10});
        wrote(scene, 10);
        sent(scene, (struct piece){.flags = A, .seq = 11, .ack = 1, .count = 10});
        if (nagle == 0) {
            does_not_judge(scene, "W22");
        } else {
            only_fires(scene, "W22");
        }
    }
}

/* RFC 9293 A.3: behind a full segment a small one may go, behind a small one it waits. */
static void in_minshalls_variant_a_small_segment_waits_for_a_small_one(void **state)
{
    (void)state;
    for (uint32_t is_first_full = 0; is_first_full < 2; is_first_full++) {
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        scene->config.nagle = 2;
        scene->config.initial_window_segments = 10;
        handshake(scene, 5000);
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        const uint32_t count = is_first_full ? 1000 : 10;
        wrote(scene, count);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = count});
        wrote(scene, 10);
        sent(scene, (struct piece){.flags = A, .seq = 1 + count, .ack = 1, .count = 10});
        (is_first_full ? holds : only_fires)(scene, "W22");
    }
}

static void full_segments_and_the_last_do_not_wait(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    wrote(scene, 2010);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000, .count = 1000});
    sent(scene, (struct piece){.flags = A, .seq = 1001, .ack = 1, .window = 2000, .count = 1000});
    called(scene, "close(4)");
    sent(scene, (struct piece){.flags = FA, .seq = 2001, .ack = 1, .window = 2000, .count = 10});
    drained(scene);
    does_not_judge(scene, "W22");
}

static void a_segment_behind_all_that_was_acknowledged_is_right(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    for (uint32_t i = 0; i < 2; i++) {
        wrote(scene, 10);
        sent(scene,
             (struct piece){.flags = A, .seq = 1 + 10 * i, .ack = 1, .window = 2000, .count = 10});
        drained(scene);
        give(scene, 1, 11 + 10 * i, 0);
        drained(scene);
    }
    holds(scene, "W22");
}

static void the_second_segment_without_an_ack_fires(void **state)
{
    (void)state;
    for (uint32_t segments = 1; segments <= 2; segments++) {
        struct scene *scene = scene_connected(5000);
        for (uint32_t i = 0; i < segments; i++) {
            give(scene, 1 + 100 * i, 1, 100);
            drained(scene);
        }
        (segments == 1 ? holds : only_fires)(scene, "W23");
    }
}

static void an_ack_in_time_starts_the_count_anew(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    for (uint32_t i = 0; i < 3; i++) {
        give(scene, 1 + 100 * i, 1, 100);
        if (i == 1) {
            acknowledge(scene, 201);
        }
        drained(scene);
    }
    holds(scene, "W23");
}

/* How many may wait is asked when one comes: what waits when the setting changes goes on waiting. */
static void a_smaller_number_counts_from_the_next_segment_on(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct scene *scene = scene_connected(5000);
        give(scene, 1, 1, 100);
        drained(scene);
        changed_setting(scene, "ack_every_segments=1");
        drained(scene);
        give(scene, 101, 1, more * 100);
        drained(scene);
        (more == 0 ? holds : only_fires)(scene, "W23");
    }
}

/* Octets 201 to 301 and 401 to 501 arrived, 101 to 201 and 301 to 401 did not. */
static struct scene *with_islands(struct tcp_options *options)
{
    struct scene *scene = scene_open(4);
    *options = (struct tcp_options){.has_mss = true, .mss = 1000, .sack_permitted = true};
    given(scene, (struct piece){.flags = S, .window = 5000, .options = *options});
    sent(scene, (struct piece){.flags = SA, .ack = 1, .options = *options});
    drained(scene);
    give(scene, 1, 1, 100);
    give(scene, 201, 1, 100);
    give(scene, 401, 1, 100);
    *options = (struct tcp_options){.sack_count = 2};
    options->sack[0] = (struct tcp_sack_block){{PEER_ISN + 401}, {PEER_ISN + 501}};
    options->sack[1] = (struct tcp_sack_block){{PEER_ISN + 201}, {PEER_ISN + 301}};
    return scene;
}

static void sack_blocks_of_what_did_not_arrive_fire(void **state)
{
    (void)state;
    for (uint32_t fault = 0; fault < 5; fault++) {
        struct tcp_options options;
        struct scene *scene = with_islands(&options);
        if (fault == 1) {
            options.sack[1].right.raw++; /* one octet too much */
        } else if (fault == 2) {
            options.sack[1].right = options.sack[1].left; /* empty */
        } else if (fault == 3) {
            options.sack[1] = options.sack[0]; /* twice, and no duplicate in front */
            options.sack[0] = (struct tcp_sack_block){{PEER_ISN + 450}, {PEER_ISN + 501}};
            options.sack[1].right.raw -= 10;
        } else if (fault == 4) { /* below the ACK, and not the first */
            options.sack[1] = (struct tcp_sack_block){{PEER_ISN + 51}, {PEER_ISN + 101}};
        }
        sent(scene,
             (struct piece){.flags = A, .seq = 1, .ack = 101, .window = 2000, .options = options});
        (fault == 0 ? holds : only_fires)(scene, "W25");
    }
}

static void the_first_sack_block_may_report_a_duplicate(void **state)
{
    (void)state;
    struct tcp_options options;
    struct scene *scene = with_islands(&options);
    options.sack[0] = (struct tcp_sack_block){{PEER_ISN + 51}, {PEER_ISN + 101}};
    sent(scene,
         (struct piece){.flags = A, .seq = 1, .ack = 101, .window = 2000, .options = options});
    holds(scene, "W25");
}

static void a_segment_without_ack_fires(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    wrote(scene, 10);
    sent(scene, (struct piece){.flags = TCP_FLAG_PSH, .seq = 1, .count = 10});
    only_fires(scene, "W26");
}

static void a_reset_needs_no_ack(void **state)
{
    (void)state;
    struct scene *scene = scene_connected(5000);
    called(scene, "abort(4)");
    sent(scene, (struct piece){.flags = R, .seq = 1});
    holds(scene, "W26");
}

static void silence_after_a_hole_a_filled_gap_or_a_fin_fires(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind < 3; kind++) {
        for (uint32_t answers = 0; answers < 2; answers++) {
            struct scene *scene = scene_connected(5000);
            if (kind == 0) {
                give(scene, 101, 1, 100);
            } else if (kind == 1) {
                give(scene, 101, 1, 100);
                acknowledge(scene, 1);
                drained(scene);
                give(scene, 1, 1, 50);
            } else {
                given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .window = 5000});
            }
            if (answers > 0) {
                const uint32_t acks[] = {1, 51, 2};
                acknowledge(scene, acks[kind]);
            }
            drained(scene);
            (answers == 1 ? holds : only_fires)(scene, "W27");
        }
    }
}

static void old_octets_may_lead_to_where_new_ones_are_expected(void **state)
{
    (void)state;
    for (uint32_t begin = 51; begin <= 102; begin += 51) {
        struct scene *scene = scene_connected(5000);
        give(scene, 1, 1, 100);
        acknowledge(scene, 101);
        drained(scene);
        give(scene, begin, 1, 100);
        drained(scene);
        (begin == 51 ? does_not_judge : only_fires)(scene, "W27");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_octets_may_lead_to_where_new_ones_are_expected),
        cmocka_unit_test(silence_after_an_unacceptable_segment_fires),
        cmocka_unit_test(an_rst_outside_the_window_draws_nothing),
        cmocka_unit_test(a_window_that_opens_a_little_fires),
        cmocka_unit_test(half_a_small_buffer_is_enough),
        cmocka_unit_test(a_part_of_what_there_is_fires_unless_it_fills_half_the_window),
        cmocka_unit_test(all_that_there_is_may_be_little),
        cmocka_unit_test(the_override_timeout_may_send_a_part),
        cmocka_unit_test(a_small_segment_behind_another_fires),
        cmocka_unit_test(in_minshalls_variant_a_small_segment_waits_for_a_small_one),
        cmocka_unit_test(full_segments_and_the_last_do_not_wait),
        cmocka_unit_test(a_segment_behind_all_that_was_acknowledged_is_right),
        cmocka_unit_test(the_second_segment_without_an_ack_fires),
        cmocka_unit_test(an_ack_in_time_starts_the_count_anew),
        cmocka_unit_test(a_smaller_number_counts_from_the_next_segment_on),
        cmocka_unit_test(sack_blocks_of_what_did_not_arrive_fire),
        cmocka_unit_test(the_first_sack_block_may_report_a_duplicate),
        cmocka_unit_test(a_segment_without_ack_fires),
        cmocka_unit_test(a_reset_needs_no_ack),
        cmocka_unit_test(silence_after_a_hole_a_filled_gap_or_a_fin_fires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
