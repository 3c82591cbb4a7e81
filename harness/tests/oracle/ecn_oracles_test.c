/* W31 to W33 and what a mark means to W24: who may say that its text is ECN-capable, how long a mark is
 * echoed, and what answers an echo. Sequence numbers pass the wrap. */
#include "build_trace.h"

#define E TCP_FLAG_ECE
#define W TCP_FLAG_CWR

#define ECT_1 1u
#define ECT_0 2u
#define CE    3u

/* Both sides tell of their SYNs, which have these bits; the peer called. */
static struct scene *opened_with(uint16_t peers, uint16_t ours, uint32_t initial_segments)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    struct scene *scene = scene_open(4);
    assert_true(tcp_config_profile("rfc", &scene->config));
    scene->config.initial_window_segments = initial_segments;
    given(scene, (struct piece){.flags = S | peers, .window = 60000, .options = options});
    sent(scene, (struct piece){.flags = SA | ours, .ack = 1, .options = options});
    drained(scene);
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 60000});
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
    drained(scene);
    wrote(scene, 30000);
    return scene;
}

static struct scene *opened(uint16_t peers, uint16_t ours)
{
    return opened_with(peers, ours, 10);
}

static struct scene *agreed(void)
{
    return opened(E | W, E);
}

static void mark(struct trace_packet *packet, uint8_t codepoint)
{
    packet->segment.traffic_class = codepoint;
}

/* Text from `seq` on, by itself in a batch or with what comes next. */
static void send_text(struct scene *scene, uint32_t seq, uint32_t count, uint16_t flags,
                      uint8_t codepoint)
{
    mark(sent(scene,
              (struct piece){
                  .flags = A | flags, .seq = seq, .ack = 1, .window = 2000, .count = count}),
         codepoint);
}

static void acknowledge(struct scene *scene, uint32_t ack, uint16_t flags)
{
    given(scene, (struct piece){.flags = A | flags, .seq = 1, .ack = ack, .window = 60000});
}

static void give_text(struct scene *scene, uint32_t seq, uint16_t flags, uint8_t codepoint)
{
    mark(given(scene,
               (struct piece){
                   .flags = A | flags, .seq = seq, .ack = 1, .window = 60000, .count = 100}),
         codepoint);
}

static void answer(struct scene *scene, uint32_t ack, uint16_t flags)
{
    sent(scene, (struct piece){
                    .flags = A | flags, .seq = 1, .ack = ack, .window = (uint16_t)(2001 - ack)});
}

/* ---- W31 ------------------------------------------------------------------------------------------ */

static void text_is_ecn_capable_where_both_agreed_and_nowhere_else(void **state)
{
    (void)state;
    static const uint16_t peers[] = {E | W, E, W, 0, E | W};
    static const uint16_t ours[] = {E, E, E, E, 0};
    for (size_t i = 0; i < 5; i++) {
        struct scene *scene = opened(peers[i], ours[i]);
        send_text(scene, 1, 1000, 0, ECT_0);
        (i == 0 ? holds : only_fires)(scene, "W31");
    }
}

static void no_other_codepoint_is_for_senders(void **state)
{
    (void)state;
    for (uint8_t codepoint = 0; codepoint <= CE; codepoint++) {
        struct scene *scene = agreed();
        send_text(scene, 1, 1000, 0, codepoint);
        (codepoint == 0 || codepoint == ECT_0 ? holds : only_fires)(scene, "W31");
    }
}

static void a_syn_is_not_ecn_capable(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S | E | W});
    mark(sent(scene, (struct piece){.flags = SA | E, .ack = 1}), ECT_0);
    only_fires(scene, "W31");
}

static void an_ack_is_not_ecn_capable(void **state)
{
    (void)state;
    struct scene *scene = agreed();
    mark(sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000}), ECT_0);
    only_fires(scene, "W31");
}

