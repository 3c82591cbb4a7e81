/* Makes causes at random and records what comes of them as the runner does. Long because all kinds of
 * them draw on the same peers. */
#include "random_dice.h"

#include <string.h>

#include "tcp/seq.h"
#include "tcp/socket.h"

#define MTU_MAX 1500

/* ---- packets --------------------------------------------------------------------------------------- */

static struct tcp_status look_at(struct traffic *traffic, const struct tcp_flow *flow)
{
    const struct sut_call call = {.kind = SUT_CALL_INSPECT, .flow = *flow};
    return traffic->sut->call(traffic->instance, traffic->now, &call).status;
}

static uint16_t choose_flags(struct traffic *traffic, const struct tcp_status *status)
{
    const uint32_t a = TCP_FLAG_ACK;
    if (status->state == TCB_CLOSED && !chance(traffic, 4)) {
        return TCP_FLAG_SYN;
    }
    if (status->state == TCB_SYN_SENT && !chance(traffic, 3)) {
        return (uint16_t)ONE_OF(traffic, TCP_FLAG_SYN | a, TCP_FLAG_SYN | a, TCP_FLAG_SYN);
    }
    return (uint16_t)ONE_OF(traffic, a, a, a, a, a, a, a, a, a, a, a, a, a | TCP_FLAG_PSH,
                            a | TCP_FLAG_FIN, a | TCP_FLAG_FIN, TCP_FLAG_SYN, TCP_FLAG_SYN | a,
                            a | TCP_FLAG_URG, TCP_FLAG_RST, TCP_FLAG_RST | a, 0,
                            TCP_FLAG_SYN | TCP_FLAG_FIN);
}

/* Mostly what a sane peer would say, or next to it. */
static tcp_seqno choose_seq(struct traffic *traffic, const struct traffic_peer *peer,
                            const struct tcp_status *status)
{
    const tcp_seqno nxt = status->state > TCB_SYN_SENT ? status->rcv_nxt : peer->next;
    const uint32_t near = ONE_OF(traffic, 0, 0, 0, 1, 2, UINT32_MAX, 100, 0u - 100u, 1000);
    switch (below(traffic, 12)) {
    case 0:
        return peer->isn;
    case 1:
        return tcp_seq_add(tcp_seq_add(nxt, status->rcv_wnd), near);
    case 2:
        return tcp_seq_add(nxt, near);
    case 3:
        return chance(traffic, 4) ? (tcp_seqno){(uint32_t)draw(traffic)} : nxt;
    default:
        return nxt;
    }
}

static tcp_seqno choose_ack(struct traffic *traffic, const struct tcp_status *status)
{
    const uint32_t near = ONE_OF(traffic, 0, 1, UINT32_MAX, 50);
    switch (below(traffic, 10)) {
    case 0:
        return tcp_seq_add(status->snd_nxt, near);
    case 1:
        return tcp_seq_add(status->snd_una, near);
    case 2:
        return chance(traffic, 4) ? (tcp_seqno){(uint32_t)draw(traffic)} : status->snd_nxt;
    case 3:
        return status->snd_una;
    default:
        return status->snd_nxt;
    }
}

/* A SYN begins the peer's numbers anew, sometimes with the ones it had. */
static void choose_isn(struct traffic *traffic, struct traffic_peer *peer,
                       const struct tcp_segment *syn, struct tcp_segment *out)
{
    if (!chance(traffic, 3)) {
        peer->isn =
            chance(traffic, 2) ? (tcp_seqno){(uint32_t)draw(traffic)} : tcp_seq_add(syn->seq, 1000);
    }
    out->seq = peer->isn;
    peer->next = tcp_seq_add(peer->isn, 1);
    out->options.has_mss = !chance(traffic, 4);
    out->options.mss = (uint16_t)ONE_OF(traffic, 1460, 536, 100, 48, 1, 0, 65535);
    out->options.sack_permitted = chance(traffic, 2);
    out->options.has_window_scale = chance(traffic, 2);
    out->options.window_scale = (uint8_t)below(traffic, 16);
    out->options.has_timestamps = chance(traffic, 2);
}

