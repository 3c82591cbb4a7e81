/* TCP options of an inbound packet. Their order and their padding are no causes: each that a cause knows is
 * said once, and all others are octets behind them. */
#include <string.h>

#include "causes/reader.h"

static uint8_t bit_of(enum scenario_option_kind kind)
{
    switch (kind) {
    case SCENARIO_OPTION_MSS:
        return CAUSE_OPTION_MSS;
    case SCENARIO_OPTION_WINDOW_SCALE:
        return CAUSE_OPTION_WINDOW_SCALE;
    case SCENARIO_OPTION_SACK_PERMITTED:
        return CAUSE_OPTION_SACK_PERMITTED;
    case SCENARIO_OPTION_TIMESTAMPS:
        return CAUSE_OPTION_TIMESTAMPS;
    case SCENARIO_OPTION_SACK:
        return CAUSE_OPTION_SACK;
    case SCENARIO_OPTION_NOP:
    case SCENARIO_OPTION_EOL:
    case SCENARIO_OPTION_FAST_OPEN:
    case SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL:
    case SCENARIO_OPTION_MD5:
    case SCENARIO_OPTION_ACCURATE_ECN:
    case SCENARIO_OPTION_OCTETS:
    case SCENARIO_OPTION_RAW:
        break;
    }
    return 0;
}

static bool set_sack(struct reader *reader, size_t life, const struct scenario_option *option,
                     struct cause_packet *out)
{
    out->sack_count = option->sack_count;
    for (size_t i = 0; i < option->sack_count; i++) {
        if (!reader_number(reader, life, &option->sack[i].left, true, &out->sack[i].left) ||
            !reader_number(reader, life, &option->sack[i].right, true, &out->sack[i].right)) {
            return false;
        }
    }
    return true;
}

static bool put(struct reader *reader, const struct scenario_option *option, const uint8_t *bytes,
                size_t count, struct cause_packet *out)
{
    if (out->raw_count + count > CAUSE_RAW_BYTES_MAX) {
        return reader_refuse(reader, option->span, "more octets than a cause holds as they are");
    }
    memcpy(out->raw_bytes + out->raw_count, bytes, count);
    out->raw_count = (uint8_t)(out->raw_count + count);
    out->options |= CAUSE_OPTION_RAW;
    return true;
}

/* What is no member of a cause goes as octets, where it is known how. */
static bool put_raw(struct reader *reader, const struct scenario_option *option,
                    struct cause_packet *out)
{
    uint8_t head[2] = {option->raw_kind, option->raw_length};
    if (option->kind == SCENARIO_OPTION_OCTETS) {
        return put(reader, option, option->bytes, option->byte_count, out);
    }
    if (option->kind == SCENARIO_OPTION_FAST_OPEN) {
        head[0] = 34;
        head[1] = (uint8_t)(option->byte_count + 2);
    } else if (option->kind != SCENARIO_OPTION_RAW) {
        return reader_refuse(reader, option->span, "no cause says this option");
    }
    return put(reader, option, head, 2, out) &&
           put(reader, option, option->bytes, option->byte_count, out);
}

static bool set_known(struct reader *reader, size_t life, const struct scenario_option *option,
                      uint8_t bit, struct cause_packet *out)
{
    if ((out->options & bit) != 0) {
        return reader_refuse(reader, option->span, "a cause has an option once");
    }
    out->options |= bit;
    if (bit == CAUSE_OPTION_MSS) {
        out->mss = (uint16_t)option->number;
    } else if (bit == CAUSE_OPTION_WINDOW_SCALE) {
        out->window_scale = (uint8_t)option->number;
    } else if (bit == CAUSE_OPTION_TIMESTAMPS) {
        out->timestamp_value = option->number;
        out->timestamp_echo = option->echo;
    } else if (bit == CAUSE_OPTION_SACK) {
        return set_sack(reader, life, option, out);
    }
    return true;
}

/* Is there room for the blocks of SACK beside the others? */
static bool has_room(struct reader *reader, const struct scenario_tcp *tcp,
                     const struct cause_packet *packet)
{
    for (size_t i = 0; i < tcp->option_count; i++) {
        if (tcp->options[i].kind == SCENARIO_OPTION_SACK &&
            packet->sack_count > cause_sack_most(packet->options)) {
            return reader_refuse(
                reader, tcp->options[i].span,
                "a cause has no room for so many SACK blocks beside other options");
        }
    }
    return true;
}

bool reader_options(struct reader *reader, size_t life, const struct scenario_tcp *tcp,
                    struct cause_packet *out)
{
    bool has_end = false;
    for (size_t i = 0; i < tcp->option_count; i++) {
        const struct scenario_option *const option = &tcp->options[i];
        const uint8_t bit = bit_of(option->kind);
        if (option->symbol != NULL || has_end) {
            return reader_refuse(reader, option->span,
                                 has_end ? "no cause says what is behind eol"
                                         : "this option has no value");
        }
        has_end = option->kind == SCENARIO_OPTION_EOL;
        if (has_end || option->kind == SCENARIO_OPTION_NOP) {
            continue;
        }
        if (!(bit != 0 ? set_known(reader, life, option, bit, out)
                       : put_raw(reader, option, out))) {
            return false;
        }
    }
    return has_room(reader, tcp, out);
}
