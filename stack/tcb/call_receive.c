/* RECEIVE (RFC 9293 3.10.3), and a look at what it would give. Unread octets are handed out in every state: the literal text would lose
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
    return TCP_ERROR_AGAIN; /* in LISTEN, too: the record may still become an active one */
}

/* 3.9.1.3: what lies behind the urgent data is not handed out together with it. */
static uint32_t up_to_urgent_mark(const struct tcb *tcb, const struct tcb_path *path,
                                  uint32_t readable, uint32_t wanted)
{
    if (!path->receives_urgent) {
        return wanted;
    }
    const tcp_seqno consumed =
        tcp_seq_sub(tcb->rcv_nxt, readable + (tcb_has(tcb, TCB_FIN_RECEIVED) ? 1u : 0u));
    const uint32_t ahead = tcp_seq_distance(consumed, path->rcv_up);
    return wanted < ahead ? wanted : ahead;
}

/* Is the last urgent octet among the first `taken`? */
static bool reaches_urgent_mark(const struct tcb_step *step, uint32_t readable, uint32_t taken)
{
    return step->path->receives_urgent &&
           up_to_urgent_mark(step->tcb, step->path, readable, taken + 1) == taken;
}

enum tcp_error tcb_call_peek(const struct tcb_unread *unread, uint32_t offset, struct tcp_room room,
                             size_t *taken)
{
    const struct tcb_stream *stream = unread->stream;
    const uint32_t readable = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    if (readable <= offset) {
        return nothing_to_read(unread->tcb);
    }
    const uint32_t there = up_to_urgent_mark(unread->tcb, unread->path, readable, readable);
    const uint32_t rest = there > offset ? there - offset : 0;
    const uint32_t wanted = room.count < rest ? (uint32_t)room.count : rest;
    ring_copy(&stream->receive.ring, unread->storage, offset, room.bytes, wanted);
    *taken = wanted;
    return TCP_OK;
}

enum tcp_error tcb_call_receive(struct tcb_step *step, struct tcp_room room, size_t *taken)
{
    struct tcb_stream *stream = step->stream;
    const uint32_t readable = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
    if (readable == 0) {
        return nothing_to_read(step->tcb);
    }
    uint32_t wanted = room.count < readable ? (uint32_t)room.count : readable;
    wanted = up_to_urgent_mark(step->tcb, step->path, readable, wanted);
    if (reaches_urgent_mark(step, readable, wanted)) {
        step->path->receives_urgent = 0; /* urgent mode ends with its last octet */
    }
    *taken = receive_buffer_take(&stream->receive, step->receive_storage, room.bytes, wanted);
    const uint32_t rest = readable - wanted + (tcb_has(step->tcb, TCB_FIN_RECEIVED) ? 1u : 0u);
    if (tcp_seq_at_or_before(step->path->rcv_pushed, tcp_seq_sub(step->tcb->rcv_nxt, rest))) {
        step->path->was_pushed = 0; /* handed out, with what was pushed */
    }
    tcb_consider_window_update(step);
    return TCP_OK;
}

void tcb_call_forget(struct tcb_step *step)
{
    if (step->stream != NULL) {
        receive_buffer_forget(&step->stream->receive);
        step->path->receives_urgent = 0;
        step->path->was_pushed = 0;
    }
}
