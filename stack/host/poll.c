/* What the host has to say: segments, events, its next deadline, and the record of its last step. */
#include "host/answers.h"
#include "host/fifo.h"
#include "host/slots.h"
#include "host/step.h"
#include "host/timers.h"
#include "tcb/emit.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"

static bool next_segment(struct tcp_host *host, struct tcp_room room, struct tcp_segment *out)
{
    if (host_answer_take(host, out)) {
        return true;
    }
    /* Each turn takes a connection out of the list or returns. */
    while (host->owed.first != TCB_NONE) {
        struct tcb *tcb = host_tcb(host, host->owed.first);
        struct tcb_step step = host_step_view(host, tcb);
        if (!tcb_emit(&step, room, out)) {
            (void)host_fifo_take_owed(host);
            host_try_free(host, tcb);
            continue;
        }
        const struct tcb_record last_step = host->last_step;
        host_step_end(host, &step);
        host->last_step = last_step; /* polling is no cause */
        return true;
    }
    return false;
}

bool tcp_host_poll_segment(struct tcp_host *host, struct tcp_room room, struct tcp_segment *out)
{
    const bool has_segment = next_segment(host, room, out);
    if (has_segment && out->may_fragment) { /* RFC 6864 4.1: only then does the number matter */
        out->identification = (uint16_t)host->identification++;
    }
    return has_segment;
}

bool tcp_host_poll_event(struct tcp_host *host, struct tcp_event *out)
{
    struct tcb *tcb = host_fifo_take_event(host);
    if (tcb == NULL) {
        return false;
    }
    *out = (struct tcp_event){
        .connection = host_handle(host, tcb),
        .bits = tcb->event_bits,
        .states = tcb->states,
        .state_count = tcb->states_unreported,
        .ended = (enum tcp_error)tcb->ended,
    };
    tcb->event_bits = 0;
    tcb->states_unreported = 0;
    host_try_free(host, tcb);
    return true;
}

tcp_time tcp_host_deadline(const struct tcp_host *host)
{
    uint32_t slot = TCB_NONE;
    return (tcp_time){host_timer_first(host, &slot)};
}

void tcp_host_tick(struct tcp_host *host, tcp_time now)
{
    host_arrive_at(host, now);
    host_run_deadlines(host, host->now == TCB_NEVER ? TCB_NEVER : host->now + 1);
}

struct tcp_step_record tcp_host_last_step(const struct tcp_host *host)
{
    const struct tcb_record *last = &host->last_step;
    return (struct tcp_step_record){
        .number = last->number,
        .connection = last->connection,
        .cause = (enum tcp_cause)last->cause,
        .before = (enum tcb_state)last->before,
        .after = (enum tcb_state)last->after,
        .verdict = (enum tcp_verdict)last->verdict,
        .check = (enum tcp_check)last->check,
        .reason = tcb_reason_text((enum tcb_reason)last->reason),
        .text_taken = last->text_taken,
        .fin_taken = last->fin_taken != 0,
    };
}

struct socket_record *host_sockets(struct tcp_host *host)
{
    return host_table(host, HOST_SOCKETS);
}

const struct socket_record *host_sockets_read(const struct tcp_host *host)
{
    return host_table_read(host, HOST_SOCKETS);
}

struct socket_operation *host_operations(struct tcp_host *host)
{
    return host_table(host, HOST_OPERATIONS);
}

const struct socket_operation *host_operations_read(const struct tcp_host *host)
{
    return host_table_read(host, HOST_OPERATIONS);
}
