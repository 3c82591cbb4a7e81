/* W06, W07 and W16: what is acknowledged. */
#include "build_trace.h"

static struct scene *connected(void)
{
    struct scene *scene = scene_open(4);
    handshake(scene, 5000);
    return scene;
}

static void give_text(struct scene *scene, uint32_t seq, uint32_t count)
{
    given(scene, (struct piece){.flags = A, .seq = seq, .ack = 1, .count = count});
}

/* The window shrinks as the ACK grows, so that the right edge stays. */
static void acknowledge(struct scene *scene, uint32_t ack)
{
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = ack, .window = (uint16_t)(2000 - ack)});
}

static void an_ack_that_moves_back_fires(void **state)
{
    (void)state;
    for (uint32_t back = 0; back <= 1; back++) {
        struct scene *scene = connected();
        give_text(scene, 1, 100);
        acknowledge(scene, 101);
        acknowledge(scene, 101 - back);
        (back == 0 ? holds : only_fires)(scene, "W06");
    }
}

static void the_ack_of_a_reset_may_move_back(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    sent(scene, (struct piece){.flags = RA, .seq = 1, .ack = 50});
    holds(scene, "W06");
}

static void another_incarnation_may_acknowledge_lower_numbers(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    drained(scene);
    scene_reincarnate(scene, SUT_ISN, PEER_ISN - 50); /* the same ISS again */
    handshake(scene, 5000);
    holds(scene, "W06");
}

/* A life that an RST ended left no TIME-WAIT to go back to, though the next one begins with its numbers:
 * what we answer to a stray ACK by an RST, and to what lies outside the window by an ACK, is the new one's. */
static void after_a_reset_of_ours_a_new_life_is_still_the_new_one(void **state)
{
    (void)state;
    for (uint32_t by_peer = 0; by_peer <= 1; by_peer++) {
        struct scene *scene = connected();
        give_text(scene, 1, 1000);
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1001});
        drained(scene);
        given(scene, (struct piece){.flags = RA, .seq = 1001, .ack = 2});
        drained(scene);
        scene_reincarnate(scene, SUT_ISN + 1, PEER_ISN - 50);
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        drained(scene);
        if (by_peer == 0) {
            given(scene, (struct piece){.flags = A, .seq = 1, .ack = 50});
            sent(scene, (struct piece){.flags = R, .seq = 50});
        } else { /* inside the window, but not at its edge: it is challenged */
            given(scene, (struct piece){.flags = R, .seq = 2});
            sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        }
        given(scene, (struct piece){.flags = A, .seq = 5000, .ack = 1});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        holds(scene, "W06");
    }
}

static void an_ack_over_a_gap_fires(void **state)
{
    (void)state;
    for (uint32_t ack = 1; ack <= 301; ack += 300) {
        struct scene *scene = connected();
        give_text(scene, 201, 100);
        acknowledge(scene, ack);
        (ack == 1 ? holds : only_fires)(scene, "W07");
    }
}

static void an_ack_over_a_filled_gap_holds_to_the_last_octet(void **state)
{
    (void)state;
    for (uint32_t ack = 302; ack <= 303; ack++) {
        struct scene *scene = connected();
        give_text(scene, 201, 100);
        given(scene, (struct piece){.flags = FA, .seq = 301, .ack = 1});
        give_text(scene, 101, 100);
        give_text(scene, 1, 120);
        acknowledge(scene, ack);
        (ack == 302 ? holds : only_fires)(scene, "W07");
    }
}

static void what_came_with_a_bad_checksum_did_not_come(void **state)
{
    (void)state;
    struct scene *scene = connected();
    struct trace_packet *packet =
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 100});
    ((uint8_t *)(uintptr_t)packet->bytes)[packet->count - 1] ^= 1;
    reread(packet);
    acknowledge(scene, 101);
    only_fires(scene, "W07");
}

static void a_syn_ack_for_another_syn_fires(void **state)
{
    (void)state;
    for (uint32_t ack = 1; ack <= 2; ack++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = ack});
        (ack == 1 ? holds : only_fires)(scene, "W07");
    }
}

static void an_active_opener_acknowledges_the_syn_ack(void **state)
{
    (void)state;
    struct scene *scene = scene_open(6);
    active_handshake(scene, 5000);
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    holds(scene, "W07");
}

