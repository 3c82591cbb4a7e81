#include "host/lookup.h"

const struct tcb *host_look_up(const struct tcp_host *host, tcp_handle handle)
{
    if (handle.slot >= host->limits.connections) {
        return NULL;
    }
    const struct tcb *tcb = host_tcb_read(host, handle.slot);
    return !host_is_free(tcb) && tcb->generation == handle.generation ? tcb : NULL;
}

/* TCP_ERROR_ACCESS: the record is neither the caller's (config.caller) own, nor anyone's, nor is he user 0. */
static enum tcp_error access_to(const struct tcp_host *host, const struct tcb *tcb)
{
    const uint32_t caller = host->config.caller;
    return caller == 0 || tcb->owner == TCB_OWNER_ANYONE || caller == tcb->owner ? TCP_OK
                                                                                 : TCP_ERROR_ACCESS;
}

enum tcp_error host_take_up_read(const struct tcp_host *host, tcp_handle handle,
                                 const struct tcb **out)
{
    const struct tcb *tcb = host_look_up(host, handle);
    *out = tcb;
    return tcb == NULL ? TCP_ERROR_NO_CONNECTION : access_to(host, tcb);
}

enum tcp_error host_take_up(struct tcp_host *host, tcp_handle handle, struct tcb **out)
{
    const struct tcb *tcb = NULL;
    const enum tcp_error error = host_take_up_read(host, handle, &tcb);
    *out = tcb == NULL ? NULL : host_tcb(host, handle.slot);
    return error;
}

enum tcp_error host_take_up_unread(const struct tcp_host *host, tcp_handle handle,
                                   const struct tcb **out)
{
    const enum tcp_error error = host_take_up_read(host, handle, out);
    return error == TCP_OK && tcb_has(*out, TCB_RELEASED) ? TCP_ERROR_NO_CONNECTION : error;
}