static void what_is_sent_again_is_not_ecn_capable(void **state)
{
    (void)state;
    for (uint8_t codepoint = 0; codepoint <= ECT_0; codepoint += ECT_0) {
        struct scene *scene = agreed();
        send_text(scene, 1, 1000, 0, ECT_0);
        drained(scene);
        scene->now.us += 999000;
        send_text(scene, 1, 1000, 0, codepoint);
        (codepoint == 0 ? holds : only_fires)(scene, "W31");
    }
}

/* ---- W32 ------------------------------------------------------------------------------------------ */

static void a_mark_is_echoed_until_cwr(void **state)
{
    (void)state;
    for (int fault = 0; fault < 4; fault++) {
        struct scene *scene = agreed();
        give_text(scene, 1, 0, ECT_0);
        give_text(scene, 101, 0, CE);
        answer(scene, 201, fault == 1 ? 0 : E);
        drained(scene);
        give_text(scene, 201, 0, ECT_0);
        give_text(scene, 301, 0, ECT_0);
        answer(scene, 401, fault == 2 ? 0 : E);
        drained(scene);
        give_text(scene, 401, W, ECT_0);
        give_text(scene, 501, 0, ECT_0);
        answer(scene, 601, fault == 3 ? E : 0);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W32");
    }
}

static void a_mark_beside_cwr_is_another_one(void **state)
{
    (void)state;
    for (int fault = 0; fault < 2; fault++) {
        struct scene *scene = agreed();
        give_text(scene, 1, 0, CE);
        give_text(scene, 101, W, CE);
        answer(scene, 201, fault == 1 ? 0 : E);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W32");
    }
}

static void an_echo_without_a_mark_fires(void **state)
{
    (void)state;
    struct scene *scene = agreed();
    give_text(scene, 1, 0, ECT_0);
    give_text(scene, 101, 0, ECT_1);
    answer(scene, 201, E);
    only_fires(scene, "W32");
}

static void whether_a_mark_outside_the_window_was_taken_is_not_judged(void **state)
{
    (void)state;
    for (uint16_t flags = 0; flags <= E; flags += E) {
        struct scene *scene = agreed();
        give_text(scene, 1, 0, 0);
        give_text(scene, 101, 0, 0);
        answer(scene, 201, 0);
        drained(scene);
        give_text(scene, 1, 0, CE);
        answer(scene, 201, flags);
        drained(scene);
        holds(scene, "W32");
    }
}

/* ---- W33 and W24 ---------------------------------------------------------------------------------- */

static void send_some(struct scene *scene, uint32_t from, uint32_t segments)
{
    for (uint32_t i = 0; i < segments; i++) {
        send_text(scene, from + 1000 * i, 1000, 0, ECT_0);
    }
}

/* ECN is agreed on, and so many segments are on their way. */
static struct scene *sending(uint32_t segments)
{
    struct scene *scene = agreed();
    send_some(scene, 1, segments);
    drained(scene);
    return scene;
}

static void the_first_new_text_after_an_echo_has_cwr_and_no_other(void **state)
{
    (void)state;
    for (int fault = 0; fault < 3; fault++) {
        struct scene *scene = sending(4);
        acknowledge(scene, 2001, E);
        acknowledge(scene, 4001, E);
        send_text(scene, 4001, 1000, fault == 1 ? 0 : W, ECT_0);
        send_text(scene, 5001, 1000, fault == 2 ? W : 0, ECT_0);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W33");
    }
}

static void an_echo_is_answered_once_for_each_window_of_data(void **state)
{
    (void)state;
    for (int fault = 0; fault < 3; fault++) {
        struct scene *scene = sending(4);
        acknowledge(scene, 2001, E);
        send_text(scene, 4001, 1000, W, ECT_0);
        drained(scene);
        acknowledge(scene, 4001, E); /* all of it was sent before CWR */
        send_text(scene, 5001, 1000, fault == 1 ? W : 0, ECT_0);
        drained(scene);
        acknowledge(scene, 5001, E); /* CWR itself was marked */
        send_text(scene, 6001, 1000, fault == 2 ? 0 : W, ECT_0);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W33");
    }
}