static void give_packet(struct traffic *traffic, struct traffic_peer *peer)
{
    const struct tcp_status status = look_at(traffic, &peer->flow);
    uint8_t *headroom = arena_take(traffic->arena, TCP_WIRE_HEADROOM + MTU_MAX);
    struct tcp_segment segment = {.source = peer->flow.remote,
                                  .destination = peer->flow.local,
                                  .flags = choose_flags(traffic, &status),
                                  .ttl = 64};
    segment.seq = choose_seq(traffic, peer, &status);
    segment.window = (uint16_t)ONE_OF(traffic, 0, 1, 300, 3000, 3000, 65535);
    if (tcp_segment_has(&segment, TCP_FLAG_ACK)) {
        segment.ack = choose_ack(traffic, &status);
    }
    if (tcp_segment_has(&segment, TCP_FLAG_SYN)) {
        choose_isn(traffic, peer, &segment, &segment);
    }
    traffic_choose_timestamp(traffic, &status, &segment);
    traffic_choose_ecn(traffic, &segment);
    segment.urgent = (uint16_t)below(traffic, 20);
    segment.payload = headroom + TCP_WIRE_HEADROOM;
    segment.payload_bytes = ONE_OF(traffic, 0, 0, 0, 0, 1, 7, 100, 500, 1200);
    for (uint32_t i = 0; i < segment.payload_bytes; i++) {
        headroom[TCP_WIRE_HEADROOM + i] =
            (uint8_t)((segment.seq.raw + i) * 13 + (chance(traffic, 500) ? 1 : 0));
    }
    const struct tcp_room packet =
        tcp_wire_write(&segment, (struct tcp_room){headroom, TCP_WIRE_HEADROOM + MTU_MAX});
    if (chance(traffic, 50)) {
        packet.bytes[below(traffic, (uint32_t)packet.count)] ^= 0x10;
    }
    peer->next = tcp_seq_add(segment.seq, tcp_segment_length(&segment));
    traffic_record_packet(traffic, TRACE_TO_SUT, packet.bytes, packet.count);
    traffic->sut->input(traffic->instance, traffic->now, packet.bytes, packet.count);
}

/* ---- calls ----------------------------------------------------------------------------------------- */

/* Makes a call and records it with its result. */
static struct sut_result call(struct traffic *traffic, const char *name, uint32_t incarnation,
                              struct sut_call asked)
{
    asked.cookie = ++traffic->next_cookie;
    const bool is_send = asked.kind == SUT_CALL_WRITE;
    const bool is_receive = asked.kind == SUT_CALL_READ;
    const struct trace_call begun = {.name = name,
                                     .text = name,
                                     .cookie = asked.cookie,
                                     .incarnation = incarnation,
                                     .is_send = is_send,
                                     .is_receive = is_receive,
                                     .bytes = is_send ? asked.bytes : NULL,
                                     .count = is_send || is_receive ? asked.count : 0};
    traffic_record(traffic, TRACE_CALL)->as.call = begun;
    const struct sut_result result = traffic->sut->call(traffic->instance, traffic->now, &asked);
    struct trace_call done = begun;
    done.value = result.error != NULL ? -1 : result.value;
    done.error = result.error;
    done.bytes = is_receive && done.value > 0 ? asked.bytes : NULL;
    done.count = is_receive && done.value > 0 ? (size_t)done.value : 0;
    traffic_record(traffic, TRACE_CALL_DONE)->as.call = done;
    return result;
}

static struct traffic_socket *add_socket(struct traffic *traffic, int fd)
{
    for (size_t i = 0; i < TRAFFIC_SOCKETS_MAX; i++) {
        if (traffic->sockets[i].fd < 0) {
            traffic->sockets[i] = (struct traffic_socket){.fd = fd, .incarnation = TRACE_NO_EVENT};
            return &traffic->sockets[i];
        }
    }
    return NULL;
}

static void set_nonblocking(struct traffic *traffic, int fd)
{
    const struct sut_call option = {
        .kind = SUT_CALL_SET_OPTION, .fd = fd, .option = TCP_SOCKET_O_NONBLOCK, .number = 1};
    (void)traffic->sut->call(traffic->instance, traffic->now, &option);
}

/* Which incarnation a new socket stands for is certain when just one has none yet. */
static void bind_socket(struct traffic *traffic, struct traffic_socket *socket)
{
    for (size_t i = 0; i < TRAFFIC_FLOWS_MAX; i++) {
        struct traffic_peer *peer = &traffic->peers[i];
        if (traffic_same_flow(&peer->flow, &socket->flow)) {
            const uint32_t known = traffic_count_incarnations(traffic, &socket->flow);
            if (known == peer->bound + 1) {
                socket->incarnation = traffic_latest_incarnation(traffic, &socket->flow);
            }
            peer->bound = known;
        }
    }
}

