/* What all calls have in common: how they stand in the trace, and what they add to a stream. */
#include "world/world_state.h"

#include <string.h>

size_t world_octets(int64_t number)
{
    return number < 0 ? 0 : number > CAUSE_WRITE_MAX ? CAUSE_WRITE_MAX : (size_t)number;
}

void world_call_begins(struct world *world, struct world_one *one, struct trace_call *call)
{
    call->cookie = ++one->next_cookie;
    struct world_life *const life = world_life_at(one, call->incarnation);
    if (call->is_send && life != NULL) {
        life->queued += call->count;
    }
    if (world_traces(world)) {
        world_record(world, one, TRACE_CALL)->as.call = *call;
    }
}

/* What a send did not take is not part of the stream; with another one waiting behind it, that one has
 * the wrong octets. */
static void end_send(struct world_one *one, const struct trace_call *call, struct world_life *life)
{
    const size_t taken = call->value > 0 ? (size_t)call->value : 0;
    life->written += taken;
    life->queued -= call->count - taken;
    for (uint32_t i = 0; taken < call->count && i < WORLD_PENDING_MAX; i++) {
        const struct world_pending *waiting = &one->pending[i];
        life->is_torn = life->is_torn || (waiting->operation != 0 && waiting->said.is_send &&
                                          waiting->said.incarnation == call->incarnation);
    }
}

static bool is_peek(const struct trace_call *call)
{
    return strstr(call->text, "MSG_PEEK") != NULL;
}

void world_call_ends(struct world *world, struct world_one *one, const struct trace_call *call)
{
    struct world_life *const life = world_life_at(one, call->incarnation);
    if (call->is_send && life != NULL) {
        end_send(one, call, life);
    } else if (call->is_receive && call->value > 0 && !is_peek(call)) {
        world_was_read(world, one, call->incarnation, call->bytes, (size_t)call->value);
    }
    world_mix(world, (uint64_t)call->value);
    if (!world_traces(world)) {
        return;
    }
    struct trace_call *const done = &world_record(world, one, TRACE_CALL_DONE)->as.call;
    *done = *call;
    if (call->is_send) {
        done->bytes = NULL;
        done->count = 0;
    }
}

void world_configure(struct world *world, struct world_one *one, const struct cause_set *set)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    const struct tcp_config_field *const field = &fields[set->field % count];
    struct tcp_config config = one->config;
    if (tcp_config_set(&config, field->name, set->value) != TCP_OK ||
        tcp_config_check(&config) != NULL) {
        return; /* a value that cannot be */
    }
    if (field->offset == offsetof(struct tcp_config, mtu) && one->address.version == 6) {
        config.mtu += WORLD_MTU_EXTRA_IPV6;
    }
    if (tcp_host_configure(one->host, world->now, &config) != TCP_OK) {
        return; /* a value that cannot be */
    }
    one->config = config;
    world_note_step(world, one);
    if (world_traces(world)) {
        world_record(world, one, TRACE_SETTING)->as.setting =
            arena_format(one->arena, "%s=%llu", field->name, (unsigned long long)set->value);
    }
}
