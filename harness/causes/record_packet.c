/* Records of packets. The short form says the common cases (references with small offsets, whole
 * windows, usual sizes) in eight octets; the others have every member at full width. */
#include <assert.h>
#include <string.h>

#include "causes/records.h"

#define SHORT_PAYLOAD_PLAIN 224
#define SHORT_WINDOW_STEP   257 /* 0 to 65535 in 255 steps */
#define SHORT_OFFSET_MIN    (-16)
#define SHORT_OFFSET_MAX    15
#define ALL_FLAGS_LOW       0xffu

/* Sizes that a short packet may have beyond those below SHORT_PAYLOAD_PLAIN: borders of segments. */
static const uint16_t usual_sizes[256 - SHORT_PAYLOAD_PLAIN] = {
    256,  500,  512,  535,  536,  537,  600,  999,  1000, 1001, 1024, 1072, 1200, 1219, 1220, 1240,
    1400, 1439, 1440, 1448, 1459, 1460, 1461, 1500, 2000, 2048, 2920, 2921, 3000, 3999, 4000, 224,
};

/* What options a short packet may have. */
static const struct {
    uint8_t options, window_scale;
    uint16_t mss;
} usual_options[4] = {
    {0, 0, 0},
    {CAUSE_OPTION_MSS, 0, 1460},
    {CAUSE_OPTION_MSS | CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK_PERMITTED, 7, 1460},
    {CAUSE_OPTION_MSS, 0, 536},
};

/* A zero octet is the likeliest number: of a packet, the next that is expected. */
static const uint8_t seq_bases[8] = {
    SCENARIO_BASE_RCV_NXT, SCENARIO_BASE_IRS,     SCENARIO_BASE_RCV_EDGE, SCENARIO_BASE_ABSOLUTE,
    SCENARIO_BASE_SND_NXT, SCENARIO_BASE_SND_UNA, SCENARIO_BASE_ISS,      SCENARIO_BASE_SND_EDGE,
};
static const uint8_t ack_bases[8] = {
    SCENARIO_BASE_SND_NXT,  SCENARIO_BASE_SND_UNA, SCENARIO_BASE_ISS, SCENARIO_BASE_ABSOLUTE,
    SCENARIO_BASE_SND_EDGE, SCENARIO_BASE_RCV_NXT, SCENARIO_BASE_IRS, SCENARIO_BASE_RCV_EDGE,
};

/* ---- the short form ---------------------------------------------------------------------------- */

static void read_short_number(uint8_t octet, const uint8_t bases[8], struct cause_number *out)
{
    const int offset = octet >> 3;
    out->base = bases[octet & 7];
    out->offset = offset > SHORT_OFFSET_MAX ? offset - 32 : offset;
}

static bool write_short_number(const struct cause_number *number, const uint8_t bases[8],
                               uint8_t *out)
{
    uint8_t code = 0;
    while (code < 8 && bases[code] != number->base) {
        code++;
    }
    *out = (uint8_t)(code | (uint32_t)number->offset << 3);
    return number->offset >= SHORT_OFFSET_MIN && number->offset <= SHORT_OFFSET_MAX;
}

static bool write_short_size(uint16_t size, uint8_t *out)
{
    if (size < SHORT_PAYLOAD_PLAIN) {
        *out = (uint8_t)size;
        return true;
    }
    for (size_t i = 0; i < sizeof usual_sizes / sizeof usual_sizes[0]; i++) {
        if (usual_sizes[i] == size) {
            *out = (uint8_t)(SHORT_PAYLOAD_PLAIN + i);
            return true;
        }
    }
    return false;
}

static bool write_short_options(const struct cause_packet *packet, uint8_t *out)
{
    for (uint8_t i = 0; i < 4; i++) {
        if (packet->options == usual_options[i].options && packet->mss == usual_options[i].mss &&
            packet->window_scale == usual_options[i].window_scale) {
            *out = (uint8_t)(*out | i << 6);
            return true;
        }
    }
    return false;
}

