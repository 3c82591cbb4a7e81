/* The player of replay and min: a list of causes in the world that the fuzz targets have. */
#include "base/block.h"
#include "causes/prologue.h"
#include "cli/cause_input.h"
#include "cli/replay_file.h"
#include "cli/verbs.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>

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
    const struct world_finding *const found = world_finding(world);
    if (found != NULL) {
        (void)fprintf(stderr, "%s: %s\n", found->name, found->detail);
    }
    world_end(world);
    free(block);
    return found == NULL ? 0 : EXIT_FOUND;
}

int replay_play(const char *path)
{
    struct arena *const arena = arena_create();
    struct cause_list list;
    int code = cause_input_read("replay", path, arena, &list);
    if (code == 0) {
        code = play_list(&list);
    }
    arena_destroy(arena);
    return code;
}
