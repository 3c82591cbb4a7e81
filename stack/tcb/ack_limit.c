#include "tcb/ack_limit.h"

bool tcb_may_spend_ack(struct tcb_step *step, const struct tcp_segment *segment)
{
    struct tcb_path *path = step->path;
    const struct tcp_config *config = step->config;
    const bool is_empty = segment->payload_bytes == 0 && !tcp_segment_has(segment, TCP_FLAG_FIN);
    if (path == NULL || !is_empty || config->ack_limit == 0) {
        return true;
    }
    if (path->limited_acks == 0 || step->now - path->limited_acks_at >= config->ack_limit_us) {
        path->limited_acks = 0;
        path->limited_acks_at = step->now;
    }
    if (path->limited_acks >= config->ack_limit) {
        return false;
    }
    path->limited_acks++;
    return true;
}
