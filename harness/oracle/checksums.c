/* W01. The sums are computed here once more, in another way than the stack's, so that a slip that
 * writer and reader share does not hide. */
#include <string.h>

#include "oracle/oracle_table.h"

#define PROTOCOL_TCP 6

/* The sum is the same in either byte order but for its own two octets (RFC 1071 2 B), so octets are
 * added as they lie, four at a time, and carries are folded in at the end. */
static uint64_t add_octets(uint64_t sum, const uint8_t *bytes, size_t count)
{
    while (count >= 4) {
        uint32_t word;
        memcpy(&word, bytes, sizeof word);
        sum += word;
        bytes += 4;
        count -= 4;
    }
    uint8_t rest[4] = {0};
    memcpy(rest, bytes, count);
    uint32_t word;
    memcpy(&word, rest, sizeof word);
    return sum + word;
}

/* The sum as it would be written, the octet of higher order first. */
static uint16_t fold(uint64_t sum)
{
    while (sum >> 16 != 0) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    const uint16_t lying = (uint16_t)sum;
    uint8_t octets[2];
    memcpy(octets, &lying, sizeof octets);
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

/* The rest of the pseudo header: protocol and length, each in the order of the wire. */
static uint64_t start_sum(size_t tcp_bytes)
{
    const uint8_t words[8] = {0,
                              0,
                              0,
                              PROTOCOL_TCP,
                              0,
                              (uint8_t)(tcp_bytes >> 16),
                              (uint8_t)(tcp_bytes >> 8),
                              (uint8_t)tcp_bytes};
    return add_octets(0, words, sizeof words);
}

/* Addresses stand side by side in both versions of IP. */
static uint16_t sum_of_segment(const uint8_t *addresses, size_t address_bytes, const uint8_t *tcp,
                               size_t tcp_bytes)
{
    const uint64_t pseudo = add_octets(start_sum(tcp_bytes), addresses, address_bytes);
    return fold(add_octets(pseudo, tcp, tcp_bytes));
}

/* A sum over a sound header, checksum included, is all ones. */
static void judge(struct oracle_watch *watch, const char *which, uint16_t sum)
{
    if (!oracle_holds(watch, sum == 0xffff)) {
        oracle_fire(watch, "%s checksum: the sum over all words is 0x%04x, not 0xffff", which, sum);
    }
}

static void judge_ipv4(struct oracle_watch *watch, const struct trace_packet *packet)
{
    const uint8_t *bytes = packet->bytes;
    const size_t header = (size_t)(bytes[0] & 15) * 4;
    const size_t total = (size_t)(bytes[2] << 8 | bytes[3]);
    if (packet->count < 20 || header < 20 || header > total || total > packet->count) {
        return; /* W02's */
    }
    judge(watch, "IPv4 header", fold(add_octets(0, bytes, header)));
    if (bytes[9] == PROTOCOL_TCP) {
        judge(watch, "TCP", sum_of_segment(bytes + 12, 8, bytes + header, total - header));
    }
}

static void judge_ipv6(struct oracle_watch *watch, const struct trace_packet *packet)
{
    const uint8_t *bytes = packet->bytes;
    const size_t payload = (size_t)(bytes[4] << 8 | bytes[5]);
    if (packet->count < 40 || payload > packet->count - 40 || bytes[6] != PROTOCOL_TCP) {
        return;
    }
    judge(watch, "TCP", sum_of_segment(bytes + 8, 32, bytes + 40, payload));
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct trace_packet *packet = &watch->record->as.packet;
    if (packet->count < 20) {
        return; /* too few are W02's */
    }
    if (packet->bytes[0] >> 4 == 4) {
        judge_ipv4(watch, packet);
    } else if (packet->bytes[0] >> 4 == 6 && packet->count >= 40) {
        judge_ipv6(watch, packet);
    }
}

const struct oracle oracle_checksums_right = {
    .description =
        {
            .id = "W01",
            .name = "checksums-right",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_OCTETS,
            .reference = "RFC 9293 3.1, MUST-2; RFC 1071",
            .statement = "The IPv4 header checksum and the TCP checksum of every packet sent are "
                         "right.",
        },
    .sees = ORACLE_SEES_SENT_RAW,
    .observe = observe,
};
