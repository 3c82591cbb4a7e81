/* W29 and W30, and what timestamps mean for the oracles that count answers: refused segments. The peer's
 * clock passes the wrap in each scene. */
#include "build_trace.h"

#define PEER_CLOCK UINT32_C(0xfffffffe)
#define SUT_CLOCK  UINT32_C(0xffffff00)
#define DAY_US     (UINT64_C(24) * 3600 * 1000000)

static struct tcp_options stamp(uint32_t value, uint32_t echo)
{
    return (struct tcp_options){
        .has_timestamps = true, .timestamp_value = value, .timestamp_echo = echo};
}

static struct tcp_options syn_stamp(uint32_t value, uint32_t echo)
{
    struct tcp_options options = stamp(value, echo);
    options.has_mss = true;
    options.mss = 1000;
    return options;
}

/* The peer opens, and both agree on timestamps. Both clocks stand at their start. */
static struct scene *agreed(void)
{
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S, .options = syn_stamp(PEER_CLOCK, 0)});
    sent(scene, (struct piece){.flags = SA, .ack = 1, .options = syn_stamp(SUT_CLOCK, PEER_CLOCK)});
    drained(scene);
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    given(scene,
          (struct piece){.flags = A, .seq = 1, .ack = 1, .options = stamp(PEER_CLOCK, SUT_CLOCK)});
    drained(scene);
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    sent(scene,
         (struct piece){.flags = A, .seq = 1, .ack = 1, .options = stamp(SUT_CLOCK, PEER_CLOCK)});
    drained(scene); /* an edge is promised */
    return scene;
}

static void given_text(struct scene *scene, uint32_t seq, uint32_t count, uint32_t value)
{
    given(
        scene,
        (struct piece){
            .flags = A, .seq = seq, .ack = 1, .count = count, .options = stamp(value, SUT_CLOCK)});
}

static void sent_ack(struct scene *scene, uint32_t ack, uint32_t value, uint32_t echo)
{
    sent(scene, (struct piece){.flags = A,
                               .seq = 1,
                               .ack = ack,
                               .window = (uint16_t)(1001 - ack),
                               .options = stamp(value, echo)});
}

static void the_timestamp_of_text_in_order_is_echoed(void **state)
{
    (void)state;
    for (uint32_t wrong = 0; wrong <= 1; wrong++) {
        struct scene *scene = agreed();
        given_text(scene, 1, 100, PEER_CLOCK + 3);
        sent_ack(scene, 101, SUT_CLOCK, wrong == 1 ? PEER_CLOCK : PEER_CLOCK + 3);
        drained(scene);
        if (wrong == 1) {
            only_fires(scene, "W29");
        } else {
            holds(scene, "W29");
        }
    }
}

static void text_out_of_order_leaves_the_echo_as_it_was(void **state)
{
    (void)state;
    for (uint32_t wrong = 0; wrong <= 1; wrong++) {
        struct scene *scene = agreed();
        given_text(scene, 101, 100, PEER_CLOCK + 3);
        sent_ack(scene, 1, SUT_CLOCK, wrong == 1 ? PEER_CLOCK + 3 : PEER_CLOCK);
        drained(scene);
        if (wrong == 1) {
            only_fires(scene, "W29");
        } else {
            holds(scene, "W29");
        }
    }
}

/* A segment that may have been refused may be echoed, or not. */
static void what_may_be_echoed_is_not_judged(void **state)
{
    (void)state;
    for (uint32_t kept = 0; kept <= 1; kept++) {
        struct scene *scene = agreed();
        given(scene, (struct piece){.flags = A,
                                    .seq = 1,
                                    .ack = 70000,
                                    .count = 10,
                                    .options = stamp(PEER_CLOCK + 3, SUT_CLOCK)});
        sent_ack(scene, 1, SUT_CLOCK, kept == 1 ? PEER_CLOCK + 3 : PEER_CLOCK);
        drained(scene);
        holds(scene, "W29");
    }
}

static void a_syn_without_ack_echoes_nothing(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    sent(scene, (struct piece){.flags = S, .options = syn_stamp(SUT_CLOCK, 1)});
    drained(scene);
    only_fires(scene, "W29");
}

