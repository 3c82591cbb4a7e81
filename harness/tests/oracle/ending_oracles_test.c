/* R05, R06, L06: what goes on for too long, or ends too early. */
#include "timer_scenes.h"

/* A connect() has begun, and no timeout comes on the way. */
static struct scene *asking(void)
{
    struct scene *scene = opened();
    scene->config.rto_max_us = 1000 * S1;
    scene->config.rto_initial_us = 500 * S1;
    called(scene, "connect(3, ..., ...)");
    sent(scene, (struct piece){.flags = S});
    changed_state(scene, TCB_CLOSED, TCB_SYN_SENT);
    return scene;
}

/* The connection is told to be over then, in seconds from the beginning. */
static void ends_at(struct scene *scene, uint64_t seconds, enum tcb_state from)
{
    at(scene, seconds * S1);
    changed_state(scene, from, TCB_CLOSED);
    drained(scene);
}

/* ---- R05 ------------------------------------------------------------------------------------------- */

static void an_opener_is_patient(void **state)
{
    (void)state;
    for (uint64_t s = 179; s <= 180; s++) {
        struct scene *scene = asking();
        drained(scene);
        ends_at(scene, s, TCB_SYN_SENT);
        (s == 180 ? holds : only_fires)(scene, "R05");
    }
}

/* The wait that has begun keeps its length. */
static void what_patience_became_on_the_way_is_not_held_against_it(void **state)
{
    (void)state;
    for (int is_patience = 0; is_patience < 2; is_patience++) {
        struct scene *scene = asking();
        changed_setting(scene, is_patience ? "r2_syn_us=250000000" : "msl_us=250000000");
        drained(scene);
        ends_at(scene, is_patience ? 180 : 179, TCB_SYN_SENT);
        (is_patience ? does_not_judge : only_fires)(scene, "R05");
    }
}

static void progress_renews_patience(void **state)
{
    (void)state;
    for (uint64_t s = 109; s <= 110; s++) {
        struct scene *scene = connected(5000);
        scene->config.rto_max_us = 1000 * S1;
        at(scene, 9 * S1);
        wrote(scene, 1072);
        send_text(scene, 1, 536);
        send_text(scene, 537, 536);
        drained(scene);
        at(scene, 10 * S1 - 1);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 537, .window = 5000});
        drained(scene);
        ends_at(scene, s, TCB_ESTABLISHED);
        (s == 110 ? holds : only_fires)(scene, "R05");
    }
}

/* Text at 10 ms that nobody acknowledges, sent again at those seconds behind it. */
static struct scene *unanswered(struct scene *scene, const uint64_t *seconds, size_t count)
{
    (void)sending(scene, 5000, 500, 500);
    for (size_t i = 0; i < count; i++) {
        at(scene, 10 * MS + seconds[i] * S1);
        send_text(scene, 1, 500);
        drained(scene);
    }
    return scene;
}

/* R2 is 100 s. */
static void nothing_is_sent_again_when_patience_is_over(void **state)
{
    (void)state;
    const uint64_t seconds[] = {1, 3, 7, 15, 31, 63, 123};
    holds(unanswered(opened(), seconds, 6), "R05");
    only_fires(unanswered(opened(), seconds, 7), "R05");
}

/* 3.8.3: R2 lies beyond R1, which is three repetitions. */
static void long_pauses_make_patience_last_for_four_repetitions(void **state)
{
    (void)state;
    const uint64_t seconds[] = {60, 120, 180, 240, 300};
    for (size_t count = 4; count <= 5; count++) {
        struct scene *scene = opened();
        scene->config.rto_initial_us = 60 * S1;
        (count == 5 ? only_fires : holds)(unanswered(scene, seconds, count), "R05");
    }
}

/* ... but a user's patience does not wait for any. */
static void a_users_patience_counts_seconds_alone(void **state)
{
    (void)state;
    const uint64_t seconds[] = {1, 3};
    for (uint64_t patience = 2; patience <= 3; patience++) {
        struct scene *scene = opened();
        scene->config.user_timeout_us = patience * S1;
        (patience == 2 ? only_fires : holds)(unanswered(scene, seconds, 2), "R05");
    }
}

/* A host that slept all the while has repeated nothing yet. */
static void a_late_clock_makes_the_first_repetition_late_not_wrong(void **state)
{
    (void)state;
    const uint64_t seconds[] = {500, 502};
    holds(unanswered(opened(), seconds, 2), "R05");
}

