/* The peer's timestamps, and how the stack is set to use them. */
#include "random_dice.h"

void traffic_choose_clock(struct traffic *traffic)
{
    struct tcp_config *config = &traffic->config;
    config->timestamps = below(traffic, 2);
    config->timestamps_required = chance(traffic, 3) ? 0 : 1;
    config->fixed_timestamps = 1; /* and it passes the wrap: */
    config->timestamp_offset = UINT32_MAX - 1000000 - below(traffic, 60000);
    config->challenge_time_wait = below(traffic, 2);
}

void traffic_choose_timestamp(struct traffic *traffic, const struct tcp_status *status,
                              struct tcp_segment *out)
{
    if (!tcp_segment_has(out, TCP_FLAG_SYN)) {
        out->options.has_timestamps = status->uses_timestamps != chance(traffic, 20);
    }
    if (!out->options.has_timestamps) {
        return;
    }
    const uint32_t clock = traffic->config.timestamp_offset + (uint32_t)(traffic->now.us / 1000);
    out->options.timestamp_value = chance(traffic, 30)
                                       ? (uint32_t)draw(traffic)
                                       : status->timestamp_recent + below(traffic, 12) - 1;
    out->options.timestamp_echo =
        chance(traffic, 30) ? (uint32_t)draw(traffic) : clock - below(traffic, 400);
}