static void the_clock_ticks_between_a_millisecond_and_a_second(void **state)
{
    (void)state;
    static const struct {
        uint32_t ticks;
        bool holds;
    } cases[] = {{UINT32_MAX, false}, {0, false},   {1, true},
                 {2000, true},        {2001, true}, {2002, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene *scene = agreed();
        scene->now.us += 1999000; /* the batch before took 1 ms */
        given_text(scene, 101, 100, PEER_CLOCK);
        sent_ack(scene, 1, SUT_CLOCK + cases[i].ticks, PEER_CLOCK);
        drained(scene);
        if (cases[i].holds) {
            holds(scene, "W30");
        } else {
            only_fires(scene, "W30");
        }
    }
}

static void a_clock_that_was_set_may_go_back(void **state)
{
    (void)state;
    struct scene *scene = agreed();
    changed_setting(scene, "timestamp_offset=5");
    given_text(scene, 101, 100, PEER_CLOCK);
    sent_ack(scene, 1, 5, PEER_CLOCK);
    drained(scene);
    holds(scene, "W30");
}

/* RFC 7323 3.2: dropped without a word. */
static void a_segment_without_timestamp_outside_the_window_may_draw_nothing(void **state)
{
    (void)state;
    for (uint32_t has = 0; has <= 1; has++) {
        struct scene *scene = agreed();
        given_text(scene, 1, 100, PEER_CLOCK + 3);
        sent_ack(scene, 101, SUT_CLOCK, PEER_CLOCK + 3);
        drained(scene);
        struct piece old = {.flags = A, .seq = 1, .ack = 1, .count = 100};
        if (has == 1) {
            old.options = stamp(PEER_CLOCK, SUT_CLOCK);
        }
        given(scene, old);
        drained(scene);
        if (has == 1) {
            only_fires(scene, "W19");
        } else {
            does_not_judge(scene, "W19");
        }
    }
}

/* RFC 7323 5.3 R1: what is refused as old draws an ACK, which an idle segment must not. */
static void an_idle_ack_with_an_old_timestamp_may_be_answered(void **state)
{
    (void)state;
    for (uint32_t is_old = 0; is_old <= 1; is_old++) {
        struct scene *scene = agreed();
        given_text(scene, 1, 100, PEER_CLOCK + 3);
        sent_ack(scene, 101, SUT_CLOCK, PEER_CLOCK + 3);
        drained(scene);
        given(scene, (struct piece){.flags = A,
                                    .seq = 101,
                                    .ack = 1,
                                    .options = stamp(PEER_CLOCK + 3 - is_old, SUT_CLOCK)});
        sent_ack(scene, 101, SUT_CLOCK, PEER_CLOCK + 3);
        drained(scene);
        if (is_old == 1) {
            does_not_judge(scene, "W18");
        } else {
            only_fires(scene, "W18");
        }
    }
}

/* 5.5: after 24 days TS.Recent may be forgotten; not before. */
static void an_old_timestamp_after_more_than_24_days_may_be_echoed(void **state)
{
    (void)state;
    for (uint32_t late = 0; late <= 1; late++) {
        struct scene *scene = agreed();
        const uint64_t wait_us = 24 * DAY_US - 3000 + late; /* three batches, 1 ms each */
        scene->now.us += wait_us;
        given_text(scene, 1, 100, PEER_CLOCK - 1);
        sent_ack(scene, late == 1 ? 101 : 1, SUT_CLOCK + (uint32_t)(wait_us / 1000),
                 PEER_CLOCK - 1);
        drained(scene);
        if (late == 1) {
            holds(scene, "W29");
        } else {
            only_fires(scene, "W29");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_timestamp_of_text_in_order_is_echoed),
        cmocka_unit_test(text_out_of_order_leaves_the_echo_as_it_was),
        cmocka_unit_test(what_may_be_echoed_is_not_judged),
        cmocka_unit_test(a_syn_without_ack_echoes_nothing),
        cmocka_unit_test(the_clock_ticks_between_a_millisecond_and_a_second),
        cmocka_unit_test(a_clock_that_was_set_may_go_back),
        cmocka_unit_test(a_segment_without_timestamp_outside_the_window_may_draw_nothing),
        cmocka_unit_test(an_idle_ack_with_an_old_timestamp_may_be_answered),
        cmocka_unit_test(an_old_timestamp_after_more_than_24_days_may_be_echoed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
