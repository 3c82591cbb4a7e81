/* The names of every enumeration of the public headers, as reports print them, and the table of
 * legal state changes. Switches have no default, so the compiler finds a missing case. */
#include "tcp/state.h"
#include "tcp/types.h"

const char *tcp_error_name(enum tcp_error error)
{
    switch (error) {
#define NAME(value)                                                                                \
    case value:                                                                                    \
        return #value;
        NAME(TCP_OK)
        NAME(TCP_ERROR_NO_CONNECTION)
        NAME(TCP_ERROR_EXISTS)
        NAME(TCP_ERROR_REMOTE_MISSING)
        NAME(TCP_ERROR_REMOTE_UNFIT)
        NAME(TCP_ERROR_LOCAL_UNFIT)
        NAME(TCP_ERROR_PORT_TAKEN)
        NAME(TCP_ERROR_NO_PORT)
        NAME(TCP_ERROR_RESOURCES)
        NAME(TCP_ERROR_CLOSING)
        NAME(TCP_ERROR_AGAIN)
        NAME(TCP_ERROR_END)
        NAME(TCP_ERROR_RESET)
        NAME(TCP_ERROR_REFUSED)
        NAME(TCP_ERROR_ABORTED)
        NAME(TCP_ERROR_TIMEOUT)
        NAME(TCP_ERROR_NET_UNREACHABLE)
        NAME(TCP_ERROR_HOST_UNREACHABLE)
        NAME(TCP_ERROR_PROTOCOL_UNREACHABLE)
        NAME(TCP_ERROR_PROHIBITED)
        NAME(TCP_ERROR_TOO_BIG)
        NAME(TCP_ERROR_PARAMETER)
        NAME(TCP_ERROR_STATE)
        NAME(TCP_ERROR_ARGUMENT)
        NAME(TCP_ERROR_MEMORY)
        NAME(TCP_ERROR_ACCESS)
#undef NAME
    }
    return "TCP_ERROR_?";
}

const char *tcb_state_name(enum tcb_state state)
{
    switch (state) {
    case TCB_CLOSED:
        return "CLOSED";
    case TCB_LISTEN:
        return "LISTEN";
    case TCB_SYN_SENT:
        return "SYN-SENT";
    case TCB_SYN_RECEIVED:
        return "SYN-RECEIVED";
    case TCB_ESTABLISHED:
        return "ESTABLISHED";
    case TCB_FIN_WAIT_1:
        return "FIN-WAIT-1";
    case TCB_FIN_WAIT_2:
        return "FIN-WAIT-2";
    case TCB_CLOSE_WAIT:
        return "CLOSE-WAIT";
    case TCB_CLOSING:
        return "CLOSING";
    case TCB_LAST_ACK:
        return "LAST-ACK";
    case TCB_TIME_WAIT:
        return "TIME-WAIT";
    }
    return "?";
}

/* For each state, the set of states that one transition may reach: RFC 9293 Figure 5, its notes and
 * section 3.10. A segment that moves a record twice takes two of these edges. */
#define TO(state) (1u << TCB_##state)
static const uint16_t successors[TCB_STATE_COUNT] = {
    [TCB_CLOSED] = TO(LISTEN) | TO(SYN_SENT),
    [TCB_LISTEN] = TO(CLOSED) | TO(SYN_SENT) | TO(SYN_RECEIVED),
    [TCB_SYN_SENT] = TO(CLOSED) | TO(SYN_RECEIVED) | TO(ESTABLISHED),
    [TCB_SYN_RECEIVED] = TO(CLOSED) | TO(LISTEN) | TO(ESTABLISHED) | TO(FIN_WAIT_1) | TO(TIME_WAIT),
    [TCB_ESTABLISHED] = TO(CLOSED) | TO(FIN_WAIT_1) | TO(CLOSE_WAIT),
    [TCB_FIN_WAIT_1] = TO(CLOSED) | TO(FIN_WAIT_2) | TO(CLOSING) | TO(TIME_WAIT),
    [TCB_FIN_WAIT_2] = TO(CLOSED) | TO(TIME_WAIT),
    [TCB_CLOSE_WAIT] = TO(CLOSED) | TO(LAST_ACK),
    [TCB_CLOSING] = TO(CLOSED) | TO(TIME_WAIT),
    [TCB_LAST_ACK] = TO(CLOSED),
    [TCB_TIME_WAIT] = TO(CLOSED) | TO(SYN_RECEIVED),
};
#undef TO

bool tcb_state_edge_is_legal(enum tcb_state from, enum tcb_state to)
{
    return (successors[from] >> to & 1u) != 0;
}

const char *tcp_cause_name(enum tcp_cause cause)
{
    switch (cause) {
    case TCP_CAUSE_NONE:
        return "none";
    case TCP_CAUSE_OPEN:
        return "open";
    case TCP_CAUSE_SEND:
        return "send";
    case TCP_CAUSE_RECEIVE:
        return "receive";
    case TCP_CAUSE_CLOSE:
        return "close";
    case TCP_CAUSE_ABORT:
        return "abort";
    case TCP_CAUSE_SEGMENT:
        return "segment";
    case TCP_CAUSE_ICMP:
        return "icmp";
    case TCP_CAUSE_USER_TIMEOUT:
        return "user timeout";
    case TCP_CAUSE_RETRANSMISSION_TIMEOUT:
        return "retransmission timeout";
    case TCP_CAUSE_PERSIST_TIMEOUT:
        return "persist timeout";
    case TCP_CAUSE_DELAYED_ACK_TIMEOUT:
        return "delayed-ack timeout";
    case TCP_CAUSE_SWS_OVERRIDE_TIMEOUT:
        return "sws override timeout";
    case TCP_CAUSE_TIME_WAIT_TIMEOUT:
        return "time-wait timeout";
    case TCP_CAUSE_KEEP_ALIVE_TIMEOUT:
        return "keep-alive timeout";
    case TCP_CAUSE_PATH_MTU_TIMEOUT:
        return "path MTU timeout";
    case TCP_CAUSE_ORPHAN_TIMEOUT:
        return "orphan timeout";
    case TCP_CAUSE_ECN_TIMEOUT:
        return "ECN timeout";
    }
    return "?";
}

const char *tcp_verdict_name(enum tcp_verdict verdict)
{
    switch (verdict) {
    case TCP_VERDICT_NONE:
        return "none";
    case TCP_VERDICT_DROP:
        return "drop";
    case TCP_VERDICT_ACK:
        return "ack";
    case TCP_VERDICT_CHALLENGE:
        return "challenge";
    case TCP_VERDICT_RESET:
        return "reset";
    case TCP_VERDICT_DELETE:
        return "delete";
    case TCP_VERDICT_REOPEN:
        return "reopen";
    case TCP_VERDICT_SPAWN:
        return "spawn";
    case TCP_VERDICT_ACCEPT:
        return "accept";
    }
    return "?";
}

const char *tcp_check_name(enum tcp_check check)
{
    switch (check) {
    case TCP_CHECK_NONE:
        return "none";
    case TCP_CHECK_WIRE:
        return "wire";
    case TCP_CHECK_DEMUX:
        return "demux";
    case TCP_CHECK_SEQUENCE:
        return "sequence";
    case TCP_CHECK_RESET:
        return "reset";
    case TCP_CHECK_SECURITY:
        return "security";
    case TCP_CHECK_SYN:
        return "syn";
    case TCP_CHECK_ACK:
        return "ack";
    case TCP_CHECK_URGENT:
        return "urgent";
    case TCP_CHECK_TEXT:
        return "text";
    case TCP_CHECK_FIN:
        return "fin";
    }
    return "?";
}
