/* A connection that is none of a run's business (S08): it lives on one host of a world, with a peer that
 * exists only here, and is never seen by the world. Each of its exchanges takes no time and leaves no timer
 * behind, so that whatever the host does otherwise with it than without it is interference. */
#ifndef FINWAIT_SIM_STRANGER_H
#define FINWAIT_SIM_STRANGER_H

#include "tcp/host.h"
#include "tcp/wire.h"

#define STRANGER_ROOM_BYTES (TCP_WIRE_HEADROOM + 65536)

struct stranger {
    struct tcp_host *host; /* may be set anew when it has moved */
    tcp_handle connection; /* generation 0: none now */
    struct tcp_flow flow;
    tcp_seqno next;  /* that the peer sends next ... */
    tcp_seqno taken; /* ... and expects */
    uint32_t turns;
    bool is_done;  /* it acts no more: the host does not let it */
    uint8_t *room; /* STRANGER_ROOM_BYTES, for segments; may be shared */
};

/* Its place at a host, whose address is `own`; it does nothing yet. */
struct stranger stranger_at(struct tcp_host *host, const struct tcp_address *own, uint8_t *room);

/* One exchange at `now`, when nothing is owed: opens a connection, or sends text both ways, or ends it by RST.
 * NULL, or what of the others it has moved. */
const char *stranger_act(struct stranger *stranger, tcp_time now);

#endif
