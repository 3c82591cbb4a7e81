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

bool batch_follows(struct batch_scope *scope, const struct oracle_watch *watch)
{
    struct flow_life *life = watch->view->life;
    const bool is_other = scope->life != NULL && scope->life != life;
    if (life == NULL || !life->has_state || life->inbound == NULL || is_other ||
        watch->view->is_doubtful || tcp_segment_has(watch->view->segment, TCP_FLAG_SYN)) {
        scope->is_mixed = true;
        return false;
    }
    if (scope->life == NULL) {
        scope->life = life;
        scope->state = life->state;
    }
    return !scope->is_mixed;
}

bool batch_is_whole(const struct batch_scope *scope, const struct oracle_watch *watch)
{
    return scope->life != NULL && !scope->is_mixed && watch->model->batch_calls == 0;
}
