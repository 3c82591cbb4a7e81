/* Rows that look at no record: whoever runs the hosts judges, and reports through
 * oracle_set_report(). */
#include "oracle/oracle_table.h"

const struct oracle oracle_ends_agree_on_octets = {
    .description =
        {
            .id = "S04",
            .name = "ends-agree-on-octets",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.4, 3.8",
            .statement = "What an application reads is what the application at the other end "
                         "wrote, from its first octet on.",
        },
};

const struct oracle oracle_ends_agree_on_the_end = {
    .description =
        {
            .id = "S05",
            .name = "ends-agree-on-the-end",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.6, 3.10.3",
            .statement = "A read meets the end only when the application at the other end has "
                         "closed and every octet that it wrote was read.",
        },
};

const struct oracle oracle_transfers_complete = {
    .description =
        {
            .id = "L02",
            .name = "transfers-complete",
            .level = ORACLE_OURS,
            .reference = "RFC 9293 3.6, 3.8",
            .statement = "When the network loses no more, and both applications read and close, "
                         "both ends of a connection come to CLOSED in a bounded time.",
        },
};

const struct oracle oracle_all_goes_quiet = {
    .description =
        {
            .id = "L03",
            .name = "all-goes-quiet",
            .level = ORACLE_OURS,
            .reference = "RFC 9293 3.8",
            .statement =
                "When every connection is over, no packet is on its way and no timer runs.",
        },
};

const struct oracle oracle_memory_returns = {
    .description =
        {
            .id = "L04",
            .name = "memory-returns",
            .level = ORACLE_OURS,
            .reference = "RFC 9293 3.3.2",
            .statement = "When every connection is over and let go of, no record, buffer or "
                         "descriptor is held.",
        },
};

const struct oracle oracle_deadlines_move = {
    .description =
        {
            .id = "L05",
            .name = "deadlines-move",
            .level = ORACLE_OURS,
            .reference = "tcp_host_deadline()",
            .statement = "A tick at the deadline that is told does something or moves it.",
        },
};
