#include "sim/stranger.h"

#include <string.h>

#include "tcp/seq.h"

#define OWN_PORT        4243u
#define PEERS_PORT      7u
#define PEERS_ISN       UINT32_C(0xffffff80) /* the wrap is near */
#define TEXT_BYTES      100u
#define TURNS_OF_A_LIFE 5u

struct stranger stranger_at(struct tcp_host *host, const struct tcp_address *own, uint8_t *room)
{
    struct stranger stranger;
    memset(&stranger, 0, sizeof stranger);
    stranger.host = host;
    stranger.room = room;
    stranger.flow.local = (struct tcp_endpoint){.address = *own, .port = OWN_PORT};
    stranger.flow.remote = stranger.flow.local;
    stranger.flow.remote.address.bytes[own->version == 4 ? 3 : 15] = 99; /* somebody else there */
    stranger.flow.remote.port = PEERS_PORT;
    return stranger;
}

static bool is_own(const struct stranger *stranger, const struct tcp_segment *segment)
{
    return segment->source.port == stranger->flow.local.port &&
           segment->destination.port == PEERS_PORT;
}

/* Takes what the host sends for it. False: it sends something of another connection. */
static bool drain(struct stranger *stranger)
{
    const struct tcp_room room = {stranger->room, STRANGER_ROOM_BYTES};
    struct tcp_segment segment;
    while (tcp_host_poll_segment(stranger->host, room, &segment)) {
        if (!is_own(stranger, &segment)) {
            return false;
        }
        const tcp_seqno end = tcp_seq_add(segment.seq, tcp_segment_length(&segment));
        stranger->taken =
            tcp_segment_has(&segment, TCP_FLAG_SYN) ? end : tcp_seq_later(stranger->taken, end);
    }
    struct tcp_event event;
    while (tcp_host_poll_event(stranger->host, &event)) {
        if (event.connection.slot != stranger->connection.slot) {
            return false;
        }
    }
    return true;
}

/* Its peer sends; then the host has nothing more to say. */
static bool hear(struct stranger *stranger, tcp_time now, uint16_t flags, uint32_t text_bytes)
{
    static const uint8_t text[TEXT_BYTES];
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.source = stranger->flow.remote;
    segment.destination = stranger->flow.local;
    segment.seq = stranger->next;
    segment.ack = stranger->taken;
    segment.flags = flags;
    segment.window = 10000;
    segment.ttl = 64;
    segment.payload = text;
    segment.payload_bytes = text_bytes;
    tcp_host_segment(stranger->host, now, &segment);
    stranger->next = tcp_seq_add(stranger->next, tcp_segment_length(&segment));
    return drain(stranger);
}

static bool open_one(struct stranger *stranger, tcp_time now)
{
    stranger->next = (tcp_seqno){PEERS_ISN};
    if (tcp_host_connect(stranger->host, now, &stranger->flow, &stranger->connection) != TCP_OK) {
        stranger->is_done = true;
        return true;
    }
    return drain(stranger) && hear(stranger, now, TCP_FLAG_SYN | TCP_FLAG_ACK, 0);
}

/* Text comes, is read and answered, and the answer is acknowledged. */
static bool talk(struct stranger *stranger, tcp_time now)
{
    uint8_t octets[TEXT_BYTES];
    const struct tcp_room room = {octets, sizeof octets};
    size_t count = 0;
    if (!hear(stranger, now, TCP_FLAG_ACK | TCP_FLAG_PSH, TEXT_BYTES)) {
        return false;
    }
    (void)tcp_host_receive(stranger->host, now, stranger->connection, room, &count);
    (void)tcp_host_send(stranger->host, now, stranger->connection, octets, count, &count);
    return drain(stranger) && hear(stranger, now, TCP_FLAG_ACK, 0);
}

/* It ends, and another one begins. */
static bool end(struct stranger *stranger, tcp_time now)
{
    const bool is_quiet = hear(stranger, now, TCP_FLAG_RST, 0);
    (void)tcp_host_release(stranger->host, now, stranger->connection);
    stranger->flow.local.port++;
    return open_one(stranger, now) && is_quiet;
}

const char *stranger_act(struct stranger *stranger, tcp_time now)
{
    const uint64_t deadline = tcp_host_deadline(stranger->host).us;
    if (stranger->is_done || deadline < now.us) {
        return NULL;
    }
    const uint32_t turn = stranger->turns++;
    const bool is_quiet = turn == 0                     ? open_one(stranger, now)
                          : turn % TURNS_OF_A_LIFE == 0 ? end(stranger, now)
                                                        : talk(stranger, now);
    /* The step that the host remembers is none that its world would tell. */
    (void)tcp_host_set_nagle(stranger->host, now, stranger->connection, true);
    if (!is_quiet) {
        return "a stranger's exchange made another connection say something";
    }
    return tcp_host_deadline(stranger->host).us == deadline
               ? NULL
               : "a stranger's exchange moved a deadline";
}
