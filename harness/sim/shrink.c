#include "sim/shrink.h"

#include <string.h>

#include "causes/encoding.h"

/* One shrinking: the best list so far, and the one that is tried. */
struct work {
    struct shrink *shrink;
    struct cause_list *best;
    struct cause_list trial;
};

static bool try(struct work *work)
{
    if (work->shrink->tries >= work->shrink->tries_max) {
        return false;
    }
    work->shrink->tries++;
    if (!work->shrink->holds(work->shrink->context, &work->trial)) {
        return false;
    }
    memcpy(work->best->items, work->trial.items, work->trial.count * sizeof(struct cause));
    work->best->count = work->trial.count;
    work->best->start = work->trial.start;
    return true;
}

static void copy_best(struct work *work)
{
    work->trial.start = work->best->start;
    work->trial.count = work->best->count;
    memcpy(work->trial.items, work->best->items, work->best->count * sizeof(struct cause));
}

/* ---- fewer causes ---------------------------------------------------------------------------------- */

static bool leave_out(struct work *work, size_t from, size_t count)
{
    const size_t rest = work->best->count - from - count;
    work->trial.start = work->best->start;
    memcpy(work->trial.items, work->best->items, from * sizeof(struct cause));
    memcpy(work->trial.items + from, work->best->items + from + count, rest * sizeof(struct cause));
    work->trial.count = from + rest;
    return try(work);
}

/* Stretches of one size, from the end: what comes late is rarely what others need. */
static bool leave_out_stretches(struct work *work, size_t size)
{
    bool has_shrunk = false;
    for (size_t end = work->best->count; end > 0;) {
        const size_t from = end > size ? end - size : 0;
        has_shrunk = leave_out(work, from, end - from) || has_shrunk;
        end = from;
        end = end < work->best->count ? end : work->best->count;
    }
    return has_shrunk;
}

static void leave_out_causes(struct work *work)
{
    for (size_t size = work->best->count / 2; size > 1; size /= 2) {
        (void)leave_out_stretches(work, size);
    }
    while (leave_out_stretches(work, 1)) {
    }
}

/* ---- smaller members ------------------------------------------------------------------------------- */

/* Every member of a cause that holds a number, as octets in place: 0 first, then half. */
struct member {
    size_t offset;
    uint8_t bytes;
    bool is_signed;
};

#define MEMBER(path, is_signed)                                                                    \
    {                                                                                              \
        offsetof(struct cause, path), sizeof(((struct cause *)0)->path), is_signed                 \
    }

static const struct member wait_members[] = {MEMBER(as.wait.us, true), MEMBER(as.wait.kind, false)};
static const struct member packet_members[] = {
    MEMBER(as.packet.payload_bytes, false), MEMBER(as.packet.options, false),
    MEMBER(as.packet.damage, false),        MEMBER(as.packet.damage_value, false),
    MEMBER(as.packet.is_joined, false),     MEMBER(as.packet.traffic_class, false),
    MEMBER(as.packet.urgent, false),        MEMBER(as.packet.window, false),
    MEMBER(as.packet.seq.offset, true),     MEMBER(as.packet.ack.offset, true),
    MEMBER(as.packet.mss, false),           MEMBER(as.packet.raw_count, false),
    MEMBER(as.packet.sack_count, false),    MEMBER(as.packet.flags, false),
};
static const struct member icmp_members[] = {
    MEMBER(as.icmp.mtu, false),
    MEMBER(as.icmp.quoted_bytes, false),
    MEMBER(as.icmp.quoted_seq.offset, true),
};
static const struct member call_members[] = {
    MEMBER(as.call.number, true),
    MEMBER(as.call.flags, false),
};
static const struct member set_members[] = {MEMBER(as.set.value, false)};
static const struct member edit_members[] = {
    MEMBER(as.edit.count, false),
    MEMBER(as.edit.us, false),
    MEMBER(as.edit.packet, false),
    MEMBER(as.edit.place, false),
};

