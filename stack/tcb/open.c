#include "tcb/open.h"

#include "tcb/ecn.h"
#include "tcb/path_mtu.h"
#include "tcb/timestamps.h"
#include "tcb/transition.h"
#include "tcp/wire.h"

static uint16_t mss_of(uint32_t mtu, uint8_t ip_version)
{
    const uint32_t headers =
        TCP_WIRE_TCP_HEADER_BYTES +
        (ip_version == 4 ? TCP_WIRE_IPV4_HEADER_BYTES : TCP_WIRE_IPV6_HEADER_BYTES);
    TCP_ASSERT(mtu > headers && mtu - headers <= UINT16_MAX);
    return (uint16_t)(mtu - headers);
}

uint16_t tcb_mtu_mss(const struct tcp_config *config, uint8_t ip_version)
{
    return mss_of(config->mtu, ip_version);
}

/* RFC 9293 3.7.3, SHLD-6: where the MTU varies, what we offer must fit the smallest. */
static uint16_t offered_mss(const struct tcp_config *config, uint8_t ip_version)
{
    const bool varies = config->mtu_smallest != 0 && config->mtu_smallest < config->mtu;
    return mss_of(varies ? config->mtu_smallest : config->mtu, ip_version);
}

static uint16_t within_limit(const struct tcb *tcb, uint16_t mss)
{
    return tcb->mss_limit != 0 && tcb->mss_limit < mss ? tcb->mss_limit : mss;
}

/* The most that a segment of ours may carry, whatever the peer takes. */
static uint16_t own_mss(const struct tcb_step *step)
{
    const uint8_t version = step->tcb->flow.local.address.version;
    return within_limit(step->tcb, tcb_mtu_mss(step->config, version));
}

void tcb_path_init(struct tcb_path *path, const struct tcp_config *config)
{
    path->delayed_ack_at = TCB_NEVER;
    path->persist_at = TCB_NEVER;
    path->sws_override_at = TCB_NEVER;
    path->keep_alive_at = TCB_NEVER;
    path->path_mtu_raise_at = TCB_NEVER;
    path->ecn_hold_at = TCB_NEVER;
    path->default_timeout_us = config->user_timeout_us;
    path->send_bytes = config->send_buffer_bytes;
    path->congestion.control = config->congestion_control;
    path->nagle = (uint8_t)config->nagle;
    path->stream = TCB_NONE;
}

void tcb_open_passive(struct tcb *tcb, uint16_t backlog)
{
    tcb->backlog = backlog;
    tcb->backlog_used = 0;
    tcb->retransmit_at = TCB_NEVER;
    tcb->lifetime_at = TCB_NEVER;
    tcb_transition(tcb, TCB_LISTEN);
}

/* What both kinds of opening begin with. SND.NXT = ISS + 1 (3.10.1): the SYN is owed, not yet sent. */
static void begin(struct tcb_step *step, tcp_seqno iss, uint32_t receive_bytes)
{
    struct tcb *tcb = step->tcb;
    tcb->iss = iss;
    tcb->snd_una = iss;
    tcb->snd_nxt = tcp_seq_add(iss, 1);
    tcb->retransmit_at = TCB_NEVER;
    tcb->lifetime_at = TCB_NEVER;
    tcb->receive_bytes = receive_bytes != 0 ? receive_bytes : step->config->receive_buffer_bytes;
    tcb->receive_mss =
        within_limit(tcb, offered_mss(step->config, tcb->flow.local.address.version));
    tcb->send_mss = own_mss(step);
    const struct rto unmeasured = {0};
    tcb->rto_us = rto_timeout_us(&unmeasured, step->config);
    tcb_owe(tcb, TCB_OWES_SYN);
}

void tcb_open_active(struct tcb_step *step, tcp_seqno iss)
{
    TCP_ASSERT(step->path != NULL);
    begin(step, iss, 0);
    tcb_ecn_ask(step);
    tcb_timestamps_offer(step);
    step->path->resend_next = step->path->resend_end = iss;
    tcb_transition(step->tcb, TCB_SYN_SENT);
}

void tcb_open_child(struct tcb_step *step, const struct tcb *listener,
                    const struct tcp_segment *syn, tcp_seqno iss)
{
    step->tcb->mss_limit = listener->mss_limit;
    step->tcb->own_ds = listener->own_ds;
    step->tcb->own_control = listener->own_control;
    begin(step, iss, listener->child_receive_bytes);
    tcb_flag_set(step->tcb, TCB_PASSIVE);
    tcb_ecn_agree(step);
    tcb_learn_syn(step, syn);
    tcb_transition(step->tcb, TCB_SYN_RECEIVED);
}

static uint16_t peer_mss(const struct tcb *tcb, const struct tcp_options *options)
{
    if (!options->has_mss) { /* RFC 9293 3.7.1, MUST-15 */
        return tcb->flow.local.address.version == 4 ? TCB_MSS_DEFAULT_IPV4 : TCB_MSS_DEFAULT_IPV6;
    }
    return options->mss < TCB_MSS_FLOOR ? TCB_MSS_FLOOR : options->mss;
}

void tcb_learn_syn(struct tcb_step *step, const struct tcp_segment *syn)
{
    struct tcb *tcb = step->tcb;
    tcb_ecn_learn_syn(tcb, syn);
    tcb->irs = syn->seq;
    tcb->rcv_nxt = tcp_seq_add(syn->seq, 1);
    const uint32_t window =
        tcb->receive_bytes > TCB_WINDOW_MAX ? TCB_WINDOW_MAX : tcb->receive_bytes;
    tcb->rcv_edge = tcp_seq_add(tcb->rcv_nxt, window);
    tcb_timestamps_agree(step, syn);
    /* RFC 9293 3.7.1, MUST-16: the smaller of what the peer takes and what we can send, less the options
     * that every segment will carry. */
    const uint16_t mss = peer_mss(tcb, &syn->options);
    const uint16_t own = own_mss(step);
    tcb->send_mss = (uint16_t)((mss < own ? mss : own) - tcb_option_bytes(tcb));
    tcb_path_mtu_bound(step);
    tcb->snd_wnd = syn->window;
    tcb->max_snd_wnd = syn->window;
    if (step->path != NULL) {
        step->path->snd_wl1 = syn->seq;
        step->path->snd_wl2 = syn->ack;
    }
}
