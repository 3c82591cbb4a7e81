#include "tcb/receive_window.h"

#include "base/numbers.h"
#include "tcb/open.h"

/* How far to the right the edge could go: RCV.BUFF - RCV.USER - RCV.WND. */
static uint32_t possible_gain(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const uint32_t unread =
        step->stream == NULL ? 0 : receive_buffer_readable(&step->stream->receive);
    TCP_ASSERT(unread <= tcb->receive_bytes);
    uint32_t room = tcb->receive_bytes - unread;
    room = room > TCB_WINDOW_MAX ? TCB_WINDOW_MAX : room;
    const uint32_t window = tcb_receive_window(tcb);
    return room > window ? room - window : 0;
}

uint16_t tcb_advertise_window(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if (tcb->state == TCB_SYN_SENT) { /* the peer's numbers are unknown: RCV.NXT stands for all */
        const uint32_t window = smaller(tcb->receive_bytes, TCB_WINDOW_MAX);
        tcb->rcv_edge = tcp_seq_add(tcb->rcv_nxt, larger(window, tcb_receive_window(tcb)));
        return (uint16_t)window;
    }
    const uint32_t gain = possible_gain(step);
    if (gain > 0 && gain >= smaller(tcb->receive_bytes / 2, tcb->receive_mss)) {
        tcb->rcv_edge = tcp_seq_add(tcb->rcv_edge, gain);
    }
    return (uint16_t)smaller(tcb_receive_window(tcb), TCB_WINDOW_MAX);
}

void tcb_consider_window_update(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    if (!tcb_can_receive(tcb)) {
        return;
    }
    /* Two segments or half the buffer: each read of a little would otherwise cost an ACK. */
    const uint32_t gain = possible_gain(step);
    if (gain > 0 && gain >= smaller(tcb->receive_bytes / 2, 2u * tcb->receive_mss)) {
        tcb_owe(tcb, TCB_OWES_ACK);
    }
}
