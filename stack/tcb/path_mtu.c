#include "tcb/path_mtu.h"

#include "base/numbers.h"
#include "tcb/arrives.h"
#include "tcb/timestamps.h"
#include "tcp/wire.h"

/* RFC 1191 3: never below; RFC 8201 4: a report of less is discarded. */
#define MTU_FLOOR_IPV4 68u
#define MTU_FLOOR_IPV6 1280u
/* RFC 1191 3, RFC 8201 4: how long after a report nothing larger is tried, at least. */
#define TOO_BIG_LASTS_US UINT64_C(300000000)

static uint8_t ip_version(const struct tcb_step *step)
{
    return step->tcb->flow.local.address.version;
}

static uint32_t header_bytes(uint8_t version)
{
    return TCP_WIRE_TCP_HEADER_BYTES +
           (version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES : TCP_WIRE_IPV6_HEADER_BYTES);
}

/* What is believed now: what a router said, or else what the link carries, or did when the connection began: it
 * keeps the segments of then. */
static uint32_t current_mtu(const struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const uint32_t full = header_bytes(ip_version(step)) + tcb_option_bytes(tcb) + tcb->send_mss;
    return step->path->path_mtu != 0 ? step->path->path_mtu : larger(full, step->config->mtu);
}

/* RFC 1191 7.1, table 7-1: MTUs that links have, for routers that do not say theirs. */
static uint32_t plateau_below(uint32_t bytes)
{
    static const uint16_t plateaus[] = {65535, 32000, 17914, 8166, 4352, 2002,
                                        1492,  1006,  508,   296,  68};
    for (uint32_t i = 0; i < sizeof plateaus / sizeof *plateaus; i++) {
        if (plateaus[i] < bytes) {
            return plateaus[i];
        }
    }
    return MTU_FLOOR_IPV4;
}

/* RFC 1191 5: some old routers add the header to the total length that they quote, so a length that is
 * not below the estimate is taken for such a one. */
static uint32_t guessed_mtu(const struct tcp_icmp *icmp, uint32_t current)
{
    uint32_t bytes = icmp->quoted_packet_bytes;
    if (bytes >= current) {
        bytes -= icmp->quoted_header_bytes;
    }
    return plateau_below(smaller(bytes, current));
}

static uint32_t claimed_mtu(const struct tcb_step *step, const struct tcp_icmp *icmp)
{
    const bool is_unsaid = icmp->mtu == 0 && icmp->source.version == 4;
    return is_unsaid ? guessed_mtu(icmp, current_mtu(step)) : icmp->mtu;
}

/* Octets of text in a packet of this size. */
static uint32_t text_in(const struct tcb_step *step, uint32_t mtu)
{
    return mtu - header_bytes(ip_version(step)) - tcb_option_bytes(step->tcb);
}

void tcb_path_mtu_bound(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    uint32_t mtu = path == NULL ? 0 : path->path_mtu;
    if (mtu != 0) {
        path->full_mss = tcb->send_mss;
    } else if (step->config->path_mtu_discovery == 0 && ip_version(step) == 6) {
        mtu = MTU_FLOOR_IPV6; /* RFC 8201 4: without discovery, no more than every link carries */
    }
    if (mtu != 0) {
        tcb->send_mss = (uint16_t)smaller(tcb->send_mss, text_in(step, mtu));
    }
}

/* From `seq` on, what is outstanding went out too big: it goes again at once, one segment first, and no
 * faster than slow start; the congestion window stays, since nothing was lost to congestion (RFC 1191
 * 6.4, RFC 8201 5.4). */
static void resend_from(struct tcb_step *step, tcp_seqno seq)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    const bool is_resending = tcp_seq_before(path->resend_next, path->resend_end);
    const bool is_outstanding = tcp_seq_in_range(seq, tcb->snd_una, tcb_outstanding(tcb));
    if (!is_outstanding || !tcb_has(tcb, TCB_SYN_ACKED) || path->persist_at != TCB_NEVER) {
        return;
    }
    if (!is_resending || tcp_seq_before(seq, path->resend_next)) {
        path->resend_next = seq;
    }
    path->resend_end = tcb->snd_nxt;
    path->resend_stop = tcp_seq_add(path->resend_next, tcb->send_mss);
    path->is_restarting = 1;
    path->is_timing = 0;                          /* Karn: RFC 6298 3 */
    tcb->retransmit_at = step->now + tcb->rto_us; /* nothing timed out: the timer starts anew */
}

static void adopt(struct tcb_step *step, uint32_t mtu, uint64_t raise_at)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    if (path->path_mtu == 0) {
        path->full_mss = tcb->send_mss;
    }
    path->path_mtu = (uint16_t)mtu;
    path->path_mtu_raise_at = raise_at;
    tcb->send_mss = (uint16_t)smaller(tcb->send_mss, text_in(step, mtu));
}

void tcb_path_mtu_learn(struct tcb_step *step, uint32_t mtu, uint64_t raise_at)
{
    if (mtu < current_mtu(step)) {
        adopt(step, mtu, raise_at);
    }
}

