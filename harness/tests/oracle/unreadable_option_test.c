/* Segments with an option that cannot be read: whether they count is the system's to choose. */
#include "build_trace.h"

static void unreadable_options_may_cost_a_segment_its_answer(void **state)
{
    (void)state;
    const char *const oracles[] = {"W27", "W19"};
    const uint32_t begins[] = {101, 20001};
    for (size_t kind = 0; kind < 2; kind++) {
        for (uint32_t is_readable = 0; is_readable < 2; is_readable++) {
            struct scene *scene = scene_connected(5000);
            struct trace_packet *packet = given(
                scene, (struct piece){.flags = A, .seq = begins[kind], .ack = 1, .count = 100});
            packet->wire = is_readable == 1 ? TCP_WIRE_OK : TCP_WIRE_BAD_OPTION;
            drained(scene);
            (is_readable == 0 ? does_not_judge : only_fires)(scene, oracles[kind]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unreadable_options_may_cost_a_segment_its_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
