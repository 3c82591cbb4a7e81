/* The timers of one connection, computed a second time from what goes over the wire: when each must
 * take effect. Fed by the wire model, read by the R oracles. What cannot be followed for sure (an ACK
 * that may have been refused, a window that was shut) makes the timer that depends on it unknown. */
#ifndef FINWAIT_ORACLE_REFERENCE_TIMERS_H
#define FINWAIT_ORACLE_REFERENCE_TIMERS_H

#include "tcp/config.h"
#include "tcp/seq.h"
#include "tcp/state.h"

#define REFERENCE_NEVER UINT64_MAX

struct reference_timers {
    /* RFC 6298. Times in microseconds. */
    bool rto_is_known;
    bool is_measured;
    bool is_timing; /* an ACK of `timed_end` ends the measurement that began at `timed_at` */
    tcp_seqno timed_end;
    uint64_t timed_at;
    uint64_t srtt, rttvar;
    uint64_t rto; /* with back-off */
    uint64_t retransmit_at;
    uint64_t outstanding_since; /* since something is outstanding without progress */
    uint32_t repetitions;       /* because of time, since then */

    /* Zero-window probes (RFC 9293 3.8.6.1): times of the last two in a row. */
    uint64_t probed_at;
    uint64_t probe_pause; /* 0: not known */

    /* The next of keep-alive probes in a row (RFC 9293 3.8.4). */
    uint64_t keep_alive_at;

    uint64_t ack_at;  /* an ACK is held back until then (RFC 9293 3.8.6.3) */
    uint64_t free_at; /* TIME-WAIT ends (RFC 9293 3.6.1) */
};

/* Our first SYN leaves. An active opener's is timed (RFC 6298 2). */
void reference_timers_begin(struct reference_timers *timers, const struct tcp_config *config,
                            uint64_t now, tcp_seqno end, bool is_active);

/* Something new that occupies sequence space leaves. */
void reference_timers_sent(struct reference_timers *timers, uint64_t now, tcp_seqno end);

/* The segment at SND.UNA is sent again because of time. */
void reference_timers_repeated(struct reference_timers *timers, const struct tcp_config *config,
                               uint64_t now);

/* A round trip that a timestamp tells of, one of so many in a flight (RFC 7323 4.1, appendix G). */
struct reference_echo {
    bool is_there;
    uint64_t rtt_us;
    uint32_t samples;
};

/* Something new is acknowledged. `after_lost_syn`: it is our SYN, which was sent more than once. */
void reference_timers_acknowledged(struct reference_timers *timers, const struct tcp_config *config,
                                   uint64_t now, tcp_seqno ack, const struct reference_echo *echo,
                                   bool is_all, bool after_lost_syn);

/* A window probe or a keep-alive probe leaves because of time. */
void reference_timers_probed(struct reference_timers *timers, uint64_t now);
void reference_timers_kept_alive(struct reference_timers *timers, const struct tcp_config *config,
                                 uint64_t now);

/* The connection enters a state. */
void reference_timers_state(struct reference_timers *timers, const struct tcp_config *config,
                            uint64_t now, enum tcb_state state);

/* TIME-WAIT begins, or begins again because the peer's FIN came again. */
void reference_timers_wait(struct reference_timers *timers, const struct tcp_config *config,
                           uint64_t now);

#endif
