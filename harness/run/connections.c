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

/* ---- outbound ---------------------------------------------------------------------------------- */

static struct tcp_flow flow_of(const struct tcp_segment *segment)
{
    return (struct tcp_flow){.local = segment->source, .remote = segment->destination};
}

static bool acknowledges(const struct tcp_segment *segment, const struct connection *connection)
{
    return tcp_segment_has(segment, TCP_FLAG_ACK) && connection->has_remote_isn &&
           tcp_seq_equal(segment->ack, tcp_seq_add(connection->remote_isn, 1));
}

/* A SYN may carry text, and more of it may come in the same batch: all of it is acknowledged at once. */
static bool acknowledges_text(const struct tcp_segment *segment,
                              const struct connection *connection)
{
    return tcp_segment_has(segment, TCP_FLAG_ACK) && connection->is_embryo &&
           connection->has_remote_isn &&
           tcp_seq_after(segment->ack, tcp_seq_add(connection->remote_isn, 1)) &&
           tcp_seq_distance(connection->remote_isn, segment->ack) <= UINT16_MAX;
}

/* A SYN-ACK with a new number on numbers of the peer's that another life had: the peer's SYN that
 * was recorded as that life's began this one. */
static void adopt_inbound_syn(struct run *run, const struct connection *before,
                              const struct connection *connection)
{
    for (size_t i = run->drain_start; i < run->trace->record_count; i++) {
        struct trace_record *const record = &run->trace->records[i];
        struct trace_packet *const packet = &record->as.packet;
        if (record->kind == TRACE_PACKET && packet->direction == TRACE_TO_SUT &&
            packet->incarnation == before->index && !packet->is_icmp &&
            tcp_segment_has(&packet->segment, TCP_FLAG_SYN)) {
            packet->incarnation = connection->index;
        }
    }
}

static struct connection *begin_of_outbound_syn(struct run *run, const struct tcp_flow *flow,
                                                const struct tcp_segment *segment,
                                                const struct connection *before)
{
    const bool is_answer = tcp_segment_has(segment, TCP_FLAG_ACK);
    struct connection *const connection =
        before != NULL ? connections_again(run, before) : connections_add(run, flow, is_answer);
    connection->is_passive = run->trace->incarnations[connection->index].is_passive = is_answer;
    connection->state = is_answer ? TCB_LISTEN : TCB_CLOSED;
    connections_set_local_isn(run, connection, segment->seq);
    if (is_answer) {
        connections_set_remote_isn(run, connection, tcp_seq_sub(segment->ack, 1));
        if (before != NULL) {
            adopt_inbound_syn(run, before, connection);
        }
    }
    return connection;
}

static struct connection *of_outbound_syn(struct run *run, const struct tcp_segment *segment)
{
    const struct tcp_flow flow = flow_of(segment);
    struct connection *latest = NULL, *with_text = NULL;
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (!targets_same_flow(&candidate->flow, &flow)) {
            continue;
        }
        /* At one time an initial number may come twice (RFC 6528's clock ticks every 4 us), but no
         * passive life sends a bare SYN, and none any SYN whose own was acknowledged. */
        const bool can_send = !candidate->is_over && candidate->state <= TCB_FIN_WAIT_1 &&
                              (tcp_segment_has(segment, TCP_FLAG_ACK) || !candidate->is_passive);
        if (can_send && candidate->has_local_isn &&
            tcp_seq_equal(candidate->local_isn, segment->seq)) {
            return candidate;
        }
        if (!candidate->has_local_isn && acknowledges(segment, candidate)) {
            connections_set_local_isn(run, candidate, segment->seq);
            return candidate;
        }
        if (with_text == NULL && acknowledges_text(segment, candidate)) {
            with_text = candidate;
        }
        latest = latest == NULL ? candidate : latest;
    }
    if (with_text != NULL) {
        connections_set_local_isn(run, with_text, segment->seq);
        return with_text;
    }
    return begin_of_outbound_syn(run, &flow, segment, latest);
}

/* Could these numbers be this life's? Old lives' numbers lie before a new one's first. */
static bool numbers_fit(const struct connection *connection, const struct tcp_segment *segment)
{
    if (!connection->has_local_isn) {
        return tcp_segment_has(segment, TCP_FLAG_RST) && acknowledges(segment, connection);
    }
    if (tcp_seq_before(segment->seq, connection->local_isn)) {
        return false;
    }
    return !tcp_segment_has(segment, TCP_FLAG_ACK) || !connection->has_remote_isn ||
           !tcp_seq_before(segment->ack, connection->remote_isn);
}

struct connection *connections_of_outbound(struct run *run, const struct tcp_segment *segment)
{
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        return of_outbound_syn(run, segment);
    }
    const struct tcp_flow flow = flow_of(segment);
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (targets_same_flow(&candidate->flow, &flow) && numbers_fit(candidate, segment)) {
            return candidate;
        }
    }
    return connections_of_flow(run, &flow);
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
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (!targets_same_flow(&candidate->flow, &report->flow)) {
            continue;
        }
        if (candidate->handle.generation != 0 &&
            candidate->handle.generation == report->connection.generation &&
            candidate->handle.slot == report->connection.slot) {
            return candidate;
        }
        if (candidate->handle.generation == 0 && !candidate->is_embryo) {
            unclaimed = unclaimed == NULL ? candidate : unclaimed;
        } else if (candidate->handle.generation == 0) {
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
