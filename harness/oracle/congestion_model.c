/* RFC 5681 3.1, written down once more, apart from the stack's. */
#include "oracle/congestion_model.h"

#define SEGMENT_FOR_INITIAL_WINDOW 1460u

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

void congestion_model_begin(struct congestion_model *model, uint32_t mss, uint32_t segments,
                            bool syn_was_lost)
{
    const uint32_t by_octets = larger(2 * mss, segments * SEGMENT_FOR_INITIAL_WINDOW);
    const uint32_t by_segments = segments * mss;
    const uint32_t window = by_segments < by_octets ? by_segments : by_octets;
    *model = (struct congestion_model){
        .cwnd = syn_was_lost ? mss : larger(window, mss), .mss = mss, .ssthresh = UINT32_MAX / 2};
}

void congestion_model_acknowledge(struct congestion_model *model, uint32_t octets)
{
    model->has_timed_out = false;
    if (model->cwnd >= UINT32_MAX / 4) {
        return;
    }
    if (model->cwnd < model->ssthresh) {
        model->cwnd += octets < model->mss ? octets : model->mss; /* equation 2 */
        return;
    }
    model->counted += octets;
    if (model->counted >= model->cwnd) {
        model->counted -= model->cwnd;
        model->cwnd += model->mss;
    }
}

void congestion_model_timeout(struct congestion_model *model, uint32_t flight)
{
    if (!model->has_timed_out) { /* the first of a row: equation 4 */
        model->ssthresh = larger(flight / 2, 2 * model->mss);
    }
    model->has_timed_out = true;
    model->cwnd = model->mss;
    model->counted = 0;
}
