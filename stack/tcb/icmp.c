#include "tcb/icmp.h"

#include "tcb/arrives.h"
#include "tcb/path_mtu.h"
#include "tcb/transition.h"

/* RFC 9293 3.9.2.2 with RFC 1122 4.2.3.9, and for ICMPv6 their counterparts of RFC 5461 2.1 and 5927. */
enum meaning { SOFT, HARD, TOO_BIG, QUENCH };

static enum meaning meaning_of_icmp4(const struct tcp_icmp *icmp, bool discovers_mtu)
{
    if (icmp->type == TCP_ICMP4_SOURCE_QUENCH) {
        return QUENCH;
    }
    if (icmp->type != TCP_ICMP4_UNREACHABLE) {
        return SOFT; /* time exceeded, parameter problem */
    }
    if (icmp->code == TCP_ICMP4_FRAGMENTATION_NEEDED) {
        return discovers_mtu ? TOO_BIG : HARD;
    }
    return icmp->code == TCP_ICMP4_PROTOCOL || icmp->code == TCP_ICMP4_PORT ? HARD : SOFT;
}

static enum meaning meaning_of_icmp6(const struct tcp_icmp *icmp)
{
    if (icmp->type == TCP_ICMP6_PACKET_TOO_BIG) {
        return TOO_BIG;
    }
    const bool is_hard = icmp->type == TCP_ICMP6_UNREACHABLE &&
                         (icmp->code == TCP_ICMP6_PROHIBITED || icmp->code == TCP_ICMP6_PORT);
    return is_hard ? HARD : SOFT;
}

static enum meaning meaning_of(const struct tcb_step *step, const struct tcp_icmp *icmp)
{
    return icmp->source.version == 4 ? meaning_of_icmp4(icmp, step->config->path_mtu_discovery != 0)
                                     : meaning_of_icmp6(icmp);
}

static enum tcp_error error_of_unreachable4(uint8_t code)
{
    switch (code) {
    case TCP_ICMP4_NET:
    case 6:  /* network unknown */
    case 9:  /* network prohibited */
    case 11: /* network unreachable for this type of service */
        return TCP_ERROR_NET_UNREACHABLE;
    case TCP_ICMP4_PROTOCOL:
        return TCP_ERROR_PROTOCOL_UNREACHABLE;
    case TCP_ICMP4_PORT: /* RFC 1122 4.2.3.9, 3.2.2.1: as good as an RST */
        return TCP_ERROR_REFUSED;
    case TCP_ICMP4_FRAGMENTATION_NEEDED:
        return TCP_ERROR_TOO_BIG;
    default:
        return TCP_ERROR_HOST_UNREACHABLE;
    }
}

static enum tcp_error error_of_unreachable6(uint8_t code)
{
    switch (code) {
    case TCP_ICMP6_NO_ROUTE:
        return TCP_ERROR_NET_UNREACHABLE;
    case TCP_ICMP6_PROHIBITED:
    case 5: /* source address failed a policy */
    case 6: /* a route rejects it */
        return TCP_ERROR_PROHIBITED;
    case TCP_ICMP6_PORT:
        return TCP_ERROR_REFUSED;
    default:
        return TCP_ERROR_HOST_UNREACHABLE;
    }
}

/* What the user is told. */
static enum tcp_error error_of(const struct tcp_icmp *icmp)
{
    if (icmp->source.version == 4) {
        if (icmp->type == TCP_ICMP4_UNREACHABLE) {
            return error_of_unreachable4(icmp->code);
        }
        return icmp->type == TCP_ICMP4_PARAMETER_PROBLEM ? TCP_ERROR_PARAMETER
                                                         : TCP_ERROR_HOST_UNREACHABLE;
    }
    if (icmp->type == TCP_ICMP6_UNREACHABLE) {
        return error_of_unreachable6(icmp->code);
    }
    return icmp->type == TCP_ICMP6_PARAMETER_PROBLEM ? TCP_ERROR_PARAMETER
                                                     : TCP_ERROR_HOST_UNREACHABLE;
}

/* MUST-56, SHLD-25: the connection goes on, and its user may know. */
static enum tcp_verdict note(struct tcb_step *step, const struct tcp_icmp *icmp,
                             enum tcb_reason reason)
{
    tcb_report_soft_error(step);
    if (step->path != NULL) {
        step->path->soft_error = (uint8_t)error_of(icmp);
    }
    return tcb_decide(step, TCP_VERDICT_ACCEPT, TCP_CHECK_NONE, reason);
}

/* SHLD-26. RFC 5927 5.2 takes a hard error for a soft one as soon as the connection is synchronized, since
 * a forged message would end it; which of the two holds, is a setting. TIME-WAIT never ends this way:
 * it has nothing to send that could be refused. */
static enum tcp_verdict hard(struct tcb_step *step, const struct tcp_icmp *icmp)
{
    const struct tcb *tcb = step->tcb;
    const bool is_believed = !tcb_is_synchronized(tcb) ||
                             (step->config->icmp_hard_aborts != 0 && tcb->state != TCB_TIME_WAIT);
    if (!is_believed) {
        return note(step, icmp, TCB_REASON_ICMP_HARD_AS_SOFT);
    }
    tcb_end(step, error_of(icmp));
    return tcb_decide(step, TCP_VERDICT_DELETE, TCP_CHECK_NONE, TCB_REASON_ICMP_HARD);
}

/* RFC 5927 4.1: SND.UNA =< SEQ < SND.NXT, or it was not caused by what is on its way now. */
static bool is_in_flight(const struct tcb *tcb, tcp_seqno seq)
{
    return tcp_seq_in_range(seq, tcb->snd_una, tcb_outstanding(tcb));
}

enum tcp_verdict tcb_arrives_icmp(struct tcb_step *step, const struct tcp_icmp *icmp)
{
    const enum meaning meaning = meaning_of(step, icmp);
    if (meaning == QUENCH) { /* MUST-55 */
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_NONE, TCB_REASON_ICMP_QUENCH);
    }
    if (step->config->icmp_in_flight != 0 && !is_in_flight(step->tcb, icmp->quoted_seq)) {
        return tcb_decide(step, TCP_VERDICT_DROP, TCP_CHECK_SEQUENCE, TCB_REASON_ICMP_OLD);
    }
    switch (meaning) {
    case SOFT:
    case QUENCH:
        return note(step, icmp, TCB_REASON_ICMP_SOFT);
    case HARD:
        return hard(step, icmp);
    case TOO_BIG:
        return tcb_path_mtu_reported(step, icmp);
    }
    return TCP_VERDICT_NONE;
}
