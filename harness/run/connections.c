/* Which packet belongs to which life of which connection. A connection begins with a SYN; another
 * SYN with another initial number on the same four-tuple begins the next one, and packets of both
 * may still be on their way. Labels of the script name lives. */
#include "run/runner.h"

#include "trace/states.h"

#include <string.h>

static struct trace_incarnation *add_incarnation(struct trace *trace)
{
    void *items = trace->incarnations;
    arena_grow(trace->arena, &items, &trace->incarnation_capacity, trace->incarnation_count,
               sizeof *trace->incarnations);
    trace->incarnations = items;
    return &trace->incarnations[trace->incarnation_count++];
}

struct connection *connections_add(struct run *run, const struct tcp_flow *flow, bool is_passive)
{
    *add_incarnation(run->trace) =
        (struct trace_incarnation){.flow = *flow, .is_passive = is_passive};
    void *items = run->connections;
    arena_grow(run->arena, &items, &run->connection_capacity, run->connection_count,
               sizeof *run->connections);
    run->connections = items;
    struct connection *connection = arena_take(run->arena, sizeof *connection);
    const uint32_t index = (uint32_t)run->connection_count;
    *connection = (struct connection){
        .index = index,
        .flow = *flow,
        .script_local_port = flow->local.port,
        .script_remote_port = flow->remote.port,
        .is_passive = is_passive,
        .is_embryo = is_passive,
        .peer_window = UINT16_MAX,
        .sent = {.connection = index},
        .received = {.connection = index, .is_inbound = true},
        .state = is_passive ? TCB_LISTEN : TCB_CLOSED,
    };
    run->connections[run->connection_count++] = connection;
    return connection;
}

struct connection *connections_by_label(const struct run *run, const char *label)
{
    for (size_t i = 0; i < run->connection_count; i++) {
        const char *const name = run->connections[i]->label;
        if (name != NULL && strcmp(name, label) == 0) {
            return run->connections[i];
        }
    }
    return NULL;
}

void connections_name(struct run *run, struct connection *connection, const char *label)
{
    connection->label = label;
    run->trace->incarnations[connection->index].label = label;
}

void connections_set_local_isn(struct run *run, struct connection *connection, tcp_seqno isn)
{
    struct trace_incarnation *const incarnation = &run->trace->incarnations[connection->index];
    connection->has_local_isn = incarnation->has_local_isn = true;
    connection->local_isn = incarnation->local_isn = isn;
    connection->is_embryo = false;
}

void connections_set_remote_isn(struct run *run, struct connection *connection, tcp_seqno isn)
{
    struct trace_incarnation *const incarnation = &run->trace->incarnations[connection->index];
    connection->has_remote_isn = incarnation->has_remote_isn = true;
    connection->remote_isn = incarnation->remote_isn = isn;
    incarnation->remote_number = isn.raw; /* scripts say the peer's numbers as they are */
}

struct connection *connections_by_handle(const struct run *run, tcp_handle handle)
{
    for (size_t i = run->connection_count; handle.generation != 0 && i-- > 0;) {
        if (tcp_handle_equal(run->connections[i]->handle, handle)) {
            return run->connections[i];
        }
    }
    return NULL;
}

struct connection *connections_latest(const struct run *run)
{
    for (size_t i = run->connection_count; i-- > 0;) {
        if (!run->connections[i]->is_embryo) {
            return run->connections[i];
        }
    }
    return run->connection_count == 0 ? NULL : run->connections[run->connection_count - 1];
}

struct connection *connections_of_flow(const struct run *run, const struct tcp_flow *flow)
{
    struct connection *embryo = NULL;
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (!targets_same_flow(&candidate->flow, flow)) {
            continue;
        }
        if (!candidate->is_embryo) {
            return candidate;
        }
        embryo = embryo == NULL ? candidate : embryo;
    }
    return embryo;
}

/* A further life on the ports of `before`. */
struct connection *connections_again(struct run *run, const struct connection *before)
{
    struct connection *const connection = connections_add(run, &before->flow, true);
    connection->script_local_port = before->script_local_port;
    connection->script_remote_port = before->script_remote_port;
    connection->has_script_ports = before->has_script_ports;
    return connection;
}

/* ---- reports ------------------------------------------------------------------------------------ */

/* Did it begin and end within the batch? Then its SYN,ACK never left. */
static bool is_stillborn(const struct sut_report *report)
{
    const enum tcb_state last = states_at(report->states, 0);
    return report->kind == SUT_REPORT_STATES && (last == TCB_CLOSED || last == TCB_LISTEN);
}

struct connection *connections_of_report(struct run *run, const struct sut_report *report)
{
    struct connection *unclaimed = NULL, *embryo = NULL;
    struct connection *const known = connections_by_handle(run, report->connection);
    if (known != NULL) {
        return known;
    }
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (candidate->handle.generation != 0 ||
            !targets_same_flow(&candidate->flow, &report->flow)) {
            continue;
        }
        if (!candidate->is_embryo) {
            unclaimed = unclaimed == NULL ? candidate : unclaimed;
        } else {
            embryo = embryo == NULL ? candidate : embryo;
        }
    }
    if (unclaimed == NULL || (embryo != NULL && is_stillborn(report))) {
        unclaimed = embryo;
    }
    /* A SYN again may have begun a record of its own: then it is one life under two handles. */
    struct connection *const teller =
        unclaimed != NULL ? unclaimed : connections_of_flow(run, &report->flow);
    if (teller != NULL) {
        teller->handle = report->connection;
    }
    return teller;
}
