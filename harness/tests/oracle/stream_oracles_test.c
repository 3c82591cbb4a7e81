/* S01 to S03, T00 to T03, T08 and L01: incarnations, what is delivered, states, and instants that end. */
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

static void acknowledge(struct scene *scene, uint32_t ack)
{
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = ack, .window = (uint16_t)(2000 - ack)});
}

/* ---- S01 ----------------------------------------------------------------------------------------- */

/* The accident: the four-tuple was used before, and a FIN with this label stands exactly at RCV.NXT of
 * the new life, whose label is 1. */
static struct scene *accident(uint32_t label)
{
    struct scene *scene = connected();
    scene_reincarnate(scene, SUT_ISN + 5000, PEER_ISN + 5000);
    handshake(scene, 5000);
    scene->incarnation = label;
    given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
    scene->incarnation = 1;
    return scene;
}

static void an_old_fin_that_is_taken_fires(void **state)
{
    (void)state;
    for (uint32_t label = 0; label <= 1; label++) {
        struct scene *scene = accident(label);
        stepped(scene, TCP_VERDICT_ACCEPT)->fin_taken = true;
        drained(scene);
        (label == 1 ? does_not_judge : only_fires)(scene, "S01");
    }
}

static void an_old_fin_that_is_acknowledged_fires(void **state)
{
    (void)state;
    struct scene *scene = accident(0);
    acknowledge(scene, 2);
    drained(scene);
    only_fires(scene, "S01");
}

static void an_old_segment_that_is_refused_holds(void **state)
{
    (void)state;
    struct scene *scene = accident(0);
    acknowledge(scene, 1);
    stepped(scene, TCP_VERDICT_ACK);
    drained(scene);
    holds(scene, "S01");
}

static void an_old_reset_that_ends_the_connection_fires(void **state)
{
    (void)state;
    struct scene *scene = accident(0);
    drained(scene);
    scene->incarnation = 0;
    given(scene, (struct piece){.flags = R, .seq = 1});
    stepped(scene, TCP_VERDICT_DELETE);
    drained(scene);
    only_fires(scene, "S01");
}

static void what_the_new_incarnation_sent_too_may_be_acknowledged(void **state)
{
    (void)state;
    struct scene *scene = accident(0);
    give_text(scene, 1, 1);
    acknowledge(scene, 2);
    drained(scene);
    does_not_judge(scene, "S01");
}

/* ---- S02, S03 ------------------------------------------------------------------------------------ */

static void what_arrived_out_of_order_and_twice_is_read_in_order_and_once(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 201, 100);
    give_text(scene, 101, 150);
    give_text(scene, 1, 100);
    acknowledge(scene, 301);
    was_read(scene, 0, 50);
    was_read(scene, 50, 250);
    holds(scene, "S02");
}

static void an_end_after_a_write_told_of_a_timeout_is_not_judged(void **state)
{
    (void)state;
    struct scene *scene = connected();
    write_ends(scene, write_begins(scene, 10), -1);
    scene->trace.records[scene->trace.record_count - 1].as.call.error = "ETIMEDOUT";
    was_read(scene, 0, 0);
    does_not_judge(scene, "S03");

    scene = connected();
    write_ends(scene, write_begins(scene, 10), -1); /* EAGAIN says nothing of the connection */
    was_read(scene, 0, 0);
    only_fires(scene, "S03");
}

static void octets_that_are_read_twice_fire(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 300);
    acknowledge(scene, 301);
    was_read(scene, 0, 50);
    was_read(scene, 49, 50);
    only_fires(scene, "S02");
}

static void octets_that_did_not_arrive_fire_when_they_are_read(void **state)
{
    (void)state;
    for (size_t count = 300; count <= 301; count++) {
        struct scene *scene = connected();
        give_text(scene, 1, 300);
        acknowledge(scene, 301);
        was_read(scene, 0, count);
        (count == 300 ? holds : only_fires)(scene, "S02");
    }
}

