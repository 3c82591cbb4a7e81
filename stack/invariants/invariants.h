/* The invariants of a host, in groups. Each function returns NULL or the statement that does not
 * hold. They only look, and cost time in proportion to the tables. */
#ifndef TCP_INVARIANTS_H
#define TCP_INVARIANTS_H

#include "host/block.h"

/* One record: sequence space, windows, timers, buffers. */
const char *invariants_of_tcb(const struct tcp_host *host, const struct tcb *tcb,
                              const struct tcb_path *path, const struct tcb_stream *stream);

/* Free lists, hash chains, heap, lists: each record is where its flags say, once. */
const char *invariants_of_tables(const struct tcp_host *host);

/* The chains that run through records. Asks for sound tables. */
const char *invariants_of_lists(const struct tcp_host *host);

#endif
