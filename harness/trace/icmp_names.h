/* ICMP's kinds by name, so that one script serves both IP versions where the kinds correspond. */
#ifndef FINWAIT_TRACE_ICMP_NAMES_H
#define FINWAIT_TRACE_ICMP_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ICMP_NONE (-1) /* this IP version has no such kind */

struct icmp_kind {
    const char *type; /* "unreachable" */
    const char *code; /* "frag_needed"; NULL: a type that needs none */
    int16_t type4, code4;
    int16_t type6, code6;
};

/* All kinds, in the order of their numbers over IPv4. */
const struct icmp_kind *icmp_kinds(size_t *count);

/* The kind of these names (`code` may be NULL), or NULL. */
const struct icmp_kind *icmp_kind_named(const char *type, const char *code);

/* The first kind with these numbers, or NULL. */
const struct icmp_kind *icmp_kind_numbered(uint8_t ip_version, uint8_t type, uint8_t code);

#endif
