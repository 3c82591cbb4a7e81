/* TCP_INFO: a connection's state in the fields, units and state numbers of Linux. */
#include "socket/socket.h"

#include <string.h>

#define INFO_OPTION_TIMESTAMPS 1u /* TCPI_OPT_TIMESTAMPS */
#define INFO_OPTION_ECN        8u /* TCPI_OPT_ECN */

static uint64_t linux_state(enum tcb_state state)
{
    switch (state) {
    case TCB_ESTABLISHED:
        return 1;
    case TCB_SYN_SENT:
        return 2;
    case TCB_SYN_RECEIVED:
        return 3;
    case TCB_FIN_WAIT_1:
        return 4;
    case TCB_FIN_WAIT_2:
        return 5;
    case TCB_TIME_WAIT:
        return 6;
    case TCB_CLOSED:
        return 7;
    case TCB_CLOSE_WAIT:
        return 8;
    case TCB_LAST_ACK:
        return 9;
    case TCB_LISTEN:
        return 10;
    case TCB_CLOSING:
        return 11;
    }
    return 0;
}

static uint64_t segments(uint64_t bytes, uint32_t mss)
{
    return mss == 0 ? 0 : (bytes + mss - 1) / mss;
}

static void info_of_connection(const struct tcp_status *status, struct tcp_socket_info *out)
{
    out->retransmits = status->retransmits;
    out->options = (status->ecn ? INFO_OPTION_ECN : 0u) |
                   (status->uses_timestamps ? INFO_OPTION_TIMESTAMPS : 0u);
    out->probes = status->keep_alive_unanswered;
    out->backoff = status->retransmits;
    out->rto = status->rto_us;
    out->snd_mss = status->send_mss;
    out->unacked = segments(status->unacked_bytes, status->send_mss);
    out->rtt = status->srtt_us;
    out->rttvar = status->rttvar_us;
    out->snd_ssthresh = segments(status->ssthresh_bytes, status->send_mss);
    out->snd_cwnd = status->send_mss == 0 ? 0 : status->cwnd_bytes / status->send_mss;
    out->advmss = status->receive_mss;
    out->notsent_bytes = status->unsent_bytes;
    out->snd_wnd = status->snd_wnd;
    out->rcv_wnd = status->rcv_wnd;
}

struct tcp_socket_result tcp_socket_info(const struct tcp_host *host, int fd,
                                         struct tcp_socket_info *out)
{
    const struct socket_record *record = socket_look(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    memset(out, 0, sizeof *out);
    if (record->phase == SOCKET_IDLE) {
        out->state = linux_state(TCB_CLOSED);
        return socket_value(0);
    }
    const struct tcp_status status = socket_status(host, record);
    out->state = linux_state(status.state);
    if (status.state == TCB_LISTEN) { /* as Linux: who waits, and how many may */
        out->unacked = status.acceptable;
        out->sacked = status.backlog;
    } else {
        info_of_connection(&status, out);
    }
    return socket_value(0);
}
