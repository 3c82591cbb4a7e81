/* R01 to R04: timers that take effect too early, too late or not at all. */
#include "timer_scenes.h"

/* At 20 ms that ACK shuts the window. */
static void shut_window(struct scene *scene, uint32_t ack)
{
    at(scene, 20 * MS);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = ack, .window = SHUT});
    drained(scene);
}

/* ---- R01 ------------------------------------------------------------------------------------------- */

static void a_retransmission_belongs_to_its_microsecond(void **state)
{
    (void)state;
    for (uint64_t us = S1 - 1; us <= S1 + 1; us++) {
        struct scene *scene = sending(opened(), 5000, 500, 500);
        at(scene, 10 * MS + S1 - 2); /* the system runs once before, at nothing */
        drained(scene);
        if (us == S1 + 1) {
            at(scene, 10 * MS + S1);
            drained(scene);
        }
        at(scene, 10 * MS + us);
        send_text(scene, 1, 500);
        drained(scene);
        (us == S1 ? holds : only_fires)(scene, "R01");
    }
}

static void the_pause_doubles(void **state)
{
    (void)state;
    for (uint64_t pause = S1; pause <= 2 * S1; pause += S1) {
        struct scene *scene = sending(opened(), 5000, 500, 500);
        at(scene, 10 * MS + S1);
        send_text(scene, 1, 500);
        drained(scene);
        at(scene, 10 * MS + S1 + pause);
        send_text(scene, 1, 500);
        drained(scene);
        (pause == 2 * S1 ? holds : only_fires)(scene, "R01");
    }
}

/* A measurement of 400 ms makes RTO 400 + 4 * 200 ms, and the ACK restarts the timer. */
static void a_measurement_sets_the_timeout(void **state)
{
    (void)state;
    for (uint64_t rto = 1199 * MS; rto <= 1200 * MS; rto += MS) {
        struct scene *scene = connected(5000);
        at(scene, 10 * MS);
        wrote(scene, 1072);
        send_text(scene, 1, 536);
        send_text(scene, 537, 536);
        drained(scene);
        at(scene, 410 * MS);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 537, .window = 5000});
        drained(scene);
        at(scene, 410 * MS + rto);
        send_text(scene, 537, 536);
        drained(scene);
        (rto == 1200 * MS ? holds : only_fires)(scene, "R01");
    }
}

static void a_timeout_that_does_nothing_fires(void **state)
{
    (void)state;
    struct scene *scene = sending(opened(), 5000, 500, 500);
    at(scene, 3 * S1);
    drained(scene);
    only_fires(scene, "R01");
}

static void a_shut_window_takes_the_timer_away(void **state)
{
    (void)state;
    struct scene *scene = sending(opened(), 5000, 500, 500);
    shut_window(scene, 1);
    at(scene, 3 * S1);
    drained(scene);
    does_not_judge(scene, "R01");
}

/* ---- R02 ------------------------------------------------------------------------------------------- */

static void the_pause_between_probes_doubles(void **state)
{
    (void)state;
    for (uint64_t pause = 3 * S1; pause <= 4 * S1; pause += S1) {
        struct scene *scene = sending(opened(), 100, 200, 100);
        shut_window(scene, 101);
        const uint64_t probes[] = {S1, 3 * S1, 3 * S1 + pause};
        for (size_t i = 0; i < 3; i++) {
            at(scene, probes[i]);
            send_text(scene, 101, 1);
            drained(scene);
        }
        (pause == 4 * S1 ? holds : only_fires)(scene, "R02");
    }
}

/* The longest pause was another one when the timer was started. */
static void a_longest_pause_set_between_probes_makes_the_next_unknown(void **state)
{
    (void)state;
    for (uint32_t is_other = 0; is_other < 2; is_other++) {
        struct scene *scene = sending(opened(), 100, 200, 100);
        shut_window(scene, 101);
        const uint64_t probes[] = {S1, 3 * S1, 7 * S1 - is_other};
        for (size_t i = 0; i < 3; i++) {
            if (i == 2) {
                changed_setting(scene, is_other ? "rto_max_us=1000000" : "persist_max_us=1000000");
            }
            at(scene, probes[i]);
            send_text(scene, 101, 1);
            drained(scene);
        }
        (is_other ? only_fires : does_not_judge)(scene, "R02");
    }
}

/* A SYN that shuts the window does not make the SYN,ACK a probe: what is due again is the retransmission
 * timer's, whose longest pause is another setting. */
static void a_repeated_syn_is_no_probe(void **state)
{
    (void)state;
    struct scene *scene = opened();
    scene->config.persist_max_us = S1;
    given(scene, (struct piece){.flags = S, .window = SHUT});
    sent(scene, (struct piece){.flags = SA, .ack = 1});
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    drained(scene);
    for (uint64_t due = S1; due <= 7 * S1; due = 2 * due + S1) {
        at(scene, due);
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        drained(scene);
    }
    does_not_judge(scene, "R02");
}

