/* Cases for which an oracle once blamed a system under test that was right, mostly found by random traffic:
 * numbers that repeat from life to life, ACKs of which nobody can tell whether they were taken. Where there
 * is a fault next to them, the oracle still tells it. */
#include "build_trace.h"

/* Closed in SYN-RECEIVED, a connection sends its FIN, and repeats its SYN,ACK when the peer repeats the SYN; an
 * ACK of the FIN may have come outside the window. */
static void behind_a_syn_ack_said_again_after_close_the_fin_still_counts(void **state)
{
    (void)state;
    for (uint32_t seq = 2; seq <= 3; seq++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        drained(scene);
        called(scene, "close(4)");
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 5000, .ack = 2});
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 1});
        drained(scene);
        (seq == 2 ? holds : only_fires)(scene, "W11");
    }
}

static void give(struct scene *scene, uint32_t seq, uint32_t ack)
{
    given(scene, (struct piece){.flags = A, .seq = seq, .ack = ack, .count = 100});
}

static void acknowledge(struct scene *scene, uint32_t ack)
{
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = ack, .window = (uint16_t)(2001 - ack)});
}

/* The ACK of our SYN came before the SYN,ACK was polled, and counts as nobody's; one of nothing but numbers
 * before the SYN may be challenged (RFC 5961 5.2), and its text is not taken then. */
static void text_with_an_ack_from_before_the_syn_may_be_refused(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    assert_true(tcp_config_profile("rfc", &scene->config));
    given(scene, (struct piece){.flags = S});
    give(scene, 1, 1);
    sent(scene, (struct piece){.flags = SA, .ack = 101});
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 5000, .ack = 5000});
    acknowledge(scene, 101);
    drained(scene);
    give(scene, 101, 0);
    acknowledge(scene, 101);
    drained(scene);
    give(scene, 101, 1);
    drained(scene);
    does_not_judge(scene, "W27");
}

/* Both forms of the call say which option. */
static void an_application_that_does_without_nagle_says_so_in_either_form(void **state)
{
    (void)state;
    static const char *const calls[] = {
        "setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 4)", "socket.set(4, TCP_NODELAY, 1)",
        "socket.set(4, TCP_MAXSEG, 900)", "socket.set(4, SO_RCVBUF, 900)"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        scene->config.nagle = 1;
        handshake(scene, 5000);
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        called(scene, calls[i]);
        wrote(scene, 10);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 10});
        wrote(scene, 10);
        sent(scene, (struct piece){.flags = A, .seq = 11, .ack = 1, .count = 10});
        if (i < 3) {
            does_not_judge(scene, "W22");
        } else {
            only_fires(scene, "W22");
        }
    }
}

/* An old SYN reopened TIME-WAIT, an ACK of the answer came outside the window, and then the RST: TIME-WAIT goes
 * on as it was (RFC 9293 3.6.1, MAY-2). Its ACK is that of the FIN, and no earlier one. */
static void time_wait_goes_on_though_a_refused_ack_covered_the_answer(void **state)
{
    (void)state;
    for (uint32_t ack = 1; ack <= 2; ack++) {
        struct scene *scene = scene_open(4);
        handshake(scene, 5000);
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2});
        drained(scene);
        scene->peer_isn = PEER_ISN + 5000;
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 0, .ack = 1});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = RA, .seq = 1, .ack = 1});
        drained(scene);
        scene->peer_isn = PEER_ISN;
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2});
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene,
             (struct piece){.flags = A, .seq = 2, .ack = ack, .window = (uint16_t)(1002 - ack)});
        drained(scene);
        (ack == 2 ? holds : only_fires)(scene, "W06");
    }
}

static void close_both_ways(struct scene *scene)
{
    handshake(scene, 5000);
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
    drained(scene);
    given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
    sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2});
    drained(scene);
}

/* The packet that followed the RST in its batch showed that TIME-WAIT goes on, and then the system says so: that
 * is one way back, not two. */
static void a_life_goes_back_to_the_one_before_and_no_further(void **state)
{
    (void)state;
    for (uint32_t seq = 2; seq <= 3; seq++) {
        struct scene *scene = scene_open(4);
        close_both_ways(scene);
        const uint32_t second = scene_reincarnate(scene, SUT_ISN + 5000, PEER_ISN + 5000);
        close_both_ways(scene);
        const uint32_t third = scene_reincarnate(scene, SUT_ISN + 10000, PEER_ISN + 10000);
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        given(scene, (struct piece){.flags = RA, .seq = 1, .ack = 1});
        scene->sut_isn = SUT_ISN + 5000;
        scene->peer_isn = PEER_ISN + 5000;
        scene->incarnation = second;
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2});
        scene->incarnation = third;
        changed_state(scene, TCB_SYN_RECEIVED, TCB_TIME_WAIT);
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 2});
        drained(scene);
        (seq == 2 ? holds : only_fires)(scene, "W11");
    }
}

