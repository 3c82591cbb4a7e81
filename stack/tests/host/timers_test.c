/* The heap of deadlines against a list that is searched from end to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host/slots.h"
#include "host/timers.h"
#include "tests/random.h"
#include "tests/support/one_host.h"

#define RECORDS 200

struct model {
    struct one_host one;
    struct tcb *tcb[RECORDS];
    uint64_t deadline[RECORDS];
    uint64_t order[RECORDS];
    uint64_t next_order;
};

static void begin(struct model *model)
{
    one_prepare(&model->one);
    model->one.limits.connections = RECORDS;
    one_start(&model->one);
    model->next_order = 0;
    for (uint32_t i = 0; i < RECORDS; i++) {
        model->tcb[i] = host_take_tcb(model->one.host);
        assert_non_null(model->tcb[i]);
        model->deadline[i] = TCB_NEVER;
    }
}

static void set(struct model *model, uint32_t index, uint64_t deadline)
{
    host_timer_set(model->one.host, model->tcb[index], deadline);
    if (deadline != model->deadline[index]) { /* an unchanged one keeps its turn */
        model->deadline[index] = deadline;
        model->order[index] = model->next_order++;
    }
}

/* The earliest by (deadline, order of arming), or RECORDS. */
static uint32_t first_of(const struct model *model)
{
    uint32_t best = RECORDS;
    for (uint32_t i = 0; i < RECORDS; i++) {
        if (model->deadline[i] == TCB_NEVER) {
            continue;
        }
        if (best == RECORDS || model->deadline[i] < model->deadline[best] ||
            (model->deadline[i] == model->deadline[best] && model->order[i] < model->order[best])) {
            best = i;
        }
    }
    return best;
}

static void expect_first(const struct model *model)
{
    uint32_t slot = TCB_NONE;
    const uint64_t deadline = host_timer_first(model->one.host, &slot);
    const uint32_t expected = first_of(model);
    if (expected == RECORDS) {
        assert_int_equal(deadline, TCB_NEVER);
        return;
    }
    assert_int_equal(deadline, model->deadline[expected]);
    assert_int_equal(slot, host_slot_of(model->one.host, model->tcb[expected]));
}

static void it_agrees_with_a_list_over_random_changes(void **state)
{
    (void)state;
    static struct model model;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_source random = {seed * 0x9e3779b97f4a7c15u};
        begin(&model);
        for (uint32_t step = 0; step < 3000; step++) {
            const uint32_t index = random_below(&random, RECORDS);
            const uint32_t kind = random_below(&random, 4);
            /* Few different deadlines, so that many are equal. */
            set(&model, index, kind == 0 ? TCB_NEVER : random_below(&random, 1u << (seed % 16)));
            expect_first(&model);
        }
        while (first_of(&model) != RECORDS) { /* drained in order */
            expect_first(&model);
            set(&model, first_of(&model), TCB_NEVER);
        }
        assert_int_equal(model.one.host->timer_count, 0);
        one_close(&model.one);
    }
}

static void equal_deadlines_come_in_the_order_of_arming(void **state)
{
    (void)state;
    static struct model model;
    begin(&model);
    for (uint32_t i = 0; i < RECORDS; i++) {
        set(&model, (i * 37) % RECORDS, 5);
    }
    set(&model, 37, 5); /* unchanged: keeps its turn */
    set(&model, 0, 6);
    set(&model, 0, 5); /* changed there and back: the last one now */
    for (uint32_t i = 1; i <= RECORDS; i++) {
        uint32_t slot = TCB_NONE;
        assert_int_equal(host_timer_first(model.one.host, &slot), 5);
        const uint32_t index = (i * 37) % RECORDS;
        assert_int_equal(slot, host_slot_of(model.one.host, model.tcb[index]));
        set(&model, index, TCB_NEVER);
    }
    one_close(&model.one);
}

static void the_ends_of_time_are_ordinary(void **state)
{
    (void)state;
    static struct model model;
    begin(&model);
    uint32_t slot = 77;
    assert_int_equal(host_timer_first(model.one.host, &slot), TCB_NEVER);
    assert_int_equal(slot, 77);
    set(&model, 0, TCB_NEVER - 1);
    expect_first(&model);
    set(&model, 1, 0);
    expect_first(&model);
    set(&model, 1, TCB_NEVER);
    set(&model, 1, TCB_NEVER);
    expect_first(&model);
    one_close(&model.one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_agrees_with_a_list_over_random_changes),
        cmocka_unit_test(equal_deadlines_come_in_the_order_of_arming),
        cmocka_unit_test(the_ends_of_time_are_ordinary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
