/* A flow under CUBIC with a window that is always full, for tests. */
#ifndef TCP_TESTS_CUBIC_FLOW_H
#define TCP_TESTS_CUBIC_FLOW_H

#include "congestion/cubic.h"

#define MSS 1000u
#define S   UINT64_C(1000000)
#define MS  UINT64_C(1000)

struct flow {
    struct congestion_window window;
    struct cubic cubic;
    uint64_t now_us;
    uint32_t srtt_us;
};

static inline struct flow fresh(void)
{
    struct flow flow = {.now_us = 5 * S, .srtt_us = 100000};
    window_init(&flow.window, MSS, 10, false);
    return flow;
}

/* One ACK of so many octets, the window being full. */
static inline void acknowledge(struct flow *flow, uint32_t mss, uint32_t octets)
{
    const struct congestion_ack ack = {.now_us = flow->now_us,
                                       .mss = mss,
                                       .octets = octets,
                                       .flight_bytes = flow->window.cwnd_bytes,
                                       .srtt_us = flow->srtt_us};
    cubic_acknowledge(&flow->cubic, &flow->window, &ack);
}

/* In avoidance after congestion at so large a window. */
static inline struct flow reduced_from(uint32_t segments)
{
    struct flow flow = fresh();
    flow.window.cwnd_bytes = segments * MSS;
    cubic_reduce(&flow.cubic, &flow.window, MSS, segments * MSS);
    return flow;
}

#endif