/* Two lives under one number, the later of which has no state that is known for sure. */
static struct scene *second_under_one_number(void)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    struct scene *scene = scene_open(4);
    for (uint32_t life = 0; life < 2; life++) {
        given(scene, (struct piece){.flags = S, .options = options});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = options});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        if (life == 0) {
            given(scene, (struct piece){.flags = R, .seq = 1});
            changed_state(scene, TCB_SYN_RECEIVED, TCB_LISTEN);
            drained(scene);
            scene->peer_isn += 5000;
        }
    }
    return scene;
}

/* In TIME-WAIT no text comes any more, and the edge may be where it likes, also if the trace does not tell. */
static void with_a_fin_sent_a_life_of_unknown_state_may_be_in_time_wait(void **state)
{
    (void)state;
    for (uint32_t is_closed = 0; is_closed < 2; is_closed++) {
        struct scene *scene = second_under_one_number();
        const uint32_t fins = is_closed ? 1 : 0;
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        sent(scene, (struct piece){.flags = is_closed ? FA : A, .seq = 1, .ack = 1});
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1 + fins});
        sent(scene, (struct piece){.flags = A, .seq = 1 + fins, .ack = 2, .window = 999});
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1 + fins});
        sent(scene, (struct piece){.flags = A, .seq = 1 + fins, .ack = 2, .window = 1000});
        drained(scene);
        (is_closed ? does_not_judge : only_fires)(scene, "W20");
    }
}

/* A simultaneous open, closed before its SYN was acknowledged; its SYN,ACK, which it says again, looks like that of
 * another life. What follows an RST that was refused is no sign of the life before, whose state is out of
 * date: here it has ended meanwhile, and says nothing any more. */
static void no_life_goes_back_to_one_that_it_may_be_a_copy_of(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    sent(scene, (struct piece){.flags = S});
    changed_state(scene, TCB_CLOSED, TCB_SYN_SENT);
    drained(scene);
    given(scene, (struct piece){.flags = S});
    sent(scene, (struct piece){.flags = SA, .ack = 1});
    changed_state(scene, TCB_SYN_SENT, TCB_SYN_RECEIVED);
    drained(scene);
    called(scene, "close(4)");
    sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
    changed_state(scene, TCB_SYN_RECEIVED, TCB_FIN_WAIT_1);
    drained(scene);
    given(scene, (struct piece){.flags = S});
    given(scene, (struct piece){.flags = S, .seq = 5000});
    sent(scene, (struct piece){.flags = SA, .ack = 1});
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 2});
    changed_state(scene, TCB_FIN_WAIT_1, TCB_FIN_WAIT_2);
    drained(scene);
    given(scene, (struct piece){.flags = RA, .seq = 10, .ack = 2});
    sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 1});
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 2, .count = 10});
    sent(scene, (struct piece){.flags = R, .seq = 2});
    changed_state(scene, TCB_FIN_WAIT_2, TCB_CLOSED);
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 50000, .ack = 2, .count = 10});
    sent(scene, (struct piece){.flags = R, .seq = 2});
    drained(scene);
    does_not_judge(scene, "W19");
}

/* Of a life that was told to be in TIME-WAIT nothing is out of date: it goes on, though the SYN that reopened it
 * stands within what came before, so that its SYN,ACK looks like a copy. */
static void a_life_goes_back_to_time_wait_though_it_may_be_a_copy(void **state)
{
    (void)state;
    for (uint32_t ack = 1; ack <= 2; ack++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .count = 600});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        called(scene, "close(4)");
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
        changed_state(scene, TCB_SYN_RECEIVED, TCB_FIN_WAIT_1);
        drained(scene);
        given(scene, (struct piece){.flags = FA, .seq = 1, .ack = 2});
        sent(scene, (struct piece){.flags = A, .seq = 2, .ack = 2});
        changed_state(scene, TCB_FIN_WAIT_1, TCB_TIME_WAIT);
        drained(scene);
        scene->peer_isn = PEER_ISN + 100;
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        given(scene, (struct piece){.flags = R, .seq = 1});
        given(scene, (struct piece){.flags = A, .seq = 0, .ack = 2});
        scene->peer_isn = PEER_ISN;
        sent(scene,
             (struct piece){.flags = A, .seq = 2, .ack = ack, .window = (uint16_t)(1002 - ack)});
        drained(scene);
        (ack == 2 ? holds : only_fires)(scene, "W06");
    }
}

