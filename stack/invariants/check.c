/* tcp_host_check(): every invariant of a host, by name. The first one found broken is returned; the
 * names are what oracles and findings are called by. */
#include "host/block.h"
#include "host/demux.h"
#include "invariants/invariants.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"
#include "tcp/socket.h"

static const char *check_records(const struct tcp_host *host)
{
    const struct tcb *tcb = host_table_read(host, HOST_TCBS);
    for (const struct tcb *end = tcb + host->limits.connections; tcb < end; tcb++) {
        if (host_is_free(tcb)) {
            continue;
        }
        const struct tcb_path *path = host_path_read(host, tcb->path);
        const struct tcb_stream *stream =
            path == NULL ? NULL : host_stream_read(host, path->stream);
        const char *broken = invariants_of_tcb(host, tcb, path, stream);
        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
}

const char *tcp_host_check(const struct tcp_host *host)
{
    if (!host_guards_are_intact(host)) {
        return "guard words between tables are intact";
    }
    const struct invariants_census census = invariants_census_of(host);
    const char *broken = invariants_of_tables(host, &census);
    broken = broken != NULL ? broken : invariants_of_lists(host, &census);
    broken = broken != NULL ? broken : invariants_of_routes(host);
    broken = broken != NULL ? broken : check_records(host);
    return broken != NULL ? broken : tcp_socket_check(host);
}
