/* The records between two drains. */
#include "oracle/batch.h"

const struct tcp_segment *batch_segment(const struct trace *trace, size_t index,
                                        const struct flow *flow, enum trace_direction direction)
{
    const struct trace_record *record = &trace->records[index];
    if (!flow_owns(flow, record) || record->as.packet.direction != direction) {
        return NULL;
    }
    return &record->as.packet.segment;
}

bool batch_is_bounded(const struct oracle_watch *watch)
{
    return watch->index - watch->model->batch_start <= FLOW_BATCH_RECORDS_MAX;
}
