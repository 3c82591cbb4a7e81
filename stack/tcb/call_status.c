/* STATUS (RFC 9293 3.10.6). */
#include <string.h>

#include "tcb/calls.h"
#include "tcb/ecn.h"

static uint32_t urgent_ahead(const struct tcb *tcb, const struct tcb_path *path, uint32_t readable)
{
    if (!path->receives_urgent) {
        return 0;
    }
    const uint32_t fin = tcb_has(tcb, TCB_FIN_RECEIVED) ? 1 : 0;
    return tcp_seq_distance(tcp_seq_sub(tcb->rcv_nxt, readable + fin), path->rcv_up);
}

/* Of what can be read, the octets up to the last one that was pushed. */
static uint32_t pushed_ahead(const struct tcb *tcb, const struct tcb_path *path, uint32_t readable)
{
    const uint32_t fin = tcb_has(tcb, TCB_FIN_RECEIVED) ? 1 : 0;
    const tcp_seqno consumed = tcp_seq_sub(tcb->rcv_nxt, readable + fin);
    if (!path->was_pushed || !tcp_seq_after(path->rcv_pushed, consumed)) {
        return 0;
    }
    const uint32_t ahead = tcp_seq_distance(consumed, path->rcv_pushed);
    return ahead < readable ? ahead : readable;
}

static void status_of_path(const struct tcb *tcb, const struct tcb_path *path,
                           const struct tcb_stream *stream, struct tcp_status *out)
{
    const uint32_t queued = stream == NULL ? 0 : stream->send.count;
    out->unsent_bytes = tcb_unsent_of(tcb, queued);
    out->send_room_bytes = path->send_bytes > queued ? path->send_bytes - queued : 0;
    out->send_buffer_bytes = path->send_bytes;
    out->readable_bytes = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    out->islands = stream == NULL ? 0 : stream->receive.islands.count;
    out->snd_wl1 = path->snd_wl1;
    out->snd_wl2 = path->snd_wl2;
    out->cwnd_bytes = path->congestion.window.cwnd_bytes;
    out->congestion_control = path->congestion.control;
    out->ssthresh_bytes = path->congestion.window.ssthresh_bytes;
    out->srtt_us = path->rto.srtt_us;
    out->rttvar_us = path->rto.rttvar_us;
    out->snd_up = path->snd_up;
    out->rcv_up = path->rcv_up;
    out->pushed_bytes = pushed_ahead(tcb, path, out->readable_bytes);
    out->urgent_ahead_bytes = urgent_ahead(tcb, path, out->readable_bytes);
    out->path_mtu = path->path_mtu;
    out->soft_error = (enum tcp_error)path->soft_error;
    out->received_ds = path->received_ds;
    out->keep_alive_unanswered = path->keep_alive_unanswered;
    out->keep_alive_at = (tcp_time){path->keep_alive_at};
    out->persist_at = (tcp_time){path->persist_at};
    out->delayed_ack_at = (tcp_time){path->delayed_ack_at};
}

void tcb_call_status(const struct tcb *tcb, const struct tcb_path *path,
                     const struct tcb_stream *stream, const struct tcp_config *config,
                     struct tcp_status *out)
{
    memset(out, 0, sizeof *out);
    out->state = tcb_state_of(tcb);
    out->flow = tcb->flow;
    out->is_passive = tcb_has(tcb, TCB_PASSIVE);
    out->is_owned = tcb_has(tcb, TCB_OWNED);
    out->sent_ds = tcb_traffic_class(tcb, config);
    out->ended = (enum tcp_error)tcb->ended;
    out->retransmission_at = out->persist_at = out->delayed_ack_at = TCP_TIME_NEVER;
    out->time_wait_at = out->keep_alive_at = TCP_TIME_NEVER;
    if (tcb->state == TCB_LISTEN) {
        out->backlog = tcb->backlog;
        out->backlog_used = tcb->backlog_used;
        return;
    }
    out->iss = tcb->iss;
    out->snd_una = tcb->snd_una;
    out->snd_nxt = tcb->snd_nxt;
    out->irs = tcb_irs(tcb);
    out->rcv_nxt = tcb->rcv_nxt;
    out->snd_wnd = tcb->snd_wnd;
    out->rcv_wnd = tcb->state == TCB_SYN_SENT ? 0 : tcb_receive_window(tcb);
    out->max_snd_wnd = tcb_was_reopened(tcb) ? tcb->snd_wnd : tcb->max_snd_wnd;
    out->send_mss = tcb->send_mss;
    out->receive_mss = tcb->receive_mss;
    out->uses_timestamps = (tcb->options & TCB_OPTION_TIMESTAMPS) != 0;
    out->timestamp_recent = tcb->timestamp_recent;
    out->receive_buffer_bytes = tcb->receive_bytes;
    out->unacked_bytes = tcb_outstanding(tcb);
    out->rto_us = tcb->rto_us;
    out->retransmits = tcb->retries;
    out->ecn = tcb_ecn_is_on(tcb);
    out->ecn_echo = (tcb->ecn & TCB_ECN_ECHO) != 0;
    out->fin_received = tcb_has(tcb, TCB_FIN_RECEIVED);
    out->retransmission_at = (tcp_time){tcb->retransmit_at};
    if (tcb->state == TCB_TIME_WAIT) {
        out->time_wait_at = (tcp_time){tcb->lifetime_at};
    }
    if (path != NULL) {
        status_of_path(tcb, path, stream, out);
    }
}
