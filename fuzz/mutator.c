#include "mutator.h"

#include <stdbool.h>
#include <string.h>

#include "causes/encoding.h"

#define CHANGES_MAX 4

/* xorshift64*, as good as is needed. */
struct chance {
    uint64_t state;
};

static uint32_t draw(struct chance *chance)
{
    uint64_t word = chance->state;
    word ^= word >> 12;
    word ^= word << 25;
    word ^= word >> 27;
    chance->state = word;
    return (uint32_t)((word * UINT64_C(0x2545f4914f6cdd1d)) >> 32);
}

static uint32_t below(struct chance *chance, uint32_t bound)
{
    return (uint32_t)(((uint64_t)draw(chance) * bound) >> 32);
}

static struct chance begin(uint32_t seed)
{
    struct chance chance = {((uint64_t)seed << 1 | 1) * UINT64_C(0x9e3779b97f4a7c15)};
    (void)draw(&chance);
    return chance;
}

/* ---- new causes ---------------------------------------------------------------------------------- */

static uint16_t any_flags(struct chance *chance)
{
    static const uint16_t usual[] = {
        TCP_FLAG_ACK,
        TCP_FLAG_ACK | TCP_FLAG_PSH,
        TCP_FLAG_ACK | TCP_FLAG_FIN,
        TCP_FLAG_SYN,
        TCP_FLAG_SYN | TCP_FLAG_ACK,
        TCP_FLAG_RST,
        TCP_FLAG_RST | TCP_FLAG_ACK,
        TCP_FLAG_ACK | TCP_FLAG_URG,
        TCP_FLAG_FIN,
    };
    const uint32_t kind = below(chance, 12);
    return kind < sizeof usual / sizeof *usual ? usual[kind] : (uint16_t)(draw(chance) & 0x1ff);
}

/* Near an edge: there the faults are. */
static int32_t near_nothing(struct chance *chance)
{
    const uint32_t kind = below(chance, 8);
    return kind < 5   ? 0
           : kind < 7 ? (int32_t)below(chance, 9) - 4
                      : (int32_t)(draw(chance) >> below(chance, 32));
}

static struct cause_number any_number(struct chance *chance, enum scenario_base usual)
{
    const bool is_usual = below(chance, 4) != 0;
    return (struct cause_number){
        .base = (uint8_t)(is_usual ? (uint32_t)usual : 1 + below(chance, SCENARIO_BASE_RCV_EDGE)),
        .offset = near_nothing(chance),
    };
}

static uint16_t any_size(struct chance *chance)
{
    return (uint16_t)(draw(chance) >> (16 + below(chance, 16)));
}

static void make_packet(struct chance *chance, struct cause_packet *out)
{
    out->flags = any_flags(chance);
    const bool is_syn = (out->flags & TCP_FLAG_SYN) != 0;
    out->seq = any_number(chance, is_syn ? SCENARIO_BASE_ABSOLUTE : SCENARIO_BASE_RCV_NXT);
    out->ack = any_number(chance, SCENARIO_BASE_SND_NXT);
    out->window = below(chance, 3) != 0 ? UINT16_MAX : any_size(chance);
    out->ttl = 64;
    if (below(chance, 2) != 0) {
        out->has_text = 1;
        out->payload_bytes = any_size(chance);
    }
    if (is_syn) {
        out->options = CAUSE_OPTION_MSS;
        out->mss = below(chance, 4) != 0 ? 1460 : any_size(chance);
    }
    out->from.index = (uint8_t)(below(chance, 4) != 0 ? 0 : below(chance, CAUSE_PAIRS));
}

static void make_call(struct chance *chance, struct cause_call *out)
{
    out->kind = (uint8_t)below(chance, CAUSE_CALL_COUNT);
    out->name = (uint8_t)below(chance, 3);
    out->result = (uint8_t)below(chance, 3);
    out->pair = (uint8_t)(below(chance, 4) != 0 ? 0 : below(chance, CAUSE_PAIRS));
    out->number = any_size(chance);
}

static void make_wait(struct chance *chance, struct cause_wait *out)
{
    out->kind = (uint8_t)below(chance, 2);
    out->us =
        out->kind == CAUSE_WAIT_DEADLINE ? near_nothing(chance) : INT64_C(1) << below(chance, 29);
}

static struct cause make_cause(struct chance *chance, const struct cause_start *start)
{
    struct cause cause = {.host = (uint8_t)below(chance, start->hosts)};
    const uint32_t kind = below(chance, 16);
    if (kind < (start->hosts == 1 ? 7u : 1u)) {
        cause.kind = CAUSE_PACKET;
        make_packet(chance, &cause.as.packet);
    } else if (kind < 11) {
        cause.kind = CAUSE_CALL;
        make_call(chance, &cause.as.call);
    } else if (kind < 14 || start->hosts == 1) {
        cause.kind = CAUSE_WAIT;
        make_wait(chance, &cause.as.wait);
    } else {
        cause.kind = CAUSE_EDIT;
        cause.as.edit = (struct cause_edit){.kind = (uint8_t)below(chance, CAUSE_EDIT_COUNT),
                                            .packet = below(chance, 12),
                                            .count = 1 + below(chance, 3),
                                            .us = UINT64_C(1) << below(chance, 28)};
    }
    return cause;
}

