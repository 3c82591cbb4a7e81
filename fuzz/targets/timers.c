/* The heap of deadlines against a list that is searched from end to end.
 *
 * Input: steps of two octets: which connection, and its deadline, of few different ones so that many
 * are equal; deadline 255 takes it out. */
#include "host/timers.h"
#include "finding.h"
#include "host.h"
#include "host/slots.h"
#include "input.h"
#include "target.h"

#define RECORDS 64u

struct model {
    struct tcp_host *host;
    uint64_t deadline[RECORDS];
    uint64_t order[RECORDS];
    uint64_t next_order;
};

static void set(struct model *model, uint32_t slot, uint64_t deadline)
{
    host_timer_set(model->host, host_tcb(model->host, slot), deadline);
    if (deadline != model->deadline[slot]) { /* an unchanged one keeps its turn */
        model->deadline[slot] = deadline;
        model->order[slot] = model->next_order++;
    }
}

/* The earliest by (deadline, order of arming), or RECORDS. */
static uint32_t first_of(const struct model *model)
{
    uint32_t best = RECORDS;
    for (uint32_t slot = 0; slot < RECORDS; slot++) {
        const uint64_t deadline = model->deadline[slot];
        if (deadline != TCB_NEVER &&
            (best == RECORDS || deadline < model->deadline[best] ||
             (deadline == model->deadline[best] && model->order[slot] < model->order[best]))) {
            best = slot;
        }
    }
    return best;
}

static void compare(const struct model *model)
{
    uint32_t slot = RECORDS;
    const uint64_t deadline = host_timer_first(model->host, &slot);
    const uint32_t expected = first_of(model);
    law(slot == expected, "timers", "the first is the one that was armed first of the earliest");
    law(deadline == (expected == RECORDS ? TCB_NEVER : model->deadline[expected]), "timers",
        "its deadline is the one that was set");
}

static void prepare(struct start_host *start)
{
    struct tcp_limits limits = tcp_limits_small();
    limits.connections = RECORDS;
    limits.paths = limits.streams = 1;
    start_host_make(start, &limits, NULL);
    for (uint32_t slot = 0; slot < RECORDS; slot++) {
        law(host_take_tcb(start->host) == host_tcb(start->host, slot), "timers",
            "records are taken in order");
    }
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static struct start_host start;
    if (start.host == NULL) {
        prepare(&start);
    }
    struct input input = {bytes, count};
    struct model model = {.host = start_host_copy(&start)};
    for (uint32_t slot = 0; slot < RECORDS; slot++) {
        model.deadline[slot] = TCB_NEVER;
    }
    while (!input_is_over(&input)) {
        const uint32_t slot = input_below(&input, RECORDS);
        const uint8_t deadline = input_u8(&input);
        set(&model, slot, deadline == UINT8_MAX ? TCB_NEVER : deadline);
        compare(&model);
    }
    for (uint32_t slot = first_of(&model); slot != RECORDS; slot = first_of(&model)) {
        set(&model, slot, TCB_NEVER); /* what is left comes out in order */
        compare(&model);
    }
    return 0;
}