static void lower(struct tcb_step *step, uint32_t mtu, tcp_seqno lost_from)
{
    struct tcb_path *path = step->path;
    const bool was_exceeded = path->largest_sent > mtu; /* the first report of a burst */
    const uint64_t wait_us = step->config->path_mtu_raise_us;
    adopt(step, mtu, wait_us == 0 ? TCB_NEVER : step->now + wait_us);
    step->has_news_of_mtu = true;
    path->pending_mtu = 0;
    path->largest_sent = (uint16_t)smaller(path->largest_sent, mtu);
    path->largest_acked = (uint16_t)smaller(path->largest_acked, mtu);
    if (was_exceeded) {
        resend_from(step, lost_from);
    }
}

/* A report that lowers nothing, but says that packets of full size are too big still: they are tried again
 * later (RFC 1191 3, RFC 8201 4). */
static void put_off_raise(struct tcb_step *step, uint32_t mtu)
{
    struct tcb_path *path = step->path;
    const uint32_t full =
        header_bytes(ip_version(step)) + tcb_option_bytes(step->tcb) + path->full_mss;
    const uint64_t at = step->now + TOO_BIG_LASTS_US;
    if (path->path_mtu != 0 && mtu < full && path->path_mtu_raise_at < at) {
        path->path_mtu_raise_at = at;
        step->has_news_of_mtu = true;
    }
}

enum tcp_verdict tcb_path_mtu_reported(struct tcb_step *step, const struct tcp_icmp *icmp)
{
    struct tcb_path *path = step->path;
    const uint32_t floor = icmp->source.version == 4 ? MTU_FLOOR_IPV4 : MTU_FLOOR_IPV6;
    if (path == NULL || step->config->path_mtu_discovery == 0) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_NONE, TCB_REASON_ICMP_MTU_UNUSED);
    }
    const uint32_t mtu = claimed_mtu(step, icmp);
    if (mtu < floor) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_NONE, TCB_REASON_ICMP_MTU_FLOOR);
    }
    const bool is_news_of_losses = mtu == current_mtu(step) && path->largest_sent > mtu;
    if (mtu >= current_mtu(step) && !is_news_of_losses) { /* 1191 3, 8201 4: it never raises it */
        put_off_raise(step, mtu);
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_NONE, TCB_REASON_ICMP_MTU_NOT_LOWER);
    }
    if (step->config->icmp_distrust_size != 0) {
        if (mtu > path->largest_sent) { /* RFC 5927 7.2: nothing so big was ever sent */
            return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_NONE, TCB_REASON_ICMP_MTU_UNSENT);
        }
        /* Larger packets went through: believed when one times out. A packet of the very size does not
         * speak against the report, so equality is believed at once, as the prose of 7.2 has it. */
        if (mtu < path->largest_acked) {
            path->pending_mtu = (uint16_t)mtu;
            path->pending_seq = icmp->quoted_seq;
            return tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_NONE,
                              TCB_REASON_ICMP_MTU_PENDING);
        }
    }
    lower(step, mtu, icmp->quoted_seq);
    return tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_NONE, TCB_REASON_ICMP_MTU_LOWERED);
}

void tcb_path_mtu_sent(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb_path *path = step->path;
    if (path == NULL) {
        return;
    }
    const uint32_t bytes = header_bytes(ip_version(step)) +
                           tcp_wire_options_bytes(&segment->options) + segment->payload_bytes;
    if (bytes > path->largest_sent) {
        path->largest_sent = (uint16_t)smaller(bytes, UINT16_MAX);
        path->largest_end = tcp_seq_add(segment->seq, tcp_segment_length(segment));
    }
}

void tcb_path_mtu_acknowledged(struct tcb_step *step, tcp_seqno ack, uint32_t text)
{
    struct tcb_path *path = step->path;
    if (tcp_seq_at_or_after(ack, path->largest_end)) {
        path->largest_acked = path->largest_sent;
        path->largest_end = ack; /* so that the two stay comparable however much is sent */
    }
    if (path->pending_mtu != 0 && tcp_seq_after(ack, path->pending_seq)) {
        path->pending_mtu = 0; /* RFC 5927 7.2: the quoted segment arrived */
    }
    if (path->is_restarting) { /* slow start: a segment more for each ACK */
        const uint32_t mss = step->tcb->send_mss;
        path->resend_stop = tcp_seq_add(path->resend_stop, text + smaller(text, mss));
    }
}

void tcb_path_mtu_timed_out(struct tcb_step *step)
{
    struct tcb_path *path = step->path;
    tcb_path_mtu_forget_restart(path);
    if (path->pending_mtu != 0 && path->pending_mtu < current_mtu(step)) {
        lower(step, path->pending_mtu, step->tcb->snd_una);
        tcb_path_mtu_forget_restart(path);
    }
    path->pending_mtu = 0;
}

void tcb_path_mtu_raise(struct tcb_step *step)
{
    struct tcb *tcb = step->tcb;
    struct tcb_path *path = step->path;
    TCP_ASSERT(path->path_mtu != 0);
    path->path_mtu = 0;
    path->path_mtu_raise_at = TCB_NEVER;
    path->pending_mtu = 0;
    tcb->send_mss = path->full_mss;
    /* RFC 4821 4 would leave the congestion window; but one that holds no segment would hold all. */
    if (path->congestion.window.cwnd_bytes < tcb->send_mss) {
        path->congestion.window.cwnd_bytes = tcb->send_mss;
    }
}

bool tcb_path_mtu_lets_resend(const struct tcb_path *path)
{
    return !path->is_restarting || tcp_seq_before(path->resend_next, path->resend_stop);
}

void tcb_path_mtu_forget_restart(struct tcb_path *path)
{
    path->is_restarting = 0;
}
