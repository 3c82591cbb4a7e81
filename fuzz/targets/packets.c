/* Arbitrary bytes as packets, into a host with a listener and an established connection.
 *
 * An input is a row of packets, each behind a header of two octets:
 *
 *   octet 0, bits 0-3  time that passes first: 0 none, n: 5 ms * 2^n (10 ms to 164 s)
 *            bit 4     the packet belongs to the established connection: its addresses and ports are
 *                      set, its sequence and acknowledgment numbers count from RCV.NXT and SND.NXT
 *            bit 5     the packet goes to the listener: its destination is set
 *            bit 6     lengths and checksums are put right
 *            bit 7     the application reads what there is, and answers with some octets
 *   octet 1            octets of the packet; fewer when the input ends before
 *
 * After each packet, invariants are checked and what leaves is read back: it must be sound, and there
 * must be an end to it. */
#include <string.h>

#include "base/bytes.h"
#include "finding.h"
#include "target.h"
#include "tcp/host.h"
#include "tcp/wire.h"
#include "wire/checksum.h"

#define START_US         UINT64_C(1000000000)
#define TICK_US          UINT64_C(5000)
#define PACKET_BYTES_MAX 255u
#define ROOM_BYTES       2048u
/* What one packet may make the stack send: a full window in the smallest segments. */
#define ANSWERS_MAX 4096u

enum control {
    CONTROL_TIME = 0x0f,
    CONTROL_CONNECTION = 0x10,
    CONTROL_LISTENER = 0x20,
    CONTROL_REPAIR = 0x40,
    CONTROL_APPLICATION = 0x80,
};

/* The host as every input finds it, and the one that the input changes. */
struct bench {
    struct tcp_host *start;
    struct tcp_host *host;
    void *block;
    size_t block_bytes;
    tcp_handle connection;
    tcp_time now;
};

static const struct tcp_endpoint local = {{{192, 168, 0, 1}, 4}, 80};
static const struct tcp_endpoint remote = {{{192, 0, 2, 1}, 4}, 40000};

/* Takes what the host sends and holds it against what must be true of every packet. */
static void drain(struct tcp_host *host)
{
    uint8_t bytes[ROOM_BYTES];
    const struct tcp_room room = {bytes, sizeof bytes};
    struct tcp_segment segment;
    for (uint32_t sent = 0; tcp_host_poll_segment(host, room, &segment); sent++) {
        const struct tcp_room packet = tcp_wire_write(&segment, room);
        struct tcp_segment again;
        const enum tcp_wire_result result = tcp_wire_read(packet.bytes, packet.count, &again, NULL);
        if (result != TCP_WIRE_OK) {
            finding("the stack sent what it would not take", tcp_wire_result_name(result));
        }
        if (sent == ANSWERS_MAX) {
            finding("the stack does not stop sending", "one packet came");
        }
    }
    struct tcp_event event;
    while (tcp_host_poll_event(host, &event)) { /* each event empties a flag */
    }
    const char *broken = tcp_host_check(host);
    if (broken != NULL) {
        finding("a broken invariant", broken);
    }
}

static void must(enum tcp_error error)
{
    if (error != TCP_OK) {
        finding("the starting point cannot be reached", tcp_error_name(error));
    }
}

static void inject(struct bench *bench, tcp_seqno seq, tcp_seqno ack, uint16_t flags)
{
    const struct tcp_segment segment = {
        .source = remote,
        .destination = local,
        .seq = seq,
        .ack = ack,
        .flags = flags,
        .window = 65535,
    };
    tcp_host_segment(bench->start, bench->now, &segment);
    drain(bench->start);
}

/* A listener, and a connection that it accepted. */
static void establish(struct bench *bench)
{
    tcp_handle listener;
    must(tcp_host_listen(bench->start, bench->now, &local, 4, &listener));
    inject(bench, (tcp_seqno){0}, (tcp_seqno){0}, TCP_FLAG_SYN);
    const struct tcp_flow flow = {.local = local, .remote = remote};
    struct tcp_status status;
    must(tcp_host_status(bench->start, tcp_host_find(bench->start, &flow), &status));
    inject(bench, (tcp_seqno){1}, status.snd_nxt, TCP_FLAG_ACK);
    must(tcp_host_accept(bench->start, bench->now, listener, &bench->connection));
}

static void prepare(struct bench *bench)
{
    struct tcp_limits limits = tcp_limits_small();
    limits.connections = limits.paths = 8;
    limits.streams = 4;
    limits.receive_buffer_bytes = limits.send_buffer_bytes = 4096;
    struct tcp_config config;
    if (!tcp_config_profile("rfc", &config)) {
        finding("the starting point cannot be reached", "no profile rfc");
    }
    config.receive_buffer_bytes = config.send_buffer_bytes = 4096;
    bench->block_bytes = tcp_host_bytes(&limits);
    bench->block = finding_block(bench->block_bytes);
    bench->now = (tcp_time){START_US};
    must(tcp_host_init(finding_block(bench->block_bytes), bench->block_bytes, &limits, &config,
                       bench->now, &bench->start));
    establish(bench);
}

