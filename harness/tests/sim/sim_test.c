/* Seeds are whole runs: the same seed does the same, its list alone does it too, and everything comes to
 * its end. What is judged at the end is judged: an end that is not one is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sim.h"

#define SEEDS 200

static struct sim *create(enum world_oracles oracles)
{
    const struct sim_options options = {.oracles = oracles};
    struct sim *sim = sim_create(&options);
    assert_non_null(sim);
    return sim;
}

static void expect_nothing_found(const struct sim *sim, uint64_t seed)
{
    const struct world_finding *const finding = sim_finding(sim);
    if (finding != NULL) {
        fail_msg("seed %llu: %s: %s", (unsigned long long)seed, finding->oracle->id,
                 finding->detail);
    }
}

static void seeds_find_nothing_and_every_run_repeats(void **state)
{
    (void)state;
    struct sim *const one = create(WORLD_ORACLES_CHEAP);
    struct sim *const other = create(WORLD_ORACLES_CHEAP);
    struct cause *const causes = calloc(10000, sizeof *causes);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        (void)sim_run(one, seed, NULL);
        expect_nothing_found(one, seed);
        struct cause_list list = *sim_causes(one);
        memcpy(causes, list.items, list.count * sizeof *causes);
        list.items = causes;
        (void)sim_replay(other, &list, false);
        assert_true(world_hash(sim_world(one)) == world_hash(sim_world(other)));
    }
    free(causes);
    sim_destroy(one);
    sim_destroy(other);
}

static void octets_change_nothing(void **state)
{
    (void)state;
    struct sim *const cheap = create(WORLD_ORACLES_CHEAP);
    struct sim *const all = create(WORLD_ORACLES_ALL);
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        (void)sim_run(cheap, seed, NULL);
        (void)sim_run(all, seed, NULL);
        expect_nothing_found(all, seed);
        assert_true(world_hash(sim_world(cheap)) == world_hash(sim_world(all)));
    }
    sim_destroy(cheap);
    sim_destroy(all);
}

static void the_first_part_alone_comes_to_the_same_end(void **state)
{
    (void)state;
    struct sim *const one = create(WORLD_ORACLES_CHEAP);
    struct sim *const other = create(WORLD_ORACLES_CHEAP);
    struct cause *const causes = calloc(10000, sizeof *causes);
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++) {
        (void)sim_run(one, seed, NULL);
        struct cause_list list = *sim_causes(one);
        list.count = sim_drawn_count(one);
        memcpy(causes, list.items, list.count * sizeof *causes);
        list.items = causes;
        (void)sim_replay(other, &list, true);
        expect_nothing_found(other, seed);
    }
    free(causes);
    sim_destroy(one);
    sim_destroy(other);
}

static void runs_exercise_what_they_should(void **state)
{
    (void)state;
    struct sim *const sim = create(WORLD_ORACLES_CHEAP);
    static struct sim_summary sum;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        (void)sim_run(sim, seed, &sum);
    }
    assert_true(sum.connections >= 5 * sum.runs);
    assert_true(sum.segments >= 150 * sum.runs);
    assert_int_equal(sum.cuts[SIM_WHOLE], sum.runs);
    for (int i = 0; i < TCB_STATE_COUNT; i++) {
        assert_true(sum.states[i] > 0);
    }
    for (int i = 0; i < CAUSE_EDIT_COUNT; i++) {
        assert_true(sum.edits[i] > 0);
    }
    static struct sim_summary twice;
    sim_summary_add(&twice, &sum);
    sim_summary_add(&twice, &sum);
    assert_int_equal(twice.segments, 2 * sum.segments);
    assert_int_equal(twice.edges[TCB_CLOSED][TCB_SYN_SENT],
                     2 * sum.edges[TCB_CLOSED][TCB_SYN_SENT]);
    sim_destroy(sim);
}

/* Both ends established and both applications gone quiet: whoever says that this is the end is wrong. */
static void an_end_that_is_none_is_found(void **state)
{
    (void)state;
    struct sim *const sim = create(WORLD_ORACLES_CHEAP);
    const struct cause causes[] = {
        {.kind = CAUSE_CALL, .as.call = {.kind = CAUSE_CALL_OPEN_PASSIVE, .number = 4}},
        {.kind = CAUSE_CALL, .host = 1, .as.call = {.kind = CAUSE_CALL_OPEN_ACTIVE}},
        {.kind = CAUSE_WAIT, .as.wait = {CAUSE_WAIT_FOR, 1000000}},
    };
    const struct cause_list list = {.start = {.hosts = 2, .ip_version = 4, .delay_us = 1000},
                                    .items = (struct cause *)(uintptr_t)causes,
                                    .count = sizeof causes / sizeof *causes};
    assert_true(sim_replay(sim, &list, true));
    assert_true(sim_replay(sim, &list, false));
    sim_judge_end(sim_world(sim), false);
    assert_non_null(sim_finding(sim));
    assert_string_equal(sim_finding(sim)->oracle->id, "L02"); /* not in a's lowest slot */
    sim_destroy(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeds_find_nothing_and_every_run_repeats),
        cmocka_unit_test(octets_change_nothing),
        cmocka_unit_test(the_first_part_alone_comes_to_the_same_end),
        cmocka_unit_test(runs_exercise_what_they_should),
        cmocka_unit_test(an_end_that_is_none_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
