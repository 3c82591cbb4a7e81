/* RECEIVE (RFC 9293 3.10.3). Unread octets are handed out in every state: the literal text would lose
 * them in CLOSING, LAST-ACK and TIME-WAIT, where 3.10.3 answers "connection closing". */
#include "tcb/calls.h"
#include "tcb/receive_window.h"

static enum tcp_error nothing_to_read(const struct tcb *tcb)
{
    if (tcb->state == TCB_CLOSED && tcb->ended != TCP_OK) {
        return (enum tcp_error)tcb->ended;
    }
    if (tcb_has(tcb, TCB_FIN_RECEIVED)) {
        return TCP_ERROR_END;
    }
    if (tcb->state == TCB_CLOSED) {
        return TCP_ERROR_NO_CONNECTION;
    }
    if (tcb->state == TCB_LISTEN) {
        return TCP_ERROR_STATE;
    }
    return TCP_ERROR_AGAIN;
}

/* 3.9.1.3: what lies behind the urgent data is not handed out together with it. */
static uint32_t up_to_urgent_mark(struct tcb_step *step, uint32_t readable, uint32_t wanted)
{
    struct tcb_path *path = step->path;
    if (!path->receives_urgent) {
        return wanted;
    }
    const tcp_seqno consumed = tcp_seq_sub(
        step->tcb->rcv_nxt, readable + (tcb_has(step->tcb, TCB_FIN_RECEIVED) ? 1u : 0u));
    const uint32_t ahead = tcp_seq_distance(consumed, path->rcv_up);
    if (wanted >= ahead) {
        path->receives_urgent = 0; /* urgent mode ends with its last octet */
        return ahead;
    }
    return wanted;
}

enum tcp_error tcb_call_receive(struct tcb_step *step, struct tcp_room room, size_t *taken)
{
    struct tcb_stream *stream = step->stream;
    const uint32_t readable = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    if (readable == 0) {
        return nothing_to_read(step->tcb);
    }
    uint32_t wanted = room.count < readable ? (uint32_t)room.count : readable;
    wanted = up_to_urgent_mark(step, readable, wanted);
    *taken = receive_buffer_take(&stream->receive, step->receive_storage, room.bytes, wanted);
    tcb_consider_window_update(step);
    return TCP_OK;
}
