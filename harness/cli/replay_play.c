/* The player of replay and min: a list of causes in the world that the fuzz targets have; a script of two
 * hosts also to the end of both, as `finwait run` does, since what a simulation found may show there only. */
#include "base/block.h"
#include "causes/prologue.h"
#include "cli/cause_input.h"
#include "cli/replay_file.h"
#include "cli/verbs.h"
#include "sim/sim.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>

static int tell(const struct world_finding *found)
{
    if (found != NULL) {
        (void)fprintf(stderr, "%s: %s\n", found->name, found->detail);
    }
    return found == NULL ? 0 : EXIT_FOUND;
}

static void apply_all(struct world *world, const struct cause_list *list)
{
    struct cause prologue[PROLOGUE_CAUSES_MAX];
    const size_t count =
        list->start.hosts == 1 ? prologue_causes((enum prologue)list->start.prologue, prologue) : 0;
    for (size_t index = 0; index < count; index++) {
        (void)world_apply(world, &prologue[index]);
    }
    for (size_t index = 0; index < list->count && world_apply(world, &list->items[index]);
         index++) {
        /* the next one */
    }
    world_finish(world);
}

static int play_list(const struct cause_list *list)
{
    const struct world_config config = world_config_play();
    const size_t bytes = world_bytes(&config);
    void *const block = block_create(bytes);
    if (block == NULL) {
        return complain("replay", "out of memory", EXIT_BROKEN);
    }
    struct world *const world = world_begin(block, bytes, &list->start, &config);
    if (world == NULL) {
        free(block);
        return complain("replay", "no world begins", EXIT_BROKEN);
    }
    apply_all(world, list);
    const int code = tell(world_finding(world));
    world_end(world);
    free(block);
    return code;
}

/* Applications read, close and let go; then everything must be over. */
static int play_to_the_end(const struct cause_list *list)
{
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL};
    struct sim *const sim = sim_create(&options);
    if (sim == NULL) {
        return complain("replay", "out of memory", EXIT_BROKEN);
    }
    (void)sim_replay(sim, list, true);
    const int code = tell(sim_finding(sim));
    sim_destroy(sim);
    return code;
}

int replay_play(const char *path)
{
    struct arena *const arena = arena_create();
    struct cause_list list;
    int code = cause_input_read("replay", path, arena, &list);
    if (code == 0) {
        code = play_list(&list);
    }
    if (code == 0 && list.start.hosts == 2 && cause_input_is_script(path)) {
        code = play_to_the_end(&list);
    }
    arena_destroy(arena);
    return code;
}