static void read_target(uint8_t octet, struct cause_packet *out)
{
    out->from.index = octet & 7;
    out->from.kind = octet >> 3 & 3;
    out->is_joined = octet >> 5 & 1;
}

static uint8_t target_octet(const struct cause_packet *packet)
{
    return (uint8_t)(packet->from.index | packet->from.kind << 3 | packet->is_joined << 5);
}

/* Leaves a normal packet. */
static void read_short(const uint8_t *at, struct cause_packet *out)
{
    const uint8_t preset = at[1] >> 6;
    read_target(at[1], out);
    out->from.kind %= CAUSE_TARGET_COUNT;
    out->options = usual_options[preset].options;
    out->mss = usual_options[preset].mss;
    out->window_scale = usual_options[preset].window_scale;
    out->flags = at[2];
    read_short_number(at[3], seq_bases, &out->seq);
    read_short_number(at[4], ack_bases, &out->ack);
    out->window = (uint16_t)(at[5] * SHORT_WINDOW_STEP);
    out->payload_bytes =
        at[6] < SHORT_PAYLOAD_PLAIN ? at[6] : usual_sizes[at[6] - SHORT_PAYLOAD_PLAIN];
    out->has_text = out->payload_bytes > 0;
    out->urgent = at[7];
    out->ttl = CAUSE_TTL_USUAL;
}

static bool write_short(const struct cause_packet *packet, uint8_t *at)
{
    at[1] = target_octet(packet);
    at[2] = (uint8_t)packet->flags;
    at[5] = (uint8_t)(packet->window / SHORT_WINDOW_STEP);
    at[7] = (uint8_t)packet->urgent;
    return packet->flags <= ALL_FLAGS_LOW && packet->window % SHORT_WINDOW_STEP == 0 &&
           packet->urgent <= UINT8_MAX && packet->damage == CAUSE_DAMAGE_NONE &&
           packet->traffic_class == 0 && packet->ttl == CAUSE_TTL_USUAL &&
           write_short_number(&packet->seq, seq_bases, &at[3]) &&
           write_short_number(&packet->ack, ack_bases, &at[4]) &&
           write_short_size(packet->payload_bytes, &at[6]) && write_short_options(packet, &at[1]);
}

/* ---- the others: each begins as the one before it ------------------------------------------------ */

#define OPTIONS_PLAIN (CAUSE_OPTION_MSS | CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK_PERMITTED)

static void read_plain(const uint8_t *at, struct cause_packet *out)
{
    read_target(at[1], out);
    out->flags = (uint16_t)(at[2] | (at[22] & 1) << 8);
    out->seq = (struct cause_number){.base = at[3] & 15, .offset = (int32_t)load_32(at + 4)};
    out->ack = (struct cause_number){.base = at[3] >> 4, .offset = (int32_t)load_32(at + 8)};
    out->window = load_16(at + 12);
    out->payload_bytes = load_16(at + 14);
    out->options = at[16];
    out->window_scale = at[17];
    out->mss = load_16(at + 18);
    out->urgent = load_16(at + 20);
    out->damage = at[22] >> 1 & 7;
    out->damage_value = at[23];
    out->ttl = CAUSE_TTL_USUAL;
}

static void write_plain(const struct cause_packet *packet, uint8_t *at)
{
    at[1] = target_octet(packet);
    at[2] = (uint8_t)packet->flags;
    at[3] = (uint8_t)(packet->seq.base | packet->ack.base << 4);
    store_32(at + 4, (uint32_t)packet->seq.offset);
    store_32(at + 8, (uint32_t)packet->ack.offset);
    store_16(at + 12, packet->window);
    store_16(at + 14, packet->payload_bytes);
    at[16] = packet->options;
    at[17] = packet->window_scale;
    store_16(at + 18, packet->mss);
    store_16(at + 20, packet->urgent);
    at[22] = (uint8_t)((packet->flags >> 8 & 1) | packet->damage << 1);
    at[23] = packet->damage_value;
}

