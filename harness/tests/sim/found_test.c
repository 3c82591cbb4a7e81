/* What simulations have found, as small as it gets: in the two-host scripts of found/ no oracle may fire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../causes/corpus_walk.h"
#include "causes/text.h"
#include "scenario/parse.h"
#include "sim/sim.h"

#define FOUND 20 /* scripts that there are at least */

static void replays(void *context, struct arena *arena, const char *path, const char *script)
{
    uint32_t *const count = context;
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct sim *const sim = sim_create(&options);
    struct parse_result parsed;
    struct cause_list list;
    struct cause_refusal why;
    scenario_parse(path, script, strlen(script), NULL, 0, arena, &parsed);
    assert_non_null(parsed.scenario);
    assert_true(cause_from_scenario(parsed.scenario, arena, &list, &why));
    assert_non_null(sim);
    if (!sim_replay(sim, &list, true)) {
        fail_msg("%s: %s: %s", path, sim_finding(sim)->oracle->id, sim_finding(sim)->detail);
    }
    sim_destroy(sim);
    ++*count;
}

static void what_was_found_is_found_no_more(void **state)
{
    (void)state;
    uint32_t count = 0;
    struct arena *const arena = arena_create();
    corpus_walk(arena, "harness/tests/sim/found", replays, &count);
    arena_destroy(arena);
    assert_true(count >= FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_found_is_found_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