/* Where the TCP header of an IPv4 packet without errors in its own header stands; 0: there is none. */
static size_t tcp_header_at(const uint8_t *packet, size_t count)
{
    if (count < TCP_WIRE_IPV4_HEADER_BYTES || packet[0] >> 4 != 4) {
        return 0;
    }
    const size_t header = (size_t)(packet[0] & 0x0f) * 4;
    const bool is_sound =
        header >= TCP_WIRE_IPV4_HEADER_BYTES && count >= header + TCP_WIRE_TCP_HEADER_BYTES;
    return is_sound ? header : 0;
}

static void set_flow(const struct bench *bench, uint8_t *packet, size_t tcp, uint8_t control)
{
    uint8_t *header = packet + tcp;
    if (control & (CONTROL_CONNECTION | CONTROL_LISTENER)) {
        memcpy(packet + 16, local.address.bytes, 4);
        (void)bytes_put16(header + 2, local.port);
    }
    if ((control & CONTROL_CONNECTION) == 0) {
        return;
    }
    memcpy(packet + 12, remote.address.bytes, 4);
    (void)bytes_put16(header, remote.port);
    const struct tcp_flow flow = {.local = local, .remote = remote};
    struct tcp_status status;
    if (tcp_host_status(bench->host, tcp_host_find(bench->host, &flow), &status) == TCP_OK) {
        (void)bytes_put32(header + 4, bytes_get32(header + 4) + status.rcv_nxt.raw);
        (void)bytes_put32(header + 8, bytes_get32(header + 8) + status.snd_nxt.raw);
    }
}

static void repair(uint8_t *packet, size_t count, size_t tcp)
{
    (void)bytes_put16(packet + 2, (uint16_t)count);
    (void)bytes_put16(packet + 6, 0); /* no fragment */
    packet[9] = 6;
    (void)bytes_put16(packet + 10, 0);
    (void)bytes_put16(packet + 10, checksum_finish(checksum_add(0, packet, tcp)));
    struct tcp_address source = {.version = 4};
    struct tcp_address destination = {.version = 4};
    memcpy(source.bytes, packet + 12, 4);
    memcpy(destination.bytes, packet + 16, 4);
    (void)bytes_put16(packet + tcp + 16, 0);
    (void)bytes_put16(packet + tcp + 16,
                      tcp_wire_checksum(&source, &destination, packet + tcp, count - tcp));
}

static void deliver(struct bench *bench, uint8_t control, const uint8_t *bytes, size_t count)
{
    /* The packet ends where its memory ends, so that a sanitizer sees a read behind it. */
    uint8_t memory[PACKET_BYTES_MAX];
    uint8_t *const packet = memory + sizeof memory - count;
    memcpy(packet, bytes, count);
    const size_t tcp = tcp_header_at(packet, count);
    if (tcp != 0) {
        set_flow(bench, packet, tcp, control);
        if (control & CONTROL_REPAIR) {
            repair(packet, count, tcp);
        }
    }
    tcp_host_packet(bench->host, bench->now, packet, count);
    drain(bench->host);
}

/* Errors are answers here, not findings: the connection may be gone. */
static void act(struct bench *bench)
{
    uint8_t octets[512];
    size_t taken = 0;
    if (tcp_host_receive(bench->host, bench->now, bench->connection,
                         (struct tcp_room){octets, sizeof octets}, &taken) == TCP_ERROR_END) {
        (void)tcp_host_close(bench->host, bench->now, bench->connection);
    } else {
        (void)tcp_host_send(bench->host, bench->now, bench->connection, octets, taken, &taken);
    }
    drain(bench->host);
}

static void pass_time(struct bench *bench, uint8_t steps)
{
    if (steps == 0) {
        return;
    }
    const uint64_t end = bench->now.us + (TICK_US << steps);
    /* Each turn lets a deadline take effect, which moves it; none is nearer than 1 us. */
    for (tcp_time due = tcp_host_deadline(bench->host); due.us <= end;
         due = tcp_host_deadline(bench->host)) {
        tcp_host_tick(bench->host, due);
        drain(bench->host);
    }
    bench->now.us = end;
    tcp_host_tick(bench->host, bench->now);
    drain(bench->host);
}

int fuzz_one_input(const uint8_t *input, size_t count)
{
    /* The starting point is the same for every input: made once, copied each time. */
    static struct bench start;
    if (start.start == NULL) {
        prepare(&start);
    }
    struct bench bench = start;
    bench.host = tcp_host_copy(bench.block, bench.block_bytes, bench.start);
    while (count >= 2) {
        const uint8_t control = input[0];
        const size_t wanted = input[1];
        input += 2;
        count -= 2;
        const size_t bytes = wanted < count ? wanted : count;
        pass_time(&bench, control & CONTROL_TIME);
        deliver(&bench, control, input, bytes);
        if (control & CONTROL_APPLICATION) {
            act(&bench);
        }
        input += bytes;
        count -= bytes;
    }
    return 0;
}
