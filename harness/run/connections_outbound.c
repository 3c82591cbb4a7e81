/* Whose packet the system under test sends: by its numbers, which tell lives on one four-tuple apart, and which
 * SYN of the peer a SYN,ACK answers. */
#include "run/runner.h"

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

/* Could this be a SYN of the connection? At one time an initial number may come twice (RFC 6528's clock ticks
 * every 4 us), but no passive life sends a bare SYN, and none any SYN whose own was acknowledged. */
static bool can_send_syn(const struct connection *connection, const struct tcp_segment *segment)
{
    return !connection->is_over && connection->state <= TCB_FIN_WAIT_1 &&
           (tcp_segment_has(segment, TCP_FLAG_ACK) || !connection->is_passive) &&
           connection->has_local_isn && tcp_seq_equal(connection->local_isn, segment->seq);
}

/* The life that the peer's SYN began and this one answers, or NULL; one that it answers with the text in it comes
 * behind one that it answers to the octet. A SYN before the last life that has spoken was refused. */
static struct connection *answered_by(const struct run *run, const struct tcp_flow *flow,
                                      const struct tcp_segment *segment)
{
    struct connection *with_text = NULL;
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (!targets_same_flow(&candidate->flow, flow)) {
            continue;
        }
        if (candidate->has_local_isn) {
            break;
        }
        if (acknowledges(segment, candidate)) {
            return candidate;
        }
        if (with_text == NULL && acknowledges_text(segment, candidate)) {
            with_text = candidate;
        }
    }
    return with_text;
}

static struct connection *latest_of_flow(const struct run *run, const struct tcp_flow *flow)
{
    for (size_t i = run->connection_count; i-- > 0;) {
        if (targets_same_flow(&run->connections[i]->flow, flow)) {
            return run->connections[i];
        }
    }
    return NULL;
}

static struct connection *of_outbound_syn(struct run *run, const struct tcp_segment *segment)
{
    const struct tcp_flow flow = flow_of(segment);
    /* Of the lives that have spoken none but the last does so again. */
    struct connection *const last = connections_of_flow(run, &flow);
    struct connection *const sender = last != NULL && can_send_syn(last, segment) ? last : NULL;
    if (sender != NULL &&
        (!tcp_segment_has(segment, TCP_FLAG_ACK) || acknowledges(segment, sender))) {
        return sender;
    }
    struct connection *const answered = answered_by(run, &flow, segment);
    if (answered != NULL) {
        connections_set_local_isn(run, answered, segment->seq);
        return answered;
    }
    return sender != NULL ? sender
                          : begin_of_outbound_syn(run, &flow, segment, latest_of_flow(run, &flow));
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
