#include "host/step.h"

#include <string.h>

#include "host/accept_queue.h"
#include "host/answers.h"
#include "host/demux.h"
#include "host/fifo.h"
#include "host/routes.h"
#include "host/slots.h"
#include "host/timers.h"
#include "tcb/emit.h"
#include "tcb/timeouts.h"
#include "tcb/transition.h"

void host_step_refresh(struct tcp_host *host, struct tcb_step *step)
{
    step->path = host_path(host, step->tcb->path);
    const uint32_t index = step->path == NULL ? TCB_NONE : step->path->stream;
    step->stream = host_stream(host, index);
    if (step->stream == NULL) {
        step->send_storage = step->receive_storage = NULL;
        step->islands = NULL;
        return;
    }
    const struct tcp_limits *limits = &host->limits;
    step->send_storage =
        (uint8_t *)host_table(host, HOST_SEND_BYTES) + (size_t)index * limits->send_buffer_bytes;
    step->receive_storage = (uint8_t *)host_table(host, HOST_RECEIVE_BYTES) +
                            (size_t)index * limits->receive_buffer_bytes;
    step->islands =
        (struct range *)host_table(host, HOST_ISLANDS) + (size_t)index * limits->islands;
}

struct tcb_step host_step_view(struct tcp_host *host, struct tcb *tcb)
{
    struct tcb_step step = {
        .tcb = tcb,
        .config = &host->config,
        .record = &host->last_step,
        .counters = &host->counters,
        .now = host->now,
    };
    host_step_refresh(host, &step);
    return step;
}

void host_note(struct tcp_host *host, enum tcp_cause cause, enum tcp_verdict verdict,
               enum tcp_check check, enum tcb_reason reason)
{
    host->last_step = (struct tcb_record){
        .number = host->last_step.number + 1,
        .cause = (uint8_t)cause,
        .verdict = (uint8_t)verdict,
        .check = (uint8_t)check,
        .reason = (uint8_t)reason,
    };
}

struct tcb_step host_step_begin(struct tcp_host *host, struct tcb *tcb, enum tcp_cause cause)
{
    host->last_step = (struct tcb_record){
        .number = host->last_step.number + 1,
        .cause = (uint8_t)cause,
        .before = tcb->state,
        .after = tcb->state,
        .connection = host_handle(host, tcb),
    };
    return host_step_view(host, tcb);
}

/* The record has come to its end: nothing of the host leads to it any more. Its user may still ask
 * how it ended and read what arrived in order. */
static void bury(struct tcp_host *host, struct tcb *tcb)
{
    host_demux_remove(host, tcb);
    host_timer_set(host, tcb, TCB_NEVER);
    host_accept_queue_leave(host, tcb);
    const struct tcb_path *path = host_path(host, tcb->path);
    const struct tcb_stream *stream = path == NULL ? NULL : host_stream(host, path->stream);
    const bool has_text = stream != NULL && receive_buffer_readable(&stream->receive) > 0;
    if (!(has_text && tcb_has(tcb, TCB_OWNED) && tcb->ended == TCP_OK)) {
        host_detach_path(host, tcb); /* 3.10.7.4: all segment queues are flushed */
    }
}

/* Parts that the state has no use for go back to their tables. */
static void detach_idle_parts(struct tcp_host *host, struct tcb *tcb)
{
    const struct tcb_path *path = host_path(host, tcb->path);
    if (path == NULL) {
        return;
    }
    const struct tcb_stream *stream = host_stream(host, path->stream);
    if (stream != NULL && stream->send.count == 0 && receive_buffer_is_empty(&stream->receive)) {
        host_detach_stream(host, tcb);
        stream = NULL;
    }
    /* Until the ACK of the peer's FIN has left, Last.ACK.sent lies before it: RFC 7323 4.3. */
    const bool is_time_wait =
        tcb->state == TCB_TIME_WAIT && tcp_seq_equal(path->last_ack, tcb->rcv_nxt);
    /* What is known of the path is kept, and how many ACKs were spent: the peer may be in TIME-WAIT, where
     * nobody counts. The backlog bounds how many children there are. */
    const bool is_waiting_child = tcb->state == TCB_SYN_RECEIVED && tcb_has(tcb, TCB_PASSIVE) &&
                                  path->path_mtu == 0 && path->limited_acks == 0;
    if (stream == NULL && (is_time_wait || is_waiting_child)) {
        host_detach_path(host, tcb);
    }
}

void host_step_end(struct tcp_host *host, struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    host->last_step.after = tcb->state;
    host_routes_follow(host, step);
    tcb_settle_timers(step);
    host_accept_queue_enter(host, tcb);
    if (tcb->event_bits != 0 || tcb->states_unreported != 0) {
        host_fifo_add_event(host, tcb);
    }
    if (tcb_is_dead(tcb)) {
        bury(host, tcb);
        host_try_free(host, tcb);
        return;
    }
    detach_idle_parts(host, tcb);
    host_step_refresh(host, step);
    host_timer_set(host, tcb, tcb_deadline(tcb, step->path));
    if (tcb_owes_segment(step)) {
        host_fifo_add_owed(host, tcb);
    }
}

void host_settle(struct tcp_host *host, struct tcb *tcb)
{
    if (!tcb_is_dead(tcb)) {
        struct tcb_step step = host_step_view(host, tcb);
        tcb_settle_timers(&step);
        detach_idle_parts(host, tcb);
        host_step_refresh(host, &step);
        host_timer_set(host, tcb, tcb_deadline(tcb, step.path));
    }
}

void host_run_deadlines(struct tcp_host *host, uint64_t until)
{
    uint32_t slot = TCB_NONE;
    for (uint64_t due = host_timer_first(host, &slot); due < until;
         due = host_timer_first(host, &slot)) {
        host->now = due > host->now ? due : host->now;
        if (host_tcb_read(host, slot)->state == TCB_LISTEN) { /* its only timer ends it */
            host_accept_queue_abandon(host, slot);
        }
        struct tcb_step step = host_step_begin(host, host_tcb(host, slot), TCP_CAUSE_NONE);
        if (tcb_timeout(&step, until)) {
            host_answer_abort(host, step.tcb);
        }
        host_step_end(host, &step);
    }
}

void host_arrive_at(struct tcp_host *host, tcp_time now)
{
    host_run_deadlines(host, now.us);
    host->now = now.us > host->now ? now.us : host->now;
}
