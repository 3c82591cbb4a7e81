#include "fake_sut.h"

#include "tcp/seq.h"
#include "tcp/wire.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_FD         100
#define BYTES_MAX        65536
#define PACKETS_MAX      64
#define PACKET_BYTES_MAX 4096

struct fake_quirks fake_quirks;

struct packet {
    uint8_t bytes[PACKET_BYTES_MAX];
    size_t count;
};

struct sut_instance {
    struct fake_quirks quirks;
    struct tcp_address address;
    struct tcp_endpoint bound;
    struct tcp_flow flow;
    bool has_peer, is_open, is_nonblocking;
    tcp_seqno snd_nxt, rcv_nxt;
    uint32_t lives;
    int next_fd;
    uint8_t received[BYTES_MAX];
    size_t received_count, read_count;
    bool has_fin;
    tcp_time ack_at;
    struct packet packets[PACKETS_MAX];
    size_t first, end;
    bool has_read, has_accept; /* blocked calls */
    struct sut_call read, accept;
};

static struct sut_instance *create(const struct sut_setup *setup, const char **error)
{
    if (fake_quirks.fails_to_start) {
        *error = "out of order";
        return NULL;
    }
    struct sut_instance *fake = calloc(1, sizeof *fake);
    if (fake == NULL) {
        return NULL;
    }
    fake->quirks = fake_quirks;
    fake->address = *setup->local_address;
    fake->next_fd = FIRST_FD;
    fake->ack_at = TCP_TIME_NEVER;
    return fake;
}

static void destroy(struct sut_instance *fake)
{
    free(fake);
}

static void emit(struct sut_instance *fake, uint16_t flags, const uint8_t *bytes, uint32_t count)
{
    static uint8_t room[TCP_WIRE_HEADROOM + PACKET_BYTES_MAX];
    if (count > 0) {
        memcpy(room + TCP_WIRE_HEADROOM, bytes, count);
    }
    if (fake->quirks.spoils_sent && count > 2) {
        room[TCP_WIRE_HEADROOM + 2] ^= 1;
    }
    const struct tcp_segment segment = {
        .source = fake->flow.local,
        .destination = fake->flow.remote,
        .seq = fake->snd_nxt,
        .ack = fake->rcv_nxt,
        .flags = flags,
        .window = fake->quirks.window == 0 ? UINT16_MAX : fake->quirks.window,
        .ttl = 64,
        .options = {.has_mss = (flags & TCP_FLAG_SYN) != 0, .mss = 1460},
        .payload = room + TCP_WIRE_HEADROOM,
        .payload_bytes = count,
    };
    const struct tcp_room packet = tcp_wire_write(&segment, (struct tcp_room){room, sizeof room});
    struct packet *const slot = &fake->packets[fake->end++ % PACKETS_MAX];
    memcpy(slot->bytes, packet.bytes, packet.count);
    slot->count = packet.count;
    if (fake->quirks.spoils_checksum) {
        slot->bytes[slot->count - 1] ^= 1;
    }
    fake->snd_nxt = tcp_seq_add(fake->snd_nxt, tcp_segment_length(&segment));
    fake->ack_at = TCP_TIME_NEVER;
}

static void answer_syn(struct sut_instance *fake, const struct tcp_segment *segment)
{
    fake->flow = (struct tcp_flow){.local = segment->destination, .remote = segment->source};
    fake->rcv_nxt = tcp_seq_add(segment->seq, 1);
    fake->snd_nxt = (tcp_seqno){fake->quirks.iss + 64000 * fake->lives++};
    fake->received_count = fake->read_count = 0;
    fake->has_fin = false;
    fake->has_peer = true;
    emit(fake, TCP_FLAG_SYN | TCP_FLAG_ACK, NULL, 0);
}

