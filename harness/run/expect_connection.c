/* Which connection an expected packet must be of: by label, by ports, or the one that an unnamed packet
 * means. */
#include "run/expect.h"
#include "tcp/address.h"

static bool same_flow(const struct connection *a, const struct connection *b)
{
    return a == b || (tcp_endpoint_equal(&a->flow.local, &b->flow.local) &&
                      tcp_endpoint_equal(&a->flow.remote, &b->flow.remote));
}

static const char *connection_text(struct run *run, const struct connection *connection)
{
    if (connection == NULL) {
        return "no connection";
    }
    if (connection->label != NULL) {
        return arena_format(run->arena, "@%s", connection->label);
    }
    return arena_format(run->arena, "%u > %u", connection->flow.local.port,
                        connection->flow.remote.port);
}

static bool compare_label(struct run *run, struct comparison *comparison)
{
    const struct scenario_packet *const packet = comparison->packet;
    struct connection *const labelled = connections_by_label(run, packet->connection);
    struct connection *const named = targets_connection(run, packet->connection);
    struct connection *const live = comparison->connection;
    if (named == NULL) {
        const bool can_bind = live != NULL && live->label == NULL &&
                              tcp_segment_has(&comparison->live->segment, TCP_FLAG_SYN);
        if (!can_bind && (packet->as.tcp.flags & TCP_FLAG_SYN) == 0) {
            return run_fail(run, RUN_INVALID, packet->connection_span,
                            "@%s names no connection yet: the first SYN that carries it binds it",
                            packet->connection);
        }
        if (!can_bind) {
            expect_differ(comparison, "connection", packet->connection_span,
                          arena_format(run->arena, "@%s, a new one", packet->connection),
                          connection_text(run, live));
        }
        return true;
    }
    if (live == NULL || !same_flow(named, live)) {
        expect_differ(comparison, "connection", packet->connection_span,
                      connection_text(run, named), connection_text(run, live));
    } else if (labelled != NULL) { /* its numbers count, though another life may fit them too */
        comparison->connection = labelled;
    }
    return true;
}

/* Without label and ports the latest connection is meant, or the one last spoken to. */
static void compare_unnamed(struct run *run, struct comparison *comparison)
{
    const struct connection *const live = comparison->connection;
    const struct connection *const latest = connections_latest(run);
    if (live == NULL || latest == NULL || same_flow(live, latest) ||
        (run->last_inbound != NULL && same_flow(live, run->last_inbound))) {
        return;
    }
    expect_differ(comparison, "connection", (struct source_span){0}, connection_text(run, latest),
                  connection_text(run, live));
}

static void compare_ports(struct run *run, struct comparison *comparison)
{
    const struct scenario_packet *const packet = comparison->packet;
    const struct connection *const connection = comparison->connection;
    const struct tcp_segment *const segment = &comparison->live->segment;
    uint16_t local = segment->source.port;
    uint16_t remote = segment->destination.port;
    if (connection != NULL && connection->has_script_ports) {
        local = connection->script_local_port;
        remote = connection->script_remote_port;
    } else if (connection != NULL && !connection->is_passive) {
        local = packet->source_port; /* the stack chose it: the script may call it so */
        if (remote == run->connect_port) {
            remote = packet->destination_port;
        }
    }
    if (local != packet->source_port || remote != packet->destination_port) {
        expect_differ(
            comparison, "ports", packet->ports_span,
            arena_format(run->arena, "%u > %u", packet->source_port, packet->destination_port),
            arena_format(run->arena, "%u > %u", local, remote));
    }
}

bool expect_connection(struct run *run, struct comparison *comparison)
{
    if (comparison->packet->connection != NULL) {
        if (!compare_label(run, comparison)) {
            return false;
        }
    } else if (!comparison->packet->has_ports) {
        compare_unnamed(run, comparison);
    }
    if (comparison->packet->has_ports) {
        compare_ports(run, comparison);
    }
    return true;
}
