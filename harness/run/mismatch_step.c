/* The stack's last step as a sentence: what happened, in which state, what decided, where it led. */
#include "run/runner.h"

static const char *happening(enum tcp_cause cause)
{
    switch (cause) {
    case TCP_CAUSE_NONE:
        return "nothing happened";
    case TCP_CAUSE_OPEN:
        return "a connection was opened";
    case TCP_CAUSE_SEND:
        return "data was handed over for sending";
    case TCP_CAUSE_RECEIVE:
        return "data was read";
    case TCP_CAUSE_CLOSE:
        return "the connection was closed";
    case TCP_CAUSE_ABORT:
        return "the connection was aborted";
    case TCP_CAUSE_SEGMENT:
        return "a segment arrived";
    case TCP_CAUSE_ICMP:
        return "an ICMP message arrived";
    case TCP_CAUSE_USER_TIMEOUT:
        return "the user timeout ran out";
    case TCP_CAUSE_RETRANSMISSION_TIMEOUT:
        return "the retransmission timer ran out";
    case TCP_CAUSE_PERSIST_TIMEOUT:
        return "the persist timer ran out";
    case TCP_CAUSE_DELAYED_ACK_TIMEOUT:
        return "the timer of the delayed ACK ran out";
    case TCP_CAUSE_SWS_OVERRIDE_TIMEOUT:
        return "the timer that ends the wait for more to send ran out";
    case TCP_CAUSE_TIME_WAIT_TIMEOUT:
        return "the TIME-WAIT timer ran out";
    case TCP_CAUSE_KEEP_ALIVE_TIMEOUT:
        return "the keep-alive timer ran out";
    case TCP_CAUSE_PATH_MTU_TIMEOUT:
        return "the timer of the path MTU ran out";
    case TCP_CAUSE_ORPHAN_TIMEOUT:
        return "the patience with an orphan ran out";
    case TCP_CAUSE_ECN_TIMEOUT:
        return "the wait with a marked window of one segment ran out";
    }
    return "something happened";
}

/* What goes on the sentence "a segment arrived in X". */
static const char *verdict_words(enum tcp_verdict verdict)
{
    switch (verdict) {
    case TCP_VERDICT_NONE:
        return "";
    case TCP_VERDICT_DROP:
        return " and was dropped";
    case TCP_VERDICT_ACK:
        return " and was answered with an ACK";
    case TCP_VERDICT_CHALLENGE:
        return " and was answered with a challenge ACK";
    case TCP_VERDICT_RESET:
        return " and was answered with a reset";
    case TCP_VERDICT_DELETE:
        return " and ended the connection";
    case TCP_VERDICT_REOPEN:
        return " and opened the connection anew";
    case TCP_VERDICT_SPAWN:
        return " and made a new connection";
    case TCP_VERDICT_ACCEPT:
        return " and passed every check";
    }
    return "";
}

/* What the stack says of it, unless that is what the verdict says already. */
static void add_reason(const struct tcp_step_record *step, struct text *out)
{
    if (step->verdict == TCP_VERDICT_ACCEPT || step->verdict == TCP_VERDICT_NONE) {
        return;
    }
    if (step->check != TCP_CHECK_NONE) {
        text_format(out, " at the %s check", tcp_check_name(step->check));
    }
    if (step->reason != NULL) {
        text_format(out, " (%s)", step->reason);
    }
}

void mismatch_step(const struct tcp_step_record *step, struct text *out)
{
    text_format(out, "Last, %s", happening(step->cause));
    if (step->cause == TCP_CAUSE_NONE) {
        text_string(out, ".\n");
        return;
    }
    text_format(out, " in %s%s", tcb_state_name(step->before), verdict_words(step->verdict));
    add_reason(step, out);
    if (step->after != step->before) {
        text_format(out, "; the state became %s", tcb_state_name(step->after));
    }
    text_string(out, ".\n");
}
