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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_syn_ack_said_again_after_close_the_fin_still_counts),
        cmocka_unit_test(text_with_an_ack_from_before_the_syn_may_be_refused),
        cmocka_unit_test(an_application_that_does_without_nagle_says_so_in_either_form),
        cmocka_unit_test(time_wait_goes_on_though_a_refused_ack_covered_the_answer),
        cmocka_unit_test(a_life_goes_back_to_the_one_before_and_no_further),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
