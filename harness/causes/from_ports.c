/* Ports of a script as pairs of the table. A script whose ports are all in the table keeps them; another's
 * are called anew: the local port with most peers becomes 80, the peer of several local ports 8000, the
 * others follow in the order of their appearance. */
#include "causes/reader.h"

#define LOCALS_MAX   5
#define REMOTES_MAX  4
#define FIRST_LOCAL  80u
#define FIRST_REMOTE 8000u

struct plan {
    uint32_t locals[LOCALS_MAX], remotes[REMOTES_MAX];
    size_t local_count, remote_count;
};

void reader_keep_ports(struct reader *reader, uint32_t local, uint32_t remote,
                       struct source_span span)
{
    void *items = reader->ports;
    arena_grow(reader->arena, &items, &reader->port_capacity, reader->port_count,
               sizeof *reader->ports);
    reader->ports = items;
    reader->ports[reader->port_count++] =
        (struct reader_ports){reader->out->count - 1, local, remote, span};
}

/* The pair of these ports on the host; CAUSE_PAIRS: none. */
static uint8_t pair_of(uint32_t local, uint32_t remote, uint8_t host)
{
    for (uint8_t pair = 0; pair < CAUSE_PAIRS; pair++) {
        const struct cause_ports ports = cause_pair_ports(pair);
        const uint32_t own = host == CAUSE_HOST_B ? ports.remote : ports.local;
        const uint32_t other = host == CAUSE_HOST_B ? ports.local : ports.remote;
        if ((local == READER_NO_PORT || own == local) &&
            (remote == READER_NO_PORT || other == remote)) {
            return pair;
        }
    }
    return CAUSE_PAIRS;
}

static void set_pair(struct cause *cause, uint8_t pair)
{
    if (cause->kind == CAUSE_CALL) {
        cause->as.call.pair = pair;
    } else if (cause->kind == CAUSE_PACKET) {
        cause->as.packet.from = (struct cause_target){CAUSE_PAIR, pair};
    } else {
        cause->as.icmp.about = (struct cause_target){CAUSE_PAIR, pair};
    }
}

static bool are_pairs(const struct reader *reader)
{
    for (size_t i = 0; i < reader->port_count; i++) {
        const struct reader_ports *const use = &reader->ports[i];
        if (pair_of(use->local, use->remote, reader->out->items[use->cause].host) == CAUSE_PAIRS) {
            return false;
        }
    }
    return true;
}

/* Adds what is not there; false: no room. */
static bool note(uint32_t *items, size_t *count, size_t most, uint32_t port)
{
    for (size_t i = 0; i < *count; i++) {
        if (items[i] == port) {
            return true;
        }
    }
    if (port == READER_NO_PORT) {
        return true;
    }
    if (*count == most) {
        return false;
    }
    items[(*count)++] = port;
    return true;
}

static void bring_forward(uint32_t *items, size_t place)
{
    const uint32_t first = items[0];
    items[0] = items[place];
    items[place] = first;
}

/* How many different ports of the other side go with this one. */
static size_t partners(const struct reader *reader, uint32_t port, bool is_local)
{
    uint32_t seen[CAUSE_PAIRS];
    size_t count = 0;
    for (size_t i = 0; i < reader->port_count; i++) {
        const struct reader_ports *const use = &reader->ports[i];
        if ((is_local ? use->local : use->remote) == port) {
            (void)note(seen, &count, CAUSE_PAIRS, is_local ? use->remote : use->local);
        }
    }
    return count;
}

static void put_busiest_first(const struct reader *reader, uint32_t *items, size_t count,
                              bool is_local)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (partners(reader, items[i], is_local) > partners(reader, items[best], is_local)) {
            best = i;
        }
    }
    if (best > 0) {
        bring_forward(items, best);
    }
}

static uint32_t place_of(const uint32_t *items, size_t count, uint32_t port)
{
    uint32_t place = 0;
    while (place < count && items[place] != port) {
        place++;
    }
    return place;
}

bool reader_settle_ports(struct reader *reader)
{
    struct plan plan = {0};
    const bool keeps = reader->is_causes || are_pairs(reader);
    for (size_t i = 0; i < reader->port_count && !keeps; i++) {
        const struct reader_ports *const use = &reader->ports[i];
        if (!note(plan.locals, &plan.local_count, LOCALS_MAX, use->local) ||
            !note(plan.remotes, &plan.remote_count, REMOTES_MAX, use->remote)) {
            return reader_refuse(reader, use->span, "more ports than there are pairs for");
        }
    }
    if (!keeps) {
        put_busiest_first(reader, plan.locals, plan.local_count, true);
        put_busiest_first(reader, plan.remotes, plan.remote_count, false);
    }
    for (size_t i = 0; i < reader->port_count; i++) {
        const struct reader_ports *const use = &reader->ports[i];
        struct cause *const cause = &reader->out->items[use->cause];
        uint32_t local = use->local, remote = use->remote;
        if (!keeps && local != READER_NO_PORT) {
            local = FIRST_LOCAL + place_of(plan.locals, plan.local_count, local);
        }
        if (!keeps && remote != READER_NO_PORT) {
            remote = FIRST_REMOTE + place_of(plan.remotes, plan.remote_count, remote);
        }
        const uint8_t pair = pair_of(local, remote, cause->host);
        if (pair == CAUSE_PAIRS) {
            return reader_refuse(reader, use->span, "no pair has these ports (cause_pair_ports)");
        }
        set_pair(cause, pair);
    }
    return true;
}
