/* Sums with end-around carry, eight bytes at a time; see checksum.h. */
#include "wire/checksum.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "tcp/wire.h"

#define PSEUDO_HEADER_BYTES_MAX 40

static inline uint64_t add_around(uint64_t sum, uint64_t word)
{
    sum += word;
    return sum + (sum < word ? 1 : 0);
}

static inline uint64_t word_at(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Four sums side by side, since each addition waits for the carry of the one before. */
static uint64_t add_blocks(uint64_t sum, const uint8_t *bytes, size_t count)
{
    uint64_t second = 0;
    uint64_t third = 0;
    uint64_t fourth = 0;
    for (size_t at = 0; at < count; at += 32) {
        sum = add_around(sum, word_at(bytes + at));
        second = add_around(second, word_at(bytes + at + 8));
        third = add_around(third, word_at(bytes + at + 16));
        fourth = add_around(fourth, word_at(bytes + at + 24));
    }
    return add_around(add_around(sum, second), add_around(third, fourth));
}

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count)
{
    const size_t blocks = count - count % 32;
    sum = add_blocks(sum, bytes, blocks);
    for (size_t at = blocks; at < count; at += 8) {
        const size_t left = count - at;
        uint64_t word = 0;
        memcpy(&word, bytes + at, left < 8 ? left : 8);
        sum = add_around(sum, word);
    }
    return sum;
}

uint16_t checksum_finish(uint64_t sum)
{
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffffffu) + (sum >> 32);
    sum = (sum & 0xffffu) + (sum >> 16);
    sum = (sum & 0xffffu) + (sum >> 16);
    sum = (sum & 0xffffu) + (sum >> 16);
    /* The words were added as this machine reads them, so that is how the sum lies in memory. */
    const uint16_t native = (uint16_t)~sum;
    uint8_t bytes[2];
    memcpy(bytes, &native, sizeof bytes);
    return bytes_get16(bytes);
}

uint64_t checksum_pseudo_header(const struct tcp_address *source,
                                const struct tcp_address *destination, uint8_t protocol,
                                size_t count)
{
    TCP_ASSERT(source->version == destination->version);
    TCP_ASSERT(source->version == 4 || source->version == 6);
    /* RFC 9293 3.1: addresses, a zero octet, the protocol, the length. IPv6 (RFC 8200 8.1) has
     * wider fields; in a sum the order and the zeros between make no difference. */
    uint8_t pseudo[PSEUDO_HEADER_BYTES_MAX];
    const size_t address_bytes = source->version == 4 ? 4 : 16;
    memcpy(pseudo, source->bytes, address_bytes);
    memcpy(pseudo + address_bytes, destination->bytes, address_bytes);
    uint8_t *at = pseudo + 2 * address_bytes;
    at = bytes_put32(at, (uint32_t)count);
    at = bytes_put32(at, protocol);
    return checksum_add(0, pseudo, (size_t)(at - pseudo));
}

uint16_t tcp_wire_checksum(const struct tcp_address *source, const struct tcp_address *destination,
                           const uint8_t *tcp, size_t tcp_bytes)
{
    const uint64_t sum = checksum_pseudo_header(source, destination, TCP_WIRE_PROTOCOL, tcp_bytes);
    return checksum_finish(checksum_add(sum, tcp, tcp_bytes));
}
