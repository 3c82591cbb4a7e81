/* The octets of one record, shared by the files that read and write it. A form is one way to lay out a
 * kind of cause; the compact form of a kind says its common cases in eight octets. */
#ifndef FINWAIT_CAUSES_RECORDS_H
#define FINWAIT_CAUSES_RECORDS_H

#include "causes/encoding.h"

enum record_form {
    RECORD_PACKET_SHORT,
    RECORD_CALL,
    RECORD_WAIT,
    RECORD_PACKET,
    RECORD_PACKET_TIMED, /* with timestamps */
    RECORD_PACKET_FULL,
    RECORD_CALL_WIDE,
    RECORD_WAIT_WIDE,
    RECORD_ICMP,
    RECORD_SET,
    RECORD_EDIT,
    RECORD_EDIT_WIDE,
};
#define RECORD_FORM_COUNT 12

/* Reading: `at` holds all octets of the record, *out is zeroed but for kind and host. Members may come
 * out beyond their tables, but those of a short packet, which is normal. */
void record_read_packet(const uint8_t *at, enum record_form form, struct cause_packet *out);
void record_read_call(const uint8_t *at, enum record_form form, struct cause_call *out);
void record_read_wait(const uint8_t *at, enum record_form form, struct cause_wait *out);
void record_read_icmp(const uint8_t *at, struct cause_icmp *out);
void record_read_set(const uint8_t *at, struct cause_set *out);
void record_read_edit(const uint8_t *at, enum record_form form, struct cause_edit *out);

/* Writing a normal cause: fills `at`, which is zeroed, but for the opcode, and returns the smallest form
 * that holds it. */
enum record_form record_write_packet(const struct cause_packet *packet, uint8_t *at);
enum record_form record_write_call(const struct cause_call *call, uint8_t *at);
enum record_form record_write_wait(const struct cause_wait *wait, uint8_t *at);
enum record_form record_write_icmp(const struct cause_icmp *icmp, uint8_t *at);
enum record_form record_write_set(const struct cause_set *set, uint8_t *at);
enum record_form record_write_edit(const struct cause_edit *edit, uint8_t *at);

/* What the files of normal.c and record_*.c agree on. */
bool cause_call_carries_data(uint8_t kind);

/* ---- integers, least significant octet first ----------------------------------------------------- */

static inline uint16_t load_16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t load_32(const uint8_t *at)
{
    return (uint32_t)load_16(at) | (uint32_t)load_16(at + 2) << 16;
}

static inline uint64_t load_64(const uint8_t *at)
{
    return (uint64_t)load_32(at) | (uint64_t)load_32(at + 4) << 32;
}

static inline void store_16(uint8_t *at, uint16_t number)
{
    at[0] = (uint8_t)number;
    at[1] = (uint8_t)(number >> 8);
}

static inline void store_32(uint8_t *at, uint32_t number)
{
    store_16(at, (uint16_t)number);
    store_16(at + 2, (uint16_t)(number >> 16));
}

static inline void store_64(uint8_t *at, uint64_t number)
{
    store_32(at, (uint32_t)number);
    store_32(at + 4, (uint32_t)(number >> 32));
}

#endif
