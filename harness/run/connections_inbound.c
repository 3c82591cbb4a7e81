/* Whose packet the script injects: by its label, its ports, or the latest that fits; and where a SYN
 * begins another life. */
#include "run/runner.h"

#include "causes/encoding.h"

static bool ports_fit(const struct connection *connection, const struct scenario_packet *packet)
{
    return !packet->has_ports || (connection->script_remote_port == packet->source_port &&
                                  connection->script_local_port == packet->destination_port);
}

static struct connection *latest_fitting(const struct run *run,
                                         const struct scenario_packet *packet, bool with_embryos)
{
    for (size_t i = run->connection_count; i-- > 0;) {
        struct connection *const candidate = run->connections[i];
        if (ports_fit(candidate, packet) && (with_embryos || !candidate->is_embryo)) {
            return candidate;
        }
    }
    return NULL;
}

/* A connection that the peer begins: its ports as the script says them, or the usual ones. */
static struct connection *begin_passive(struct run *run, const struct scenario_packet *packet)
{
    struct tcp_flow flow = {.local = {.address = run->local}, .remote = {.address = run->remote}};
    flow.local.port = run->is_listening ? run->listening_port : run->bind_port;
    flow.remote.port = run->peer_port;
    if (packet->has_ports) {
        flow.local.port = packet->destination_port;
        flow.remote.port = packet->source_port;
    }
    return connections_add(run, &flow, true);
}

/* Has it taken a SYN of the batch that goes on? */
static bool has_taken_syn(const struct run *run, const struct connection *connection)
{
    return connection->took_syn && connection->syn_batch == run->drain_start;
}

/* Could a SYN with any number be this connection's? */
static bool awaits_syn(const struct run *run, const struct connection *connection)
{
    return !connection->has_remote_isn ||
           (connection->state == TCB_SYN_SENT && !has_taken_syn(run, connection));
}

/* The SYN of an opening without a label: a simultaneous open, the same SYN again, a new life, or a
 * connection to a listener. */
static struct connection *of_inbound_syn(struct run *run, const struct scenario_packet *packet)
{
    struct connection *const latest = latest_fitting(run, packet, true);
    if (latest == NULL) {
        return begin_passive(run, packet);
    }
    const tcp_seqno isn = {(uint32_t)packet->as.tcp.start.offset};
    if (awaits_syn(run, latest) || tcp_seq_equal(latest->remote_isn, isn)) {
        return latest;
    }
    if (!latest->is_passive && !packet->has_ports && run->is_listening) {
        return begin_passive(run, packet);
    }
    return connections_again(run, latest);
}

/* The connection with this very four-tuple; a SYN with another number begins its next life. */
static struct connection *of_flow(struct run *run, const struct scenario_packet *packet,
                                  const struct tcp_flow *flow)
{
    const uint16_t flags = packet->as.tcp.flags;
    struct connection *const latest = connections_of_flow(run, flow);
    tcp_seqno isn;
    if (latest == NULL) {
        return connections_add(run, flow, true);
    }
    if ((flags & (TCP_FLAG_SYN | TCP_FLAG_ACK | TCP_FLAG_RST)) != TCP_FLAG_SYN) {
        return latest;
    }
    if (latest->is_over) {
        return connections_again(run, latest);
    }
    if (awaits_syn(run, latest) ||
        !numbers_live(run, latest, &packet->as.tcp.start, NUMBER_REMOTE, &isn) ||
        tcp_seq_equal(latest->remote_isn, isn)) {
        return latest;
    }
    return connections_again(run, latest);
}

/* In mode causes ports are what stands on the wire; @c5 that never had a connection is pair 5. */
static bool flow_of_cause(const struct run *run, const struct scenario_packet *packet,
                          struct tcp_flow *out)
{
    uint8_t index;
    *out = (struct tcp_flow){
        .local = {.address = run->local, .port = packet->destination_port},
        .remote = {.address = run->remote, .port = packet->source_port},
    };
    if (packet->connection == NULL) {
        return packet->has_ports;
    }
    if (targets_flow(run, packet->connection, out)) {
        return true;
    }
    if (!cause_label_index(packet->connection, &index)) {
        return false;
    }
    out->local.port = cause_pair_ports(index).local;
    out->remote.port = cause_pair_ports(index).remote;
    return true;
}

