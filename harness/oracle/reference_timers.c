/* RFC 6298, RFC 9293 3.8 and 3.6.1, written down once more, apart from the stack's. */
#include "oracle/reference_timers.h"

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* RFC 6298 2.1 to 2.5; the clock counts microseconds. */
static uint64_t fresh_rto(const struct reference_timers *timers, const struct tcp_config *config)
{
    uint64_t rto = config->rto_initial_us;
    if (timers->is_measured) {
        rto = larger(timers->srtt + larger(1, 4 * timers->rttvar), config->rto_min_us);
    }
    return smaller(rto, config->rto_max_us);
}

/* What a stamp tells may be no round trip at all. A system that keeps its times in 32 bits counts no longer ones. */
#define LONGEST_ROUND_TRIP_US (UINT64_C(1) << 31)

static void sample(struct reference_timers *timers, uint64_t rtt, uint64_t samples)
{
    timers->rto_is_known = timers->rto_is_known && rtt <= LONGEST_ROUND_TRIP_US;
    if (!timers->is_measured) {
        timers->is_measured = true;
        timers->srtt = rtt;
        timers->rttvar = rtt / 2;
        return;
    }
    const uint64_t error =
        timers->srtt > rtt ? timers->srtt - rtt : rtt - timers->srtt; /* |SRTT - R'| */
    timers->rttvar = ((4 * samples - 1) * timers->rttvar + error) / (4 * samples);
    timers->srtt = ((8 * samples - 1) * timers->srtt + rtt) / (8 * samples);
}

static void start_measuring(struct reference_timers *timers, uint64_t now, tcp_seqno end)
{
    if (!timers->is_timing) {
        timers->is_timing = true;
        timers->timed_at = now;
        timers->timed_end = end;
    }
}

void reference_timers_begin(struct reference_timers *timers, const struct tcp_config *config,
                            uint64_t now, tcp_seqno end, bool is_active)
{
    *timers = (struct reference_timers){.probed_at = REFERENCE_NEVER,
                                        .keep_alive_at = REFERENCE_NEVER,
                                        .ack_at = REFERENCE_NEVER,
                                        .free_at = REFERENCE_NEVER,
                                        .retransmit_at = REFERENCE_NEVER,
                                        .outstanding_since = now};
    if (config == NULL) {
        return;
    }
    timers->rto_is_known = true;
    timers->rto = fresh_rto(timers, config);
    timers->retransmit_at = now + timers->rto;
    if (is_active) {
        start_measuring(timers, now, end);
    }
}

void reference_timers_sent(struct reference_timers *timers, uint64_t now, tcp_seqno end)
{
    start_measuring(timers, now, end);
    if (timers->retransmit_at == REFERENCE_NEVER) { /* RFC 6298 5.1 */
        timers->retransmit_at = now + timers->rto;
        timers->outstanding_since = now;
        timers->repetitions = 0;
    }
}

void reference_timers_repeated(struct reference_timers *timers, const struct tcp_config *config,
                               uint64_t now)
{
    timers->repetitions++;
    timers->is_timing = false; /* Karn: RFC 6298 3 */
    timers->rto = smaller(2 * timers->rto, config->rto_max_us);
    timers->retransmit_at = now + timers->rto; /* 5.5, 5.6 */
}

void reference_timers_acknowledged(struct reference_timers *timers, const struct tcp_config *config,
                                   uint64_t now, tcp_seqno ack, const struct reference_echo *echo,
                                   bool is_all, bool after_lost_syn)
{
    const bool ends_timing = timers->is_timing && tcp_seq_at_or_after(ack, timers->timed_end);
    if (echo->is_there) {
        sample(timers, echo->rtt_us, echo->samples);
    } else if (ends_timing) {
        sample(timers, now - timers->timed_at, 1);
    }
    timers->rto = echo->is_there || ends_timing ? fresh_rto(timers, config) : timers->rto;
    if (after_lost_syn) { /* 5.7 */
        timers->rto = larger(fresh_rto(timers, config), config->rto_after_syn_loss_us);
    }
    timers->is_timing = timers->is_timing && !ends_timing;
    timers->retransmit_at = is_all ? REFERENCE_NEVER : now + timers->rto; /* 5.2, 5.3 */
    timers->outstanding_since = now;
    timers->repetitions = 0;
}

void reference_timers_probed(struct reference_timers *timers, uint64_t now)
{
    timers->probe_pause = timers->probed_at == REFERENCE_NEVER ? 0 : now - timers->probed_at;
    timers->probed_at = now;
}

void reference_timers_kept_alive(struct reference_timers *timers, const struct tcp_config *config,
                                 uint64_t now)
{
    timers->keep_alive_at = config == NULL ? REFERENCE_NEVER : now + config->keep_alive_interval_us;
}

void reference_timers_wait(struct reference_timers *timers, const struct tcp_config *config,
                           uint64_t now)
{
    /* With user_timeout_always the user's patience may end it before (RFC 9293 3.10.8). */
    const bool is_plain =
        config != NULL && config->time_wait != 0 && config->user_timeout_always == 0;
    timers->free_at = is_plain ? now + 2 * config->msl_us : REFERENCE_NEVER;
}

void reference_timers_state(struct reference_timers *timers, const struct tcp_config *config,
                            uint64_t now, enum tcb_state state)
{
    if (state == TCB_TIME_WAIT) {
        reference_timers_wait(timers, config, now);
    }
    if (state == TCB_CLOSED || state == TCB_LISTEN || state == TCB_TIME_WAIT) {
        timers->retransmit_at = timers->ack_at = REFERENCE_NEVER;
    }
    if (state == TCB_CLOSED || state == TCB_LISTEN) {
        timers->free_at = REFERENCE_NEVER;
    }
}
