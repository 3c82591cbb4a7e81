/* What a normal cause is. Decoding, encoding and every mutator go through here, so that one meaning has
 * one spelling, in octets and in text. */
#include <assert.h>
#include <string.h>

#include "causes/records.h"
#include "tcp/config.h"
#include "tcp/host.h"
#include "tcp/socket.h"

#define SOCKET_OPTION_COUNT  (TCP_SOCKET_RECEIVED_DS + 1)
#define MESSAGE_FLAGS        0x1fu
#define SEND_FLAGS           (TCP_SEND_MORE | TCP_SEND_URGENT)
#define NUMBER_BASE_COUNT    SCENARIO_BASE_RCV_EDGE /* from ABSOLUTE on */
#define OPTION_BYTES_MSS     4u
#define OPTION_BYTES_SCALE   3u
#define OPTION_BYTES_SACK_OK 2u
#define OPTION_BYTES_TIME    10u
#define OPTION_BYTES_SACK    2u /* without its blocks */
#define SACK_BLOCK_BYTES     8u

static_assert(SCENARIO_BASE_ABSOLUTE == 1 && NUMBER_BASE_COUNT == 8, "the bases fit three bits");

static uint64_t at_most(uint64_t value, uint64_t most)
{
    return value <= most ? value : value % (most + 1);
}

static void normalise_number(struct cause_number *number)
{
    if (number->base < SCENARIO_BASE_ABSOLUTE || number->base > NUMBER_BASE_COUNT) {
        number->base = (uint8_t)(number->base % NUMBER_BASE_COUNT + 1);
    }
}

static void normalise_target(struct cause_target *target)
{
    target->kind %= CAUSE_TARGET_COUNT;
    target->index %= CAUSE_PAIRS;
}

static_assert(CAUSE_PAIRS == CAUSE_NAMES && CAUSE_PAIRS == CAUSE_DESCRIPTORS, "one bound for all");

/* ---- packets ----------------------------------------------------------------------------------- */

uint8_t cause_sack_most(uint8_t options)
{
    uint32_t bytes = (options & CAUSE_OPTION_MSS) != 0 ? OPTION_BYTES_MSS : 0;
    bytes += (options & CAUSE_OPTION_WINDOW_SCALE) != 0 ? OPTION_BYTES_SCALE + 1 : 0;
    if ((options & CAUSE_OPTION_TIMESTAMPS) != 0) {
        bytes += OPTION_BYTES_TIME + 2; /* SACK-permitted stands in its padding */
    } else if ((options & CAUSE_OPTION_SACK_PERMITTED) != 0) {
        bytes += OPTION_BYTES_SACK_OK + 2;
    }
    const uint32_t most = (TCP_OPTION_BYTES_MAX - bytes - OPTION_BYTES_SACK - 2) / SACK_BLOCK_BYTES;
    return (uint8_t)(most < CAUSE_SACK_MAX ? most : CAUSE_SACK_MAX);
}

static void normalise_sack(struct cause_packet *packet)
{
    packet->sack_count =
        (packet->options & CAUSE_OPTION_SACK) != 0
            ? (uint8_t)at_most(packet->sack_count, cause_sack_most(packet->options))
            : 0;
    if (packet->sack_count == 0) {
        packet->options = (uint8_t)(packet->options & ~CAUSE_OPTION_SACK);
    }
    for (size_t i = 0; i < CAUSE_SACK_MAX; i++) {
        if (i < packet->sack_count) {
            normalise_number(&packet->sack[i].left);
            normalise_number(&packet->sack[i].right);
        } else {
            memset(&packet->sack[i], 0, sizeof packet->sack[i]);
        }
    }
}

/* Octets of all options but the raw ones. */
static uint32_t option_bytes(const struct cause_packet *packet)
{
    const uint8_t options = packet->options;
    return ((options & CAUSE_OPTION_MSS) != 0 ? OPTION_BYTES_MSS : 0) +
           ((options & CAUSE_OPTION_WINDOW_SCALE) != 0 ? OPTION_BYTES_SCALE : 0) +
           ((options & CAUSE_OPTION_SACK_PERMITTED) != 0 ? OPTION_BYTES_SACK_OK : 0) +
           ((options & CAUSE_OPTION_TIMESTAMPS) != 0 ? OPTION_BYTES_TIME : 0) +
           ((options & CAUSE_OPTION_SACK) != 0
                ? OPTION_BYTES_SACK + SACK_BLOCK_BYTES * packet->sack_count
                : 0);
}

