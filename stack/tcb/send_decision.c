#include "tcb/send_decision.h"

#include "base/numbers.h"

uint32_t tcb_unsent_bytes(const struct tcb_step *step)
{
    return tcb_unsent_of(step->tcb, tcb_queued_bytes(step));
}

bool tcb_has_unsent_fin(const struct tcb *tcb)
{
    return tcb_has(tcb, TCB_FIN_QUEUED) && !tcb_has(tcb, TCB_FIN_SENT);
}

uint32_t tcb_usable_window(const struct tcb *tcb)
{
    const uint32_t outstanding = tcb_outstanding(tcb);
    return tcb->snd_wnd > outstanding ? tcb->snd_wnd - outstanding : 0;
}

static uint32_t congestion_room(const struct tcb_step *step)
{
    const uint32_t flight = tcb_outstanding(step->tcb);
    const uint32_t cwnd = step->path->congestion.window.cwnd_bytes;
    return cwnd > flight ? cwnd - flight : 0;
}

/* Is all that is queued pushed? CLOSE pushes what was not. */
static bool is_pushed(const struct tcb_step *step)
{
    return tcb_has(step->tcb, TCB_FIN_QUEUED) ||
           tcp_seq_at_or_after(step->path->pushed, tcb_data_end(step));
}

/* Nagle: small segments wait while anything is outstanding; after A.3's variant only while a small one is,
 * which stands last. A user who has called CLOSE will not add to it. */
static bool nagle_holds_back(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const struct tcb_path *path = step->path;
    if (tcb_outstanding(tcb) == 0 || path->nagle == 0 || tcb_has(tcb, TCB_FIN_QUEUED)) {
        return false;
    }
    return path->nagle == TCB_NAGLE ||
           (path->sent_small && tcp_seq_after(path->small_end, tcb->snd_una));
}

/* 3.8.6.2.1's conditions, with D unsent octets, U usable window, and R what both windows leave. */
static uint32_t permitted_text(const struct tcb_step *step, uint32_t unsent, uint32_t usable)
{
    const struct tcb *tcb = step->tcb;
    const uint32_t mss = tcb->send_mss;
    const uint32_t room = smaller(usable, congestion_room(step));
    if (smaller(unsent, room) >= mss) { /* (1) a full segment */
        return mss;
    }
    const bool may_be_small = !nagle_holds_back(step);
    if (may_be_small && is_pushed(step) && unsent <= room) { /* (2) all there is */
        return unsent;
    }
    if (may_be_small && smaller(unsent, usable) >= (tcb->max_snd_wnd + 1) / 2) { /* (3) */
        return smaller(unsent, room);
    }
    if (tcb->owed & TCB_OWES_PUSH) { /* (4) the override timeout occurred */
        return smaller(unsent, room);
    }
    return 0;
}

struct tcb_decision tcb_decide_send(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    struct tcb_decision decision = {0};
    if (!tcb_can_send(tcb) || tcp_seq_before(step->path->resend_next, step->path->resend_end)) {
        return decision; /* lost octets go first */
    }
    if (step->path->ecn_hold_at != TCB_NEVER) { /* RFC 3168 6.1.2 */
        return decision;
    }
    const uint32_t unsent = tcb_unsent_bytes(step);
    const uint32_t usable = tcb_usable_window(tcb);
    if (unsent > 0) {
        decision.text_bytes = permitted_text(step, unsent, usable);
    }
    decision.with_fin = tcb_has_unsent_fin(tcb) && decision.text_bytes == unsent && usable > unsent;
    return decision;
}
