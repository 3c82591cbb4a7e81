#include "tcb/transition.h"

#include "base/numbers.h"
#include "tcb/check_ack.h"
#include "tcb/open.h"

void tcb_transition(struct tcb *tcb, enum tcb_state to)
{
    TCP_ASSERT(tcb_state_edge_is_legal(tcb_state_of(tcb), to));
    if (tcb_was_reopened(tcb)) { /* what the old incarnation's numbers stood in the place of */
        tcb->irs = tcp_seq_sub(tcb->rcv_nxt, 1);
        tcb->sibling = TCB_NONE;
        tcb->options = (uint8_t)(tcb->options & ~TCB_OPTION_OLD_TIMESTAMPS);
    }
    tcb->states = tcb->states << 4 | (uint64_t)to;
    if (tcb->states_unreported < 16) {
        tcb->states_unreported++;
    }
    tcb->state = (uint8_t)to;
}

static void stop_timers(struct tcb_step *step)
{
    step->tcb->retransmit_at = TCB_NEVER;
    step->tcb->lifetime_at = TCB_NEVER;
    if (step->path != NULL) {
        step->path->delayed_ack_at = TCB_NEVER;
        step->path->persist_at = TCB_NEVER;
        step->path->sws_override_at = TCB_NEVER;
        step->path->keep_alive_at = TCB_NEVER;
        step->path->path_mtu_raise_at = TCB_NEVER;
        step->path->ecn_hold_at = TCB_NEVER;
    }
}

static void owe_nothing(struct tcb *tcb)
{
    tcb->owed = 0;
    tcb->owed_duplicates = 0;
}

void tcb_end(struct tcb_step *step, enum tcp_error how)
{
    tcb_transition(step->tcb, TCB_CLOSED);
    stop_timers(step);
    owe_nothing(step->tcb);
    step->tcb->ended = (uint8_t)how;
    tcb_notify(step->tcb, TCP_EVENT_ENDED);
}

void tcb_return_to_listen(struct tcb_step *step)
{
    TCP_ASSERT(tcb_has(step->tcb, TCB_PASSIVE));
    tcb_transition(step->tcb, TCB_LISTEN);
    stop_timers(step);
    owe_nothing(step->tcb);
}

/* Switched off, the wait is over as soon as the last ACK is out: at the tick of this instant. */
static uint64_t time_wait_us(const struct tcp_config *config)
{
    return config->time_wait == 0 ? 0 : 2 * config->msl_us;
}

/* The user timeout of every record here is the configured one: the path is gone. */
bool tcb_user_outlives_time_wait(const struct tcb_step *step)
{
    return step->config->user_timeout_always == 0 ||
           step->config->user_timeout_us >= time_wait_us(step->config);
}

void tcb_start_time_wait(struct tcb_step *step)
{
    step->tcb->lifetime_at =
        step->now + (tcb_user_outlives_time_wait(step) ? time_wait_us(step->config)
                                                       : step->config->user_timeout_us);
}

/* The old incarnation's numbers take the new one's place, as they stood when its SYN came. */
void tcb_return_to_time_wait(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    TCP_ASSERT(tcb_was_reopened(tcb));
    owe_nothing(tcb);
    tcb->options = (tcb->options & TCB_OPTION_OLD_TIMESTAMPS) != 0 ? TCB_OPTION_TIMESTAMPS : 0;
    tcb->snd_nxt = tcb->snd_una = tcb->old_snd_nxt;
    tcb->rcv_nxt = tcb->old_rcv_nxt;
    /* How far the old window went is forgotten. Nothing can come that would fill it: so the widest one,
     * which takes no promise back (SHLD-14). */
    tcb->rcv_edge = tcp_seq_add(tcb->rcv_nxt, TCB_WINDOW_MAX);
    tcb->receive_bytes = larger(tcb->receive_bytes, TCB_WINDOW_MAX);
    tcb->iss = tcb->old_iss;
    if (step->path != NULL) {
        step->path->last_ack = tcb->rcv_nxt; /* nothing needs it any more: it may go */
    }
    tcb->max_snd_wnd = tcb->snd_wnd;
    tcb_flag_set(tcb, TCB_SYN_ACKED | TCB_FIN_QUEUED | TCB_FIN_SENT | TCB_FIN_ACKED |
                          TCB_FIN_RECEIVED | TCB_RELEASED);
    tcb_enter_time_wait(step);
}

