/* W19 beside a limit on ACKs: when silence after a refused segment is right (RFC 5961 7). */
#include "build_trace.h"

static struct scene *connected(uint32_t limit)
{
    struct scene *scene = scene_open(4);
    assert_true(tcp_config_profile("rfc", &scene->config));
    scene->config.ack_limit = limit;
    handshake(scene, 5000);
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
    drained(scene);
    return scene;
}

static void refused(struct scene *scene, uint32_t count)
{
    given(scene, (struct piece){.flags = A, .seq = 5000, .ack = 1, .window = 5000, .count = count});
}

/* An ACK that the connection sent when it was opened, and two answers. */
static struct scene *with_three_acks(uint32_t limit)
{
    struct scene *scene = connected(limit);
    for (uint32_t i = 0; i < 2; i++) {
        refused(scene, 0);
        sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
        drained(scene);
    }
    return scene;
}

static void silence_is_right_once_as_many_acks_have_left(void **state)
{
    (void)state;
    const uint32_t limits[] = {0, 2, 3, 4}; /* 0: none */
    for (size_t i = 0; i < 4; i++) {
        struct scene *scene = with_three_acks(limits[i]);
        refused(scene, 0);
        drained(scene);
        (limits[i] == 2 || limits[i] == 3 ? holds : only_fires)(scene, "W19");
    }
}

static void text_draws_an_ack_all_the_same(void **state)
{
    (void)state;
    struct scene *scene = with_three_acks(3);
    refused(scene, 100);
    drained(scene);
    only_fires(scene, "W19");
}

static void after_a_while_silence_fires_again(void **state)
{
    (void)state;
    const uint64_t waits_us[] = {4990000, 10000000};
    for (size_t i = 0; i < 2; i++) {
        struct scene *scene = with_three_acks(3);
        scene->now.us += waits_us[i];
        refused(scene, 0);
        drained(scene);
        (i == 0 ? holds : only_fires)(scene, "W19");
    }
}

static void a_limit_that_changes_is_not_followed(void **state)
{
    (void)state;
    struct scene *scene = with_three_acks(10);
    changed_setting(scene, "ack_limit=1");
    drained(scene);
    refused(scene, 0);
    drained(scene);
    holds(scene, "W19");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_right_once_as_many_acks_have_left),
        cmocka_unit_test(text_draws_an_ack_all_the_same),
        cmocka_unit_test(after_a_while_silence_fires_again),
        cmocka_unit_test(a_limit_that_changes_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
