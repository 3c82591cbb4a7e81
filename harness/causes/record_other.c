/* Records of calls, waits, ICMP errors, settings and edits of the network. */
#include <assert.h>

#include "causes/records.h"

#define CALL_NUMBER_BITS 23 /* and a sign */
#define WAIT_BITS        12
#define ASLEEP           15
#define EDIT_STEP_US     100
#define EDIT_COUNT_MAX   8

/* ---- calls ------------------------------------------------------------------------------------- */

void record_read_call(const uint8_t *at, enum record_form form, struct cause_call *out)
{
    out->kind = at[1];
    out->name = at[2] & 7;
    out->result = at[2] >> 3 & 7;
    out->pair = at[3] & 7;
    out->option = at[3] >> 3;
    out->flags = at[4];
    if (form == RECORD_CALL_WIDE) {
        out->number = (int64_t)load_64(at + 8);
    } else if (cause_call_carries_data(at[1] % CAUSE_CALL_COUNT)) {
        out->number = load_16(at + 5);
    } else {
        const int32_t number = (int32_t)(load_16(at + 5) | (uint32_t)at[7] << 16);
        out->number = (number ^ 1 << CALL_NUMBER_BITS) - (1 << CALL_NUMBER_BITS);
    }
}

static bool write_short_call_number(const struct cause_call *call, uint8_t *at)
{
    store_16(at + 5, (uint16_t)call->number);
    if (cause_call_carries_data(call->kind)) {
        return call->number <= UINT16_MAX;
    }
    at[7] = (uint8_t)(call->number >> 16);
    return call->number >= -(1 << CALL_NUMBER_BITS) && call->number < 1 << CALL_NUMBER_BITS;
}

enum record_form record_write_call(const struct cause_call *call, uint8_t *at)
{
    at[1] = call->kind;
    at[2] = (uint8_t)(call->name | call->result << 3);
    at[3] = (uint8_t)(call->pair | call->option << 3);
    at[4] = (uint8_t)call->flags;
    if (write_short_call_number(call, at)) {
        return RECORD_CALL;
    }
    at[5] = at[6] = at[7] = 0;
    store_64(at + 8, (uint64_t)call->number);
    return RECORD_CALL_WIDE;
}

/* ---- waits ------------------------------------------------------------------------------------- */

static const int32_t wait_units[8] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000};

/* The high half of the octet is 15 where the host sleeps; else it says nothing. */
static uint8_t wait_kind(uint8_t octet)
{
    return octet >> 4 == ASLEEP ? CAUSE_WAIT_ASLEEP : octet & 1;
}

static uint8_t wait_octet(uint8_t kind)
{
    return kind == CAUSE_WAIT_ASLEEP ? ASLEEP << 4 : kind;
}

void record_read_wait(const uint8_t *at, enum record_form form, struct cause_wait *out)
{
    out->kind = wait_kind(at[1]);
    if (form == RECORD_WAIT_WIDE) {
        out->us = (int64_t)load_64(at + 8);
        return;
    }
    int64_t count = load_16(at + 2) & ((1 << WAIT_BITS) - 1);
    if (out->kind == CAUSE_WAIT_DEADLINE && count >= 1 << (WAIT_BITS - 1)) {
        count -= 1 << WAIT_BITS;
    }
    out->us = count * wait_units[at[1] >> 1 & 7];
}

/* The finest unit in which the wait is a count of so many bits. */
static bool write_short_wait(const struct cause_wait *wait, uint8_t *at)
{
    const bool has_sign = wait->kind == CAUSE_WAIT_DEADLINE;
    const int64_t most = has_sign ? (1 << (WAIT_BITS - 1)) - 1 : (1 << WAIT_BITS) - 1;
    const int64_t least = has_sign ? -(1 << (WAIT_BITS - 1)) : 0;
    for (uint8_t unit = 0; unit < 8; unit++) {
        const int64_t count = wait->us / wait_units[unit];
        if (wait->us % wait_units[unit] == 0 && count >= least && count <= most) {
            at[1] = (uint8_t)(wait_octet(wait->kind) | unit << 1);
            store_16(at + 2, (uint16_t)((uint64_t)count & ((1 << WAIT_BITS) - 1)));
            return true;
        }
    }
    return false;
}

