/* Rows that look at no record: whoever runs the hosts judges, and reports through
 * oracle_set_report(). */
#include "oracle/oracle_table.h"

/* The symbol, and the members of the description in their order; whether it takes both hosts. */
#define REPORTED_BY(needs_both_, symbol, id_, name_, level_, cost_, reference_, statement_)        \
    const struct oracle oracle_##symbol = {                                                        \
        .description = {.id = id_,                                                                 \
                        .name = name_,                                                             \
                        .level = level_,                                                           \
                        .cost = cost_,                                                             \
                        .reference = reference_,                                                   \
                        .statement = statement_,                                                   \
                        .needs_both = needs_both_},                                                \
    };

#define REPORTED(...)      REPORTED_BY(false, __VA_ARGS__)
#define REPORTED_BOTH(...) REPORTED_BY(true, __VA_ARGS__)

REPORTED(
    refused_changes_nothing, "T04", "refused-segment-changes-nothing", ORACLE_OURS,
    ORACLE_COST_CONSTANT, "RFC 9293 3.10.7.3, 3.10.7.4, first to fifth check",
    "A segment that is dropped, or discarded and answered with ACK, challenge ACK or RST, leaves "
    "the connection as it was, but for what is owed and TIME-WAIT that begins anew.")

REPORTED(window_follows_newest_ack, "T05", "window-follows-the-newest-ack", ORACLE_MUST,
         ORACLE_COST_CONSTANT, "RFC 9293 3.10.7.4, fifth check",
         "An acceptable ACK that is no older than SND.WL1 and SND.WL2 takes their place, and its "
         "window that of SND.WND; an older one leaves all three, but for what it acknowledges.")

REPORTED(loss_window_after_timeout, "T06", "loss-window-after-a-timeout", ORACLE_MUST,
         ORACLE_COST_CONSTANT, "RFC 5681 3.1, equation 4; RFC 9438 4.6, 4.8",
         "When the retransmission timer runs out cwnd becomes one segment, and ssthresh, the first "
         "time, no more than the controller's share of what was in flight, or two segments.")

const struct oracle oracle_reset_is_exact = {
    .description = {.id = "T07",
                    .name = "reset-is-exact",
                    .level = ORACLE_MUST,
                    .cost = ORACLE_COST_CONSTANT,
                    .reads = "rfc5961 resets_end_time_wait",
                    .reference = "RFC 9293 3.10.7.3, 3.10.7.4, second check; RFC 5961 3.2",
                    .statement = "An RST ends a connection if its SEQ is RCV.NXT, in SYN-SENT if "
                                 "its ACK covers our SYN, and otherwise changes no state."},
};

REPORTED_BOTH(
    ends_agree_on_octets, "S04", "ends-agree-on-octets", ORACLE_MUST, ORACLE_COST_OCTETS,
    "RFC 9293 3.4, 3.8",
    "What an application reads is what the application at the other end wrote, from its first "
    "octet on.")

REPORTED_BOTH(
    ends_agree_on_the_end, "S05", "ends-agree-on-the-end", ORACLE_MUST, ORACLE_COST_CONSTANT,
    "RFC 9293 3.6, 3.10.3",
    "A read meets the end only when the application at the other end has closed and every "
    "octet that it wrote was read.")

REPORTED_BOTH(repeats_itself, "S06", "repeats-itself", ORACLE_OURS, ORACLE_COST_RUN,
              "design of the stack", "The same causes have the same effects.")

REPORTED_BOTH(place_does_not_matter, "S07", "place-does-not-matter", ORACLE_OURS, ORACLE_COST_RUN,
              "design of the stack",
              "Moving the hosts about in memory changes no effect of the causes.")

REPORTED_BOTH(
    strangers_do_not_matter, "S08", "strangers-do-not-matter", ORACLE_OURS, ORACLE_COST_RUN,
    "RFC 9293 3.4.1; RFC 6528 3",
    "Another secret, a clock that is off by whole ticks, ISNs that are fixed elsewhere, or a "
    "listener "
    "or connections of somebody else's change nothing but ISNs and chosen ports.")

REPORTED_BOTH(
    transfers_complete, "L02", "transfers-complete", ORACLE_OURS, ORACLE_COST_HOST,
    "RFC 9293 3.6, 3.8",
    "When the network loses no more, and both applications read and close, both ends of a "
    "connection come to CLOSED in a bounded time.")

REPORTED_BOTH(
    all_goes_quiet, "L03", "all-goes-quiet", ORACLE_OURS, ORACLE_COST_CONSTANT, "RFC 9293 3.8",
    "When every connection is over, no packet is on its way and no timer runs; and no two ends "
    "answer each other's empty segments for ever.")

REPORTED_BOTH(
    memory_returns, "L04", "memory-returns", ORACLE_OURS, ORACLE_COST_HOST, "RFC 9293 3.3.2",
    "When every connection is over and let go of, no record, buffer or descriptor is held.")

REPORTED(deadlines_move, "L05", "deadlines-move", ORACLE_OURS, ORACLE_COST_CONSTANT,
         "tcp_host_deadline()", "A tick at the deadline that is told does something or moves it.")
