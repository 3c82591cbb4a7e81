/* Finds flows by their four-tuple. */
#ifndef FINWAIT_ORACLE_FLOW_TABLE_H
#define FINWAIT_ORACLE_FLOW_TABLE_H

#include "oracle/flow_model.h"

/* The flow of these ends, NULL when there is none. */
struct flow *flow_table_find(struct flow_model *model, const struct tcp_endpoint *local,
                             const struct tcp_endpoint *remote);

/* The same, made if there is none. */
struct flow *flow_table_add(struct flow_model *model, const struct tcp_endpoint *local,
                            const struct tcp_endpoint *remote);

/* The latest life of the flow at this place of the table, of `table_capacity`; NULL: there is none. Of two lives
 * that the trace tells of under one number `lives` has but one. */
struct flow_life *flow_table_life(const struct flow_model *model, size_t place);

#endif
