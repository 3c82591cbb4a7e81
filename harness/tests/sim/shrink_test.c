/* Lists become as small as what they do allows, and go on doing it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/shrink.h"

#define COUNT 100

struct wish {
    uint32_t kept[2]; /* numbers of calls that must be there, in this order */
    int64_t least_us; /* of all waits together */
};

static bool holds(void *context, const struct cause_list *list)
{
    const struct wish *const wish = context;
    uint32_t found = 0;
    int64_t us = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *const cause = &list->items[i];
        if (cause->kind == CAUSE_CALL && found < 2 && cause->as.call.name == wish->kept[found]) {
            found++;
        }
        us += cause->kind == CAUSE_WAIT ? cause->as.wait.us : 0;
    }
    return found == 2 && us >= wish->least_us;
}

static void fill(struct cause *causes)
{
    for (uint32_t i = 0; i < COUNT; i++) {
        causes[i] = i % 2 == 0
                        ? (struct cause){.kind = CAUSE_WAIT, .as.wait = {CAUSE_WAIT_FOR, 7777}}
                        : (struct cause){.kind = CAUSE_CALL,
                                         .as.call = {.kind = CAUSE_CALL_SEND,
                                                     .name = (uint8_t)(i / 2 % 8),
                                                     .number = 12345}};
    }
}

static void only_what_is_needed_stays(void **state)
{
    (void)state;
    static struct cause causes[COUNT], room[COUNT];
    fill(causes);
    struct cause_list list = {.start = {.hosts = 2, .ip_version = 6, .delay_us = 123},
                              .items = causes,
                              .count = COUNT,
                              .capacity = COUNT};
    struct wish wish = {.kept = {5, 2}, .least_us = 5000};
    struct shrink shrink = {.holds = holds, .context = &wish, .tries_max = 100000};
    shrink_causes(&shrink, &list, room);
    assert_int_equal(list.count, 3); /* two calls and a wait */
    assert_true(holds(&wish, &list));
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind == CAUSE_WAIT) {
            assert_true(list.items[i].as.wait.us >= 5000 && list.items[i].as.wait.us <= 7777);
        } else {
            assert_int_equal(list.items[i].as.call.number, 0);
        }
    }
    assert_int_equal(list.start.ip_version, 4);
    assert_int_equal(list.start.delay_us, 10000);
}

static void tries_are_bounded(void **state)
{
    (void)state;
    static struct cause causes[COUNT], room[COUNT];
    fill(causes);
    struct cause_list list = {
        .start = {.hosts = 1}, .items = causes, .count = COUNT, .capacity = COUNT};
    struct wish wish = {.kept = {5, 2}};
    struct shrink shrink = {.holds = holds, .context = &wish, .tries_max = 3};
    shrink_causes(&shrink, &list, room);
    assert_true(shrink.tries <= 3);
    assert_true(holds(&wish, &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_needed_stays),
        cmocka_unit_test(tries_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
