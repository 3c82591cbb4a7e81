/* W28: what a router says of a packet that was too big. */
#include "build_trace.h"

static struct scene *connected(uint16_t window)
{
    struct scene *scene = scene_open(4);
    scene->config.path_mtu_discovery = 1;
    handshake(scene, window);
    return scene;
}

static void send_text(struct scene *scene, uint32_t seq, uint32_t count)
{
    sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 1, .count = count});
}

/* The peer takes 1000 octets of text; 1040 octets of packet left, and a router says 800. */
static struct scene *reported(uint32_t mtu, bool has_arrived)
{
    struct scene *scene = connected(5000);
    wrote(scene, 3000);
    send_text(scene, 1, 1000);
    send_text(scene, 1001, 1000);
    drained(scene);
    if (has_arrived) {
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1001, .window = 5000});
    }
    too_big(scene, 1001, 1000, mtu);
    return scene;
}

static void a_packet_above_what_a_router_said_fires(void **state)
{
    (void)state;
    for (uint32_t count = 760; count <= 761; count++) {
        struct scene *scene = reported(800, false);
        send_text(scene, 1, count);
        (count == 760 ? holds : only_fires)(scene, "W28");
    }
}

static void five_minutes_later_more_may_be_tried(void **state)
{
    (void)state;
    for (uint64_t early_us = 0; early_us < 2; early_us++) {
        struct scene *scene = reported(800, false);
        const uint64_t reported_us = scene->trace.records[scene->trace.record_count - 1].at.us;
        drained(scene);
        scene->now.us = reported_us + 300000000 - early_us;
        send_text(scene, 1, 1000);
        (early_us == 0 ? does_not_judge : only_fires)(scene, "W28");
    }
}

static void who_is_told_to_try_sooner_may(void **state)
{
    (void)state;
    for (uint64_t early_us = 0; early_us < 2; early_us++) {
        struct scene *scene = reported(800, false);
        const uint64_t reported_us = scene->trace.records[scene->trace.record_count - 1].at.us;
        changed_setting(scene, "path_mtu_raise_us=20000000");
        drained(scene);
        scene->now.us = reported_us + 10000000 - early_us;
        send_text(scene, 1, 1000);
        (early_us == 0 ? does_not_judge : only_fires)(scene, "W28");
    }
}

static void what_may_be_fragmented_may_be_large(void **state)
{
    (void)state;
    struct scene *scene = reported(800, false);
    send_text(scene, 1, 1000);
    scene->trace.records[scene->trace.record_count - 1].as.packet.segment.may_fragment = true;
    does_not_judge(scene, "W28");
}

static void a_report_that_may_be_forged_is_not_judged(void **state)
{
    (void)state;
    struct scene *scene = reported(800, true); /* larger ones arrived */
    send_text(scene, 1001, 1000);
    does_not_judge(scene, "W28");
    scene = reported(1040, false); /* nothing larger was sent */
    send_text(scene, 1, 1000);
    does_not_judge(scene, "W28");
    scene = reported(67, false); /* below what every link carries */
    send_text(scene, 1, 1000);
    does_not_judge(scene, "W28");
    scene = connected(5000); /* nothing is outstanding */
    wrote(scene, 3000);
    send_text(scene, 1, 1000);
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1001, .window = 5000});
    too_big(scene, 1, 1000, 1040);
    send_text(scene, 1001, 1000);
    does_not_judge(scene, "W28");
}

static void without_discovery_reports_are_not_judged(void **state)
{
    (void)state;
    struct scene *scene = reported(800, false);
    changed_setting(scene, "path_mtu_discovery=0");
    send_text(scene, 1, 1000);
    does_not_judge(scene, "W28");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_above_what_a_router_said_fires),
        cmocka_unit_test(five_minutes_later_more_may_be_tried),
        cmocka_unit_test(who_is_told_to_try_sooner_may),
        cmocka_unit_test(what_may_be_fragmented_may_be_large),
        cmocka_unit_test(a_report_that_may_be_forged_is_not_judged),
        cmocka_unit_test(without_discovery_reports_are_not_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
