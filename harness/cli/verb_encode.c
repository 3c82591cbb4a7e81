/* finwait encode: what a script does, as the octets that a fuzzer changes. */
#include "base/block.h"
#include "causes/encoding.h"
#include "causes/prologue.h"
#include "cli/cause_input.h"
#include "cli/verbs.h"

#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>

/* Runs the list once, in a world with no oracles. */
static int relate(const struct cause_list *list)
{
    struct world_config config = world_config_small();
    config.limits = tcp_limits_small();
    config.oracles = WORLD_ORACLES_NONE;
    const size_t bytes = world_bytes(&config);
    void *const block = block_create(bytes);
    struct world *const world =
        block == NULL ? NULL : world_begin(block, bytes, &list->start, &config);
    if (world == NULL) {
        free(block);
        return complain("encode", "no world begins", EXIT_BROKEN);
    }
    struct cause prologue[PROLOGUE_CAUSES_MAX];
    const size_t count = prologue_causes((enum prologue)list->start.prologue, prologue);
    for (size_t i = 0; i < count; i++) {
        (void)world_apply(world, &prologue[i]);
    }
    for (size_t i = 0; i < list->count; i++) {
        world_relate(world, &list->items[i]);
        if (!world_apply(world, &list->items[i])) {
            break; /* it is full: the rest stays as it is */
        }
    }
    world_end(world);
    free(block);
    return 0;
}

static int encode(const struct request *request, struct arena *arena)
{
    struct cause_list list;
    struct text out = TEXT_EMPTY;
    int code = cause_input_read_script("encode", request->paths[0], arena, &list);
    if (code == 0 && request->is_relative) {
        code = relate(&list);
    }
    if (code == 0) {
        const size_t count = cause_encode(&list, (struct tcp_room){0});
        uint8_t *const bytes = arena_take(arena, count);
        (void)cause_encode(&list, (struct tcp_room){bytes, count});
        text_add(&out, (const char *)bytes, count);
        code = write_file("encode", request->output == NULL ? "-" : request->output, &out);
    }
    text_free(&out);
    return code;
}

int verb_encode(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_ENCODE, argc, argv, arena, &request, NULL, &code)) {
        code = request.path_count == 1
                   ? encode(&request, arena)
                   : complain("encode", "one script is to be named", EXIT_USAGE);
    }
    arena_destroy(arena);
    return code;
}
