/* ICMP ARRIVES at the host: the message finds the connection that it is about by the segment that it
 * quotes (RFC 9293 3.9.2.2, MUST-54). */
#include "tcb/icmp.h"
#include "host/demux.h"
#include "host/reserved.h"
#include "host/slots.h"
#include "host/step.h"

static void discard(struct tcp_host *host, uint32_t *counter, enum tcb_reason reason)
{
    host_count(counter);
    host_note(host, TCP_CAUSE_ICMP, TCP_VERDICT_DROP, TCP_CHECK_DEMUX, reason);
}

/* A child that waits in SYN-RECEIVED has no path; what a router says of its path needs one. */
static void attach_path(struct tcp_host *host, struct tcb *tcb)
{
    if (tcb->state == TCB_SYN_RECEIVED) {
        (void)host_attach_path(host, tcb); /* without one the message is dropped, and counted */
    }
}

void tcp_host_icmp(struct tcp_host *host, tcp_time now, const struct tcp_icmp *icmp)
{
    host_arrive_at(host, now);
    if (!host_is_local(host, &icmp->destination)) {
        discard(host, &host->counters.not_ours, TCB_REASON_NOT_OURS);
        return;
    }
    const struct tcp_flow flow = {.local = icmp->quoted_source, .remote = icmp->quoted_destination};
    const uint32_t slot = host_demux_find(host, &flow);
    if (slot == TCB_NONE) {
        discard(host, &host->counters.icmp_drops, TCB_REASON_ICMP_NO_RECORD);
        return;
    }
    struct tcb *tcb = host_tcb(host, slot);
    attach_path(host, tcb);
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_ICMP);
    if (tcb_arrives_icmp(&step, icmp) == TCP_VERDICT_DROP) {
        host_count(&host->counters.icmp_drops);
    }
    host_step_end(host, &step);
}
