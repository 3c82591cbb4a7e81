/* Whom a packet is for when a script names it by what its calls returned: `@c1` of tcp.open(...) = c1,
 * `@fd4` of accept(...) = 4, also after the name let go of its connection. */
#include "run/runner.h"

#include <string.h>

bool targets_same_flow(const struct tcp_flow *a, const struct tcp_flow *b)
{
    return a->local.port == b->local.port && a->remote.port == b->remote.port &&
           memcmp(a->local.address.bytes, b->local.address.bytes, sizeof a->local.address.bytes) ==
               0 &&
           memcmp(a->remote.address.bytes, b->remote.address.bytes,
                  sizeof a->remote.address.bytes) == 0;
}

static struct target *find(const struct run *run, const char *label)
{
    for (size_t i = 0; i < run->target_count; i++) {
        if (strcmp(run->targets[i].label, label) == 0) {
            return &run->targets[i];
        }
    }
    return NULL;
}

void targets_bind(struct run *run, const char *label, const struct tcp_flow *flow)
{
    struct target *target = find(run, label);
    if (flow->remote.port == 0) {
        return; /* a listener: nothing is from it */
    }
    if (target == NULL) {
        void *items = run->targets;
        arena_grow(run->arena, &items, &run->target_capacity, run->target_count,
                   sizeof *run->targets);
        run->targets = items;
        target = &run->targets[run->target_count++];
    }
    *target = (struct target){label, *flow};
}

void targets_bind_descriptor(struct run *run, int64_t name, int fd)
{
    const struct sut_call call = {.kind = SUT_CALL_FLOW, .fd = fd};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error == NULL) {
        targets_bind(run, arena_format(run->arena, "fd%d", (int)name), &result.flow);
    }
}

struct connection *targets_connection(const struct run *run, const char *label)
{
    struct connection *const labelled = connections_by_label(run, label);
    const struct target *const target = labelled == NULL ? find(run, label) : NULL;
    return target == NULL ? labelled : connections_of_flow(run, &target->flow);
}

bool targets_flow(const struct run *run, const char *label, struct tcp_flow *out)
{
    const struct target *const target = find(run, label);
    if (target != NULL) {
        *out = target->flow;
    }
    return target != NULL;
}
