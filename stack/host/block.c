/* Laying out the block: sizes, offsets, first values. */
#include "host/block.h"

#include <string.h>

#include "host/routes.h"
#include "host/slots.h"

#define HOST_MAGIC UINT64_C(0x66696e7761697421)

struct layout {
    uint64_t at[HOST_TABLE_COUNT];
    uint64_t bytes[HOST_TABLE_COUNT];
    uint64_t total;
};

static uint32_t power_of_two_from(uint32_t number)
{
    uint32_t power = 1;
    while (power < number && power < UINT32_C(0x80000000)) {
        power *= 2;
    }
    return power;
}

static uint64_t round_up(uint64_t number)
{
    return (number + TCP_HOST_ALIGNMENT - 1) / TCP_HOST_ALIGNMENT * TCP_HOST_ALIGNMENT;
}

/* Every product is of two 32-bit numbers (or a small constant and two of them), so 64 bits hold it
 * once the limits are within bounds. */
static void measure(const struct tcp_limits *limits, struct layout *out)
{
    const uint64_t buckets = power_of_two_from(limits->connections);
    const uint64_t sizes[HOST_TABLE_COUNT] = {
        [HOST_TCBS] = sizeof(struct tcb) * (uint64_t)limits->connections,
        [HOST_PATHS] = sizeof(struct tcb_path) * (uint64_t)limits->paths,
        [HOST_STREAMS] = sizeof(struct tcb_stream) * (uint64_t)limits->streams,
        [HOST_ISLANDS] = sizeof(struct range) * (uint64_t)limits->streams * limits->islands,
        [HOST_HEAP] = sizeof(struct host_timer) * (uint64_t)limits->connections,
        [HOST_BUCKETS] = sizeof(uint32_t) * buckets,
        [HOST_PORTS] = sizeof(uint32_t) * buckets,
        [HOST_ANSWERS] = sizeof(struct host_answer) * (uint64_t)limits->answers,
        [HOST_ADDRESSES] = sizeof(struct tcp_address) * (uint64_t)limits->local_addresses,
        [HOST_ROUTES] = sizeof(struct host_route) * (uint64_t)limits->path_mtus,
        [HOST_SOCKETS] = HOST_SOCKET_BYTES * (uint64_t)limits->sockets,
        [HOST_OPERATIONS] = HOST_OPERATION_BYTES * (uint64_t)limits->operations,
        [HOST_SEND_BYTES] = (uint64_t)limits->streams * limits->send_buffer_bytes,
        [HOST_RECEIVE_BYTES] = (uint64_t)limits->streams * limits->receive_buffer_bytes,
    };
    uint64_t at = round_up(sizeof(struct tcp_host)) + HOST_GUARD_BYTES;
    for (uint32_t table = 0; table < HOST_TABLE_COUNT; table++) {
        out->at[table] = at;
        out->bytes[table] = sizes[table];
        at += round_up(sizes[table]) + HOST_GUARD_BYTES;
    }
    out->total = at;
}

/* Bounds that keep every index below TCB_NONE, every sum within 64 bits, and rings legal. */
static bool limits_are_sound(const struct tcp_limits *limits)
{
    const uint32_t records_max = UINT32_C(1) << 28;
    return limits->connections > 0 && limits->connections <= records_max &&
           limits->paths <= records_max && limits->streams <= records_max &&
           limits->islands <= UINT32_C(1) << 16 && limits->answers <= records_max &&
           limits->local_addresses <= UINT32_C(1) << 16 && limits->sockets <= records_max &&
           limits->operations <= records_max && limits->path_mtus <= UINT32_C(1) << 16 &&
           limits->send_buffer_bytes <= RING_CAPACITY_MAX &&
           limits->receive_buffer_bytes <= RING_CAPACITY_MAX && limits->answers > 0;
}

struct tcp_limits tcp_limits_small(void)
{
    return (struct tcp_limits){
        .connections = 16,
        .paths = 16,
        .streams = 16,
        .send_buffer_bytes = 65536,
        .receive_buffer_bytes = 65536,
        .islands = 32,
        .answers = 16,
        .local_addresses = 2,
        .sockets = 16,
        .operations = 16,
        .path_mtus = 8,
    };
}

size_t tcp_host_bytes(const struct tcp_limits *limits)
{
    if (!limits_are_sound(limits)) {
        return 0;
    }
    struct layout layout;
    measure(limits, &layout);
    return layout.total > SIZE_MAX ? 0 : (size_t)layout.total;
}

static void clear_tables(struct tcp_host *host)
{
    for (uint32_t table = 0; table < HOST_FIRST_BUFFER; table++) {
        memset(host_table(host, (enum host_table)table), 0, (size_t)host->table_bytes[table]);
    }
    memset(host_table(host, HOST_BUCKETS), 0xff, (size_t)host->table_bytes[HOST_BUCKETS]);
    memset(host_table(host, HOST_PORTS), 0xff, (size_t)host->table_bytes[HOST_PORTS]);
}

void host_adopt_config(struct tcp_host *host, const struct tcp_config *config)
{
#define ADOPT(kind, name, value, live, text) host->config.name = config->name;
    TCP_CONFIG_FIELDS(ADOPT)
#undef ADOPT
}

enum tcp_error tcp_host_init(void *block, size_t bytes, const struct tcp_limits *limits,
                             const struct tcp_config *config, tcp_time now, struct tcp_host **out)
{
    const size_t needed = tcp_host_bytes(limits);
    if (needed == 0 || tcp_config_check(config) != NULL ||
        config->receive_buffer_bytes > limits->receive_buffer_bytes ||
        config->send_buffer_bytes > limits->send_buffer_bytes) {
        return TCP_ERROR_ARGUMENT;
    }
    if (block == NULL || bytes < needed || (uintptr_t)block % TCP_HOST_ALIGNMENT != 0) {
        return TCP_ERROR_MEMORY;
    }
    host_expose_all(block, bytes);
    struct tcp_host *host = block;
    memset(host, 0, sizeof *host);
    struct layout layout;
    measure(limits, &layout);
    memcpy(host->table_at, layout.at, sizeof layout.at);
    memcpy(host->table_bytes, layout.bytes, sizeof layout.bytes);
    host->magic = HOST_MAGIC;
    host->block_bytes = layout.total;
    host->limits = *limits;
    memcpy(host->config.secret, config->secret, sizeof config->secret);
    host_adopt_config(host, config);
    host->now = now.us;
    host->owed = host->events = (struct host_fifo){TCB_NONE, TCB_NONE};
    host->bucket_count = power_of_two_from(limits->connections);
    host->recent_slot = TCB_NONE;
    clear_tables(host);
    host_thread_free_lists(host);
    host_lay_guards(host);
    *out = host;
    return TCP_OK;
}

const struct tcp_config *tcp_host_config(const struct tcp_host *host)
{
    return &host->config;
}

const struct tcp_limits *tcp_host_limits(const struct tcp_host *host)
{
    return &host->limits;
}

tcp_time tcp_host_time(const struct tcp_host *host)
{
    return (tcp_time){host->now};
}

struct tcp_counters tcp_host_counters(const struct tcp_host *host)
{
    return host->counters;
}