enum record_form record_write_wait(const struct cause_wait *wait, uint8_t *at)
{
    if (write_short_wait(wait, at)) {
        return RECORD_WAIT;
    }
    at[1] = wait_octet(wait->kind);
    store_64(at + 8, (uint64_t)wait->us);
    return RECORD_WAIT_WIDE;
}

/* ---- ICMP errors ------------------------------------------------------------------------------- */

/* The high half of octet 8 keeps only so many low bits of the offset, with their sign (0: all), so that
 * chance quotes what was sent; the canonical form has 0 there. */
static int32_t quoted_offset(const uint8_t *at)
{
    const uint32_t bits = at[8] >> 4;
    const uint32_t offset = load_32(at + 12);
    if (bits == 0) {
        return (int32_t)offset;
    }
    const int32_t sign = INT32_C(1) << (bits - 1);
    return (int32_t)((offset & ((UINT32_C(1) << bits) - 1)) ^ (uint32_t)sign) - sign;
}

void record_read_icmp(const uint8_t *at, struct cause_icmp *out)
{
    out->about.index = at[1] & 7;
    out->about.kind = at[1] >> 3 & 3;
    out->type = at[2];
    out->code = at[3];
    out->mtu = load_16(at + 4);
    out->quoted_bytes = load_16(at + 6);
    out->quoted_seq.base = at[8] & 15;
    out->quoted_seq.offset = quoted_offset(at);
}

enum record_form record_write_icmp(const struct cause_icmp *icmp, uint8_t *at)
{
    at[1] = (uint8_t)(icmp->about.index | icmp->about.kind << 3);
    at[2] = icmp->type;
    at[3] = icmp->code;
    store_16(at + 4, icmp->mtu);
    store_16(at + 6, icmp->quoted_bytes);
    at[8] = icmp->quoted_seq.base;
    store_32(at + 12, (uint32_t)icmp->quoted_seq.offset);
    return RECORD_ICMP;
}

/* ---- settings ---------------------------------------------------------------------------------- */

/* Octet 2 keeps only so many of the value's low bits (0: all), so that chance draws small values too;
 * the canonical form has 0 there. */
void record_read_set(const uint8_t *at, struct cause_set *out)
{
    const uint8_t bits = at[2] & 63;
    const uint64_t kept = bits == 0 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
    out->field = at[1];
    out->value = load_64(at + 8) & kept;
}

enum record_form record_write_set(const struct cause_set *set, uint8_t *at)
{
    at[1] = set->field;
    store_64(at + 8, set->value);
    return RECORD_SET;
}

/* ---- edits ------------------------------------------------------------------------------------- */

void record_read_edit(const uint8_t *at, enum record_form form, struct cause_edit *out)
{
    if (form == RECORD_EDIT) {
        out->kind = at[1] >> 3;
        out->count = (at[1] & 7u) + 1;
        out->packet = at[2];
        out->value = at[3];
        out->place = load_16(at + 4);
        out->us = (uint64_t)load_16(at + 6) * EDIT_STEP_US;
        return;
    }
    out->kind = at[1];
    out->value = at[2];
    out->place = load_16(at + 4);
    out->packet = load_32(at + 8);
    out->count = load_32(at + 12);
    out->us = load_64(at + 16);
}

enum record_form record_write_edit(const struct cause_edit *edit, uint8_t *at)
{
    if (edit->count <= EDIT_COUNT_MAX && edit->packet <= UINT8_MAX &&
        edit->us % EDIT_STEP_US == 0 && edit->us / EDIT_STEP_US <= UINT16_MAX) {
        at[1] = (uint8_t)((uint32_t)edit->kind << 3 | (edit->count - 1));
        at[2] = (uint8_t)edit->packet;
        at[3] = edit->value;
        store_16(at + 4, edit->place);
        store_16(at + 6, (uint16_t)(edit->us / EDIT_STEP_US));
        return RECORD_EDIT;
    }
    at[1] = edit->kind;
    at[2] = edit->value;
    store_16(at + 4, edit->place);
    store_32(at + 8, edit->packet);
    store_32(at + 12, edit->count);
    store_64(at + 16, edit->us);
    return RECORD_EDIT_WIDE;
}
