/* What is said by the nearest reference does the same: every script of the corpus that can be encoded, and
 * random inputs, run as they are and related. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../causes/corpus_walk.h"
#include "base/block.h"
#include "causes/encoding.h"
#include "causes/prologue.h"
#include "causes/text.h"
#include "scenario/parse.h"
#include "world/world.h"

#define INPUT_COUNT 2000
#define INPUT_BYTES 400
#define CAUSE_ROOM  64

struct counts {
    size_t lists, causes, related;
};

/* Runs the list; with `relates`, each cause is related before it acts, and changed in the list. */
static uint64_t play(struct cause_list *list, bool relates)
{
    struct world_config config = world_config_small();
    config.limits = tcp_limits_small();
    const size_t bytes = world_bytes(&config);
    void *const block = block_create(bytes);
    struct world *const world = world_begin(block, bytes, &list->start, &config);
    struct cause prologue[PROLOGUE_CAUSES_MAX];
    const size_t count =
        list->start.hosts == 2 ? 0 : prologue_causes((enum prologue)list->start.prologue, prologue);
    bool goes_on = true;
    assert_non_null(world);
    for (size_t i = 0; i < count; i++) {
        assert_true(world_apply(world, &prologue[i]));
    }
    for (size_t i = 0; i < list->count && goes_on; i++) {
        if (relates) {
            world_relate(world, &list->items[i]);
        }
        goes_on = world_apply(world, &list->items[i]);
    }
    world_finish(world);
    const uint64_t hash = world_hash(world);
    world_end(world);
    free(block);
    return hash;
}

/* decode(encode(related)) does what the list does. */
static void hold(struct arena *arena, const char *path, const struct cause_list *list,
                 struct counts *counts)
{
    struct cause_list copy = *list, back;
    copy.items = arena_take(arena, (list->count + 1) * sizeof *copy.items);
    memcpy(copy.items, list->items, list->count * sizeof *copy.items);
    const uint64_t before = play(&copy, false);
    assert_true(play(&copy, true) == before);
    const size_t room = CAUSE_HEAD_BYTES + list->count * CAUSE_RECORD_BYTES_MAX;
    uint8_t *const bytes = arena_take(arena, room);
    const size_t length = cause_encode(&copy, (struct tcp_room){bytes, room});
    cause_decode(bytes, length, arena_take(arena, (list->count + 1) * sizeof(struct cause)),
                 list->count, &back);
    assert_true(cause_list_same(&copy, &back));
    if (play(&back, false) != before) {
        fail_msg("%s does something else when it is related", path);
    }
    counts->lists++;
    counts->causes += list->count;
    for (size_t i = 0; i < list->count; i++) {
        counts->related += cause_same(&list->items[i], &copy.items[i]) ? 0 : 1;
    }
}

static void hold_script(void *context, struct arena *arena, const char *path, const char *script)
{
    struct parse_result parsed;
    struct cause_list list;
    struct cause_refusal why;
    scenario_parse(path, script, strlen(script), NULL, 0, arena, &parsed);
    if (parsed.scenario != NULL && cause_from_scenario(parsed.scenario, arena, &list, &why)) {
        hold(arena, path, &list, context);
    }
}

static void scripts_of_the_corpus_do_the_same_when_they_are_related(void **state)
{
    (void)state;
    struct arena *const arena = arena_create();
    struct counts counts = {0};
    corpus_walk(arena, "corpus", hold_script, &counts);
    print_message("%zu scripts, %zu of %zu causes said in another way\n", counts.lists,
                  counts.related, counts.causes);
    assert_true(counts.lists > 100);
    assert_true(counts.related > 1000);
    arena_destroy(arena);
}

static void random_inputs_do_the_same_when_they_are_related(void **state)
{
    (void)state;
    uint64_t random = 7;
    struct arena *const arena = arena_create();
    struct counts counts = {0};
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        uint8_t bytes[INPUT_BYTES];
        struct cause room[CAUSE_ROOM];
        struct cause_list list;
        for (size_t j = 0; j < sizeof bytes; j++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            bytes[j] = (uint8_t)(random >> 56);
        }
        cause_decode(bytes, sizeof bytes, room, CAUSE_ROOM, &list);
        hold(arena, "a random input", &list, &counts);
        arena_reset(arena);
    }
    print_message("%zu of %zu causes said in another way\n", counts.related, counts.causes);
    assert_true(counts.related > 0);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_of_the_corpus_do_the_same_when_they_are_related),
        cmocka_unit_test(random_inputs_do_the_same_when_they_are_related),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
