/* How much of chance reaches the stack: of random inputs of 400 octets, 95 of 100 give it ten packets, ICMP
 * errors, calls or settings that it takes, or more. */
#include "bench.h"

#include "base/block.h"

#define INPUT_COUNT 10000
#define INPUT_BYTES 400
#define CAUSE_ROOM  64
#define EVENTS_MIN  10

/* SplitMix64. */
static uint64_t draw(uint64_t *random)
{
    uint64_t z = (*random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* What hosts were given. */
static size_t events_of(const struct world *world)
{
    size_t events = 0;
    for (uint8_t host = 0; host < world_hosts(world); host++) {
        const struct trace *const trace = world_trace(world, (enum cause_host)host);
        for (size_t i = 0; i < trace->record_count; i++) {
            const struct trace_record *const record = &trace->records[i];
            events += record->kind == TRACE_CALL || record->kind == TRACE_SETTING ||
                              (record->kind == TRACE_PACKET &&
                               record->as.packet.direction == TRACE_TO_SUT)
                          ? 1
                          : 0;
        }
    }
    return events;
}

static void most_random_inputs_have_ten_events_that_reach_the_stack(void **state)
{
    (void)state;
    uint64_t random = 4;
    size_t rich = 0, all = 0;
    const struct world_config config = world_config_play();
    const size_t bytes = world_bytes(&config);
    void *const block = block_create(bytes);
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t input[INPUT_BYTES];
        struct cause room[CAUSE_ROOM];
        struct cause_list list;
        for (size_t j = 0; j < sizeof input; j++) {
            input[j] = (uint8_t)draw(&random);
        }
        cause_decode(input, sizeof input, room, CAUSE_ROOM, &list);
        struct world *const world = world_begin(block, bytes, &list.start, &config);
        assert_non_null(world);
        for (size_t j = 0; j < list.count && world_apply(world, &list.items[j]); j++) {
            /* the next one */
        }
        const size_t events = events_of(world);
        rich += events >= EVENTS_MIN ? 1 : 0;
        all += events;
        world_end(world);
    }
    free(block);
    print_message(
        "%.2f %% of %d random inputs have ten events that reach the stack; %.1f on average\n",
        100.0 * (double)rich / INPUT_COUNT, INPUT_COUNT, (double)all / INPUT_COUNT);
    assert_true(rich >= (size_t)INPUT_COUNT * 95 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_random_inputs_have_ten_events_that_reach_the_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
