/* What is known of paths (RFC 1191 5, RFC 8201 5.2): the MTU that a report lowered counts for every
 * connection to the same address, for those that are there and for those to come, until full size is
 * tried again. A small table; when it is full the least recently used entry gives way. */
#ifndef TCP_HOST_ROUTES_H
#define TCP_HOST_ROUTES_H

#include "host/block.h"

/* One remote address; `mtu` 0: the entry is free, and all zero. */
struct host_route {
    uint64_t raise_at; /* us; when full size is tried again, or TCB_NEVER */
    uint64_t used;     /* the larger, the later */
    struct tcp_address remote;
    uint8_t padding;
    uint16_t mtu;
    uint32_t padding_end;
};
_Static_assert(sizeof(struct host_route) % sizeof(uint64_t) == 0, "a table of whole words");

/* Called at the end of a step: what the connection has learned is remembered and told to the others, and
 * one that has just been synchronized learns what is known. */
void host_routes_follow(struct tcp_host *host, struct tcb_step *step);

#endif
