#include "new_causes.h"

#include "causes/encoding.h"
#include "tcp/config.h"
#include "tcp/icmp.h"

/* Near an edge: there the faults are. */
static int32_t near_nothing(struct chance *chance)
{
    const uint32_t kind = chance_below(chance, 8);
    return kind < 5   ? 0
           : kind < 7 ? (int32_t)chance_below(chance, 9) - 4
                      : (int32_t)(chance_draw(chance) >> chance_below(chance, 32));
}

static struct cause_number any_number(struct chance *chance, enum scenario_base usual)
{
    const bool is_usual = chance_below(chance, 4) != 0;
    return (struct cause_number){
        .base = (uint8_t)(is_usual ? (uint32_t)usual
                                   : 1 + chance_below(chance, SCENARIO_BASE_RCV_EDGE)),
        .offset = near_nothing(chance),
    };
}

static uint16_t any_size(struct chance *chance)
{
    return (uint16_t)(chance_draw(chance) >> (16 + chance_below(chance, 16)));
}

/* One of the four-tuples, most often the first. */
static uint8_t any_pair(struct chance *chance)
{
    return (uint8_t)(chance_below(chance, 4) != 0 ? 0 : chance_below(chance, CAUSE_PAIRS));
}

static struct cause_target any_target(struct chance *chance)
{
    struct cause_target target = {.kind = CAUSE_PAIR, .index = any_pair(chance)};
    if (chance_below(chance, 4) == 0) {
        target.kind = (uint8_t)chance_below(chance, CAUSE_TARGET_COUNT);
        target.index = (uint8_t)chance_below(chance, 3);
    }
    return target;
}

/* ---- packets ------------------------------------------------------------------------------------- */

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
    const uint32_t kind = chance_below(chance, 12);
    return kind < sizeof usual / sizeof *usual ? usual[kind]
                                               : (uint16_t)(chance_draw(chance) & 0x1ff);
}

static void add_syn_options(struct chance *chance, struct cause_packet *out)
{
    out->options = CAUSE_OPTION_MSS;
    out->mss = chance_below(chance, 4) != 0 ? 1460 : any_size(chance);
    if (chance_below(chance, 3) == 0) {
        out->options |= (uint8_t)(chance_draw(chance) &
                                  (CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK_PERMITTED |
                                   CAUSE_OPTION_TIMESTAMPS));
        out->window_scale = (uint8_t)chance_below(chance, 16);
        out->timestamp_value = chance_draw(chance) >> chance_below(chance, 32);
    }
}

static void add_sack_blocks(struct chance *chance, struct cause_packet *out)
{
    out->options |= CAUSE_OPTION_SACK;
    out->sack_count = (uint8_t)(1 + chance_below(chance, cause_sack_most(out->options)));
    for (uint8_t block = 0; block < out->sack_count; block++) {
        out->sack[block].left = any_number(chance, SCENARIO_BASE_SND_UNA);
        out->sack[block].right = any_number(chance, SCENARIO_BASE_SND_NXT);
    }
}

/* What few packets have: SACK blocks, timestamps, octets of other options, a congestion mark, damage. */
static void add_rarity(struct chance *chance, struct cause_packet *out)
{
    switch (chance_below(chance, 5)) {
    case 0:
        add_sack_blocks(chance, out);
        break;
    case 1:
        out->options |= CAUSE_OPTION_TIMESTAMPS;
        out->timestamp_value = chance_draw(chance) >> chance_below(chance, 32);
        out->timestamp_echo = chance_draw(chance) >> chance_below(chance, 32);
        break;
    case 2:
        out->options |= CAUSE_OPTION_RAW;
        out->raw_count = (uint8_t)(1 + chance_below(chance, CAUSE_RAW_BYTES_MAX));
        for (uint8_t place = 0; place < out->raw_count; place++) {
            out->raw_bytes[place] = (uint8_t)chance_below(chance, 16);
        }
        break;
    case 3:
        out->traffic_class = (uint8_t)chance_draw(chance);
        break;
    default:
        out->damage = (uint8_t)chance_below(chance, CAUSE_DAMAGE_COUNT);
        out->damage_value = (uint8_t)chance_draw(chance);
    }
}

