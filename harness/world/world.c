/* The block, and the kinds of causes. */
#include "world/world_state.h"

#include <stdlib.h>
#include <string.h>

/* ---- the block ----------------------------------------------------------------------------------- */

struct world_config world_config_small(void)
{
    struct world_config config = {
        .limits = tcp_limits_small(),
        .oracles = WORLD_ORACLES_CHEAP,
        .arena_bytes = (size_t)4 << 20,
        .record_limit = 20000,
        .check_every = 1,
        .tick_limit = 1000,
        .start_us = WORLD_START_US,
    };
    (void)tcp_config_profile("rfc", &config.tcp);
    config.limits.connections = config.limits.paths = config.limits.streams = 10;
    config.limits.islands = 8;
    config.limits.answers = 8;
    config.limits.send_buffer_bytes = config.limits.receive_buffer_bytes = 16384;
    config.tcp.send_buffer_bytes = config.tcp.receive_buffer_bytes = 16384;
    return config;
}

struct world_config world_config_play(void)
{
    struct world_config config = world_config_small();
    config.arena_bytes = (size_t)1 << 20;
    config.record_limit = 8000;
    config.tick_limit = 64;
    return config;
}

static size_t round_up(size_t bytes)
{
    return (bytes + WORLD_ALIGNMENT - 1) / WORLD_ALIGNMENT * WORLD_ALIGNMENT;
}

static size_t host_bytes(const struct world_config *config)
{
    return config->limits.connections > WORLD_SLOTS_MAX ||
                   config->limits.operations > WORLD_PENDING_MAX
               ? 0
               : tcp_host_bytes(&config->limits);
}

/* Records that a trace has its own room for. More of them grow in the arena. */
static size_t records_of(const struct world_config *config)
{
    return config->record_limit < WORLD_RECORDS_MAX ? config->record_limit : WORLD_RECORDS_MAX;
}

static size_t record_bytes(const struct world_config *config)
{
    return records_of(config) * sizeof(struct trace_record);
}

size_t world_bytes(const struct world_config *config)
{
    const size_t host = host_bytes(config);
    return host == 0 || config->arena_bytes < ARENA_PLACE_BYTES_MIN
               ? 0
               : round_up(sizeof(struct world)) +
                     WORLD_HOSTS_MAX * (round_up(host) + round_up(config->arena_bytes) +
                                        round_up(record_bytes(config)));
}

static uint8_t *block_of(const struct world *world)
{
    return (uint8_t *)(uintptr_t)world;
}

void *world_take(struct world_one *one, size_t bytes)
{
    return arena_take(one->arena, bytes);
}

const uint8_t *world_keep(struct world_one *one, const uint8_t *bytes, size_t count)
{
    return count == 0 ? NULL : memcpy(arena_take_unset(one->arena, count), bytes, count);
}

struct trace_record *world_record(struct world *world, struct world_one *one, enum trace_kind kind)
{
    return trace_add(&one->trace, kind, world->now, world->causes, 0);
}

/* ---- begin and end ------------------------------------------------------------------------------- */

static struct tcp_address address_of(uint8_t version, uint8_t last)
{
    struct tcp_address address = {.version = version};
    if (version == 4) {
        memcpy(address.bytes, (const uint8_t[]){192, 168, 0, last}, 4);
    } else {
        memcpy(address.bytes, (const uint8_t[]){0xfd, 0}, 2);
        address.bytes[15] = last;
    }
    return address;
}

static bool begin_host(struct world *world, enum cause_host place, const struct cause_start *start)
{
    struct world_one *one = &world->one[place];
    uint8_t *const block = block_of(world) + world->host_at[place];
    one->config = world->config.tcp;
    one->config.mtu += start->ip_version == 6 ? WORLD_MTU_EXTRA_IPV6 : 0;
    one->address = address_of(start->ip_version, place == CAUSE_HOST_A ? 1 : 2);
    one->arena = arena_place(block_of(world) + world->arena_at[place], world->config.arena_bytes);
    if (tcp_host_init(block, world->host_bytes, &world->config.limits, &one->config, world->now,
                      &one->host) != TCP_OK ||
        tcp_host_add_address(one->host, &one->address) != TCP_OK) {
        return false;
    }
    one->step_number = tcp_host_last_step(one->host).number;
    one->trace = (struct trace){
        .arena = one->arena,
        .records = (struct trace_record *)(void *)(block_of(world) + world->records_at[place]),
        .record_capacity = records_of(&world->config),
        .sut = "core",
        .ip_version = start->ip_version,
        .start = world->now,
    };
    for (size_t i = 0; i < CAUSE_DESCRIPTORS; i++) {
        one->descriptors[i] = -1;
    }
    if (world_traces(world)) {
        one->oracles = oracle_set_create(&one->trace, &one->config);
    }
    return true;
}

static void lay_out(struct world *world)
{
    size_t at = round_up(sizeof *world);
    for (size_t i = 0; i < WORLD_HOSTS_MAX; i++) {
        world->host_at[i] = at;
        at += round_up(world->host_bytes);
        world->arena_at[i] = at;
        at += round_up(world->config.arena_bytes);
        world->records_at[i] = at;
        at += round_up(record_bytes(&world->config));
    }
    world->bytes = at;
}

