/* Octets to causes and back: the head, the opcodes, and what surrounds a record. */
#include "causes/encoding.h"

#include <assert.h>
#include <string.h>

#include "causes/records.h"

/* An opcode's lowest bit is the host; the other seven choose the form. The share of a form is how often
 * chance draws it; its first opcode is the canonical one. */
static const struct {
    uint8_t share, bytes, kind;
} forms[RECORD_FORM_COUNT] = {
    [RECORD_PACKET_SHORT] = {50, 8, CAUSE_PACKET},
    [RECORD_CALL] = {30, 8, CAUSE_CALL},
    [RECORD_WAIT] = {20, 8, CAUSE_WAIT},
    [RECORD_PACKET] = {6, 24, CAUSE_PACKET},
    [RECORD_PACKET_TIMED] = {3, 32, CAUSE_PACKET},
    [RECORD_PACKET_FULL] = {1, 80, CAUSE_PACKET},
    [RECORD_CALL_WIDE] = {2, 16, CAUSE_CALL},
    [RECORD_WAIT_WIDE] = {1, 16, CAUSE_WAIT},
    [RECORD_ICMP] = {4, 16, CAUSE_ICMP},
    [RECORD_SET] = {4, 16, CAUSE_SET},
    [RECORD_EDIT] = {5, 8, CAUSE_EDIT},
    [RECORD_EDIT_WIDE] = {2, 24, CAUSE_EDIT},
};
static_assert(50 + 30 + 20 + 6 + 3 + 1 + 2 + 1 + 4 + 4 + 5 + 2 == 128, "the shares are everything");

static enum record_form form_of(uint8_t opcode)
{
    uint8_t rest = opcode >> 1;
    uint8_t form = 0;
    while (rest >= forms[form].share) {
        rest = (uint8_t)(rest - forms[form].share);
        form++;
    }
    return (enum record_form)form;
}

static uint8_t opcode_of(enum record_form form, uint8_t host)
{
    uint8_t first = 0;
    for (uint8_t i = 0; i < (uint8_t)form; i++) {
        first = (uint8_t)(first + forms[i].share);
    }
    return (uint8_t)(first << 1 | host);
}

/* ---- reading ----------------------------------------------------------------------------------- */

/* Octet 0 is the version, which says nothing yet: there is one. */
static void read_head(const uint8_t head[CAUSE_HEAD_BYTES], struct cause_start *out)
{
    *out = (struct cause_start){.hosts = (head[1] & 1) != 0 ? 2 : 1,
                                .ip_version = (head[1] & 2) != 0 ? 6 : 4};
    if (out->hosts == 2) {
        out->delay_us = load_32(head + 4) & CAUSE_DELAY_US_MAX;
    } else {
        out->prologue = head[2] % CAUSE_PROLOGUE_COUNT;
    }
}

static void read_record(const uint8_t *at, enum record_form form, struct cause *out)
{
    switch ((enum cause_kind)out->kind) {
    case CAUSE_WAIT:
        record_read_wait(at, form, &out->as.wait);
        return;
    case CAUSE_PACKET:
        record_read_packet(at, form, &out->as.packet);
        return;
    case CAUSE_ICMP:
        record_read_icmp(at, &out->as.icmp);
        return;
    case CAUSE_CALL:
        record_read_call(at, form, &out->as.call);
        return;
    case CAUSE_SET:
        record_read_set(at, &out->as.set);
        return;
    case CAUSE_EDIT:
        record_read_edit(at, form, &out->as.edit);
        return;
    }
}

static void read_cause(const uint8_t *at, enum record_form form, const struct cause_start *start,
                       struct cause *out)
{
    memset(out, 0, sizeof *out);
    out->kind = forms[form].kind;
    out->host = start->hosts == 2 ? at[0] & 1 : CAUSE_HOST_A;
    read_record(at, form, out);
    if (form != RECORD_PACKET_SHORT) { /* which has nothing to say that is not normal */
        cause_normalise(out, start);
    }
}

/* A packet that was joined to what turned out to be none, or another host's, stands alone. */
static void part(struct cause *before, const struct cause *next)
{
    if (before->kind == CAUSE_PACKET &&
        (next == NULL || next->kind != CAUSE_PACKET || next->host != before->host)) {
        before->as.packet.is_joined = 0;
    }
}