static void take_text(struct sut_instance *fake, tcp_time now, const struct tcp_segment *segment)
{
    const uint32_t occupied = tcp_segment_length(segment);
    if (occupied > 0 && tcp_seq_equal(segment->seq, fake->rcv_nxt)) {
        memcpy(fake->received + fake->received_count, segment->payload, segment->payload_bytes);
        fake->received_count += segment->payload_bytes;
        fake->has_fin = fake->has_fin || (segment->flags & TCP_FLAG_FIN) != 0;
        fake->rcv_nxt = tcp_seq_add(fake->rcv_nxt, occupied);
    }
    if (occupied == 0 || fake->quirks.is_silent) {
        return;
    }
    if (fake->quirks.ack_delay_us == 0) {
        emit(fake, TCP_FLAG_ACK, NULL, 0);
    } else {
        fake->ack_at = (tcp_time){now.us + fake->quirks.ack_delay_us};
    }
}

static void input(struct sut_instance *fake, tcp_time now, const uint8_t *packet, size_t count)
{
    struct tcp_segment segment;
    if (tcp_wire_read(packet, count, &segment, NULL) != TCP_WIRE_OK) {
        return;
    }
    if ((segment.flags & TCP_FLAG_SYN) != 0 && (segment.flags & TCP_FLAG_ACK) != 0) {
        fake->rcv_nxt = tcp_seq_add(segment.seq, 1);
        fake->is_open = true;
        emit(fake, TCP_FLAG_ACK, NULL, 0);
    } else if ((segment.flags & TCP_FLAG_SYN) != 0) {
        answer_syn(fake, &segment);
    } else {
        fake->is_open = true;
        for (; fake->quirks.extra_acks > 0; fake->quirks.extra_acks--) {
            emit(fake, TCP_FLAG_ACK, NULL, 0);
        }
        take_text(fake, now, &segment);
    }
}

static size_t output(struct sut_instance *fake, struct tcp_room room)
{
    if (fake->first == fake->end) {
        return 0;
    }
    const struct packet *const packet = &fake->packets[fake->first++ % PACKETS_MAX];
    memcpy(room.bytes, packet->bytes, packet->count);
    return packet->count;
}

static tcp_time next_deadline(const struct sut_instance *fake)
{
    return fake->quirks.hangs ? (tcp_time){1} : fake->ack_at;
}

static void advance(struct sut_instance *fake, tcp_time now)
{
    if (fake->ack_at.us <= now.us) {
        emit(fake, TCP_FLAG_ACK, NULL, 0);
    }
}

static size_t read_some(struct sut_instance *fake, const struct sut_call *call)
{
    size_t count = fake->received_count - fake->read_count;
    count = count < call->count ? count : call->count;
    memcpy(call->bytes, fake->received + fake->read_count, count);
    if (fake->quirks.spoils_read && count > 2) {
        call->bytes[2] ^= 1;
    }
    fake->read_count += count;
    return count;
}

static bool is_readable(const struct sut_instance *fake)
{
    return fake->received_count > fake->read_count || fake->has_fin;
}

static struct sut_result read_call(struct sut_instance *fake, const struct sut_call *call)
{
    struct sut_result result = {.cookie = call->cookie};
    if (is_readable(fake)) {
        result.value = (int64_t)read_some(fake, call);
    } else if (fake->is_nonblocking) {
        result.value = -1;
        result.error = "EAGAIN";
    } else {
        result.is_pending = fake->has_read = true;
        fake->read = *call;
    }
    return result;
}

static struct sut_result write_call(struct sut_instance *fake, const struct sut_call *call)
{
    const uint32_t count = (uint32_t)call->count;
    const uint32_t half = fake->quirks.splits_writes ? count / 2 : 0;
    if (half > 0) {
        emit(fake, TCP_FLAG_ACK, call->bytes, half);
    }
    emit(fake, TCP_FLAG_ACK | TCP_FLAG_PSH, call->bytes + half, count - half);
    return (struct sut_result){.cookie = call->cookie, .value = count};
}

static struct sut_result accept_call(struct sut_instance *fake, const struct sut_call *call)
{
    struct sut_result result = {.cookie = call->cookie};
    if (fake->is_open) {
        result.value = fake->next_fd++;
    } else {
        result.is_pending = fake->has_accept = true;
        fake->accept = *call;
    }
    return result;
}

