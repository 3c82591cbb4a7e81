#include "tcb/delayed_ack.h"

void tcb_delay_ack(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    path->unacked_segments++;
    if (path->unacked_segments >= step->config->ack_every_segments ||
        step->config->delayed_ack_us == 0) {
        tcb_owe(step->tcb, TCB_OWES_ACK);
    } else if (path->delayed_ack_at == TCB_NEVER) {
        path->delayed_ack_at = step->now + step->config->delayed_ack_us;
    }
}

void tcb_owe_duplicate_ack(struct tcb_step *step)
{
    if (step->tcb->owed_duplicates < UINT8_MAX) {
        step->tcb->owed_duplicates++;
    }
}

void tcb_delayed_ack_timeout(struct tcb_step *step)
{
    step->path->delayed_ack_at = TCB_NEVER;
    tcb_owe(step->tcb, TCB_OWES_ACK);
}