static void simultaneous_open_is_one_life(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    called(scene, "connect(3, ..., ...)");
    sent(scene, (struct piece){.flags = S});
    drained(scene);
    given(scene, (struct piece){.flags = S});
    sent(scene, (struct piece){.flags = SA, .ack = 1});
    drained(scene);
    given(scene, (struct piece){.flags = SA, .ack = 1});
    wrote(scene, 10);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 10});
    holds(scene, "W07");
}

static void more_islands_than_are_kept_apart_raise_no_alarm(void **state)
{
    (void)state;
    struct scene *scene = connected();
    for (uint32_t i = 1; i <= 40; i++) {
        give_text(scene, 1 + i * 20, 10);
    }
    for (uint32_t i = 0; i < 41; i++) {
        give_text(scene, 1 + i * 20, 20);
    }
    acknowledge(scene, 821);
    holds(scene, "W07");
}

static void two_acks_for_one_old_segment_fire(void **state)
{
    (void)state;
    for (int acks = 1; acks <= 2; acks++) {
        struct scene *scene = connected();
        give_text(scene, 1, 100);
        acknowledge(scene, 101);
        drained(scene);
        give_text(scene, 1, 100);
        for (int i = 0; i < acks; i++) {
            acknowledge(scene, 101);
        }
        drained(scene);
        (acks == 1 ? holds : only_fires)(scene, "W16");
    }
}

static void an_ack_for_an_old_reset_fires(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    drained(scene);
    given(scene, (struct piece){.flags = R, .seq = 50});
    acknowledge(scene, 101);
    drained(scene);
    only_fires(scene, "W16");
}

static void each_of_a_batch_of_old_segments_may_draw_an_ack(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    drained(scene);
    give_text(scene, 1, 100);
    given(scene, (struct piece){.flags = A, .seq = 100, .ack = 1});
    acknowledge(scene, 101);
    acknowledge(scene, 101);
    drained(scene);
    holds(scene, "W16");
}

static void segments_that_may_be_acceptable_are_not_judged(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 100);
    acknowledge(scene, 101);
    drained(scene);
    give_text(scene, 2, 100);
    acknowledge(scene, 101);
    acknowledge(scene, 102);
    drained(scene);
    does_not_judge(scene, "W16");
}

/* Text beyond too many holes may be dropped: what arrives there later fills no gap. */
static void too_many_islands_make_it_unknown_what_fills_a_gap(void **state)
{
    (void)state;
    for (uint32_t islands = 8; islands <= 9; islands++) {
        struct scene *scene = scene_connected(5000);
        for (uint32_t i = islands; i > 0; i--) {
            given(scene, (struct piece){
                             .flags = A, .seq = 1 + 20 * i, .ack = 1, .window = 5000, .count = 10});
            sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
            drained(scene);
        }
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 5000, .count = 20});
        drained(scene);
        (islands == 8 ? only_fires : holds)(scene, "W27");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_that_moves_back_fires),
        cmocka_unit_test(the_ack_of_a_reset_may_move_back),
        cmocka_unit_test(another_incarnation_may_acknowledge_lower_numbers),
        cmocka_unit_test(after_a_reset_of_ours_a_new_life_is_still_the_new_one),
        cmocka_unit_test(an_ack_over_a_gap_fires),
        cmocka_unit_test(an_ack_over_a_filled_gap_holds_to_the_last_octet),
        cmocka_unit_test(what_came_with_a_bad_checksum_did_not_come),
        cmocka_unit_test(a_syn_ack_for_another_syn_fires),
        cmocka_unit_test(an_active_opener_acknowledges_the_syn_ack),
        cmocka_unit_test(simultaneous_open_is_one_life),
        cmocka_unit_test(more_islands_than_are_kept_apart_raise_no_alarm),
        cmocka_unit_test(two_acks_for_one_old_segment_fire),
        cmocka_unit_test(an_ack_for_an_old_reset_fires),
        cmocka_unit_test(each_of_a_batch_of_old_segments_may_draw_an_ack),
        cmocka_unit_test(segments_that_may_be_acceptable_are_not_judged),
        cmocka_unit_test(too_many_islands_make_it_unknown_what_fills_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
