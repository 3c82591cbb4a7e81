/* Options between bytes and struct tcp_options; see options.h. */
#include "wire/options.h"

#include "base/assert.h"
#include "base/bytes.h"

enum {
    MSS_BYTES = 4,
    WINDOW_SCALE_BYTES = 3,
    SACK_PERMITTED_BYTES = 2,
    TIMESTAMPS_BYTES = 10,
    SACK_BYTES = 2, /* before the blocks */
    SACK_BLOCK_BYTES = 8,
};

static void read_mss(const uint8_t *option, uint32_t length, struct tcp_options *out)
{
    if (length == MSS_BYTES && !out->has_mss) {
        out->has_mss = true;
        out->mss = bytes_get16(option + 2);
    }
}

static void read_window_scale(const uint8_t *option, uint32_t length, struct tcp_options *out)
{
    if (length == WINDOW_SCALE_BYTES && !out->has_window_scale) {
        out->has_window_scale = true;
        out->window_scale = option[2];
    }
}

static void read_timestamps(const uint8_t *option, uint32_t length, struct tcp_options *out)
{
    if (length == TIMESTAMPS_BYTES && !out->has_timestamps) {
        out->has_timestamps = true;
        out->timestamp_value = bytes_get32(option + 2);
        out->timestamp_echo = bytes_get32(option + 6);
    }
}

static void read_sack(const uint8_t *option, uint32_t length, struct tcp_options *out)
{
    const uint32_t blocks = (length - SACK_BYTES) / SACK_BLOCK_BYTES;
    if (length != SACK_BYTES + blocks * SACK_BLOCK_BYTES || blocks > TCP_SACK_BLOCKS_MAX ||
        out->sack_count > 0) {
        return;
    }
    for (uint32_t index = 0; index < blocks; index++) {
        const uint8_t *block = option + SACK_BYTES + index * SACK_BLOCK_BYTES;
        out->sack[index].left.raw = bytes_get32(block);
        out->sack[index].right.raw = bytes_get32(block + 4);
    }
    out->sack_count = (uint8_t)blocks;
}

/* One option with a length octet; `length` bytes of it are there. */
static void read_option(const uint8_t *option, uint32_t length, struct tcp_options *out)
{
    switch (option[0]) {
    case OPTION_MSS:
        read_mss(option, length, out);
        break;
    case OPTION_WINDOW_SCALE:
        read_window_scale(option, length, out);
        break;
    case OPTION_SACK_PERMITTED:
        out->sack_permitted = out->sack_permitted || length == SACK_PERMITTED_BYTES;
        break;
    case OPTION_SACK:
        read_sack(option, length, out);
        break;
    case OPTION_TIMESTAMPS:
        read_timestamps(option, length, out);
        break;
    default: /* RFC 9293 3.1, MUST-6: unknown options are ignored */
        break;
    }
}

enum tcp_wire_result options_read(const uint8_t *bytes, uint32_t count, struct tcp_options *out)
{
    *out = (struct tcp_options){0};
    uint32_t at = 0;
    while (at < count && bytes[at] != OPTION_END) {
        if (bytes[at] == OPTION_NOP) {
            at++;
            continue;
        }
        if (count - at < 2) {
            return TCP_WIRE_BAD_OPTION;
        }
        const uint32_t length = bytes[at + 1];
        if (length < 2 || length > count - at) {
            return TCP_WIRE_BAD_OPTION;
        }
        read_option(bytes + at, length, out);
        at += length;
    }
    return TCP_WIRE_OK;
}

uint32_t tcp_wire_options_bytes(const struct tcp_options *options)
{
    uint32_t bytes = options->has_mss ? 4 : 0;
    if (options->has_timestamps) {
        bytes += 12; /* SACK-permitted takes the place of the two NOPs before */
    } else if (options->sack_permitted) {
        bytes += 4;
    }
    bytes += options->has_window_scale ? 4 : 0;
    bytes += options->sack_count > 0 ? 4 + options->sack_count * (uint32_t)SACK_BLOCK_BYTES : 0;
    return bytes;
}

static uint8_t *write_head(uint8_t *at, enum option_kind kind, uint32_t length)
{
    return bytes_put8(bytes_put8(at, (uint8_t)kind), (uint8_t)length);
}

static uint8_t *write_nops(uint8_t *at, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        at = bytes_put8(at, OPTION_NOP);
    }
    return at;
}

static uint8_t *write_sack(const struct tcp_options *options, uint8_t *at)
{
    at = write_nops(at, 2);
    at = write_head(at, OPTION_SACK, SACK_BYTES + options->sack_count * (uint32_t)SACK_BLOCK_BYTES);
    for (uint32_t index = 0; index < options->sack_count; index++) {
        at = bytes_put32(at, options->sack[index].left.raw);
        at = bytes_put32(at, options->sack[index].right.raw);
    }
    return at;
}

void options_write(const struct tcp_options *options, uint8_t *to)
{
    TCP_ASSERT(options->sack_count <= TCP_SACK_BLOCKS_MAX);
    TCP_ASSERT(tcp_wire_options_bytes(options) <= TCP_OPTION_BYTES_MAX);
    uint8_t *at = to;
    if (options->has_mss) {
        at = write_head(at, OPTION_MSS, MSS_BYTES);
        at = bytes_put16(at, options->mss);
    }
    if (options->sack_permitted) {
        at = write_nops(at, options->has_timestamps ? 0 : 2);
        at = write_head(at, OPTION_SACK_PERMITTED, SACK_PERMITTED_BYTES);
    }
    if (options->has_timestamps) {
        at = write_nops(at, options->sack_permitted ? 0 : 2);
        at = write_head(at, OPTION_TIMESTAMPS, TIMESTAMPS_BYTES);
        at = bytes_put32(at, options->timestamp_value);
        at = bytes_put32(at, options->timestamp_echo);
    }
    if (options->has_window_scale) {
        at = write_nops(at, 1);
        at = write_head(at, OPTION_WINDOW_SCALE, WINDOW_SCALE_BYTES);
        at = bytes_put8(at, options->window_scale);
    }
    if (options->sack_count > 0) {
        at = write_sack(options, at);
    }
    TCP_ASSERT((uint32_t)(at - to) == tcp_wire_options_bytes(options));
}
