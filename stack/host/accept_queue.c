#include "host/accept_queue.h"

#include "host/answers.h"
#include "host/fifo.h"
#include "host/step.h"
#include "tcb/calls.h"
#include "tcb/transition.h"

bool host_backlog_has_room(const struct tcb *listener)
{
    const uint32_t backlog = listener->backlog == 0 ? 1 : listener->backlog;
    return listener->backlog_used < backlog;
}

void host_backlog_count(struct tcp_host *host, struct tcb *child, uint32_t listener_slot)
{
    child->listener = listener_slot;
    host_tcb(host, listener_slot)->backlog_used++;
    tcb_flag_set(child, TCB_COUNTED);
}

void host_accept_queue_enter(struct tcp_host *host, struct tcb *tcb)
{
    if (!tcb_has(tcb, TCB_COUNTED) || tcb_has(tcb, TCB_COMPLETED) || !tcb_is_synchronized(tcb)) {
        return;
    }
    const uint32_t slot = host_slot_of(host, tcb);
    struct tcb *listener = host_tcb(host, tcb->listener);
    if (listener->sibling == TCB_NONE) {
        listener->sibling = slot;
    } else {
        host_tcb(host, listener->accept_last)->sibling = slot;
    }
    listener->accept_last = slot;
    tcb_flag_set(tcb, TCB_COMPLETED);
    tcb_notify(listener, TCP_EVENT_ACCEPTABLE);
    host_fifo_add_event(host, listener);
}

static void unlink_child(struct tcp_host *host, struct tcb *listener, struct tcb *child)
{
    const uint32_t slot = host_slot_of(host, child);
    uint32_t before = TCB_NONE;
    for (uint32_t at = listener->sibling; at != slot; at = host_tcb(host, at)->sibling) {
        before = at;
    }
    if (before == TCB_NONE) {
        listener->sibling = child->sibling;
    } else {
        host_tcb(host, before)->sibling = child->sibling;
    }
    if (listener->accept_last == slot) {
        listener->accept_last = before;
    }
    child->sibling = TCB_NONE;
}

void host_accept_queue_leave(struct tcp_host *host, struct tcb *tcb)
{
    if (!tcb_has(tcb, TCB_COUNTED)) {
        return;
    }
    struct tcb *listener = host_tcb(host, tcb->listener);
    if (tcb_has(tcb, TCB_COMPLETED)) {
        unlink_child(host, listener, tcb);
    }
    listener->backlog_used--;
    tcb->listener = TCB_NONE;
    tcb_flag_clear(tcb, TCB_COUNTED | TCB_COMPLETED);
}

uint32_t host_accept_queue_length(const struct tcp_host *host, const struct tcb *listener)
{
    uint32_t length = 0;
    for (uint32_t slot = listener->sibling; slot != TCB_NONE;
         slot = host_tcb_read(host, slot)->sibling) {
        TCP_ASSERT(length < host->limits.connections);
        length++;
    }
    return length;
}

struct tcb *host_accept_queue_take(struct tcp_host *host, struct tcb *listener)
{
    if (listener->sibling == TCB_NONE) {
        return NULL;
    }
    struct tcb *child = host_tcb(host, listener->sibling);
    host_accept_queue_leave(host, child);
    return child;
}

void host_accept_queue_abandon(struct tcp_host *host, uint32_t listener_slot)
{
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        struct tcb *tcb = host_tcb(host, slot);
        if (host_is_free(tcb) || !tcb_has(tcb, TCB_COUNTED) || tcb->listener != listener_slot) {
            continue;
        }
        struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_ABORT);
        bool needs_reset = false;
        (void)tcb_call_abort(&step, &needs_reset); /* a counted child is never CLOSED */
        if (needs_reset) {
            host_answer_abort(host, tcb);
        }
        host_step_end(host, &step);
    }
}