static void a_timeout_is_told_by_cwr(void **state)
{
    (void)state;
    for (int fault = 0; fault < 2; fault++) {
        struct scene *scene = sending(2);
        scene->now.us += 999000;
        send_text(scene, 1, 1000, 0, 0);
        drained(scene);
        acknowledge(scene, 2001, 0);
        send_text(scene, 2001, 1000, fault == 1 ? 0 : W, ECT_0);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W33");
    }
}

/* Whatever made the window smaller: an echo of what was sent before CWR does not make it smaller once more. */
static void a_cwr_answers_echoes_up_to_where_it_stands(void **state)
{
    (void)state;
    for (int fault = 0; fault < 2; fault++) {
        struct scene *scene = sending(4);
        acknowledge(scene, 1, 0);
        send_text(scene, 1, 1000, 0, 0); /* perhaps because it was lost */
        drained(scene);
        acknowledge(scene, 1001, 0);
        send_text(scene, 4001, 1000, W, ECT_0);
        drained(scene);
        acknowledge(scene, 4001, E);
        send_text(scene, 5001, 1000, fault == 1 ? W : 0, ECT_0);
        drained(scene);
        (fault == 0 ? holds : only_fires)(scene, "W33");
    }
}

static void after_an_echo_half_the_window_is_left(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct scene *scene = sending(10);
        acknowledge(scene, 2001,
                    E); /* 10 segments were allowed, 5 are; it does not grow by this ACK */
        acknowledge(scene, 6001, E);
        send_text(scene, 10001, 1000, W, ECT_0);
        send_some(scene, 11001, more);
        drained(scene);
        (more == 0 ? holds : only_fires)(scene, "W24");
    }
}

/* RFC 3168 6.1.2: a window of one segment cannot be halved, and the timer starts anew. */
static void an_echo_to_a_window_of_one_segment_starts_the_timer_anew(void **state)
{
    (void)state;
    enum { S1 = 1000000, LATER = 300000 };
    for (uint32_t segments = 1; segments <= 10; segments += 9) {
        for (uint32_t late = 0; late <= LATER; late += LATER) {
            struct scene *scene = opened_with(E | W, E, segments);
            const uint64_t begin = scene->now.us;
            send_text(scene, 1, 1000, 0, ECT_0);
            drained(scene);
            scene->now.us = begin + LATER;
            acknowledge(scene, 1, E);
            drained(scene);
            scene->now.us = begin + S1 + late;
            send_text(scene, 1, 1000, 0, 0);
            drained(scene);
            if (segments == 1) {
                (late == 0 ? only_fires : holds)(scene, "R01");
            } else { /* how large the window is at least is not known */
                does_not_judge(scene, "R01");
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_ecn_capable_where_both_agreed_and_nowhere_else),
        cmocka_unit_test(no_other_codepoint_is_for_senders),
        cmocka_unit_test(a_syn_is_not_ecn_capable),
        cmocka_unit_test(an_ack_is_not_ecn_capable),
        cmocka_unit_test(what_is_sent_again_is_not_ecn_capable),
        cmocka_unit_test(a_mark_is_echoed_until_cwr),
        cmocka_unit_test(a_mark_beside_cwr_is_another_one),
        cmocka_unit_test(an_echo_without_a_mark_fires),
        cmocka_unit_test(whether_a_mark_outside_the_window_was_taken_is_not_judged),
        cmocka_unit_test(the_first_new_text_after_an_echo_has_cwr_and_no_other),
        cmocka_unit_test(an_echo_is_answered_once_for_each_window_of_data),
        cmocka_unit_test(a_timeout_is_told_by_cwr),
        cmocka_unit_test(a_cwr_answers_echoes_up_to_where_it_stands),
        cmocka_unit_test(after_an_echo_half_the_window_is_left),
        cmocka_unit_test(an_echo_to_a_window_of_one_segment_starts_the_timer_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