/* A late copy of a segment that once shut the window is not taken (RFC 9293 3.10.7.4), and shuts
 * nothing any more: what is said again is no probe, but what the retransmission timer sends, whose
 * longest pause is another setting. */
static void an_old_segment_does_not_shut_the_window_again(void **state)
{
    (void)state;
    const struct piece shut[] = {{.flags = A, .seq = 1, .ack = 1, .window = SHUT, .count = 100},
                                 {.flags = A, .seq = 101, .ack = 1, .window = SHUT}};
    for (size_t is_new = 0; is_new < 2; is_new++) {
        struct scene *scene = sending(opened(), 100, 1, 1);
        at(scene, 20 * MS);
        given(scene, shut[0]);
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 101});
        drained(scene);
        at(scene, 30 * MS);
        given(scene, (struct piece){.flags = A, .seq = 101, .ack = 1, .window = 100});
        drained(scene);
        at(scene, 40 * MS);
        given(scene, shut[is_new]);
        if (is_new == 0) {
            sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 101});
        }
        drained(scene);
        for (uint64_t i = 1; i <= 3; i++) {
            at(scene, i * 20 * S1);
            sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 101, .count = 1});
            drained(scene);
        }
        (is_new ? only_fires : does_not_judge)(scene, "R02");
    }
}

/* ---- R03 ------------------------------------------------------------------------------------------- */

static struct scene *given_text(void)
{
    struct scene *scene = connected(5000);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
    drained(scene);
    at(scene, 10 * MS);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 5000, .count = 100});
    drained(scene);
    return scene;
}

static void a_delayed_ack_belongs_to_its_microsecond(void **state)
{
    (void)state;
    for (uint64_t us = 200 * MS - 1; us <= 200 * MS; us++) {
        struct scene *scene = given_text();
        at(scene, 10 * MS + us);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 101, .window = 1900});
        drained(scene);
        (us == 200 * MS ? holds : only_fires)(scene, "R03");
    }
}

static void a_delayed_ack_that_does_not_come_fires(void **state)
{
    (void)state;
    struct scene *scene = given_text();
    at(scene, 501 * MS);
    drained(scene);
    only_fires(scene, "R03");
}

/* ---- R04 ------------------------------------------------------------------------------------------- */

static void keep_alive_probes_keep_their_distance(void **state)
{
    (void)state;
    for (uint64_t pause = 74; pause <= 75; pause++) {
        struct scene *scene = connected(5000);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        drained(scene);
        const uint64_t probes[] = {7200 * S1, (7200 + pause) * S1};
        for (size_t i = 0; i < 2; i++) {
            at(scene, probes[i]);
            sent(scene, (struct piece){.flags = A, .seq = 0, .ack = 1});
            drained(scene);
        }
        (pause == 75 ? holds : only_fires)(scene, "R04");
    }
}

/* The pause that has begun keeps its length. */
static void an_interval_set_between_probes_counts_from_the_next_on(void **state)
{
    (void)state;
    for (uint64_t pause = 49; pause <= 50; pause++) {
        struct scene *scene = connected(5000);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        drained(scene);
        const uint64_t probes[] = {7200 * S1, 7275 * S1, (7275 + pause) * S1};
        for (size_t i = 0; i < 3; i++) {
            at(scene, probes[i]);
            sent(scene, (struct piece){.flags = A, .seq = 0, .ack = 1});
            drained(scene);
            if (i == 0) {
                changed_setting(scene, "keep_alive_interval_us=50000000");
            }
        }
        (pause == 50 ? holds : only_fires)(scene, "R04");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retransmission_belongs_to_its_microsecond),
        cmocka_unit_test(the_pause_doubles),
        cmocka_unit_test(a_measurement_sets_the_timeout),
        cmocka_unit_test(a_timeout_that_does_nothing_fires),
        cmocka_unit_test(a_shut_window_takes_the_timer_away),
        cmocka_unit_test(the_pause_between_probes_doubles),
        cmocka_unit_test(a_longest_pause_set_between_probes_makes_the_next_unknown),
        cmocka_unit_test(a_repeated_syn_is_no_probe),
        cmocka_unit_test(an_old_segment_does_not_shut_the_window_again),
        cmocka_unit_test(a_delayed_ack_belongs_to_its_microsecond),
        cmocka_unit_test(a_delayed_ack_that_does_not_come_fires),
        cmocka_unit_test(keep_alive_probes_keep_their_distance),
        cmocka_unit_test(an_interval_set_between_probes_counts_from_the_next_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
