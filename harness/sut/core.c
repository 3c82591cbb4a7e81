/* Our own stack behind the adapter: a host in one block of memory, packets as bytes, sockets. */
#include "sut/core.h"

#include "base/block.h"
#include "tcp/wire.h"

#include <stdlib.h>
#include <string.h>

/* The limits asked for, or small ones, but buffers as large as the configuration asks for. */
static struct tcp_limits limits_for(const struct tcp_limits *asked, const struct tcp_config *config)
{
    struct tcp_limits limits = asked != NULL ? *asked : tcp_limits_small();
    if (limits.send_buffer_bytes < config->send_buffer_bytes)
        limits.send_buffer_bytes = config->send_buffer_bytes;
    if (limits.receive_buffer_bytes < config->receive_buffer_bytes)
        limits.receive_buffer_bytes = config->receive_buffer_bytes;
    if (limits.local_addresses == 0)
        limits.local_addresses = 1;
    return limits;
}

static void destroy(struct sut_instance *instance)
{
    if (instance == NULL)
        return;
    free(instance->block);
    free(instance->reports);
    free(instance->pending);
    free(instance->flows);
    free(instance);
}

/* The memory of an instance: NULL when there is not enough. */
static struct sut_instance *take_memory(const struct tcp_limits *limits)
{
    struct sut_instance *instance = calloc(1, sizeof *instance);
    if (instance == NULL)
        return NULL;
    instance->block_bytes = tcp_host_bytes(limits);
    instance->block = block_create(instance->block_bytes);
    instance->pending_limit = limits->operations;
    instance->pending = calloc(limits->operations + 1u, sizeof *instance->pending);
    instance->flow_limit = limits->connections;
    instance->flows = calloc(limits->connections, sizeof *instance->flows);
    if (instance->block == NULL || instance->pending == NULL || instance->flows == NULL) {
        destroy(instance);
        return NULL;
    }
    return instance;
}

static const char *start_host(struct sut_instance *instance, const struct sut_setup *setup,
                              const struct tcp_limits *limits, const struct tcp_config *config)
{
    const char *unfit = tcp_config_check(config);
    if (unfit != NULL)
        return unfit;
    if (tcp_host_init(instance->block, instance->block_bytes, limits, config, setup->start,
                      &instance->host) != TCP_OK)
        return "the stack refuses its limits or its configuration";
    if (setup->local_address != NULL) {
        instance->local_address = *setup->local_address;
        instance->has_local_address = true;
        if (tcp_host_add_address(instance->host, setup->local_address) != TCP_OK)
            return "the stack has no room for its own address";
    }
    return NULL;
}

static struct sut_instance *create(const struct sut_setup *setup, const char **error)
{
    struct tcp_config config;
    if (setup->config != NULL) {
        config = *setup->config;
    } else if (!tcp_config_profile("rfc", &config)) {
        *error = "the stack has no profile \"rfc\"";
        return NULL;
    }
    const struct tcp_limits limits = limits_for(setup->limits, &config);
    struct sut_instance *instance = take_memory(&limits);
    if (instance == NULL) {
        *error = "not enough memory for the stack";
        return NULL;
    }
    instance->relocate = setup->relocate;
    const char *problem = start_host(instance, setup, &limits, &config);
    if (problem != NULL) {
        *error = problem;
        destroy(instance);
        return NULL;
    }
    instance->step_number = tcp_host_last_step(instance->host).number;
    return instance;
}

static void input(struct sut_instance *instance, tcp_time now, const uint8_t *packet, size_t count)
{
    tcp_host_packet(instance->host, now, packet, count);
    core_note_step(instance, packet, count);
    core_move(instance);
}

static size_t output(struct sut_instance *instance, struct tcp_room room)
{
    struct tcp_segment segment;
    if (!tcp_host_poll_segment(instance->host, room, &segment))
        return 0;
    const struct tcp_room packet = tcp_wire_write(&segment, room);
    memmove(room.bytes, packet.bytes, packet.count);
    core_move(instance);
    return packet.count;
}

static tcp_time next_deadline(const struct sut_instance *instance)
{
    const tcp_time host = tcp_host_deadline(instance->host);
    const tcp_time call = tcp_socket_deadline(instance->host);
    return call.us < host.us ? call : host;
}

static void advance(struct sut_instance *instance, tcp_time now)
{
    tcp_host_tick(instance->host, now);
    core_note_step(instance, NULL, 0);
    core_move(instance);
}

static struct sut_result call(struct sut_instance *instance, tcp_time now,
                              const struct sut_call *asked)
{
    const struct sut_result result = core_call(instance, now, asked);
    core_note_step(instance, NULL, 0);
    core_move(instance);
    return result;
}

const struct sut sut_core = {
    .name = "core",
    .capabilities = SUT_VIRTUAL_TIME | SUT_SOCKETS | SUT_INSPECT | SUT_CONFIGURE | SUT_FIXED_ISS |
                    SUT_IPV6 | SUT_STEPS | SUT_SELF_CHECK | SUT_TCP_CALLS,
    .create = create,
    .destroy = destroy,
    .input = input,
    .output = output,
    .next_deadline = next_deadline,
    .advance = advance,
    .call = call,
    .poll = core_poll,
};