/* ---- changes of a list --------------------------------------------------------------------------- */

static void insert(struct cause_list *list, size_t at, const struct cause *cause)
{
    if (list->count < list->capacity) {
        memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
        list->items[at] = *cause;
        list->count++;
    }
}

static void take_out(struct cause_list *list, size_t at, size_t count)
{
    memmove(list->items + at, list->items + at + count,
            (list->count - at - count) * sizeof *list->items);
    list->count -= count;
}

/* One number, flag or size of a cause. */
static void change_packet(struct chance *chance, struct cause_packet *packet)
{
    switch (below(chance, 7)) {
    case 0:
        packet->flags = any_flags(chance);
        break;
    case 1:
        packet->seq = any_number(chance, SCENARIO_BASE_RCV_NXT);
        break;
    case 2:
        packet->ack = any_number(chance, SCENARIO_BASE_SND_NXT);
        break;
    case 3:
        packet->window = any_size(chance);
        break;
    case 4:
        packet->has_text = !packet->has_text;
        packet->payload_bytes = any_size(chance);
        break;
    case 5:
        packet->is_joined = !packet->is_joined;
        break;
    default:
        packet->seq.offset += (int32_t)below(chance, 5) - 2;
        packet->urgent = any_size(chance);
    }
}

static void change_cause(struct chance *chance, const struct cause_start *start,
                         struct cause *cause)
{
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_PACKET:
        change_packet(chance, &cause->as.packet);
        break;
    case CAUSE_CALL:
        if (below(chance, 2) != 0) {
            cause->as.call.number = any_size(chance);
        } else {
            cause->as.call.name = (uint8_t)below(chance, CAUSE_NAMES);
        }
        break;
    case CAUSE_WAIT:
        make_wait(chance, &cause->as.wait);
        break;
    case CAUSE_EDIT:
        cause->as.edit.packet = below(chance, 20);
        break;
    case CAUSE_ICMP:
    case CAUSE_SET:
        *cause = make_cause(chance, start);
        break;
    }
}

static void change_list(struct chance *chance, struct cause_list *list)
{
    const uint32_t kind = list->count == 0 ? 0 : below(chance, 10);
    const size_t at = below(chance, (uint32_t)list->count + 1);
    const size_t one = list->count == 0 ? 0 : below(chance, (uint32_t)list->count);
    if (kind < 3) {
        const struct cause made = make_cause(chance, &list->start);
        insert(list, at, &made);
    } else if (kind < 7) {
        change_cause(chance, &list->start, &list->items[one]);
    } else if (kind == 7) {
        take_out(list, one, 1);
    } else if (kind == 8) {
        const struct cause again = list->items[one]; /* what came once may come again */
        insert(list, at, &again);
    } else if (below(chance, 4) == 0) {
        list->start.prologue = (uint8_t)below(chance, CAUSE_PROLOGUE_COUNT);
    } else {
        const struct cause moved = list->items[one];
        take_out(list, one, 1);
        insert(list, below(chance, (uint32_t)list->count + 1), &moved);
    }
}

static size_t encode(struct cause_list *list, uint8_t *room, size_t room_bytes)
{
    cause_list_normalise(list);
    while (true) {
        const size_t count = cause_encode(list, (struct tcp_room){room, room_bytes});
        if (count <= room_bytes) {
            return count;
        }
        if (list->count == 0) {
            return 0;
        }
        list->count -= (list->count + 3) / 4; /* too long: the end goes */
    }
}

size_t mutator_change(const uint8_t *input, size_t count, uint8_t *room, size_t room_bytes,
                      uint32_t seed)
{
    struct cause causes[MUTATOR_CAUSES_MAX];
    struct cause_list list;
    struct chance chance = begin(seed);
    cause_decode(input, count, causes, MUTATOR_CAUSES_MAX, &list);
    list.capacity = MUTATOR_CAUSES_MAX;
    const uint32_t changes = 1 + below(&chance, CHANGES_MAX);
    for (uint32_t change = 0; change < changes; change++) {
        change_list(&chance, &list);
    }
    return encode(&list, room, room_bytes);
}

size_t mutator_cross(const uint8_t *first, size_t first_bytes, const uint8_t *second,
                     size_t second_bytes, uint8_t *room, size_t room_bytes, uint32_t seed)
{
    struct cause causes[MUTATOR_CAUSES_MAX], others[MUTATOR_CAUSES_MAX];
    struct cause_list list, other;
    struct chance chance = begin(seed);
    cause_decode(first, first_bytes, causes, MUTATOR_CAUSES_MAX, &list);
    cause_decode(second, second_bytes, others, MUTATOR_CAUSES_MAX, &other);
    /* The beginning of one, and of the other everything from somewhere on: what led into a state
     * stays whole. */
    const size_t kept = below(&chance, (uint32_t)list.count + 1);
    const size_t from = below(&chance, (uint32_t)other.count + 1);
    list.count = kept;
    for (size_t at = from; at < other.count && list.count < MUTATOR_CAUSES_MAX; at++) {
        causes[list.count++] = others[at];
    }
    list.items = causes;
    list.capacity = MUTATOR_CAUSES_MAX;
    return encode(&list, room, room_bytes);
}