static void normalise_raw(struct cause_packet *packet)
{
    const uint32_t left = TCP_OPTION_BYTES_MAX - option_bytes(packet);
    uint32_t count = 0;
    if ((packet->options & CAUSE_OPTION_RAW) != 0) {
        count = (uint32_t)at_most(packet->raw_count, CAUSE_RAW_BYTES_MAX);
        count = count < left ? count : left;
    }
    if (count == 0) {
        packet->options = (uint8_t)(packet->options & ~CAUSE_OPTION_RAW);
    }
    packet->raw_count = (uint8_t)count;
    memset(packet->raw_bytes + count, 0, CAUSE_RAW_BYTES_MAX - count);
}

static void normalise_options(struct cause_packet *packet)
{
    packet->options &= CAUSE_OPTION_MSS | CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK_PERMITTED |
                       CAUSE_OPTION_TIMESTAMPS | CAUSE_OPTION_SACK | CAUSE_OPTION_RAW;
    if ((packet->options & CAUSE_OPTION_MSS) == 0) {
        packet->mss = 0;
    }
    if ((packet->options & CAUSE_OPTION_WINDOW_SCALE) == 0) {
        packet->window_scale = 0;
    }
    if ((packet->options & CAUSE_OPTION_TIMESTAMPS) == 0) {
        packet->timestamp_value = packet->timestamp_echo = 0;
    }
    normalise_sack(packet);
    normalise_raw(packet);
}

static void normalise_damage(struct cause_packet *packet)
{
    packet->damage %= CAUSE_DAMAGE_COUNT;
    switch ((enum cause_damage)packet->damage) {
    case CAUSE_DAMAGE_NONE:
        packet->damage_value = 0;
        return;
    case CAUSE_DAMAGE_CHECKSUM:
        packet->damage_value = packet->damage_value == 0 ? 1 : packet->damage_value;
        return;
    case CAUSE_DAMAGE_DATA_OFFSET:
        packet->damage_value &= 15;
        return;
    case CAUSE_DAMAGE_RESERVED:
        packet->damage_value &= 7;
        return;
    case CAUSE_DAMAGE_LENGTH:
        return;
    }
}

static void normalise_packet(struct cause_packet *packet)
{
    normalise_target(&packet->from);
    packet->is_joined &= 1;
    packet->flags &= 0x1ff;
    packet->payload_bytes = (uint16_t)at_most(packet->payload_bytes, CAUSE_PAYLOAD_MAX);
    packet->has_text = packet->payload_bytes > 0;
    normalise_number(&packet->seq);
    normalise_number(&packet->ack);
    normalise_damage(packet);
    normalise_options(packet);
}

/* ---- the others -------------------------------------------------------------------------------- */

static void normalise_icmp(struct cause_icmp *icmp)
{
    static const uint8_t types[8] = {3, 4, 11, 12, 5, 8, 0, 13};
    normalise_target(&icmp->about);
    if (memchr(types, icmp->type, sizeof types) == NULL) {
        icmp->type = types[icmp->type % sizeof types];
    }
    normalise_number(&icmp->quoted_seq);
    if (icmp->quoted_bytes < CAUSE_QUOTED_MIN || icmp->quoted_bytes > CAUSE_QUOTED_MAX) {
        icmp->quoted_bytes =
            (uint16_t)(CAUSE_QUOTED_MIN +
                       icmp->quoted_bytes % (CAUSE_QUOTED_MAX - CAUSE_QUOTED_MIN + 1));
    }
}

enum call_member {
    USES_NAME = 1u << 0,
    USES_RESULT = 1u << 1,
    USES_PAIR = 1u << 2,
    USES_OPTION = 1u << 3,
    USES_FLAGS = 1u << 4,
    USES_NUMBER = 1u << 5,
    USES_OCTETS = 1u << 6, /* number: octets of a stream */
};

