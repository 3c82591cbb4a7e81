/* See loopback.h. */
#include "loopback.h"

#include <string.h>

#include "finding.h"
#include "tcp/wire.h"

#define NETWORK_MAX  64u /* packets under way; one more pushes the oldest out */
#define PACKET_BYTES 2048u
#define TICKS_MAX    200000u

struct packet {
    uint32_t count;
    uint8_t bytes[PACKET_BYTES];
};

static struct packet network[NETWORK_MAX];

void loopback_drain(struct bench *bench)
{
    uint8_t bytes[PACKET_BYTES];
    const struct tcp_room room = {bytes, sizeof bytes};
    struct tcp_segment segment;
    for (uint32_t sent = 0; tcp_host_poll_segment(bench->host, room, &segment); sent++) {
        law(sent < SEGMENTS_MAX, "socket", "the host stops sending");
        const struct tcp_room packet = tcp_wire_write(&segment, room);
        struct packet *slot = &network[(bench->first + bench->count) % NETWORK_MAX];
        if (bench->count == NETWORK_MAX) {
            bench->first = (bench->first + 1) % NETWORK_MAX;
        } else {
            bench->count++;
        }
        slot->count = (uint32_t)packet.count;
        memcpy(slot->bytes, packet.bytes, packet.count);
    }
    struct tcp_event event;
    while (tcp_host_poll_event(bench->host, &event)) { /* each event empties a flag */
    }
    const char *broken = tcp_host_check(bench->host);
    law(broken == NULL, "socket: a broken invariant", broken);
}

void loopback_deliver(struct bench *bench, uint32_t count)
{
    for (; count > 0 && bench->count > 0; count--) {
        const struct packet packet = network[bench->first];
        bench->first = (bench->first + 1) % NETWORK_MAX;
        bench->count--;
        tcp_host_packet(bench->host, bench->now, packet.bytes, packet.count);
        loopback_drain(bench);
    }
}

void loopback_lose(struct bench *bench, uint32_t count)
{
    const uint32_t lost = count < bench->count ? count : bench->count;
    bench->first = (bench->first + lost) % NETWORK_MAX;
    bench->count -= lost;
}

void loopback_pass(struct bench *bench, uint64_t us, bool delivers)
{
    const uint64_t end = bench->now.us + us;
    for (uint32_t ticks = 0; bench->now.us < end; ticks++) {
        law(ticks < TICKS_MAX, "socket", "time goes on");
        if (delivers) {
            loopback_deliver(bench, SEGMENTS_MAX);
        }
        const tcp_time due = tcp_host_deadline(bench->host);
        bench->now.us = due.us < end ? due.us : end;
        tcp_host_tick(bench->host, bench->now);
        loopback_drain(bench);
    }
}
