/* The invariants of a host, in groups. Each function returns NULL or the statement that does not
 * hold. They only look, and cost time in proportion to the tables. */
#ifndef TCP_INVARIANTS_H
#define TCP_INVARIANTS_H

#include "host/block.h"

/* One record: sequence space, windows, timers, buffers. */
const char *invariants_of_tcb(const struct tcp_host *host, const struct tcb *tcb,
                              const struct tcb_path *path, const struct tcb_stream *stream);

/* What the records in use say of themselves, counted once for all that compares with it. */
struct invariants_census {
    uint32_t records, paths, streams;
    uint32_t flows;     /* entered in the demultiplexer by their flow */
    uint32_t misplaced; /* entered there though dead, or alive and not entered */
    uint32_t listeners, backlog_used, counted;
    uint32_t owed, events;
    uint32_t completed, uncounted; /* wait to be accepted; of them, those not in a backlog */
};

struct invariants_census invariants_census_of(const struct tcp_host *host);

/* Free lists, hash chains, heap, lists: each record is where its flags say, once. */
const char *invariants_of_tables(const struct tcp_host *host,
                                 const struct invariants_census *census);

/* The chains that run through records. Asks for sound tables. */
const char *invariants_of_lists(const struct tcp_host *host,
                                const struct invariants_census *census);

/* What is known of paths. */
const char *invariants_of_routes(const struct tcp_host *host);

#endif
