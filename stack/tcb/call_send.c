/* SEND (RFC 9293 3.10.2). */
#include "tcb/calls.h"

/* What a user of a record in CLOSED is told. */
static enum tcp_error how_it_ended(const struct tcb *tcb)
{
    return tcb->ended == TCP_OK ? TCP_ERROR_NO_CONNECTION : (enum tcp_error)tcb->ended;
}

enum tcp_error tcb_send_permission(const struct tcb *tcb)
{
    if (tcb->state == TCB_CLOSED) {
        return how_it_ended(tcb);
    }
    if (tcb_has(tcb, TCB_FIN_QUEUED)) {
        return TCP_ERROR_CLOSING;
    }
    switch (tcb_state_of(tcb)) {
    case TCB_SYN_SENT:
    case TCB_SYN_RECEIVED: /* queued until ESTABLISHED */
    case TCB_ESTABLISHED:
    case TCB_CLOSE_WAIT:
        return TCP_OK;
    case TCB_LISTEN:
        return TCP_ERROR_REMOTE_MISSING;
    case TCB_CLOSED:
    case TCB_FIN_WAIT_1:
    case TCB_FIN_WAIT_2:
    case TCB_CLOSING:
    case TCB_LAST_ACK:
    case TCB_TIME_WAIT:
        return TCP_ERROR_CLOSING;
    }
    return TCP_ERROR_STATE;
}

/* SND.UP = SND.NXT once the octets are queued (3.10.2): behind the last of them. */
static void mark(struct tcb_step *step, uint32_t flags, uint32_t queued_before)
{
    struct tcb_path *path = step->path;
    if ((flags & TCP_SEND_MORE) == 0) {
        path->pushed = tcb_data_end(step);
    } else if (tcp_seq_distance(tcb_data_start(step->tcb), path->pushed) > queued_before) {
        path->pushed = tcb_data_start(step->tcb); /* of the past, or never set */
    }
    if (flags & TCP_SEND_URGENT) {
        path->sends_urgent = 1;
        path->snd_up = tcb_data_end(step);
        if (tcb_is_synchronized(step->tcb)) {
            tcb_owe(step->tcb, TCB_OWES_ACK); /* tells of it even where the window holds it back */
        }
    }
}

enum tcp_error tcb_call_send(struct tcb_step *step, const uint8_t *bytes, size_t count,
                             uint32_t flags, size_t *taken)
{
    const enum tcp_error permission = tcb_send_permission(step->tcb);
    if (permission != TCP_OK) {
        return permission;
    }
    if (step->stream == NULL) {
        return TCP_ERROR_RESOURCES;
    }
    struct ring *ring = &step->stream->send;
    const uint32_t limit =
        step->path->send_bytes < ring->capacity ? step->path->send_bytes : ring->capacity;
    const uint32_t room = limit > ring->count ? limit - ring->count : 0;
    const uint32_t wanted = count > room ? room : (uint32_t)count;
    if (wanted == 0 && count > 0) {
        return TCP_ERROR_RESOURCES;
    }
    const uint32_t queued_before = ring->count;
    *taken = ring_append(ring, step->send_storage, bytes, wanted);
    mark(step, flags, queued_before);
    return TCP_OK;
}