/* What followed a SYN before it was answered counts for SND.WL1 too: a window that stands before it is not taken
 * (RFC 9293 3.10.7.4), and half of it need not be filled. */
static void a_window_before_what_followed_the_syn_is_not_taken(void **state)
{
    (void)state;
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    for (uint32_t seq = 1; seq <= 3; seq += 2) {
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        given(scene, (struct piece){.flags = S, .options = options});
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        given(scene, (struct piece){.flags = A, .seq = seq, .ack = 1});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = options});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 5000});
        drained(scene);
        wrote(scene, 900);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 450});
        drained(scene);
        (seq == 3 ? holds : only_fires)(scene, "W21");
    }
}

/* Two SYNs may have been answered: one with text was refused, the other stands behind it. What the peer offers is
 * known all the same: behind a shut window a FIN is said again when a probe is due (RFC 9293 3.8.6.1). */
static void behind_a_shut_window_no_timeout_is_missed_whichever_syn_was_answered(void **state)
{
    (void)state;
    for (uint32_t is_shut = 0; is_shut < 2; is_shut++) {
        struct scene *scene = scene_connected(5000);
        given(scene, (struct piece){.flags = S, .seq = 500, .count = 100});
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
        drained(scene);
        given(scene, (struct piece){.flags = RA, .seq = 1, .ack = 1});
        changed_state(scene, TCB_ESTABLISHED, TCB_CLOSED);
        drained(scene);
        (void)scene_reincarnate(scene, SUT_ISN + 10000, PEER_ISN + 600);
        given(scene, (struct piece){.flags = S});
        sent(scene, (struct piece){.flags = SA, .ack = 1});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        drained(scene);
        called(scene, "shutdown(4, SHUT_WR)");
        sent(scene, (struct piece){.flags = FA, .seq = 1, .ack = 1});
        changed_state(scene, TCB_ESTABLISHED, TCB_FIN_WAIT_1);
        drained(scene);
        given(scene,
              (struct piece){.flags = A, .seq = 1, .ack = 1, .window = is_shut ? SHUT : 1000});
        drained(scene);
        scene->now.us += UINT64_C(100000000);
        drained(scene);
        (is_shut ? does_not_judge : only_fires)(scene, "R01");
    }
}

/* What a connection takes over of the settings it may take when it has both SYNs: what is set between them may
 * count, what is set later does not. */
static void a_setting_during_the_handshake_may_count(void **state)
{
    (void)state;
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    static const struct {
        const char *setting, *oracle;
        uint32_t first;
    } cases[] = {{"mtu=576", "W21", 536}, {"nagle=0", "W22", 10}};
    for (uint32_t i = 0; i < 4; i++) {
        const bool is_late = i % 2 == 1;
        struct scene *scene = scene_open(4);
        scene->config.mtu = 1500;
        scene->config.nagle = 1;
        given(scene, (struct piece){.flags = S, .window = 5000, .options = options});
        sent(scene, (struct piece){.flags = SA, .ack = 1, .options = options});
        changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
        drained(scene);
        if (!is_late) {
            changed_setting(scene, cases[i / 2].setting);
        }
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 5000});
        changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
        drained(scene);
        if (is_late) {
            changed_setting(scene, cases[i / 2].setting);
        }
        const uint32_t first = cases[i / 2].first;
        wrote(scene, i / 2 == 0 ? 900 : first);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = first});
        if (i / 2 == 1) {
            wrote(scene, 10);
            sent(scene, (struct piece){.flags = A, .seq = 1 + first, .ack = 1, .count = 10});
        }
        drained(scene);
        (is_late ? only_fires : does_not_judge)(scene, cases[i / 2].oracle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_syn_ack_said_again_after_close_the_fin_still_counts),
        cmocka_unit_test(text_with_an_ack_from_before_the_syn_may_be_refused),
        cmocka_unit_test(an_application_that_does_without_nagle_says_so_in_either_form),
        cmocka_unit_test(time_wait_goes_on_though_a_refused_ack_covered_the_answer),
        cmocka_unit_test(a_life_goes_back_to_the_one_before_and_no_further),
        cmocka_unit_test(with_a_fin_sent_a_life_of_unknown_state_may_be_in_time_wait),
        cmocka_unit_test(no_life_goes_back_to_one_that_it_may_be_a_copy_of),
        cmocka_unit_test(a_life_goes_back_to_time_wait_though_it_may_be_a_copy),
        cmocka_unit_test(a_window_before_what_followed_the_syn_is_not_taken),
        cmocka_unit_test(behind_a_shut_window_no_timeout_is_missed_whichever_syn_was_answered),
        cmocka_unit_test(a_setting_during_the_handshake_may_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