void cause_decode(const uint8_t *bytes, size_t count, struct cause *room, size_t room_count,
                  struct cause_list *out)
{
    uint8_t cut[CAUSE_RECORD_BYTES_MAX] = {0};
    const size_t head = count < CAUSE_HEAD_BYTES ? count : CAUSE_HEAD_BYTES;
    if (head > 0) {
        memcpy(cut, bytes, head);
    }
    *out = (struct cause_list){.items = room, .capacity = room_count};
    read_head(cut, &out->start);
    for (size_t at = head; at < count && out->count < room_count;) {
        const enum record_form form = form_of(bytes[at]);
        const size_t left = count - at;
        const uint8_t *record = bytes + at;
        if (left < forms[form].bytes) {
            memset(cut, 0, sizeof cut);
            memcpy(cut, record, left);
            record = cut;
        }
        at += forms[form].bytes;
        if (forms[form].kind == CAUSE_EDIT && out->start.hosts == 1) {
            continue;
        }
        read_cause(record, form, &out->start, &room[out->count]);
        if (out->count > 0) {
            part(&room[out->count - 1], &room[out->count]);
        }
        out->count++;
    }
    if (out->count > 0) {
        part(&room[out->count - 1], NULL);
    }
}

/* ---- writing ----------------------------------------------------------------------------------- */

static void write_head(const struct cause_start *start, uint8_t head[CAUSE_HEAD_BYTES])
{
    memset(head, 0, CAUSE_HEAD_BYTES);
    head[0] = CAUSE_ENCODING_VERSION;
    head[1] = (uint8_t)((start->hosts == 2 ? 1 : 0) | (start->ip_version == 6 ? 2 : 0));
    if (start->hosts == 2) {
        store_32(head + 4, start->delay_us & CAUSE_DELAY_US_MAX);
    } else {
        head[2] = start->prologue % CAUSE_PROLOGUE_COUNT;
    }
}

/* Writes a normal cause; returns its length. */
static size_t write_record(const struct cause *cause, uint8_t at[CAUSE_RECORD_BYTES_MAX])
{
    enum record_form form = RECORD_WAIT;
    memset(at, 0, CAUSE_RECORD_BYTES_MAX);
    switch ((enum cause_kind)cause->kind) {
    case CAUSE_WAIT:
        form = record_write_wait(&cause->as.wait, at);
        break;
    case CAUSE_PACKET:
        form = record_write_packet(&cause->as.packet, at);
        break;
    case CAUSE_ICMP:
        form = record_write_icmp(&cause->as.icmp, at);
        break;
    case CAUSE_CALL:
        form = record_write_call(&cause->as.call, at);
        break;
    case CAUSE_SET:
        form = record_write_set(&cause->as.set, at);
        break;
    case CAUSE_EDIT:
        form = record_write_edit(&cause->as.edit, at);
        break;
    }
    at[0] = opcode_of(form, cause->host);
    return forms[form].bytes;
}

static void put(struct tcp_room room, size_t at, const uint8_t *bytes, size_t count)
{
    if (at + count <= room.count) {
        memcpy(room.bytes + at, bytes, count);
    }
}

/* The next cause that is written at all, normal; false: none. */
static bool next_cause(const struct cause_list *list, size_t *at, struct cause *out)
{
    while (*at < list->count) {
        *out = list->items[(*at)++];
        cause_normalise(out, &list->start);
        if (out->kind != CAUSE_EDIT || list->start.hosts == 2) {
            return true;
        }
    }
    return false;
}

size_t cause_encode(const struct cause_list *list, struct tcp_room room)
{
    uint8_t record[CAUSE_RECORD_BYTES_MAX];
    struct cause cause, next;
    size_t at = 0, bytes = CAUSE_HEAD_BYTES;
    write_head(&list->start, record);
    put(room, 0, record, CAUSE_HEAD_BYTES);
    bool has_cause = next_cause(list, &at, &cause);
    while (has_cause) {
        const bool has_next = next_cause(list, &at, &next);
        part(&cause, has_next ? &next : NULL);
        const size_t length = write_record(&cause, record);
        put(room, bytes, record, length);
        bytes += length;
        cause = next;
        has_cause = has_next;
    }
    return bytes;
}

/* ---- comparing --------------------------------------------------------------------------------- */

bool cause_same(const struct cause *a, const struct cause *b)
{
    static const struct cause_start any = {.hosts = 2};
    uint8_t record_a[CAUSE_RECORD_BYTES_MAX], record_b[CAUSE_RECORD_BYTES_MAX];
    struct cause normal_a = *a, normal_b = *b;
    cause_normalise(&normal_a, &any);
    cause_normalise(&normal_b, &any);
    (void)write_record(&normal_a, record_a);
    (void)write_record(&normal_b, record_b);
    return memcmp(record_a, record_b, sizeof record_a) == 0;
}

bool cause_list_same(const struct cause_list *a, const struct cause_list *b)
{
    uint8_t head_a[CAUSE_HEAD_BYTES], head_b[CAUSE_HEAD_BYTES];
    write_head(&a->start, head_a);
    write_head(&b->start, head_b);
    if (a->count != b->count || memcmp(head_a, head_b, sizeof head_a) != 0) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!cause_same(&a->items[i], &b->items[i])) {
            return false;
        }
    }
    return true;
}
