#include "new_causes.h"

#include "causes/encoding.h"
#include "new_numbers.h"
#include "new_packets.h"
#include "tcp/config.h"
#include "tcp/icmp.h"

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

/* What a call opens, as the calls behind it name it. */
static bool opens(const struct cause *cause, uint8_t *name)
{
    const struct cause_call *const call = &cause->as.call;
    if (cause->kind != CAUSE_CALL) {
        return false;
    }
    switch ((enum cause_call_kind)call->kind) {
    case CAUSE_CALL_OPEN_ACTIVE:
    case CAUSE_CALL_OPEN_PASSIVE:
        *name = call->name;
        return true;
    case CAUSE_CALL_ACCEPT_CHILD:
    case CAUSE_CALL_SOCKET:
    case CAUSE_CALL_ACCEPT:
        *name = call->result;
        return true;
    case CAUSE_CALL_SEND:
    case CAUSE_CALL_RECEIVE:
    case CAUSE_CALL_CLOSE:
    case CAUSE_CALL_ABORT:
    case CAUSE_CALL_RELEASE:
    case CAUSE_CALL_BIND:
    case CAUSE_CALL_LISTEN:
    case CAUSE_CALL_CONNECT:
    case CAUSE_CALL_READ:
    case CAUSE_CALL_WRITE:
    case CAUSE_CALL_SHUTDOWN:
    case CAUSE_CALL_CLOSE_SOCKET:
    case CAUSE_CALL_SET_OPTION:
        return false;
    }
    return false;
}

/* Lets the call be one on what a call before it opens, by a name or a descriptor; on that call's host. From
 * where chance looks, back to the beginning, nothing may be opened: then it stays what it is. */
static void call_on_opened(struct chance *chance, const struct cause_list *list, size_t at,
                           struct cause *out)
{
    static const uint8_t on_names[] = {
        CAUSE_CALL_ACCEPT_CHILD, CAUSE_CALL_SEND,    CAUSE_CALL_RECEIVE,    CAUSE_CALL_CLOSE,
        CAUSE_CALL_ABORT,        CAUSE_CALL_RELEASE, CAUSE_CALL_OPEN_ACTIVE};
    struct cause_call *const call = &out->as.call;
    size_t from = at == 0 ? 0 : 1 + chance_below(chance, (uint32_t)at);
    while (from > 0 && !opens(&list->items[from - 1], &call->name)) {
        from--;
    }
    if (from == 0) {
        return;
    }
    const struct cause *const opener = &list->items[from - 1];
    out->host = opener->host;
    if (opener->as.call.kind < CAUSE_CALL_SOCKET) {
        call->kind = on_names[chance_below(chance, sizeof on_names)];
        call->pair = opener->as.call.pair; /* a listener's ports, or a connection's once more */
    } else {
        call->kind =
            (uint8_t)(CAUSE_CALL_BIND + chance_below(chance, CAUSE_CALL_COUNT - CAUSE_CALL_BIND));
    }
}

static void make_call(struct chance *chance, const struct cause_list *list, size_t at,
                      struct cause *out)
{
    struct cause_call *const call = &out->as.call;
    call->kind = (uint8_t)chance_below(chance, CAUSE_CALL_COUNT);
    call->name = (uint8_t)chance_below(chance, 3);
    call->result = (uint8_t)chance_below(chance, 3);
    call->pair = any_pair(chance);
    call->number = any_size(chance);
    if (chance_below(chance, 2) == 0) {
        call_on_opened(chance, list, at, out);
    }
    if (call->kind == CAUSE_CALL_SET_OPTION) {
        call->option = (uint8_t)chance_draw(chance);
    }
    if (chance_below(chance, 8) == 0) {
        call->flags = chance_draw(chance) & UINT8_MAX;
    }
}

static void change_call(struct chance *chance, struct cause_call *call)
{
    switch (chance_below(chance, 5)) {
    case 0:
        call->name = (uint8_t)chance_below(chance, CAUSE_NAMES);
        break;
    case 1:
        call->pair = any_pair(chance);
        call->flags = chance_draw(chance) & UINT8_MAX;
        break;
    case 2:
        call->result = (uint8_t)chance_below(chance, CAUSE_NAMES);
        call->option = (uint8_t)chance_draw(chance);
        call->number = any_size(chance);
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
        out->value = (uint64_t)chance_draw(chance) << 32;
        out->value |= chance_draw(chance);
        out->value >>= chance_below(chance, 64);
    }
}

static void make_edit(struct chance *chance, struct cause_edit *out)
{
    out->kind = (uint8_t)chance_below(chance, CAUSE_EDIT_COUNT);
    out->packet = chance_below(chance, 12);
    out->count = 1 + chance_below(chance, 3);
    out->us = UINT64_C(1) << chance_below(chance, 28);
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

struct cause new_pause(struct chance *chance)
{
    const int64_t us = INT64_C(1) << (10 + chance_below(chance, 12));
    return (struct cause){.kind = CAUSE_WAIT, .as.wait = {.kind = CAUSE_WAIT_FOR, .us = us}};
}

struct cause new_cause(struct chance *chance, const struct cause_list *list, size_t at)
{
    const struct cause_start *const start = &list->start;
    struct cause cause = {.kind = (uint8_t)any_kind(chance, start)};
    cause.host = (uint8_t)chance_below(chance, start->hosts);
    switch ((enum cause_kind)cause.kind) {
    case CAUSE_PACKET:
        make_packet(chance, &cause.as.packet);
        break;
    case CAUSE_ICMP:
        make_icmp(chance, &cause.as.icmp);
        break;
    case CAUSE_CALL:
        make_call(chance, list, at, &cause);
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