static void accept_one(struct traffic *traffic)
{
    const struct sut_result result =
        call(traffic, "accept", TRACE_NO_EVENT,
             (struct sut_call){.kind = SUT_CALL_ACCEPT, .fd = traffic->listener});
    if (result.error != NULL || result.is_pending) {
        return;
    }
    struct traffic_socket *socket = add_socket(traffic, (int)result.value);
    if (socket == NULL) {
        return; /* it leaks; the run is short */
    }
    set_nonblocking(traffic, socket->fd);
    const struct sut_call flow = {.kind = SUT_CALL_FLOW, .fd = socket->fd};
    socket->flow = traffic->sut->call(traffic->instance, traffic->now, &flow).flow;
    bind_socket(traffic, socket);
}

/* Connects from a fixed port, so that the four-tuple comes again. */
static void connect_one(struct traffic *traffic)
{
    struct traffic_peer *peer = &traffic->peers[TRAFFIC_FLOWS_MAX - 1];
    const struct sut_result opened = call(
        traffic, "socket", TRACE_NO_EVENT,
        (struct sut_call){.kind = SUT_CALL_SOCKET, .number = peer->flow.local.address.version});
    struct traffic_socket *socket =
        opened.error == NULL ? add_socket(traffic, (int)opened.value) : NULL;
    if (socket == NULL) {
        return;
    }
    set_nonblocking(traffic, socket->fd);
    (void)call(
        traffic, "bind", TRACE_NO_EVENT,
        (struct sut_call){.kind = SUT_CALL_BIND, .fd = socket->fd, .endpoint = peer->flow.local});
    (void)call(traffic, "connect", TRACE_NO_EVENT,
               (struct sut_call){
                   .kind = SUT_CALL_CONNECT, .fd = socket->fd, .endpoint = peer->flow.remote});
    socket->flow = peer->flow;
    traffic_drain(traffic);
    bind_socket(traffic, socket);
}

static void write_some(struct traffic *traffic, struct traffic_socket *socket)
{
    const size_t count = ONE_OF(traffic, 1, 10, 700, 3000, 9000);
    uint8_t *bytes = arena_take(traffic->arena, count);
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)((socket->written + i) * 31 + (socket->written + i) / 256);
    }
    const struct sut_result result =
        call(traffic, "write", socket->incarnation,
             (struct sut_call){
                 .kind = SUT_CALL_WRITE, .fd = socket->fd, .bytes = bytes, .count = count});
    socket->written += result.error == NULL ? (size_t)result.value : 0;
}

static void read_some(struct traffic *traffic, struct traffic_socket *socket)
{
    const size_t count = ONE_OF(traffic, 0, 1, 100, 5000);
    (void)call(traffic, "read", socket->incarnation,
               (struct sut_call){.kind = SUT_CALL_READ,
                                 .fd = socket->fd,
                                 .bytes = arena_take(traffic->arena, count),
                                 .count = count});
}

static void use_socket(struct traffic *traffic, struct traffic_socket *socket)
{
    switch (below(traffic, 12)) {
    case 0:
        (void)call(traffic, "close", socket->incarnation,
                   (struct sut_call){.kind = SUT_CALL_CLOSE, .fd = socket->fd});
        socket->fd = -1;
        return;
    case 1:
        (void)call(traffic, "shutdown(4, SHUT_WR)", socket->incarnation,
                   (struct sut_call){
                       .kind = SUT_CALL_SHUTDOWN, .fd = socket->fd, .number = TCP_SOCKET_SHUT_WR});
        return;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        read_some(traffic, socket);
        return;
    default:
        write_some(traffic, socket);
        return;
    }
}

static void make_call(struct traffic *traffic)
{
    if (chance(traffic, 4)) {
        accept_one(traffic);
        return;
    }
    if (chance(traffic, 8)) {
        connect_one(traffic);
        return;
    }
    struct traffic_socket *socket = &traffic->sockets[below(traffic, TRAFFIC_SOCKETS_MAX)];
    for (size_t i = 0; i < TRAFFIC_SOCKETS_MAX && socket->fd < 0; i++) {
        socket = &traffic->sockets[i];
    }
    if (socket->fd >= 0) {
        use_socket(traffic, socket);
    }
}

/* ---- the whole ------------------------------------------------------------------------------------- */

static void let_time_pass(struct traffic *traffic)
{
    const tcp_time due = traffic->sut->next_deadline(traffic->instance);
    const uint64_t step = ONE_OF(traffic, 1, 1000, 100000, 1500000, 300000000);
    uint64_t next = traffic->now.us + step;
    next = due.us < next ? due.us : next;
    traffic->now.us = next < traffic->now.us ? traffic->now.us : next;
    traffic->sut->advance(traffic->instance, traffic->now);
}