static const uint8_t call_members[CAUSE_CALL_COUNT] = {
    [CAUSE_CALL_OPEN_ACTIVE] = USES_NAME | USES_PAIR,
    [CAUSE_CALL_OPEN_PASSIVE] = USES_NAME | USES_PAIR | USES_NUMBER,
    [CAUSE_CALL_ACCEPT_CHILD] = USES_NAME | USES_RESULT,
    [CAUSE_CALL_SEND] = USES_NAME | USES_FLAGS | USES_OCTETS,
    [CAUSE_CALL_RECEIVE] = USES_NAME | USES_OCTETS,
    [CAUSE_CALL_CLOSE] = USES_NAME,
    [CAUSE_CALL_ABORT] = USES_NAME,
    [CAUSE_CALL_RELEASE] = USES_NAME,
    [CAUSE_CALL_SOCKET] = USES_RESULT,
    [CAUSE_CALL_BIND] = USES_NAME | USES_PAIR,
    [CAUSE_CALL_LISTEN] = USES_NAME | USES_NUMBER,
    [CAUSE_CALL_ACCEPT] = USES_NAME | USES_RESULT,
    [CAUSE_CALL_CONNECT] = USES_NAME | USES_PAIR,
    [CAUSE_CALL_READ] = USES_NAME | USES_FLAGS | USES_OCTETS,
    [CAUSE_CALL_WRITE] = USES_NAME | USES_FLAGS | USES_OCTETS,
    [CAUSE_CALL_SHUTDOWN] = USES_NAME | USES_NUMBER,
    [CAUSE_CALL_CLOSE_SOCKET] = USES_NAME,
    [CAUSE_CALL_SET_OPTION] = USES_NAME | USES_OPTION | USES_NUMBER,
};

bool cause_call_carries_data(uint8_t kind)
{
    return kind < CAUSE_CALL_COUNT && (call_members[kind] & USES_OCTETS) != 0;
}

static int64_t normal_call_number(const struct cause_call *call, uint8_t members)
{
    if ((members & USES_OCTETS) != 0) {
        return (int64_t)at_most((uint64_t)call->number, CAUSE_WRITE_MAX);
    }
    if ((members & USES_NUMBER) == 0) {
        return 0;
    }
    if (call->kind == CAUSE_CALL_OPEN_PASSIVE) {
        return (uint16_t)call->number;
    }
    if (call->kind == CAUSE_CALL_SHUTDOWN) {
        return (int64_t)at_most((uint64_t)call->number, TCP_SOCKET_SHUT_RDWR);
    }
    return (int32_t)call->number;
}

/* A call that uses one port of a pair: the first pair with that port stands for all. */
static uint8_t normal_pair(const struct cause_call *call, uint8_t host)
{
    const bool is_remote = call->kind == CAUSE_CALL_CONNECT;
    const bool is_far = is_remote != (host == CAUSE_HOST_B); /* the pair's remote port */
    const struct cause_ports own = cause_pair_ports(call->pair);
    uint8_t pair = 0;
    if (call->kind == CAUSE_CALL_OPEN_ACTIVE) {
        return call->pair % CAUSE_PAIRS;
    }
    while (is_far ? cause_pair_ports(pair).remote != own.remote
                  : cause_pair_ports(pair).local != own.local) {
        pair++;
    }
    return pair;
}

static void normalise_call(struct cause_call *call, uint8_t host)
{
    call->kind %= CAUSE_CALL_COUNT;
    const uint8_t members = call_members[call->kind];
    const bool is_rfc = call->kind < CAUSE_CALL_SOCKET;
    call->name = (members & USES_NAME) != 0 ? call->name % CAUSE_NAMES : 0;
    call->result = (members & USES_RESULT) != 0 ? call->result % CAUSE_NAMES : 0;
    call->pair = (members & USES_PAIR) != 0 ? normal_pair(call, host) : 0;
    call->option = (members & USES_OPTION) != 0 ? call->option % SOCKET_OPTION_COUNT : 0;
    call->flags =
        (members & USES_FLAGS) != 0 ? call->flags & (is_rfc ? SEND_FLAGS : MESSAGE_FLAGS) : 0;
    call->number = normal_call_number(call, members);
}

static void normalise_wait(struct cause_wait *wait)
{
    wait->kind %= CAUSE_WAIT_COUNT;
    wait->us = wait->kind != CAUSE_WAIT_DEADLINE
                   ? (int64_t)at_most((uint64_t)wait->us, (uint64_t)CAUSE_WAIT_US_MAX)
                   : wait->us % (CAUSE_WAIT_US_MAX + 1);
}

static void normalise_set(struct cause_set *set)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    set->field = (uint8_t)(set->field % count);
    if (fields[set->field].kind == TCP_CONFIG_U32) {
        set->value = (uint32_t)set->value;
    }
}