/* R2 of a SYN is 180 s: the fifth repetition just ends them, or lies behind. */
static void a_syn_is_repeated_for_three_minutes(void **state)
{
    (void)state;
    for (uint64_t pause = 36; pause <= 37; pause++) {
        struct scene *scene = opened();
        scene->config.rto_initial_us = scene->config.rto_max_us = pause * S1;
        called(scene, "connect(3, ..., ...)");
        sent(scene, (struct piece){.flags = S});
        changed_state(scene, TCB_CLOSED, TCB_SYN_SENT);
        drained(scene);
        for (uint64_t i = 1; i <= 5; i++) {
            at(scene, i * pause * S1);
            sent(scene, (struct piece){.flags = S});
            drained(scene);
        }
        (pause == 37 ? only_fires : holds)(scene, "R05");
    }
}

/* ---- R06 ------------------------------------------------------------------------------------------- */

/* The peer closed first for the trace's sake: TIME-WAIT from 1 s on. */
static struct scene *waiting(void)
{
    struct scene *scene = connected(5000);
    at(scene, 900 * MS);
    called(scene, "close(4)");
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
    changed_state(scene, TCB_ESTABLISHED, TCB_FIN_WAIT_1);
    drained(scene);
    at(scene, S1);
    given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2, .window = 5000});
    sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2, .window = 999});
    changed_state(scene, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2);
    changed_state(scene, TCB_FIN_WAIT_2, TCB_TIME_WAIT);
    drained(scene);
    return scene;
}

static void time_wait_lasts_two_msl(void **state)
{
    (void)state;
    for (uint64_t s = 240; s <= 241; s++) {
        struct scene *scene = waiting();
        ends_at(scene, s, TCB_TIME_WAIT);
        (s == 241 ? holds : only_fires)(scene, "R06");
    }
}

static void the_peers_fin_again_restarts_time_wait(void **state)
{
    (void)state;
    for (uint64_t s = 241; s <= 251; s += 10) {
        struct scene *scene = waiting();
        at(scene, 11 * S1);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2, .window = 5000});
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2, .window = 999});
        drained(scene);
        ends_at(scene, s, TCB_TIME_WAIT);
        (s == 251 ? holds : only_fires)(scene, "R06");
    }
}

static void time_wait_without_end_fires(void **state)
{
    (void)state;
    struct scene *scene = waiting();
    at(scene, 300 * S1);
    drained(scene);
    only_fires(scene, "R06");
}

/* ---- L06 ------------------------------------------------------------------------------------------- */

/* The same octets, `count` times with `pause` between: by themselves, or each in answer to the same ACK. */
static struct scene *repeating(uint32_t count, uint64_t pause, bool has_heard)
{
    struct scene *scene = connected(1000);
    if (has_heard) {
        wrote(scene, 10);
        send_text(scene, 1, 10);
        drained(scene);
    }
    for (uint32_t i = 0; i < count; i++) {
        at(scene, S1 / 2 + i * pause);
        if (has_heard) {
            given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
            send_text(scene, 1, 10);
        } else {
            sent(scene, (struct piece){.flags = A | TCP_FLAG_PSH, .seq = 1, .ack = 1});
        }
        drained(scene);
    }
    return scene;
}

static void what_repeats_itself_without_a_reason_fires(void **state)
{
    (void)state;
    for (uint32_t has_heard = 0; has_heard <= 1; has_heard++) {
        holds(repeating(40 + !has_heard, MS, has_heard), "L06");
        only_fires(repeating(41 + !has_heard, MS, has_heard), "L06");
    }
}

static void whoever_has_backed_off_may_go_on(void **state)
{
    (void)state;
    holds(repeating(400, 60 * S1, false), "L06");
}

static void news_is_a_reason(void **state)
{
    (void)state;
    struct scene *scene = repeating(40, MS, false);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 999});
    drained(scene);
    for (uint32_t i = 0; i < 40; i++) {
        at(scene, 2 * S1 + i * MS);
        sent(scene, (struct piece){.flags = A | TCP_FLAG_PSH, .seq = 1, .ack = 1});
        drained(scene);
    }
    holds(scene, "L06");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opener_is_patient),
        cmocka_unit_test(what_patience_became_on_the_way_is_not_held_against_it),
        cmocka_unit_test(progress_renews_patience),
        cmocka_unit_test(nothing_is_sent_again_when_patience_is_over),
        cmocka_unit_test(long_pauses_make_patience_last_for_four_repetitions),
        cmocka_unit_test(a_users_patience_counts_seconds_alone),
        cmocka_unit_test(a_late_clock_makes_the_first_repetition_late_not_wrong),
        cmocka_unit_test(a_syn_is_repeated_for_three_minutes),
        cmocka_unit_test(time_wait_lasts_two_msl),
        cmocka_unit_test(the_peers_fin_again_restarts_time_wait),
        cmocka_unit_test(time_wait_without_end_fires),
        cmocka_unit_test(what_repeats_itself_without_a_reason_fires),
        cmocka_unit_test(whoever_has_backed_off_may_go_on),
        cmocka_unit_test(news_is_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
