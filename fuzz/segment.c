#include "segment.h"

#include <string.h>

#include "tcp/wire.h"

bool options_same(const struct tcp_options *a, const struct tcp_options *b)
{
    bool same = a->has_mss == b->has_mss && (!a->has_mss || a->mss == b->mss) &&
                a->has_window_scale == b->has_window_scale &&
                (!a->has_window_scale || a->window_scale == b->window_scale) &&
                a->sack_permitted == b->sack_permitted && a->has_timestamps == b->has_timestamps &&
                (!a->has_timestamps || (a->timestamp_value == b->timestamp_value &&
                                        a->timestamp_echo == b->timestamp_echo)) &&
                a->sack_count == b->sack_count;
    for (uint32_t index = 0; same && index < a->sack_count; index++) {
        same = a->sack[index].left.raw == b->sack[index].left.raw &&
               a->sack[index].right.raw == b->sack[index].right.raw;
    }
    return same;
}

bool address_same(const struct tcp_address *a, const struct tcp_address *b)
{
    return a->version == b->version && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool endpoint_same(const struct tcp_endpoint *a, const struct tcp_endpoint *b)
{
    return a->port == b->port && address_same(&a->address, &b->address);
}

bool segment_same(const struct tcp_segment *a, const struct tcp_segment *b)
{
    return endpoint_same(&a->source, &b->source) &&
           endpoint_same(&a->destination, &b->destination) && a->seq.raw == b->seq.raw &&
           a->ack.raw == b->ack.raw && a->flags == b->flags && a->window == b->window &&
           a->urgent == b->urgent && a->ttl == b->ttl && a->traffic_class == b->traffic_class &&
           options_same(&a->options, &b->options) && a->payload_bytes == b->payload_bytes &&
           (a->payload_bytes == 0 || memcmp(a->payload, b->payload, a->payload_bytes) == 0);
}

void input_take_address(struct input *input, uint8_t version, struct tcp_address *out)
{
    *out = (struct tcp_address){.version = version};
    size_t count = version == 4 ? 4 : 16;
    const uint8_t *bytes = input_take(input, &count);
    if (count > 0) {
        memcpy(out->bytes, bytes, count);
    }
}

void input_take_options(struct input *input, struct tcp_options *out)
{
    const uint8_t kinds = input_u8(input);
    memset(out, 0, sizeof *out);
    out->has_mss = kinds & 1;
    out->mss = out->has_mss ? input_u16(input) : 0;
    out->has_window_scale = kinds >> 1 & 1;
    out->window_scale = out->has_window_scale ? input_u8(input) : 0;
    out->sack_permitted = kinds >> 2 & 1;
    out->has_timestamps = kinds >> 3 & 1;
    out->timestamp_value = out->has_timestamps ? input_u32(input) : 0;
    out->timestamp_echo = out->has_timestamps ? input_u32(input) : 0;
    out->sack_count = (uint8_t)((kinds >> 4) % (TCP_SACK_BLOCKS_MAX + 1));
    while (tcp_wire_options_bytes(out) > TCP_OPTION_BYTES_MAX) {
        out->sack_count--; /* all others together take 20 */
    }
    for (uint32_t index = 0; index < out->sack_count; index++) {
        out->sack[index].left.raw = input_u32(input);
        out->sack[index].right.raw = input_u32(input);
    }
}