static void make_packet(struct chance *chance, struct cause_packet *out)
{
    out->flags = any_flags(chance);
    const bool is_syn = (out->flags & TCP_FLAG_SYN) != 0;
    out->seq = any_number(chance, is_syn ? SCENARIO_BASE_ABSOLUTE : SCENARIO_BASE_RCV_NXT);
    out->ack = any_number(chance, SCENARIO_BASE_SND_NXT);
    out->window = chance_below(chance, 3) != 0 ? UINT16_MAX : any_size(chance);
    out->ttl = CAUSE_TTL_USUAL;
    if (chance_below(chance, 2) != 0) {
        out->has_text = 1;
        out->payload_bytes = any_size(chance);
    }
    if (is_syn) {
        add_syn_options(chance, out);
    }
    if (chance_below(chance, 10) == 0) {
        add_rarity(chance, out);
    }
    out->from = any_target(chance);
}

/* One number, flag or size. */
static void change_packet(struct chance *chance, struct cause_packet *packet)
{
    switch (chance_below(chance, 9)) {
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
    case 6:
        add_rarity(chance, packet);
        break;
    case 7:
        packet->from = any_target(chance);
        break;
    default:
        packet->seq.offset += (int32_t)chance_below(chance, 5) - 2;
        packet->urgent = any_size(chance);
    }
}

/* ---- ICMP errors --------------------------------------------------------------------------------- */

/* A code of a destination that cannot be reached, and an MTU where it is that; or another type. Half of
 * all quote what is outstanding. */
static void make_icmp(struct chance *chance, struct cause_icmp *out)
{
    static const uint16_t mtus[] = {0, 68, 296, 576, 1006, 1280, 1400, 1492, 65535};
    out->about = any_target(chance);
    out->type = TCP_ICMP4_UNREACHABLE;
    const uint32_t kind = chance_below(chance, 8);
    if (kind == 0) {
        out->type = (uint8_t)chance_draw(chance); /* folded into those that there are */
        out->code = (uint8_t)chance_below(chance, 4);
    } else if (kind < 4) {
        out->code = TCP_ICMP4_FRAGMENTATION_NEEDED;
        out->mtu = chance_below(chance, 4) == 0
                       ? any_size(chance)
                       : mtus[chance_below(chance, sizeof mtus / sizeof *mtus)];
    } else {
        out->code = (uint8_t)chance_below(chance, CAUSE_UNREACHABLE_CODES);
    }
    out->quoted_seq = any_number(chance, SCENARIO_BASE_SND_UNA);
    out->quoted_bytes = chance_below(chance, 2) == 0 ? CAUSE_QUOTED_MIN : any_size(chance);
}

static void change_icmp(struct chance *chance, struct cause_icmp *icmp)
{
    switch (chance_below(chance, 4)) {
    case 0:
        icmp->mtu = any_size(chance);
        break;
    case 1:
        icmp->quoted_seq = any_number(chance, SCENARIO_BASE_SND_UNA);
        break;
    case 2:
        icmp->about = any_target(chance);
        break;
    default:
        make_icmp(chance, icmp);
    }
}

/* ---- the others ---------------------------------------------------------------------------------- */

static void make_call(struct chance *chance, struct cause_call *out)
{
    out->kind = (uint8_t)chance_below(chance, CAUSE_CALL_COUNT);
    out->name = (uint8_t)chance_below(chance, 3);
    out->result = (uint8_t)chance_below(chance, 3);
    out->pair = any_pair(chance);
    out->number = any_size(chance);
    if (out->kind == CAUSE_CALL_SET_OPTION) {
        out->option = (uint8_t)chance_draw(chance);
    }
    if (chance_below(chance, 8) == 0) {
        out->flags = chance_draw(chance) & UINT8_MAX;
    }
}

static void change_call(struct chance *chance, struct cause_call *call)
{
    switch (chance_below(chance, 4)) {
    case 0:
        call->name = (uint8_t)chance_below(chance, CAUSE_NAMES);
        break;
    case 1:
        call->pair = any_pair(chance);
        call->flags = chance_draw(chance) & UINT8_MAX;
        break;
    default:
        call->number = any_size(chance);
    }
}

/* For a while, until shortly before or behind what is due next, or with the host asleep: then up to some
 * days, since its clock jumps. */
static void make_wait(struct chance *chance, struct cause_wait *out)
{
    const uint32_t kind = chance_below(chance, 16);
    if (kind < 8) {
        *out = (struct cause_wait){.kind = CAUSE_WAIT_DEADLINE, .us = near_nothing(chance)};
    } else if (kind < 15) {
        *out = (struct cause_wait){.kind = CAUSE_WAIT_FOR,
                                   .us = INT64_C(1) << chance_below(chance, 29)};
    } else {
        *out = (struct cause_wait){.kind = CAUSE_WAIT_ASLEEP,
                                   .us = INT64_C(1) << chance_below(chance, 39)};
    }
}

