/* W24: how much may be on its way, as ACKs and timeouts leave it. */
#include "build_trace.h"

/* Those of 1000 octets from number `from` to before `to`, the first of which is 0. */
static void send_segments(struct scene *scene, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        sent(scene, (struct piece){
                        .flags = A, .seq = 1 + 1000 * i, .ack = 1, .window = 2000, .count = 1000});
    }
}

/* The first flight is ten segments; an ACK of two makes it eleven (RFC 5681 3.1). */
static void more_than_the_congestion_window_fires(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct scene *scene = scene_connected(60000);
        wrote(scene, 20000);
        send_segments(scene, 0, 10);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 2001, .window = 60000});
        send_segments(scene, 10, 13 + more);
        drained(scene);
        (more == 0 ? holds : only_fires)(scene, "W24");
    }
}

static void a_timeout_leaves_one_segment(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct scene *scene = scene_connected(60000);
        wrote(scene, 20000);
        send_segments(scene, 0, 4);
        drained(scene);
        scene->now.us += 999000; /* an RTO after they left */
        send_segments(scene, 0, 1);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 4001, .window = 60000});
        send_segments(scene, 4, 6 + more);
        drained(scene);
        (more == 0 ? holds : only_fires)(scene, "W24");
    }
}

/* After a timeout and an ACK of 300 octets 1300 may be on their way: not the whole second segment. */
static void what_goes_again_beyond_the_congestion_window_fires(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        struct scene *scene = scene_connected(60000);
        wrote(scene, 20000);
        send_segments(scene, 0, 4);
        drained(scene);
        scene->now.us += 999000; /* an RTO after they left */
        send_segments(scene, 0, 1);
        drained(scene);
        given(scene, (struct piece){.flags = A, .seq = 1, .ack = 301, .window = 60000});
        sent(scene, (struct piece){
                        .flags = A, .seq = 1001, .ack = 1, .window = 2000, .count = 600 + more});
        drained(scene);
        (more == 0 ? holds : only_fires)(scene, "W24");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_than_the_congestion_window_fires),
        cmocka_unit_test(a_timeout_leaves_one_segment),
        cmocka_unit_test(what_goes_again_beyond_the_congestion_window_fires),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