static void reads_after_a_peek_are_followed(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 300);
    acknowledge(scene, 301);
    was_read(scene, 0, 50);
    scene->trace.records[scene->trace.record_count - 2].as.call.text = "recv(4, ..., 50, MSG_PEEK)";
    was_read(scene, 0, 300);
    holds(scene, "S02");
}

static void the_end_behind_the_last_octet_holds_and_before_it_fires(void **state)
{
    (void)state;
    for (size_t count = 99; count <= 100; count++) {
        struct scene *scene = connected();
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1, .count = 100});
        acknowledge(scene, 102);
        was_read(scene, 0, count);
        was_read(scene, count, 0);
        (count == 100 ? holds : only_fires)(scene, "S03");
    }
}

static void an_end_without_a_fin_fires(void **state)
{
    (void)state;
    struct scene *scene = connected();
    was_read(scene, 0, 0);
    only_fires(scene, "S03");
}

static void an_end_with_a_fin_over_a_gap_fires(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 50);
    given(scene, (struct piece){.flags = FA, .seq = 101, .ack = 1});
    acknowledge(scene, 51);
    was_read(scene, 0, 50);
    was_read(scene, 50, 0);
    only_fires(scene, "S03");
}

static void ends_that_have_another_reason_are_not_judged(void **state)
{
    (void)state;
    struct scene *scene = connected();
    called(scene, "shutdown(4, SHUT_RD)");
    was_read(scene, 0, 0);
    does_not_judge(scene, "S03");

    scene = connected();
    given(scene, (struct piece){.flags = R, .seq = 1});
    was_read(scene, 0, 0);
    does_not_judge(scene, "S03");

    scene = connected();
    was_read(scene, 0, 0);
    scene->trace.records[scene->trace.record_count - 2].as.call.count = 0; /* no room */
    does_not_judge(scene, "S03");
}

/* ---- T --------------------------------------------------------------------------------------------- */

static void an_illegal_edge_fires(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    changed_state(scene, TCB_SYN_SENT, TCB_CLOSE_WAIT);
    only_fires(scene, "T01");
    scene = scene_open(4);
    changed_state(scene, TCB_SYN_SENT, TCB_ESTABLISHED);
    holds(scene, "T01");
}

static struct scene *closed_by_us(void)
{
    struct scene *scene = connected();
    called(scene, "close(4)");
    changed_state(scene, TCB_ESTABLISHED, TCB_FIN_WAIT_1);
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
    drained(scene);
    return scene;
}

static void fin_wait_2_needs_an_ack_that_covers_the_fin(void **state)
{
    (void)state;
    for (uint32_t ack = 1; ack <= 2; ack++) {
        struct scene *scene = closed_by_us();
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = ack});
        changed_state(scene, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2);
        drained(scene);
        (ack == 2 ? holds : only_fires)(scene, "T02");
    }
}

static void established_needs_an_ack_that_covers_our_syn(void **state)
{
    (void)state;
    for (uint32_t ack = 0; ack <= 1; ack++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .seq = 0});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        sent(scene, (struct piece){.flags = SA, .seq = 0, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = ack});
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        drained(scene);
        (ack == 1 ? holds : only_fires)(scene, "T08");
    }
}

static void established_needs_a_syn_of_the_peer(void **state)
{
    (void)state;
    for (uint32_t is_there = 0; is_there <= 1; is_there++) {
        struct scene *scene = scene_open(4);
        sent(scene, (struct piece){.flags = S, .seq = 0});
        drained(scene);
        given(scene, (struct piece){.flags = is_there ? SA : A, .seq = !is_there, .ack = 1});
        changed_state(scene, TCB_SYN_SENT, TCB_ESTABLISHED);
        drained(scene);
        (is_there ? holds : only_fires)(scene, "T08");
    }
}

static void closing_needs_the_peers_fin_in_order(void **state)
{
    (void)state;
    for (uint32_t seq = 1; seq <= 2; seq++) {
        struct scene *scene = closed_by_us();
        given(scene, (struct piece){.flags = FA, .seq = seq, .ack = 1});
        const uint16_t ack = seq == 1 ? 2 : 1;
        sent(scene,
             (struct piece){.flags = A, .seq = 2, .ack = ack, .window = (uint16_t)(1001 - ack)});
        changed_state(scene, TCB_FIN_WAIT_1, TCB_CLOSING);
        drained(scene);
        (seq == 1 ? holds : only_fires)(scene, "T03");
    }
}