struct world *world_begin(void *block, size_t bytes, const struct cause_start *start,
                          const struct world_config *config)
{
    if (world_bytes(config) == 0 || bytes < world_bytes(config) ||
        (uintptr_t)block % WORLD_ALIGNMENT != 0) {
        return NULL;
    }
    struct world *world = block;
    memset(world, 0, offsetof(struct world, scratch)); /* rooms are written before they are read */
    world->config = *config;
    world->start = *start;
    world->start.hosts = start->hosts == 2 ? 2 : 1;
    world->start.ip_version = start->ip_version == 6 ? 6 : 4;
    world->host_bytes = host_bytes(config);
    world->now = (tcp_time){config->start_us};
    world->given_connection = WORLD_NONE;
    lay_out(world);
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        if (!begin_host(world, (enum cause_host)i, &world->start)) {
            return NULL;
        }
    }
    return world;
}

void world_finish(struct world *world)
{
    for (uint8_t i = 0; i < world->start.hosts && !world->has_finding; i++) {
        if (world->one[i].owes_drain) {
            world_drain(world, &world->one[i]);
        }
    }
    world_reach(world, world->now, true);
    for (uint8_t i = 0; i < world->start.hosts && world_traces(world); i++) {
        world_report_invariant(world, &world->one[i], tcp_host_check(world->one[i].host));
        oracle_set_finish(world->one[i].oracles);
        world_judge(world, &world->one[i]);
    }
    world->is_finished = true;
}

void world_end(struct world *world)
{
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        free(world->one[i].moved);
        world->one[i].moved = NULL;
        arena_destroy(world->one[i].arena);
    }
}

/* ---- causes -------------------------------------------------------------------------------------- */

bool world_has_room(const struct world *world)
{
    size_t records = 0;
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        records += world->one[i].trace.record_count;
    }
    return !world->is_full && records < world->config.record_limit;
}

/* A batch ends before anything that is not a packet for the same host. */
void world_end_batches(struct world *world, const struct cause *cause)
{
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        const bool goes_on = cause->kind == CAUSE_PACKET && cause->host == i;
        if (world->one[i].owes_drain && !goes_on) {
            world_drain(world, &world->one[i]);
        }
    }
}

static void act(struct world *world, struct world_one *one, const struct cause *cause)
{
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_WAIT:
        world_wait(world, world_place(world, one), &cause->as.wait);
        return;
    case CAUSE_PACKET:
        world_inject(world, one, &cause->as.packet);
        one->owes_drain = cause->as.packet.is_joined != 0;
        break;
    case CAUSE_ICMP:
        world_inject_icmp(world, one, &cause->as.icmp);
        break;
    case CAUSE_CALL:
        if (cause->as.call.kind < CAUSE_CALL_SOCKET) {
            world_call_rfc(world, one, &cause->as.call);
        } else {
            world_call_socket(world, one, &cause->as.call);
        }
        break;
    case CAUSE_SET:
        world_configure(world, one, &cause->as.set);
        break;
    case CAUSE_EDIT:
        world_edit(one, &cause->as.edit);
        return;
    }
    if (!one->owes_drain) {
        world_drain(world, one);
    }
}

bool world_apply(struct world *world, const struct cause *cause)
{
    if (world->has_finding || !world_has_room(world)) {
        world->is_full = !world->has_finding;
        return false;
    }
    world_end_batches(world, cause);
    if (world->projection != NULL) {
        world_project_cause(world, cause);
    }
    struct world_one *one = &world->one[cause->host < world->start.hosts ? cause->host : 0];
    act(world, one, cause);
    world->causes++;
    return true;
}

/* ---- looking at it ------------------------------------------------------------------------------- */

const struct world_finding *world_finding(const struct world *world)
{
    return world->has_finding ? &world->finding : NULL;
}

bool world_is_full(const struct world *world)
{
    return world->is_full;
}

tcp_time world_now(const struct world *world)
{
    return world->now;
}

uint64_t world_hash(const struct world *world)
{
    return world->hash;
}

uint32_t world_causes(const struct world *world)
{
    return world->causes;
}

struct tcp_host *world_host(struct world *world, enum cause_host host)
{
    return world->one[host].host;
}

const struct trace *world_trace(const struct world *world, enum cause_host host)
{
    return world_traces(world) ? &world->one[host].trace : NULL;
}

const struct oracle_set *world_oracles(const struct world *world, enum cause_host host)
{
    return world->one[host].oracles;
}

tcp_handle world_name(const struct world *world, enum cause_host host, uint8_t index)
{
    return world->one[host].names[index % CAUSE_NAMES];
}

int world_descriptor(const struct world *world, enum cause_host host, uint8_t index)
{
    return world->one[host].descriptors[index % CAUSE_DESCRIPTORS];
}

const struct tcp_config *world_tcp_config(const struct world *world, enum cause_host host)
{
    return &world->one[host].config;
}

uint8_t world_hosts(const struct world *world)
{
    return world->start.hosts;
}

const struct tcp_address *world_address(const struct world *world, enum cause_host host)
{
    return &world->one[host].address;
}

tcp_time world_start(const struct world *world)
{
    return world->one[0].trace.start;
}

size_t world_connections(const struct world *world)
{
    return world->connection_count;
}

uint64_t world_edited(const struct world *world, enum cause_edit_kind kind)
{
    return world->edited[kind];
}

uint32_t world_given_up(const struct world *world, enum cause_host host)
{
    return world->one[host].given_up;
}