enum edit_member {
    EDIT_TIME = 1u << 0,
    EDIT_PLACE = 1u << 1,
    EDIT_LASTS = 1u << 2, /* begins with one packet, if `value` is 0 */
};

static const uint8_t edit_members[CAUSE_EDIT_COUNT] = {
    [CAUSE_EDIT_DELAY] = EDIT_TIME,
    [CAUSE_EDIT_DUPLICATE] = EDIT_TIME,
    [CAUSE_EDIT_CORRUPT] = EDIT_PLACE,
    [CAUSE_EDIT_MTU] = EDIT_PLACE | EDIT_LASTS,
    [CAUSE_EDIT_PART] = EDIT_TIME | EDIT_LASTS,
};

static uint8_t normal_edit_value(const struct cause_edit *edit)
{
    switch ((enum cause_edit_kind)edit->kind) {
    case CAUSE_EDIT_DROP:
    case CAUSE_EDIT_DELAY:
    case CAUSE_EDIT_DUPLICATE:
    case CAUSE_EDIT_MARK:
    case CAUSE_EDIT_PART:
        return 0;
    case CAUSE_EDIT_CORRUPT:
        return edit->value == 0 ? 1 : edit->value;
    case CAUSE_EDIT_MTU:
        return edit->value & 1;
    case CAUSE_EDIT_UNREACHABLE:
        return edit->value % CAUSE_UNREACHABLE_CODES;
    }
    return 0;
}

static void normalise_edit(struct cause_edit *edit)
{
    edit->kind %= CAUSE_EDIT_COUNT;
    const uint8_t members = edit_members[edit->kind];
    edit->us = (members & EDIT_TIME) != 0 ? at_most(edit->us, (uint64_t)CAUSE_WAIT_US_MAX) : 0;
    edit->place = (members & EDIT_PLACE) != 0 ? edit->place : 0;
    edit->value = normal_edit_value(edit);
    const bool lasts = (members & EDIT_LASTS) != 0 && edit->value == 0;
    edit->count = edit->count == 0 || lasts ? 1 : edit->count;
}

void cause_normalise(struct cause *cause, const struct cause_start *start)
{
    cause->kind %= CAUSE_KIND_COUNT;
    cause->host = start->hosts == 2 ? cause->host & 1 : CAUSE_HOST_A;
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_WAIT:
        cause->host =
            cause->as.wait.kind % CAUSE_WAIT_COUNT == CAUSE_WAIT_FOR ? CAUSE_HOST_A : cause->host;
        normalise_wait(&cause->as.wait);
        return;
    case CAUSE_PACKET:
        normalise_packet(&cause->as.packet);
        return;
    case CAUSE_ICMP:
        normalise_icmp(&cause->as.icmp);
        return;
    case CAUSE_CALL:
        normalise_call(&cause->as.call, cause->host);
        return;
    case CAUSE_SET:
        normalise_set(&cause->as.set);
        return;
    case CAUSE_EDIT:
        normalise_edit(&cause->as.edit);
        return;
    }
}

static void normalise_start(struct cause_start *start)
{
    start->hosts = start->hosts == 2 ? 2 : 1;
    start->ip_version = start->ip_version == 6 ? 6 : 4;
    start->prologue = start->hosts == 2 ? 0 : start->prologue % CAUSE_PROLOGUE_COUNT;
    start->delay_us = start->hosts == 2 ? start->delay_us & CAUSE_DELAY_US_MAX : 0;
}

static bool may_join(const struct cause *cause, const struct cause *next)
{
    return next->kind == CAUSE_PACKET && next->host == cause->host;
}

void cause_list_normalise(struct cause_list *list)
{
    size_t kept = 0;
    normalise_start(&list->start);
    for (size_t i = 0; i < list->count; i++) {
        cause_normalise(&list->items[i], &list->start);
        if (list->items[i].kind != CAUSE_EDIT || list->start.hosts == 2) {
            list->items[kept] = list->items[i];
            kept++;
        }
    }
    list->count = kept;
    for (size_t i = 0; i < kept; i++) {
        struct cause *const cause = &list->items[i];
        if (cause->kind == CAUSE_PACKET && (i + 1 == kept || !may_join(cause, cause + 1))) {
            cause->as.packet.is_joined = 0;
        }
    }
}
