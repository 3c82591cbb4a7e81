/* W14 and W15: RSTs. */
#include "build_trace.h"

static void a_closed_port_answers_a_syn_with_seq_0_and_an_ack_of_all_of_it(void **state)
{
    (void)state;
    for (uint32_t ack = 10; ack <= 12; ack++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .count = 10});
        sent(scene, (struct piece){.flags = RA, .seq = 0 - SUT_ISN, .ack = ack});
        drained(scene);
        (ack == 11 ? holds : only_fires)(scene, "W14");
    }
}

static void a_syn_answered_with_another_seq_than_0_fires(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S});
    sent(scene, (struct piece){.flags = RA, .seq = 1 - SUT_ISN, .ack = 1});
    drained(scene);
    only_fires(scene, "W14");
}

static void a_closed_port_answers_an_ack_with_its_number(void **state)
{
    (void)state;
    for (uint32_t seq = 700; seq <= 701; seq++) {
        struct scene *scene = scene_open(6);
        given(scene, (struct piece){.flags = A, .seq = 5, .ack = 700, .count = 10});
        sent(scene, (struct piece){.flags = R, .seq = seq});
        drained(scene);
        (seq == 700 ? holds : only_fires)(scene, "W14");
    }
}

static void one_segment_explains_one_reset(void **state)
{
    (void)state;
    for (int segments = 1; segments <= 2; segments++) {
        struct scene *scene = scene_open(4);
        for (int i = 0; i < segments; i++) {
            given(scene, (struct piece){.flags = A, .seq = 5, .ack = 700});
        }
        sent(scene, (struct piece){.flags = R, .seq = 700});
        sent(scene, (struct piece){.flags = R, .seq = 700});
        drained(scene);
        (segments == 2 ? holds : only_fires)(scene, "W14");
    }
}

static void a_connections_own_reset_stands_at_the_end_of_what_was_sent(void **state)
{
    (void)state;
    for (uint32_t seq = 101; seq <= 102; seq++) {
        struct scene *scene = scene_open(4);
        handshake(scene, 5000);
        wrote(scene, 100);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 100});
        drained(scene);
        called(scene, "close(4)");
        sent(scene, (struct piece){.flags = RA, .seq = seq, .ack = 1});
        drained(scene);
        (seq == 101 ? holds : only_fires)(scene, "W14");
    }
}

static void the_reset_of_a_connection_that_began_before_the_trace_is_not_judged(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    called(scene, "close(4)");
    sent(scene, (struct piece){.flags = R, .seq = 900});
    drained(scene);
    does_not_judge(scene, "W14");
}

static void a_reset_for_a_reset_fires(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    handshake(scene, 5000);
    given(scene, (struct piece){.flags = RA, .seq = 1, .ack = 1});
    sent(scene, (struct piece){.flags = R, .seq = 1});
    drained(scene);
    only_fires(scene, "W15");
}

static void a_reset_for_the_segment_beside_a_reset_holds(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = RA, .seq = 1, .ack = 1});
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
    sent(scene, (struct piece){.flags = R, .seq = 1});
    drained(scene);
    holds(scene, "W15");
}

static void a_timers_reset_in_a_later_batch_is_no_answer(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    handshake(scene, 5000);
    given(scene, (struct piece){.flags = R, .seq = 5000});
    drained(scene);
    sent(scene, (struct piece){.flags = R, .seq = 1});
    drained(scene);
    does_not_judge(scene, "W15");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_port_answers_a_syn_with_seq_0_and_an_ack_of_all_of_it),
        cmocka_unit_test(a_syn_answered_with_another_seq_than_0_fires),
        cmocka_unit_test(a_closed_port_answers_an_ack_with_its_number),
        cmocka_unit_test(one_segment_explains_one_reset),
        cmocka_unit_test(a_connections_own_reset_stands_at_the_end_of_what_was_sent),
        cmocka_unit_test(the_reset_of_a_connection_that_began_before_the_trace_is_not_judged),
        cmocka_unit_test(a_reset_for_a_reset_fires),
        cmocka_unit_test(a_reset_for_the_segment_beside_a_reset_holds),
        cmocka_unit_test(a_timers_reset_in_a_later_batch_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
