/* The chains that run through records: what is owed, events, and each listener's accept queue. */
#include "invariants/invariants.h"

/* How many records stand in a FIFO, or TCB_NONE when it does not end, or holds one that is not flagged
 * for it. */
static uint32_t length_of(const struct tcp_host *host, const struct host_fifo *fifo, bool is_owed)
{
    uint32_t count = 0, last = TCB_NONE;
    for (uint32_t slot = fifo->first; slot != TCB_NONE; count++) {
        const struct tcb *tcb = host_tcb_read(host, slot);
        if (count == host->limits.connections ||
            !tcb_has(tcb, is_owed ? TCB_IN_OWED : TCB_IN_EVENTS)) {
            return TCB_NONE;
        }
        last = slot;
        slot = is_owed ? tcb->owed_next : tcb->event_next;
    }
    return last == fifo->last ? count : TCB_NONE;
}

/* The completed children in all accept queues, or TCB_NONE when a queue holds anything else. */
static uint32_t length_of_queues(const struct tcp_host *host)
{
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        const struct tcb *listener = host_tcb_read(host, slot);
        if (host_is_free(listener) || listener->state != TCB_LISTEN ||
            tcb_has(listener, TCB_PASSIVE)) {
            continue;
        }
        uint32_t last = TCB_NONE;
        for (uint32_t at = listener->sibling; at != TCB_NONE; count++) {
            const struct tcb *child = host_tcb_read(host, at);
            if (count == host->limits.connections || !tcb_has(child, TCB_COMPLETED) ||
                child->listener != slot) {
                return TCB_NONE;
            }
            last = at;
            at = child->sibling;
        }
        if (last != TCB_NONE && listener->accept_last != last) {
            return TCB_NONE;
        }
    }
    return count;
}

const char *invariants_of_lists(const struct tcp_host *host, const struct invariants_census *census)
{
    if (census->uncounted != 0) {
        return "what waits to be accepted counts in the backlog";
    }
    if (length_of(host, &host->owed, true) != census->owed) {
        return "the list of what is owed holds the records flagged for it, once";
    }
    if (length_of(host, &host->events, false) != census->events) {
        return "the list of events holds the records flagged for it, once";
    }
    const uint32_t waiting = census->listeners == 0 ? 0 : length_of_queues(host);
    return waiting == census->completed ? NULL : "accept queues hold the completed children, once";
}