/* Where SACK blocks stand. The third and fourth do where the last raw octets would: beside so many blocks
 * there are no more than 14 and 6 of those. */
static const uint8_t sack_places[CAUSE_SACK_MAX] = {40, 48, 72, 64};
static_assert(TCP_OPTION_BYTES_MAX - (2 + 3 * 8) <= 72 - 56, "raw octets beside three blocks");
static_assert(TCP_OPTION_BYTES_MAX - (2 + 4 * 8) <= 64 - 56, "raw octets beside four blocks");

static void read_full(const uint8_t *at, struct cause_packet *out)
{
    out->traffic_class = at[32];
    out->ttl = at[33];
    out->sack_count = at[34] % (CAUSE_SACK_MAX + 1);
    out->raw_count = at[35];
    for (size_t i = 0; i < CAUSE_SACK_MAX; i++) {
        const uint8_t bases = at[36 + i];
        const uint8_t *const offsets = at + sack_places[i];
        out->sack[i].left.base = bases & 15;
        out->sack[i].left.offset = (int32_t)load_32(offsets);
        out->sack[i].right.base = bases >> 4;
        out->sack[i].right.offset = (int32_t)load_32(offsets + 4);
    }
    memcpy(out->raw_bytes, at + 56, CAUSE_RAW_BYTES_MAX);
}

static void write_full(const struct cause_packet *packet, uint8_t *at)
{
    at[32] = packet->traffic_class;
    at[33] = packet->ttl;
    at[34] = packet->sack_count;
    at[35] = packet->raw_count;
    memcpy(at + 56, packet->raw_bytes, CAUSE_RAW_BYTES_MAX);
    for (size_t i = 0; i < packet->sack_count; i++) {
        uint8_t *const offsets = at + sack_places[i];
        at[36 + i] = (uint8_t)(packet->sack[i].left.base | packet->sack[i].right.base << 4);
        store_32(offsets, (uint32_t)packet->sack[i].left.offset);
        store_32(offsets + 4, (uint32_t)packet->sack[i].right.offset);
    }
}

static_assert(56 + CAUSE_RAW_BYTES_MAX == CAUSE_RECORD_BYTES_MAX, "the longest record");

void record_read_packet(const uint8_t *at, enum record_form form, struct cause_packet *out)
{
    if (form == RECORD_PACKET_SHORT) {
        read_short(at, out);
        return;
    }
    read_plain(at, out);
    if (form == RECORD_PACKET) {
        out->options &= OPTIONS_PLAIN;
        return;
    }
    out->timestamp_value = load_32(at + 24);
    out->timestamp_echo = load_32(at + 28);
    if (form == RECORD_PACKET_TIMED) {
        out->options = (uint8_t)((out->options & OPTIONS_PLAIN) | CAUSE_OPTION_TIMESTAMPS);
        return;
    }
    read_full(at, out);
}

enum record_form record_write_packet(const struct cause_packet *packet, uint8_t *at)
{
    if (write_short(packet, at)) {
        return RECORD_PACKET_SHORT;
    }
    write_plain(packet, at);
    const bool is_plain = packet->traffic_class == 0 && packet->ttl == CAUSE_TTL_USUAL;
    const uint8_t others = (uint8_t)(packet->options & ~OPTIONS_PLAIN);
    if (is_plain && others == 0) {
        return RECORD_PACKET;
    }
    store_32(at + 24, packet->timestamp_value);
    store_32(at + 28, packet->timestamp_echo);
    if (is_plain && others == CAUSE_OPTION_TIMESTAMPS) {
        return RECORD_PACKET_TIMED;
    }
    write_full(packet, at);
    return RECORD_PACKET_FULL;
}
