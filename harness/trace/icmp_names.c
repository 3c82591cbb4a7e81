/* The numbers are IANA's: RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1, RFC 4443. */
#include "trace/icmp_names.h"

#include <string.h>

static const struct icmp_kind kinds[] = {
    {"echo_reply", NULL, 0, 0, 129, 0},
    {"unreachable", "net_unreachable", 3, 0, 1, 0},
    {"unreachable", "host_unreachable", 3, 1, 1, 3},
    {"unreachable", "protocol_unreachable", 3, 2, ICMP_NONE, ICMP_NONE},
    {"unreachable", "port_unreachable", 3, 3, 1, 4},
    {"unreachable", "frag_needed", 3, 4, 2, 0},
    {"packet_too_big", NULL, 3, 4, 2, 0},
    {"unreachable", "source_route_failed", 3, 5, ICMP_NONE, ICMP_NONE},
    {"unreachable", "net_unknown", 3, 6, ICMP_NONE, ICMP_NONE},
    {"unreachable", "host_unknown", 3, 7, ICMP_NONE, ICMP_NONE},
    {"unreachable", "source_host_isolated", 3, 8, ICMP_NONE, ICMP_NONE},
    {"unreachable", "net_prohibited", 3, 9, ICMP_NONE, ICMP_NONE},
    {"unreachable", "host_prohibited", 3, 10, ICMP_NONE, ICMP_NONE},
    {"unreachable", "net_unreachable_for_service", 3, 11, ICMP_NONE, ICMP_NONE},
    {"unreachable", "host_unreachable_for_service", 3, 12, ICMP_NONE, ICMP_NONE},
    {"unreachable", "communication_prohibited", 3, 13, 1, 1},
    {"unreachable", "no_route", ICMP_NONE, ICMP_NONE, 1, 0},
    {"unreachable", "beyond_scope", ICMP_NONE, ICMP_NONE, 1, 2},
    {"unreachable", "address_unreachable", ICMP_NONE, ICMP_NONE, 1, 3},
    {"source_quench", NULL, 4, 0, ICMP_NONE, ICMP_NONE},
    {"redirect", NULL, 5, 0, 137, 0},
    {"echo_request", NULL, 8, 0, 128, 0},
    {"time_exceeded", NULL, 11, 0, 3, 0},
    {"time_exceeded", "ttl_exceeded", 11, 0, 3, 0},
    {"time_exceeded", "reassembly_exceeded", 11, 1, 3, 1},
    {"parameter_problem", NULL, 12, 0, 4, 0},
    {"parameter_problem", "header_field", 12, 0, 4, 0},
    {"parameter_problem", "unknown_next_header", ICMP_NONE, ICMP_NONE, 4, 1},
    {"parameter_problem", "unknown_option", ICMP_NONE, ICMP_NONE, 4, 2},
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

const struct icmp_kind *icmp_kinds(size_t *count)
{
    *count = KIND_COUNT;
    return kinds;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

const struct icmp_kind *icmp_kind_named(const char *type, const char *code)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (same(kinds[i].type, type) && same(kinds[i].code, code)) {
            return &kinds[i];
        }
    }
    return NULL;
}

const struct icmp_kind *icmp_kind_numbered(uint8_t ip_version, uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const struct icmp_kind *const kind = &kinds[i];
        const bool is_it = ip_version == 4 ? kind->type4 == type && kind->code4 == code
                                           : kind->type6 == type && kind->code6 == code;
        if (is_it) {
            return kind;
        }
    }
    return NULL;
}
