/* Why a segment was judged as it was: codes that fit the block, and the sentence with the rule that
 * each stands for. */
#ifndef TCP_TCB_REASON_H
#define TCP_TCB_REASON_H

#define TCB_REASONS(X)                                                                             \
    X(NONE, NULL)                                                                                  \
    X(NOT_READABLE, "not a sound TCP segment, RFC 9293 3.1 MUST-3")                                \
    X(NOT_OURS, "destination is not an address of this host")                                      \
    X(UNFIT_SOURCE, "source cannot be a peer, RFC 9293 MUST-57")                                   \
    X(NO_RECORD_RESET, "no connection, answered with RST, RFC 9293 3.10.7.1")                      \
    X(NO_RECORD_RST, "no connection, RST ignored, RFC 9293 3.10.7.1")                              \
    X(TABLE_FULL, "no room for another connection")                                                \
    X(BACKLOG_FULL, "the listener's backlog is full")                                              \
    X(STREAM_FULL, "no buffer for the text, dropped unacknowledged")                               \
    X(LISTEN_RST, "RST in LISTEN, RFC 9293 3.10.7.2 first")                                        \
    X(LISTEN_ACK, "ACK in LISTEN, RFC 9293 3.10.7.2 second")                                       \
    X(LISTEN_SYN, "SYN in LISTEN, RFC 9293 3.10.7.2 third")                                        \
    X(LISTEN_SELF, "SYN from our own endpoint")                                                    \
    X(LISTEN_OTHER, "neither RST, ACK nor SYN in LISTEN, RFC 9293 3.10.7.2 fourth")                \
    X(SYN_SENT_BAD_ACK, "ACK outside ISS..SND.NXT, RFC 9293 3.10.7.3 first")                       \
    X(SYN_SENT_RST, "acceptable RST in SYN-SENT, RFC 9293 3.10.7.3 second")                        \
    X(SYN_SENT_RST_ECN, "RST in SYN-SENT, tried again without ECN, RFC 3168 6.1.1.1")              \
    X(SYN_SENT_RST_NO_ACK, "RST without ACK in SYN-SENT, RFC 9293 3.10.7.3 second")                \
    X(SYN_SENT_OPEN, "SYN,ACK answers our SYN, RFC 9293 3.10.7.3 fourth")                          \
    X(SYN_SENT_SIMULTANEOUS, "SYN without ACK: simultaneous open, RFC 9293 3.10.7.3 fourth")       \
    X(SYN_SENT_OTHER, "neither SYN nor RST in SYN-SENT, RFC 9293 3.10.7.3 fifth")                  \
    X(OUTSIDE_WINDOW, "sequence outside the receive window, RFC 9293 3.10.7.4 first")              \
    X(BEHIND_BY_ONE, "one before the receive window: its ACK alone counts, RFC 9293 A.2")          \
    X(ACK_LIMIT, "an empty segment, and the ACKs for such are spent, RFC 5961 7")                  \
    X(NO_TIMESTAMP, "no timestamp, which both agreed on, RFC 7323 3.2")                            \
    X(OLD_TIMESTAMP, "timestamp older than TS.Recent, RFC 7323 5.3 R1")                            \
    X(OUTSIDE_WINDOW_RST, "RST outside the receive window, RFC 9293 3.10.7.4 first")               \
    X(SYN_AGAIN, "the peer's SYN again, SYN,ACK repeated, RFC 9293 3.10.7.4 first")                \
    X(FIN_AGAIN, "the peer's FIN again, 2MSL restarted, RFC 9293 3.10.7.4 fifth")                  \
    X(RST_EXACT, "RST at RCV.NXT, RFC 9293 3.10.7.4 second")                                       \
    X(RST_IN_WINDOW, "RST in the window but not at RCV.NXT, RFC 5961 3.2")                         \
    X(RST_IN_TIME_WAIT, "RST in TIME-WAIT, RFC 1337 F1")                                           \
    X(SYN_IN_WINDOW, "SYN in a synchronized state, RFC 5961 4.2")                                  \
    X(SYN_ENDS, "SYN in the window ends the connection, RFC 9293 3.10.7.4 fourth")                 \
    X(REOPEN_UNDONE, "RST: the SYN that reopened it was an old one, RFC 9293 3.6.1 MAY-2")         \
    X(REFUSED_SILENTLY, "SYN that may be an old one, RFC 6191 2")                                  \
    X(REOPEN, "new SYN above the old numbers, RFC 9293 3.6.1 MAY-2")                               \
    X(NO_ACK, "no ACK bit, RFC 9293 3.10.7.4 fifth")                                               \
    X(SYN_RECEIVED_BAD_ACK, "ACK does not cover our SYN, RFC 9293 3.10.7.4 fifth")                 \
    X(ACK_TOO_OLD, "ACK below SND.UNA - MAX.SND.WND, RFC 5961 5.2 MAY-12")                         \
    X(ACK_TOO_NEW, "ACK of what was never sent, RFC 9293 3.10.7.4 fifth")                          \
    X(ACK_OF_FIN, "our FIN is acknowledged in LAST-ACK, RFC 9293 3.10.7.4 fifth")                  \
    X(NOBODY_READS, "text after the user let go, RFC 9293 3.6.1 SHLD-3")                           \
    X(ICMP_NO_RECORD, "ICMP about no connection of this host, RFC 9293 MUST-54")                   \
    X(ICMP_QUENCH, "source quench, RFC 9293 3.9.2.2 MUST-55")                                      \
    X(ICMP_OLD, "ICMP quotes what is not outstanding, RFC 5927 4.1")                               \
    X(ICMP_SOFT, "soft ICMP error noted, RFC 9293 3.9.2.2 MUST-56")                                \
    X(ICMP_HARD, "hard ICMP error, RFC 9293 3.9.2.2 SHLD-26")                                      \
    X(ICMP_HARD_AS_SOFT, "hard ICMP error noted only, RFC 5927 5.2")                               \
    X(ICMP_MTU_UNUSED, "packet too big, but nothing is discovered here")                           \
    X(ICMP_MTU_FLOOR, "packet too big claims too little, RFC 1191 3, RFC 8201 4")                  \
    X(ICMP_MTU_NOT_LOWER, "packet too big would not lower the path MTU, RFC 1191 3")               \
    X(ICMP_MTU_UNSENT, "packet too big claims more than was ever sent, RFC 5927 7.2")              \
    X(ICMP_MTU_PENDING, "packet too big put off: larger ones arrived, RFC 5927 7.2")               \
    X(ICMP_MTU_LOWERED, "packet too big: path MTU lowered, RFC 1191 6.4, RFC 8201 5.4")            \
    X(TAKEN, "every check passed")

enum tcb_reason {
#define TCB_REASON_CODE(name, text) TCB_REASON_##name,
    TCB_REASONS(TCB_REASON_CODE)
#undef TCB_REASON_CODE
};

/* The sentence, or NULL for TCB_REASON_NONE. */
const char *tcb_reason_text(enum tcb_reason reason);

#endif