void tcb_enter_time_wait(struct tcb_step *step)
{
    tcb_transition(step->tcb, TCB_TIME_WAIT);
    step->tcb->ecn = 0; /* RFC 3168 6.1.1: from here on nothing of it counts */
    const uint64_t delayed_ack_at = step->path == NULL ? TCB_NEVER : step->path->delayed_ack_at;
    stop_timers(step);
    if (step->path != NULL) {
        step->path->delayed_ack_at = delayed_ack_at;
    }
    tcb_start_time_wait(step);
}

void tcb_establish(struct tcb_step *step, const struct tcp_segment *segment)
{
    tcb_transition(step->tcb, TCB_ESTABLISHED);
    tcb_open_send_side(step, segment);
    tcb_notify(step->tcb, TCP_EVENT_CONNECTED | TCP_EVENT_WRITABLE);
}

void tcb_begin_congestion(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    struct congestion *congestion = &step->path->congestion;
    if (tcb->own_control != 0) {
        congestion_choose(congestion, (enum tcp_congestion_control)(tcb->own_control - 1));
    }
    congestion_init(congestion, tcb->send_mss, step->config->initial_window_segments,
                    tcb_has(tcb, TCB_SYN_LOST));
}

void tcb_open_send_side(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    TCP_ASSERT(path != NULL && !tcb_has(tcb, TCB_SYN_ACKED));
    if (tcb_has(tcb, TCB_SYN_LEFT)) { /* a repetition may have fallen due in this very cause */
        tcb->owed = (uint8_t)(tcb->owed & ~TCB_OWES_SYN);
    }
    tcb_acknowledge(step, segment, true);
    tcb_flag_set(tcb, TCB_SYN_ACKED);
    /* Text of our SYN that the peer did not take goes again at once. */
    const bool has_text_left = tcb_outstanding(tcb) > 0 && !tcb_has(tcb, TCB_FIN_SENT);
    path->resend_next = tcb->snd_una;
    path->resend_end = has_text_left ? tcb->snd_nxt : tcb->snd_una;
    tcb->max_snd_wnd = tcb->snd_wnd; /* that of the peer's SYN */
    /* The window in a segment with SYN is never scaled; RFC 1122 4.2.2.20(c) for SYN-SENT. */
    tcb->snd_wnd = segment->window;
    if (tcb->snd_wnd > tcb->max_snd_wnd) { /* the SYN's window counts, too */
        tcb->max_snd_wnd = tcb->snd_wnd;
    }
    path->snd_wl1 = segment->seq;
    path->snd_wl2 = segment->ack;
    const bool syn_was_lost = tcb_has(tcb, TCB_SYN_LOST);
    tcb_begin_congestion(step);
    if (syn_was_lost) { /* RFC 6298 5.7, for an RTO that is shorter */
        const uint32_t fresh_us = rto_timeout_us(&path->rto, step->config);
        const uint32_t least_us = (uint32_t)step->config->rto_after_syn_loss_us;
        tcb->rto_us = larger(fresh_us, least_us);
        if (tcb_outstanding(tcb) > 0) { /* text or FIN behind the SYN: its timer runs already */
            tcb->retransmit_at = step->now + tcb->rto_us;
        }
    }
}

bool tcb_is_dead(const struct tcb *tcb)
{
    return tcb->state == TCB_CLOSED || (tcb->state == TCB_LISTEN && tcb_has(tcb, TCB_PASSIVE));
}
