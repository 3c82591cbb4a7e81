/* T00: what the system under test finds when it looks at itself. Reported from outside, through
 * oracle_set_report_invariant(); it looks at no record. */
#include "oracle/oracle_table.h"

const struct oracle oracle_own_invariants_hold = {
    .description =
        {
            .id = "T00",
            .name = "own-invariants-hold",
            .level = ORACLE_OURS,
            .cost = ORACLE_COST_HOST,
            .reference = "tcp_host_check()",
            .statement = "The system under test finds none of its own invariants broken.",
        },
};
