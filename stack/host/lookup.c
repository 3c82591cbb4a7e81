#include "host/lookup.h"

const struct tcb *host_look_up(const struct tcp_host *host, tcp_handle handle)
{
    if (handle.slot >= host->limits.connections) {
        return NULL;
    }
    const struct tcb *tcb = host_tcb_read(host, handle.slot);
    return !host_is_free(tcb) && tcb->generation == handle.generation ? tcb : NULL;
}

struct tcb *host_look_up_to_change(struct tcp_host *host, tcp_handle handle)
{
    return host_look_up(host, handle) == NULL ? NULL : host_tcb(host, handle.slot);
}