void traffic_step(struct traffic *traffic)
{
    const uint32_t kind = below(traffic, 10);
    struct traffic_peer *peer = &traffic->peers[below(traffic, TRAFFIC_FLOWS_MAX)];
    if (kind < 5) {
        const uint32_t packets = chance(traffic, 5) ? 1 + below(traffic, 4) : 1;
        for (uint32_t i = 0; i < packets; i++) {
            (chance(traffic, 6) ? traffic_give_icmp : give_packet)(traffic, peer);
        }
    } else if (kind < 8) {
        make_call(traffic);
    } else {
        let_time_pass(traffic);
    }
    traffic_drain(traffic);
}

static struct tcp_address address(uint8_t version, uint8_t last)
{
    struct tcp_address result = {.version = version};
    memcpy(result.bytes, (const uint8_t[]){10, 0, 0, last}, 4);
    return result;
}

static void choose_config(struct traffic *traffic)
{
    struct tcp_config *config = &traffic->config;
    (void)tcp_config_profile("rfc", config);
    config->receive_buffer_bytes = ONE_OF(traffic, 500, 3000, 65535);
    config->send_buffer_bytes = ONE_OF(traffic, 500, 5000, 65535);
    config->mtu = ONE_OF(traffic, 1300, 1500);
    config->nagle = below(traffic, 3);
    config->rfc5961 = below(traffic, 2);
    config->time_wait = chance(traffic, 4) ? 0 : 1;
    config->fixed_iss = below(traffic, 2);
    config->congestion_control = below(traffic, TCP_CONGESTION_CONTROLS);
    traffic_choose_ecn_settings(traffic);
    traffic_choose_clock(traffic);
    traffic_choose_icmp_caution(traffic);
    config->iss = chance(traffic, 2) ? 0xfffffff0u : (uint32_t)draw(traffic);
}

static void start_listener(struct traffic *traffic, const struct tcp_endpoint *local)
{
    const struct sut_result opened =
        call(traffic, "socket", TRACE_NO_EVENT,
             (struct sut_call){.kind = SUT_CALL_SOCKET, .number = local->address.version});
    traffic->listener = (int)opened.value;
    set_nonblocking(traffic, traffic->listener);
    (void)call(
        traffic, "bind", TRACE_NO_EVENT,
        (struct sut_call){.kind = SUT_CALL_BIND, .fd = traffic->listener, .endpoint = *local});
    (void)call(traffic, "listen", TRACE_NO_EVENT,
               (struct sut_call){.kind = SUT_CALL_LISTEN, .fd = traffic->listener, .number = 4});
    traffic_drain(traffic);
}

void traffic_begin(struct traffic *traffic, struct arena *arena, const struct sut *sut,
                   uint64_t seed)
{
    *traffic = (struct traffic){.arena = arena,
                                .sut = sut,
                                .random = seed,
                                .now = {UINT64_C(1000000000)},
                                .trace = {.arena = arena, .start = {UINT64_C(1000000000)}}};
    const uint8_t version = chance(traffic, 2) ? 4 : 6;
    const struct tcp_address local = address(version, 1);
    choose_config(traffic);
    traffic->room.count = MTU_MAX + 100 + TCP_WIRE_HEADROOM;
    traffic->room.bytes = arena_take(arena, traffic->room.count);
    const struct sut_setup setup = {
        .config = &traffic->config, .local_address = &local, .start = traffic->now};
    const char *error = NULL;
    traffic->instance = sut->create(&setup, &error);
    traffic->oracles = oracle_set_create(&traffic->trace, &traffic->config);
    for (size_t i = 0; i < TRAFFIC_SOCKETS_MAX; i++) {
        traffic->sockets[i].fd = -1;
    }
    for (uint16_t i = 0; i < TRAFFIC_FLOWS_MAX; i++) {
        const bool is_active = i == TRAFFIC_FLOWS_MAX - 1;
        struct traffic_peer *peer = &traffic->peers[i];
        peer->flow.local = (struct tcp_endpoint){local, is_active ? 5000 : 80};
        peer->flow.remote =
            (struct tcp_endpoint){address(version, 2), (uint16_t)(is_active ? 7 : 4000 + i)};
        peer->isn = peer->next = (tcp_seqno){(uint32_t)draw(traffic)};
    }
    start_listener(traffic, &traffic->peers[0].flow.local);
}

void traffic_end(struct traffic *traffic)
{
    oracle_set_finish(traffic->oracles);
    oracle_set_destroy(traffic->oracles);
    traffic->sut->destroy(traffic->instance);
}