static void a_broken_invariant_fires_and_sound_ones_count(void **state)
{
    (void)state;
    struct scene *scene = connected();
    oracle_set_report_invariant(scene->set, NULL);
    holds(scene, "T00");
    scene = connected();
    oracle_set_report_invariant(scene->set, "islands are sorted");
    only_fires(scene, "T00");
}

static void what_others_judge_fires_and_counts(void **state)
{
    (void)state;
    static const char *const ids[] = {"T04", "T05", "T06", "T07", "S04", "S05", "S06",
                                      "S07", "S08", "L02", "L03", "L04", "L05"};
    for (int i = 0; i <= ORACLE_REPORTED_DEADLINES; i++) {
        struct scene *scene = connected();
        oracle_set_report(scene->set, (enum oracle_reported)i, NULL);
        holds(scene, ids[i]);
        scene = connected();
        oracle_set_report(scene->set, (enum oracle_reported)i, "so it is broken");
        only_fires(scene, ids[i]);
    }
}

/* ---- L01 ------------------------------------------------------------------------------------------- */

/* ACKs at one instant, `causes` of which something was given for. */
static struct scene *storm(size_t packets, bool moves_time)
{
    struct scene *scene = connected();
    for (size_t i = 0; i < packets; i++) {
        acknowledge(scene, 1);
        scene->now.us += moves_time ? 1 : 0;
    }
    return scene;
}

static void packets_without_end_at_one_instant_fire(void **state)
{
    (void)state;
    only_fires(storm(1025, false), "L01");
    holds(storm(1024, false), "L01");
    holds(storm(3000, true), "L01");
}

static void causes_at_the_instant_explain_more_packets(void **state)
{
    (void)state;
    struct scene *scene = connected();
    give_text(scene, 1, 1);
    for (size_t i = 0; i < 1200; i++) {
        acknowledge(scene, 2);
    }
    holds(scene, "L01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_fin_that_is_taken_fires),
        cmocka_unit_test(an_old_fin_that_is_acknowledged_fires),
        cmocka_unit_test(an_old_segment_that_is_refused_holds),
        cmocka_unit_test(an_old_reset_that_ends_the_connection_fires),
        cmocka_unit_test(what_the_new_incarnation_sent_too_may_be_acknowledged),
        cmocka_unit_test(what_arrived_out_of_order_and_twice_is_read_in_order_and_once),
        cmocka_unit_test(octets_that_are_read_twice_fire),
        cmocka_unit_test(octets_that_did_not_arrive_fire_when_they_are_read),
        cmocka_unit_test(reads_after_a_peek_are_followed),
        cmocka_unit_test(the_end_behind_the_last_octet_holds_and_before_it_fires),
        cmocka_unit_test(an_end_without_a_fin_fires),
        cmocka_unit_test(an_end_with_a_fin_over_a_gap_fires),
        cmocka_unit_test(ends_that_have_another_reason_are_not_judged),
        cmocka_unit_test(an_end_after_a_write_told_of_a_timeout_is_not_judged),
        cmocka_unit_test(an_illegal_edge_fires),
        cmocka_unit_test(fin_wait_2_needs_an_ack_that_covers_the_fin),
        cmocka_unit_test(closing_needs_the_peers_fin_in_order),
        cmocka_unit_test(established_needs_an_ack_that_covers_our_syn),
        cmocka_unit_test(established_needs_a_syn_of_the_peer),
        cmocka_unit_test(a_broken_invariant_fires_and_sound_ones_count),
        cmocka_unit_test(what_others_judge_fires_and_counts),
        cmocka_unit_test(packets_without_end_at_one_instant_fire),
        cmocka_unit_test(causes_at_the_instant_explain_more_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
