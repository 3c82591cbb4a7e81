/* Options are octets in an order that a script chooses; a decoded segment has no order, so inbound
 * packets get theirs from here, and expected ones are compared with what this makes of them. */
#include "run/options_bytes.h"

#include <string.h>

static uint8_t *put_32(uint8_t *at, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        *at++ = (uint8_t)(number >> shift);
    }
    return at;
}

static uint8_t *put_24(uint8_t *at, int64_t number)
{
    for (int shift = 16; shift >= 0; shift -= 8) {
        *at++ = (uint8_t)(number >> shift);
    }
    return at;
}

static uint8_t *put_head(uint8_t *at, uint8_t kind, size_t body_bytes)
{
    *at++ = kind;
    *at++ = (uint8_t)(body_bytes + 2);
    return at;
}

static uint8_t *put_body(uint8_t *at, uint8_t kind, const uint8_t *body, size_t count)
{
    at = put_head(at, kind, count);
    memcpy(at, body, count);
    return at + count;
}

/* Where the octets go, and whose packet they are of. */
struct writing {
    struct run *run;
    const struct connection *connection;
    enum scenario_direction direction;
    uint8_t *mask; /* as long as the octets, all set; NULL when nobody asks */
    uint8_t *out;
};

/* A SACK block speaks of what its sender has received. */
static bool put_sack(struct writing *to, const struct scenario_option *option, uint8_t **at)
{
    const enum number_side side = to->direction == SCENARIO_INBOUND ? NUMBER_LOCAL : NUMBER_REMOTE;
    *at = put_head(*at, 5, (size_t)option->sack_count * 8);
    for (size_t i = 0; i < option->sack_count; i++) {
        tcp_seqno left, right;
        if (!numbers_live(to->run, to->connection, &option->sack[i].left, side, &left) ||
            !numbers_live(to->run, to->connection, &option->sack[i].right, side, &right)) {
            return false;
        }
        *at = put_32(put_32(*at, left.raw), right.raw);
    }
    return true;
}

static void let_any(struct writing *to, const uint8_t *at, size_t count)
{
    if (to->mask != NULL) {
        memset(to->mask + (at - to->out), 0, count);
    }
}

/* The stack's clock is mapped as its sequence numbers are: the first TS val that the script expects
 * says what the script calls it. The peer's is the script's own. */
static uint8_t *put_timestamps(struct writing *to, const struct scenario_option *option,
                               uint8_t *at)
{
    const struct connection *const connection = to->connection;
    uint32_t value = option->number;
    uint32_t echo = option->echo;
    const uint32_t base =
        connection != NULL && connection->has_timestamp_base ? connection->timestamp_base : 0;
    at = put_head(at, 8, 8);
    if (to->direction == SCENARIO_INBOUND) {
        echo += echo != 0 ? base : 0;
    } else {
        value += base;
        if (option->any_value || connection == NULL || !connection->has_timestamp_base) {
            let_any(to, at, 4);
        }
        if (option->any_echo) {
            let_any(to, at + 4, 4);
        }
    }
    return put_32(put_32(at, value), echo);
}

static uint8_t *put_accurate_ecn(const struct scenario_option *option, uint8_t *at)
{
    const int64_t counters[3] = {option->ecn_e1b_first ? option->ecn_e1b : option->ecn_e0b,
                                 option->ecn_ceb,
                                 option->ecn_e1b_first ? option->ecn_e0b : option->ecn_e1b};
    size_t count = 0;
    while (count < 3 && counters[count] >= 0) {
        count++;
    }
    at = put_head(at, option->ecn_e1b_first ? 174 : 172, count * 3);
    for (size_t i = 0; i < count; i++) {
        at = put_24(at, counters[i]);
    }
    return at;
}

static uint8_t *put_raw(const struct scenario_option *option, uint8_t *at)
{
    at = put_body(at, option->raw_kind, option->bytes, option->byte_count);
    if (option->has_raw_length) {
        at[-1 - option->byte_count] = option->raw_length;
    }
    return at;
}

static uint8_t *put_experimental_fast_open(const struct scenario_option *option, uint8_t *at)
{
    at = put_head(at, 254, (size_t)option->byte_count + 2);
    *at++ = 0xf9; /* RFC 6994's experiment number for Fast Open */
    *at++ = 0x89;
    memcpy(at, option->bytes, option->byte_count);
    return at + option->byte_count;
}

static bool put_option(struct writing *to, const struct scenario_option *option, uint8_t **at)
{
    const uint8_t mss[2] = {(uint8_t)(option->number >> 8), (uint8_t)option->number};
    const uint8_t shift = (uint8_t)option->number;
    switch (option->kind) {
    case SCENARIO_OPTION_NOP:
        *(*at)++ = 1;
        break;
    case SCENARIO_OPTION_EOL:
        *(*at)++ = 0;
        break;
    case SCENARIO_OPTION_MSS:
        *at = put_body(*at, 2, mss, 2);
        break;
    case SCENARIO_OPTION_WINDOW_SCALE:
        *at = put_body(*at, 3, &shift, 1);
        break;
    case SCENARIO_OPTION_SACK_PERMITTED:
        *at = put_head(*at, 4, 0);
        break;
    case SCENARIO_OPTION_SACK:
        return put_sack(to, option, at);
    case SCENARIO_OPTION_TIMESTAMPS:
        *at = put_timestamps(to, option, *at);
        break;
    case SCENARIO_OPTION_FAST_OPEN:
        *at = put_body(*at, 34, option->bytes, option->byte_count);
        break;
    case SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL:
        *at = put_experimental_fast_open(option, *at);
        break;
    case SCENARIO_OPTION_MD5:
        *at = put_body(*at, 19, option->bytes, 16);
        break;
    case SCENARIO_OPTION_ACCURATE_ECN:
        *at = put_accurate_ecn(option, *at);
        break;
    case SCENARIO_OPTION_OCTETS:
        memcpy(*at, option->bytes, option->byte_count);
        *at += option->byte_count;
        break;
    case SCENARIO_OPTION_RAW:
        *at = put_raw(option, *at);
        break;
    }
    return true;
}

bool options_bytes(struct run *run, const struct connection *connection,
                   const struct scenario_tcp *tcp, enum scenario_direction direction,
                   uint8_t out[OPTIONS_BYTES_ROOM], uint8_t mask[OPTIONS_BYTES_ROOM], size_t *count)
{
    struct writing to = {run, connection, direction, mask, out};
    uint8_t *at = out;
    if (mask != NULL) {
        memset(mask, 0xff, OPTIONS_BYTES_ROOM);
    }
    for (size_t i = 0; i < tcp->option_count && at - out <= TCP_OPTION_BYTES_MAX; i++) {
        if (!put_option(&to, &tcp->options[i], &at)) {
            return false;
        }
    }
    *count = (size_t)(at - out);
    if (*count > TCP_OPTION_BYTES_MAX) {
        return run_fail(run, RUN_INVALID, tcp->options_span,
                        "these options take more than the %d octets that a header has for them",
                        TCP_OPTION_BYTES_MAX);
    }
    return true;
}
