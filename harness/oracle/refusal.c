#include "oracle/refusal.h"

#include <string.h>

bool refusal_is_one(const struct tcp_step_record *step)
{
    const bool is_refused = step->verdict == TCP_VERDICT_DROP || step->verdict == TCP_VERDICT_ACK ||
                            step->verdict == TCP_VERDICT_CHALLENGE ||
                            step->verdict == TCP_VERDICT_RESET;
    const bool is_early = step->check >= TCP_CHECK_SEQUENCE && step->check <= TCP_CHECK_ACK;
    return step->cause == TCP_CAUSE_SEGMENT && is_refused && is_early &&
           step->before != TCB_CLOSED && step->before != TCB_LISTEN &&
           (step->verdict != TCP_VERDICT_RESET || step->after == step->before);
}

/* What must be as it was. */
#define COMPARED_FIELDS(FIELD)                                                                     \
    FIELD(state)                                                                                   \
    FIELD(iss)                                                                                     \
    FIELD(snd_una)                                                                                 \
    FIELD(snd_nxt)                                                                                 \
    FIELD(snd_wl1)                                                                                 \
    FIELD(snd_wl2)                                                                                 \
    FIELD(snd_up)                                                                                  \
    FIELD(irs)                                                                                     \
    FIELD(rcv_nxt)                                                                                 \
    FIELD(rcv_up)                                                                                  \
    FIELD(snd_wnd)                                                                                 \
    FIELD(rcv_wnd)                                                                                 \
    FIELD(max_snd_wnd)                                                                             \
    FIELD(send_mss)                                                                                \
    FIELD(unsent_bytes)                                                                            \
    FIELD(unacked_bytes)                                                                           \
    FIELD(readable_bytes)                                                                          \
    FIELD(islands)                                                                                 \
    FIELD(cwnd_bytes)                                                                              \
    FIELD(ssthresh_bytes)                                                                          \
    FIELD(srtt_us)                                                                                 \
    FIELD(rttvar_us)                                                                               \
    FIELD(rto_us)                                                                                  \
    FIELD(retransmits)                                                                             \
    FIELD(pushed_bytes)                                                                            \
    FIELD(urgent_ahead_bytes)                                                                      \
    FIELD(keep_alive_unanswered)                                                                   \
    FIELD(path_mtu)                                                                                \
    FIELD(soft_error)                                                                              \
    FIELD(fin_received)                                                                            \
    FIELD(retransmission_at)                                                                       \
    FIELD(persist_at)                                                                              \
    FIELD(delayed_ack_at)                                                                          \
    FIELD(keep_alive_at)

const char *refusal_change(const struct tcp_status *before, const struct tcp_status *after)
{
#define COMPARE(member)                                                                            \
    if (memcmp(&before->member, &after->member, sizeof before->member) != 0) {                     \
        return #member;                                                                            \
    }
    COMPARED_FIELDS(COMPARE)
#undef COMPARE
    const bool may_wait_anew = after->state == TCB_TIME_WAIT;
    return may_wait_anew || before->time_wait_at.us == after->time_wait_at.us ? NULL
                                                                              : "time_wait_at";
}
