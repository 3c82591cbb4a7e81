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

enum tcp_error host_access(const struct tcp_host *host, const struct tcb *tcb)
{
    const uint32_t caller = host->config.caller;
    return caller == 0 || tcb->owner == TCB_OWNER_ANYONE || caller == tcb->owner ? TCP_OK
                                                                                 : TCP_ERROR_ACCESS;
}

enum tcp_error host_take_up(struct tcp_host *host, tcp_handle handle, struct tcb **out)
{
    struct tcb *tcb = host_look_up_to_change(host, handle);
    if (tcb == NULL) {
        return TCP_ERROR_NO_CONNECTION;
    }
    *out = tcb;
    return host_access(host, tcb);
}