static struct sut_result connect_call(struct sut_instance *fake, const struct sut_call *call)
{
    fake->flow.local = (struct tcp_endpoint){fake->address, 50001};
    fake->flow.remote = call->endpoint;
    fake->snd_nxt = (tcp_seqno){fake->quirks.iss + 64000 * fake->lives++};
    fake->has_peer = true;
    emit(fake, TCP_FLAG_SYN, NULL, 0);
    return (struct sut_result){.cookie = call->cookie, .value = -1, .error = "EINPROGRESS"};
}

static struct sut_result call(struct sut_instance *fake, tcp_time now, const struct sut_call *asked)
{
    struct sut_result result = {.cookie = asked->cookie};
    (void)now;
    switch (asked->kind) {
    case SUT_CALL_SOCKET:
        result.value = fake->next_fd++;
        return result;
    case SUT_CALL_BIND:
        fake->bound = asked->endpoint;
        return result;
    case SUT_CALL_ACCEPT:
        return accept_call(fake, asked);
    case SUT_CALL_CONNECT:
        return connect_call(fake, asked);
    case SUT_CALL_READ:
        return read_call(fake, asked);
    case SUT_CALL_WRITE:
        return write_call(fake, asked);
    case SUT_CALL_CLOSE:
    case SUT_CALL_SHUTDOWN:
        if (fake->is_open && asked->fd != FIRST_FD) {
            emit(fake, TCP_FLAG_FIN | TCP_FLAG_ACK, NULL, 0);
        }
        return result;
    case SUT_CALL_SET_OPTION:
        fake->is_nonblocking = asked->number != 0;
        return result;
    case SUT_CALL_GET_OPTION:
        result.value = fake->is_nonblocking;
        return result;
    case SUT_CALL_FLOW:
        result.flow = fake->has_peer ? fake->flow : (struct tcp_flow){.local = fake->bound};
        return result;
    case SUT_CALL_CHECK:
        result.broken_invariant = fake->quirks.has_broken_invariant ? "rcv-nxt-moved-back" : NULL;
        return result;
    case SUT_CALL_LISTEN:
    case SUT_CALL_CONFIGURE:
    case SUT_CALL_INSPECT:
    case SUT_CALL_LAST_STEP:
    case SUT_CALL_COUNTERS:
    case SUT_CALL_POLL:
    case SUT_CALL_EPOLL_CREATE:
    case SUT_CALL_EPOLL_CTL:
    case SUT_CALL_EPOLL_WAIT:
    case SUT_CALL_INFO:
    case SUT_CALL_TCP_OPEN:
    case SUT_CALL_TCP_ACCEPT:
    case SUT_CALL_TCP_SEND:
    case SUT_CALL_TCP_RECEIVE:
    case SUT_CALL_TCP_CLOSE:
    case SUT_CALL_TCP_ABORT:
    case SUT_CALL_TCP_RELEASE:
    case SUT_CALL_TCP_STATUS:
    case SUT_CALL_TCP_DS:
    case SUT_CALL_TCP_LOOK:
        return result;
    }
    return result;
}

static bool poll(struct sut_instance *fake, tcp_time now, struct sut_report *out)
{
    (void)now;
    *out = (struct sut_report){.kind = SUT_REPORT_CALL_DONE};
    if (fake->has_accept && fake->is_open) {
        fake->has_accept = false;
        out->result = (struct sut_result){.cookie = fake->accept.cookie, .value = fake->next_fd++};
        return true;
    }
    if (fake->has_read && is_readable(fake)) {
        fake->has_read = false;
        out->result = (struct sut_result){.cookie = fake->read.cookie,
                                          .value = (int64_t)read_some(fake, &fake->read)};
        return true;
    }
    return false;
}

#define FAKE_CAPABILITIES (SUT_VIRTUAL_TIME | SUT_SOCKETS | SUT_CONFIGURE | SUT_SELF_CHECK)

const struct sut fake_sut = {"fake",        FAKE_CAPABILITIES | SUT_IPV6,
                             create,        destroy,
                             input,         output,
                             next_deadline, advance,
                             call,          poll};

const struct sut fake_sut_ipv4 = {"fake-ipv4", FAKE_CAPABILITIES, create,  destroy, input,
                                  output,      next_deadline,     advance, call,    poll};
