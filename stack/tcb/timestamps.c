#include "tcb/timestamps.h"

#include <string.h>

#include "base/bytes.h"
#include "base/siphash.h"

#define TICK_US UINT64_C(1000)
#define TIMESTAMP_SALT                                                                             \
    UINT8_C(0x54) /* apart from the hashes of the demultiplexer, ISNs and ports */
#define RECENT_MAX_US    (UINT64_C(24) * 86400 * 1000000) /* RFC 7323 5.5 */
#define HALF_THE_NUMBERS UINT32_C(0x80000000)

static bool uses_timestamps(const struct tcb *tcb)
{
    return (tcb->options & TCB_OPTION_TIMESTAMPS) != 0;
}

/* a < b in RFC 7323's sense: modulo 2^32. */
static bool is_before(uint32_t a, uint32_t b)
{
    return a - b >= HALF_THE_NUMBERS;
}

uint16_t tcb_option_bytes(const struct tcb *tcb)
{
    return uses_timestamps(tcb) ? TCB_TIMESTAMPS_BYTES : 0;
}

static uint32_t offset_of(const struct tcp_flow *flow, const struct tcp_config *config)
{
    if (config->fixed_timestamps != 0) {
        return config->timestamp_offset;
    }
    uint8_t input[38];
    memcpy(input, flow->local.address.bytes, 16);
    memcpy(input + 16, flow->remote.address.bytes, 16);
    uint8_t *at = bytes_put16(input + 32, flow->local.port);
    at = bytes_put16(at, flow->remote.port);
    at = bytes_put8(at, flow->local.address.version);
    (void)bytes_put8(at, TIMESTAMP_SALT);
    return (uint32_t)siphash(config->secret, input, sizeof input);
}

uint32_t tcb_timestamp_value(const struct tcp_flow *flow, const struct tcp_config *config,
                             uint64_t now)
{
    return offset_of(flow, config) + (uint32_t)(now / TICK_US);
}

void tcb_timestamps_offer(struct tcb_step *step)
{
    step->tcb->options = step->config->timestamps != 0 ? TCB_OPTION_TIMESTAMPS : 0;
}

static void keep(struct tcb_step *step, uint32_t value)
{
    step->tcb->timestamp_recent = value;
    if (step->path != NULL) {
        step->path->timestamp_at = step->now;
    }
}

/* A side that opened has said in its SYN whether it uses the option; a child says so in its SYN,ACK. */
void tcb_timestamps_agree(struct tcb_step *step, const struct tcp_segment *syn)
{
    struct tcb *tcb = step->tcb;
    if (tcb_has(tcb, TCB_PASSIVE)) {
        tcb_timestamps_offer(step);
    }
    if (!syn->options.has_timestamps) { /* RFC 7323 3.2 */
        tcb->options = (uint8_t)(tcb->options & ~TCB_OPTION_TIMESTAMPS);
    } else if (uses_timestamps(tcb)) {
        keep(step, syn->options.timestamp_value);
    }
    if (step->path != NULL) {
        step->path->last_ack = tcb->rcv_nxt;
    }
}

void tcb_timestamps_put(struct tcb_step *step, struct tcp_segment *out)
{
    const struct tcb *tcb = step->tcb;
    const bool has_ack = tcp_segment_has(out, TCP_FLAG_ACK);
    if (has_ack && step->path != NULL) {
        step->path->last_ack = out->ack;
    }
    if (uses_timestamps(tcb)) {
        out->options.has_timestamps = true;
        out->options.timestamp_value = tcb_timestamp_value(&tcb->flow, step->config, step->now);
        out->options.timestamp_echo = has_ack ? tcb->timestamp_recent : 0; /* 3.2 */
    }
}

/* RFC 7323 5.5: a TS.Recent of long ago may lie on either side of what the peer says now. Neither the
 * handshake nor TIME-WAIT, which have no path, last so long. */
static bool is_stale(const struct tcb_step *step)
{
    const struct tcb_path *path = step->path;
    return path != NULL && step->now - path->timestamp_at > RECENT_MAX_US;
}

enum tcp_verdict tcb_check_timestamps(struct tcb_step *step, const struct tcp_segment *segment)
{
    const struct tcb *tcb = step->tcb;
    if (!uses_timestamps(tcb) || tcp_segment_has(segment, TCP_FLAG_RST)) { /* RST: 5.2 */
        return TCP_VERDICT_NONE;
    }
    if (!segment->options.has_timestamps) {
        return step->config->timestamps_required == 0
                   ? TCP_VERDICT_NONE
                   : tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SEQUENCE,
                                TCB_REASON_NO_TIMESTAMP);
    }
    if (is_before(segment->options.timestamp_value, tcb->timestamp_recent) && !is_stale(step)) {
        return tcb_decide(step, TCP_VERDICT_ACK, TCP_CHECK_SEQUENCE, TCB_REASON_OLD_TIMESTAMP);
    }
    return TCP_VERDICT_NONE;
}

/* What was acknowledged last. Without a path every ACK that is sent says RCV.NXT. */
static tcp_seqno last_ack_sent(const struct tcb_step *step)
{
    return step->path == NULL ? step->tcb->rcv_nxt : step->path->last_ack;
}

void tcb_timestamps_take(struct tcb_step *step, const struct tcp_segment *segment)
{
    const struct tcb *tcb = step->tcb;
    if (!uses_timestamps(tcb) || !segment->options.has_timestamps ||
        tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const uint32_t value = segment->options.timestamp_value;
    if (tcp_seq_at_or_before(segment->seq, last_ack_sent(step)) &&
        (!is_before(value, tcb->timestamp_recent) || is_stale(step))) {
        keep(step, value);
    }
}

bool tcb_timestamps_round_trip(const struct tcb_step *step, const struct tcp_segment *segment,
                               uint64_t *out_us)
{
    const struct tcb *tcb = step->tcb;
    if (!uses_timestamps(tcb) || !segment->options.has_timestamps) {
        return false;
    }
    const uint32_t ticks =
        tcb_timestamp_value(&tcb->flow, step->config, step->now) - segment->options.timestamp_echo;
    *out_us = ticks * TICK_US;
    return ticks < HALF_THE_NUMBERS; /* else it echoes what was never sent */
}
