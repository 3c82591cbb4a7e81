/* The set of oracles as a whole: it can be taken back to an earlier moment, and packets without
 * octets are judged by what they say. */
#include <stdlib.h>
#include <string.h>

#include "build_trace.h"
#include "random_traffic.h"

#define STEPS       300
#define BLOCK_BYTES ((size_t)1 << 20)
#define ROWS_MAX    128

/* How often each oracle came to a verdict, and how many findings there are. */
struct outcome {
    uint64_t evaluations[ROWS_MAX];
    size_t findings;
};

static struct outcome outcome_of(const struct oracle_set *set)
{
    struct outcome outcome = {0};
    size_t rows = 0;
    (void)oracle_catalogue(&rows);
    assert_true(rows <= ROWS_MAX);
    for (size_t i = 0; i < rows; i++) {
        outcome.evaluations[i] = oracle_set_evaluations(set, i);
    }
    (void)oracle_set_findings(set, &outcome.findings);
    return outcome;
}

/* A trace of random traffic; its own set has finished. */
static struct trace record_traffic(struct arena *arena, struct traffic *traffic, uint64_t seed)
{
    traffic_begin(traffic, arena, &sut_core, seed);
    for (size_t i = 0; i < STEPS; i++) {
        traffic_step(traffic);
    }
    traffic_end(traffic);
    return traffic->trace;
}

static void a_set_goes_back_with_its_arena(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    unsigned char *block = arena_take(arena, BLOCK_BYTES), *copy = arena_take(arena, BLOCK_BYTES);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct traffic traffic;
        struct trace trace = record_traffic(arena, &traffic, seed);
        const size_t all = trace.record_count;
        struct arena *own = arena_place(block, BLOCK_BYTES);
        struct oracle_set *set = oracle_set_open(
            &(struct oracle_setup){.trace = &trace, .config = &traffic.config, .arena = own});
        trace.record_count = all / 2;
        oracle_set_observe(set);
        const size_t span = arena_span(own);
        assert_true(span > 0);
        memcpy(copy, block, span);
        struct outcome outcomes[2];
        for (size_t round = 0; round < 2; round++) {
            trace.record_count = all;
            oracle_set_finish(set);
            assert_true(arena_span(own) > 0);
            outcomes[round] = outcome_of(set);
            memset(block, 0xee, arena_span(own));
            memcpy(block, copy, span);
        }
        assert_memory_equal(&outcomes[0], &outcomes[1], sizeof outcomes[0]);
    }
    arena_destroy(arena);
}

/* Checksum and form need octets; what the system finds of itself was told to the first set only. */
static void compare_without_octets(const struct outcome *with, const struct outcome *without)
{
    size_t rows = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&rows);
    for (size_t i = 0; i < rows; i++) {
        const char *id = catalogue[i]->id;
        const bool is_silent =
            strcmp(id, "W01") == 0 || strcmp(id, "W02") == 0 || strcmp(id, "T00") == 0;
        assert_int_equal(without->evaluations[i], is_silent ? 0 : with->evaluations[i]);
    }
}

static void a_trace_without_octets_is_judged_but_for_its_form(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct traffic traffic;
        struct trace trace = record_traffic(arena, &traffic, seed);
        struct outcome with = outcome_of(traffic.oracles);
        struct trace_record *records = arena_take(arena, trace.record_count * sizeof *records);
        memcpy(records, trace.records, trace.record_count * sizeof *records);
        for (size_t i = 0; i < trace.record_count; i++) {
            if (records[i].kind == TRACE_PACKET && records[i].as.packet.wire == TCP_WIRE_OK) {
                records[i].as.packet.bytes = NULL;
                records[i].as.packet.count = 0;
                records[i].as.packet.layout = (struct tcp_wire_layout){0};
            }
        }
        trace.records = records;
        struct oracle_set *set = oracle_set_create(&trace, &traffic.config);
        oracle_set_finish(set);
        const struct outcome without = outcome_of(set);
        compare_without_octets(&with, &without);
        assert_int_equal(without.findings, 0);
    }
    arena_destroy(arena);
}

static void findings_without_octets_are_the_same(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    handshake(scene, 5000);
    wrote(scene, 100);
    struct trace_packet *packet =
        sent(scene, (struct piece){.flags = TCP_FLAG_ACK, .seq = 50, .ack = 1, .count = 10});
    packet->bytes = NULL;
    packet->count = 0;
    packet->layout = (struct tcp_wire_layout){0};
    only_fires(scene, "W11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_goes_back_with_its_arena),
        cmocka_unit_test(a_trace_without_octets_is_judged_but_for_its_form),
        cmocka_unit_test(findings_without_octets_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
