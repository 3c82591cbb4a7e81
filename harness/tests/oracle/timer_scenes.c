#include "timer_scenes.h"

void at(struct scene *scene, uint64_t us)
{
    scene->now.us = scene->trace.start.us + us;
}

struct scene *opened(void)
{
    struct scene *scene = scene_open(4);
    assert_true(tcp_config_profile("rfc", &scene->config));
    return scene;
}

struct scene *connected_in(struct scene *scene, uint16_t window)
{
    at(scene, 0);
    given(scene, (struct piece){.flags = S, .window = window});
    sent(scene, (struct piece){.flags = SA, .ack = 1});
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    drained(scene);
    at(scene, 2 * MS);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = window});
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    drained(scene);
    return scene;
}

struct scene *connected(uint16_t window)
{
    return connected_in(opened(), window);
}

void send_text(struct scene *scene, uint32_t seq, uint32_t count)
{
    sent(scene, (struct piece){.flags = A, .seq = seq, .ack = 1, .count = count});
}

struct scene *sending(struct scene *scene, uint16_t window, uint32_t written, uint32_t count)
{
    (void)connected_in(scene, window);
    at(scene, 10 * MS);
    wrote(scene, written);
    send_text(scene, 1, count);
    drained(scene);
    return scene;
}