#define MEMBERS(list) list, sizeof list / sizeof *list

static const struct {
    const struct member *members;
    size_t count;
} kinds[CAUSE_KIND_COUNT] = {
    [CAUSE_WAIT] = {MEMBERS(wait_members)}, [CAUSE_PACKET] = {MEMBERS(packet_members)},
    [CAUSE_ICMP] = {MEMBERS(icmp_members)}, [CAUSE_CALL] = {MEMBERS(call_members)},
    [CAUSE_SET] = {MEMBERS(set_members)},   [CAUSE_EDIT] = {MEMBERS(edit_members)},
};

static int64_t read_member(const struct cause *cause, const struct member *member)
{
    const uint8_t *const at = (const uint8_t *)cause + member->offset;
    int64_t wide;
    int32_t word;
    uint32_t unsigned_word;
    uint16_t half;
    switch (member->bytes) {
    case 1:
        return *at;
    case 2:
        memcpy(&half, at, sizeof half);
        return half;
    case 4:
        memcpy(&word, at, sizeof word);
        memcpy(&unsigned_word, at, sizeof unsigned_word);
        return member->is_signed ? word : (int64_t)unsigned_word;
    default:
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
}

static void write_member(struct cause *cause, const struct member *member, int64_t value)
{
    uint8_t *const at = (uint8_t *)cause + member->offset;
    const uint16_t half = (uint16_t)value;
    const uint32_t word = (uint32_t)value;
    switch (member->bytes) {
    case 1:
        *at = (uint8_t)value;
        break;
    case 2:
        memcpy(at, &half, sizeof half);
        break;
    case 4:
        memcpy(at, &word, sizeof word);
        break;
    default:
        memcpy(at, &value, sizeof value);
        break;
    }
}

static bool try_value(struct work *work, size_t index, const struct member *member, int64_t value)
{
    if (read_member(&work->best->items[index], member) == value) {
        return false;
    }
    copy_best(work);
    write_member(&work->trial.items[index], member, value);
    cause_normalise(&work->trial.items[index], &work->trial.start);
    return !cause_same(&work->trial.items[index], &work->best->items[index]) && try(work);
}

/* 0, else a power of ten that will do, else halves. */
static void shrink_member(struct work *work, size_t index, const struct member *member)
{
    const int64_t value = read_member(&work->best->items[index], member);
    if (value == 0 || try_value(work, index, member, 0)) {
        return;
    }
    for (int64_t round = 1; round < INT64_C(1000000000000) && round < value; round *= 10) {
        if (try_value(work, index, member, round)) {
            return;
        }
    }
    for (int64_t half = value / 2; half != 0 && try_value(work, index, member, half);
         half = read_member(&work->best->items[index], member) / 2) {
    }
}

static void shrink_members(struct work *work)
{
    for (size_t index = 0; index < work->best->count; index++) {
        const uint8_t kind = work->best->items[index].kind % CAUSE_KIND_COUNT;
        for (size_t i = 0; i < kinds[kind].count; i++) {
            shrink_member(work, index, &kinds[kind].members[i]);
        }
    }
}

/* A round number for the network's delay, IPv4. */
static void shrink_start(struct work *work)
{
    copy_best(work);
    work->trial.start.ip_version = 4;
    (void)try(work);
    if (work->best->start.hosts == 2 && work->best->start.delay_us != 10000) {
        copy_best(work);
        work->trial.start.delay_us = 10000;
        (void)try(work);
    }
}

void shrink_causes(struct shrink *shrink, struct cause_list *list, struct cause *room)
{
    struct work work = {
        .shrink = shrink, .best = list, .trial = {.items = room, .capacity = list->count}};
    shrink->tries = 0;
    for (size_t before = list->count + 1;
         list->count < before && shrink->tries < shrink->tries_max;) {
        before = list->count;
        leave_out_causes(&work);
        shrink_start(&work);
        shrink_members(&work);
    }
}