struct connection *connections_of_cause(struct run *run, const struct scenario_packet *packet)
{
    struct tcp_flow flow;
    if (run->mode != RUN_CAUSES || !flow_of_cause(run, packet, &flow)) {
        return NULL;
    }
    struct connection *const known = connections_of_flow(run, &flow);
    return known != NULL ? known : connections_add(run, &flow, true);
}

static struct connection *of_cause(struct run *run, const struct scenario_packet *packet)
{
    struct tcp_flow flow;
    return flow_of_cause(run, packet, &flow) ? of_flow(run, packet, &flow) : NULL;
}

static struct connection *of_label(struct run *run, const struct scenario_packet *packet)
{
    struct connection *named = connections_by_label(run, packet->connection);
    struct tcp_flow flow;
    if (named != NULL) {
        return named;
    }
    if (targets_flow(run, packet->connection, &flow)) {
        return of_flow(run, packet, &flow);
    }
    const uint16_t flags = packet->as.tcp.flags;
    if ((flags & TCP_FLAG_SYN) == 0) {
        (void)run_fail(run, RUN_INVALID, packet->connection_span,
                       "@%s names no connection yet: the first SYN that carries it binds it",
                       packet->connection);
        return NULL;
    }
    struct connection *const latest = latest_fitting(run, packet, true);
    if (latest != NULL && latest->label == NULL && !latest->has_remote_isn) {
        named = latest; /* the answer to a SYN of ours */
    } else if (latest != NULL && (latest->is_passive || !run->is_listening)) {
        named = connections_again(run, latest);
    } else {
        named = begin_passive(run, packet);
    }
    connections_name(run, named, packet->connection);
    return named;
}

/* Is this a SYN that LISTEN takes, so one without ACK, or SYN-SENT, with an ACK of our SYN at most (RFC 9293
 * 3.10.7.2, 3.10.7.3)? */
static bool find_taken(struct run *run, const struct connection *connection,
                       const struct scenario_tcp *tcp, bool *is_taken)
{
    const uint16_t bits = tcp->flags & (TCP_FLAG_RST | TCP_FLAG_ACK);
    const bool is_asking = connection->state == TCB_SYN_SENT;
    tcp_seqno ack = {0};
    *is_taken = bits == 0 && (connection->is_embryo || is_asking);
    if (bits != TCP_FLAG_ACK || !is_asking) {
        return true;
    }
    if (!numbers_live(run, connection, &tcp->ack, NUMBER_LOCAL, &ack)) {
        return false;
    }
    *is_taken = tcp_seq_equal(ack, tcp_seq_add(connection->local_isn, 1));
    return true;
}

/* What the peer's SYN tells of its numbers. Once there is something to know, only one that is taken tells anything,
 * and of a batch the first. */
static bool learn_remote_isn(struct run *run, struct connection *connection,
                             const struct scenario_tcp *tcp)
{
    tcp_seqno isn;
    bool is_taken;
    if (!numbers_live(run, connection, &tcp->start, NUMBER_REMOTE, &isn) ||
        !find_taken(run, connection, tcp, &is_taken)) {
        return false;
    }
    is_taken = is_taken && !has_taken_syn(run, connection);
    if (is_taken || !connection->has_remote_isn) {
        connections_set_remote_isn(run, connection, isn);
    }
    if (is_taken) {
        connection->took_syn = true;
        connection->syn_batch = run->drain_start;
    }
    return true;
}

struct connection *connections_of_inbound(struct run *run, const struct scenario_packet *packet)
{
    const struct scenario_tcp *const tcp = &packet->as.tcp;
    const bool is_syn = (tcp->flags & TCP_FLAG_SYN) != 0;
    struct connection *connection = run->mode == RUN_CAUSES ? of_cause(run, packet) : NULL;
    if (connection != NULL) {
        /* by its four-tuple */
    } else if (packet->connection != NULL) {
        connection = of_label(run, packet);
        if (connection == NULL) {
            return NULL;
        }
    } else if (is_syn && (tcp->flags & (TCP_FLAG_ACK | TCP_FLAG_RST)) == 0) {
        connection = of_inbound_syn(run, packet);
    } else {
        connection = latest_fitting(run, packet, false);
        if (connection == NULL) {
            connection = latest_fitting(run, packet, true);
        }
        if (connection == NULL) {
            connection = begin_passive(run, packet);
        }
    }
    if (packet->has_ports) {
        connection->has_script_ports = true;
    }
    if (is_syn && !learn_remote_isn(run, connection, tcp)) {
        return NULL;
    }
    return connection;
}