/* A switch, or a size of any order. */
static void make_set(struct chance *chance, struct cause_set *out)
{
    size_t fields;
    (void)tcp_config_fields(&fields);
    out->field = (uint8_t)chance_below(chance, (uint32_t)fields);
    out->value = chance_below(chance, 2);
    if (chance_below(chance, 2) != 0) {
        out->value = (((uint64_t)chance_draw(chance) << 32 | chance_draw(chance)) >>
                      chance_below(chance, 64));
    }
}

static void make_edit(struct chance *chance, struct cause_edit *out)
{
    *out = (struct cause_edit){.kind = (uint8_t)chance_below(chance, CAUSE_EDIT_COUNT),
                               .packet = chance_below(chance, 12),
                               .count = 1 + chance_below(chance, 3),
                               .us = UINT64_C(1) << chance_below(chance, 28)};
    if (out->kind == CAUSE_EDIT_MTU) {
        out->value = (uint8_t)(chance_below(chance, 4) == 0); /* a black hole now and then */
        out->place = (uint16_t)(68 + chance_below(chance, 1433));
    } else if (out->kind == CAUSE_EDIT_CORRUPT || out->kind == CAUSE_EDIT_UNREACHABLE) {
        out->value = (uint8_t)chance_draw(chance);
        out->place = any_size(chance);
    }
}

static void change_edit(struct chance *chance, struct cause_edit *edit)
{
    switch (chance_below(chance, 3)) {
    case 0:
        edit->us = UINT64_C(1) << chance_below(chance, 28);
        break;
    case 1:
        edit->count = 1 + chance_below(chance, 3);
        break;
    default:
        edit->packet = chance_below(chance, 20);
    }
}

/* ---- all of them --------------------------------------------------------------------------------- */

/* How many of 32 are of a kind: one host gets packets, two get calls. */
static enum cause_kind any_kind(struct chance *chance, const struct cause_start *start)
{
    static const uint8_t shares[2][CAUSE_KIND_COUNT] = {
        {[CAUSE_PACKET] = 13,
         [CAUSE_CALL] = 8,
         [CAUSE_WAIT] = 8,
         [CAUSE_ICMP] = 2,
         [CAUSE_SET] = 1},
        {[CAUSE_PACKET] = 2,
         [CAUSE_CALL] = 19,
         [CAUSE_WAIT] = 6,
         [CAUSE_ICMP] = 1,
         [CAUSE_SET] = 1,
         [CAUSE_EDIT] = 3},
    };
    const uint8_t *const share = shares[start->hosts == 2];
    uint32_t left = chance_below(chance, 32);
    int kind = 0;
    while (left >= share[kind]) {
        left -= share[kind];
        kind++;
    }
    return (enum cause_kind)kind;
}

struct cause new_cause(struct chance *chance, const struct cause_start *start)
{
    struct cause cause = {.kind = (uint8_t)any_kind(chance, start),
                          .host = (uint8_t)chance_below(chance, start->hosts)};
    switch ((enum cause_kind)cause.kind) {
    case CAUSE_PACKET:
        make_packet(chance, &cause.as.packet);
        break;
    case CAUSE_ICMP:
        make_icmp(chance, &cause.as.icmp);
        break;
    case CAUSE_CALL:
        make_call(chance, &cause.as.call);
        break;
    case CAUSE_WAIT:
        make_wait(chance, &cause.as.wait);
        break;
    case CAUSE_SET:
        make_set(chance, &cause.as.set);
        break;
    case CAUSE_EDIT:
        make_edit(chance, &cause.as.edit);
        break;
    }
    return cause;
}

void change_cause(struct chance *chance, const struct cause_start *start, struct cause *cause)
{
    if (start->hosts == 2 && chance_below(chance, 8) == 0) {
        cause->host ^= 1;
        return;
    }
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_PACKET:
        change_packet(chance, &cause->as.packet);
        break;
    case CAUSE_ICMP:
        change_icmp(chance, &cause->as.icmp);
        break;
    case CAUSE_CALL:
        change_call(chance, &cause->as.call);
        break;
    case CAUSE_WAIT:
        make_wait(chance, &cause->as.wait);
        break;
    case CAUSE_SET:
        make_set(chance, &cause->as.set);
        break;
    case CAUSE_EDIT:
        change_edit(chance, &cause->as.edit);
        break;
    }
}
