#include "host/fifo.h"

void host_fifo_add_owed(struct tcp_host *host, struct tcb *tcb)
{
    if (tcb_has(tcb, TCB_IN_OWED)) {
        return;
    }
    const uint32_t slot = host_slot_of(host, tcb);
    tcb_flag_set(tcb, TCB_IN_OWED);
    tcb->owed_next = TCB_NONE;
    if (host->owed.first == TCB_NONE) {
        host->owed.first = slot;
    } else {
        host_tcb(host, host->owed.last)->owed_next = slot;
    }
    host->owed.last = slot;
}

void host_fifo_add_event(struct tcp_host *host, struct tcb *tcb)
{
    if (tcb_has(tcb, TCB_IN_EVENTS)) {
        return;
    }
    const uint32_t slot = host_slot_of(host, tcb);
    tcb_flag_set(tcb, TCB_IN_EVENTS);
    tcb->event_next = TCB_NONE;
    if (host->events.first == TCB_NONE) {
        host->events.first = slot;
    } else {
        host_tcb(host, host->events.last)->event_next = slot;
    }
    host->events.last = slot;
}

struct tcb *host_fifo_take_owed(struct tcp_host *host)
{
    if (host->owed.first == TCB_NONE) {
        return NULL;
    }
    struct tcb *tcb = host_tcb(host, host->owed.first);
    host->owed.first = tcb->owed_next;
    if (host->owed.first == TCB_NONE) {
        host->owed.last = TCB_NONE;
    }
    tcb->owed_next = TCB_NONE;
    tcb_flag_clear(tcb, TCB_IN_OWED);
    return tcb;
}

struct tcb *host_fifo_take_event(struct tcp_host *host)
{
    if (host->events.first == TCB_NONE) {
        return NULL;
    }
    struct tcb *tcb = host_tcb(host, host->events.first);
    host_fifo_remove_event(host, host->events.first);
    return tcb;
}

void host_fifo_remove_event(struct tcp_host *host, uint32_t slot)
{
    uint32_t before = TCB_NONE;
    for (uint32_t at = host->events.first; at != slot; at = host_tcb(host, at)->event_next) {
        before = at;
    }
    struct tcb *tcb = host_tcb(host, slot);
    if (before == TCB_NONE) {
        host->events.first = tcb->event_next;
    } else {
        host_tcb(host, before)->event_next = tcb->event_next;
    }
    if (host->events.last == slot) {
        host->events.last = before;
    }
    tcb->event_next = TCB_NONE;
    tcb_flag_clear(tcb, TCB_IN_EVENTS);
}
