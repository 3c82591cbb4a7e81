#include "tcb/keep_alive.h"

static void owe_no_probe(struct tcb_step *step)
{
    step->path->keep_alive_unanswered = 0;
    step->tcb->owed = (uint8_t)(step->tcb->owed & ~TCB_OWES_KEEP_ALIVE);
}

void tcb_peer_is_alive(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    owe_no_probe(step);              /* MUST-26: it was for silence */
    path->keep_alive_at = TCB_NEVER; /* settled anew behind the step */
    /* MUST-37: probes that are answered may go on for ever. */
    if (path->persist_at != TCB_NEVER) {
        step->tcb->lifetime_at = TCB_NEVER;
        step->tcb->retries = 0;
    }
}

/* MUST-26: only when nothing is outstanding; what is has timers of its own. */
static bool may_probe(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const bool is_open = tcb->state == TCB_ESTABLISHED || tcb->state == TCB_CLOSE_WAIT ||
                         tcb->state == TCB_FIN_WAIT_2;
    return step->path->keep_alive && is_open && tcb_outstanding(tcb) == 0 &&
           step->path->persist_at == TCB_NEVER;
}

#define US_PER_MS UINT64_C(1000)

static uint64_t idle_us(const struct tcb_step *step)
{
    return step->path->keep_alive_idle_ms != 0 ? step->path->keep_alive_idle_ms * US_PER_MS
                                               : step->config->keep_alive_idle_us;
}

static uint64_t interval_us(const struct tcb_step *step)
{
    return step->path->keep_alive_interval_ms != 0 ? step->path->keep_alive_interval_ms * US_PER_MS
                                                   : step->config->keep_alive_interval_us;
}

static uint32_t probes(const struct tcb_step *step)
{
    return step->path->keep_alive_probes != 0 ? step->path->keep_alive_probes
                                              : step->config->keep_alive_probes;
}

void tcb_settle_keep_alive(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    if (!may_probe(step)) {
        path->keep_alive_at = TCB_NEVER;
        owe_no_probe(step); /* one may be overdue where the clock was looked at late */
    } else if (path->keep_alive_at == TCB_NEVER && (step->tcb->owed & TCB_OWES_KEEP_ALIVE) == 0) {
        path->keep_alive_at = step->now + idle_us(step);
    }
}

void tcb_keep_alive_sent(struct tcb_step *step)
{
    step->path->keep_alive_at = step->now + interval_us(step);
}

/* Until the probe leaves, which may be late, no timer runs: nobody can answer it before (MUST-29). */
bool tcb_keep_alive_timeout(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    path->keep_alive_at = TCB_NEVER;
    if (path->keep_alive_unanswered >= probes(step)) {
        return true;
    }
    path->keep_alive_unanswered++;
    tcb_owe(step->tcb, TCB_OWES_KEEP_ALIVE);
    return false;
}
