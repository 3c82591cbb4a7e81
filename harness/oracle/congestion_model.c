#include "oracle/congestion_model.h"

#define SEGMENT_FOR_INITIAL_WINDOW 1460u
#define CUBIC_C                    0.4 /* segments per cubic second: RFC 9438 5.1 */

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void congestion_model_begin(struct congestion_model *model, enum tcp_congestion_control control,
                            uint32_t mss, uint32_t segments, bool syn_was_lost)
{
    const uint32_t by_octets = larger(2 * mss, segments * SEGMENT_FOR_INITIAL_WINDOW);
    const uint32_t window = smaller(segments * mss, by_octets);
    *model = (struct congestion_model){.cwnd = syn_was_lost ? mss : larger(window, mss),
                                       .mss = mss,
                                       .ssthresh = UINT32_MAX / 2,
                                       .control = control};
}

static void count_for_reno(struct congestion_model *model, uint32_t octets)
{
    model->counted += octets;
    if (model->counted >= model->cwnd) {
        model->counted -= model->cwnd;
        model->cwnd += model->mss;
    }
}

/* The sender may have been slower up to here, and leave slow start with up to a segment more. */
static void begin_stage(struct congestion_model *model, uint64_t now_us)
{
    model->is_avoiding = true;
    model->stage_at = now_us;
    model->cwnd = larger(model->cwnd, model->ssthresh + model->mss);
    model->stage_window = model->estimate = model->window = model->cwnd;
}

/* How far the curve may reach after the next round trip (4.2), if the plateau begins with the stage. */
static double ceiling(const struct congestion_model *model, uint64_t now_us, uint64_t srtt_us)
{
    const double seconds = (double)(now_us - model->stage_at + srtt_us) / 1e6;
    const double plateau = model->stage_window < model->prior ? model->prior : model->stage_window;
    return plateau + CUBIC_C * model->mss * seconds * seconds * seconds;
}

static void follow_cubic(struct congestion_model *model, uint32_t octets, uint64_t now_us,
                         uint64_t srtt_us)
{
    if (!model->is_avoiding) {
        begin_stage(model, now_us);
    }
    /* In avoidance no window is below ssthresh, so none grows faster than one of that size (4.3); after a
     * mark it may be one segment. */
    const uint32_t least = model->was_marked ? model->mss : model->ssthresh;
    model->estimate += (double)model->mss * smaller(octets, least) / (double)least;
    double step = smaller(octets, model->mss) / 2.0; /* of (1.5 * cwnd - cwnd) / cwnd segments */
    if (srtt_us != CONGESTION_SRTT_UNKNOWN) {
        const double room = ceiling(model, now_us, srtt_us) - model->window;
        step = step > room ? room : step;
    }
    model->window += step > 0 ? step : 0;
    if (model->window < model->estimate) {
        model->window = model->estimate;
    }
    model->cwnd = (uint32_t)model->window + 1; /* the sender rounds elsewhere */
}

void congestion_model_acknowledge(struct congestion_model *model, uint32_t octets, uint64_t now_us,
                                  uint64_t srtt_us)
{
    const bool is_cubic = model->control == TCP_CONGESTION_CUBIC;
    model->has_timed_out = false;
    if (model->cwnd >= UINT32_MAX / 4) {
        return;
    }
    /* RFC 5681 3.1 leaves the choice where both are equal, RFC 9438 4.10 does not; after a mark that is
     * where avoidance begins (4.6). */
    const bool may_start_slowly = is_cubic && model->cwnd == model->ssthresh && model->prior == 0;
    if (model->cwnd < model->ssthresh || may_start_slowly) {
        model->cwnd += smaller(octets, model->mss); /* equation 2 */
    } else if (is_cubic) {
        follow_cubic(model, octets, now_us, srtt_us);
    } else {
        count_for_reno(model, octets);
    }
}

void congestion_model_acknowledge_echo(struct congestion_model *model)
{
    model->has_timed_out = false;
}

void congestion_model_marked(struct congestion_model *model, uint64_t now_us)
{
    model->was_marked = true;
    if (model->is_avoiding) {
        model->stage_at = now_us;
        model->stage_window = model->window;
    }
}

uint32_t congestion_model_kept(enum tcp_congestion_control control, uint32_t octets)
{
    return control == TCP_CONGESTION_CUBIC ? (uint32_t)((uint64_t)octets * 7 / 10) : octets / 2;
}

void congestion_model_mark(struct congestion_model *model)
{
    const uint32_t kept = congestion_model_kept(model->control, model->cwnd);
    model->prior = model->cwnd;
    model->ssthresh = larger(kept, 2 * model->mss);
    model->cwnd = larger(kept, model->mss);
    model->is_avoiding = false;
    model->counted = 0;
}

void congestion_model_timeout(struct congestion_model *model, uint32_t flight)
{
    if (!model->has_timed_out) { /* the first of a row: equation 4, or RFC 9438 4.8 */
        model->ssthresh = larger(congestion_model_kept(model->control, flight), 2 * model->mss);
    }
    model->has_timed_out = true;
    model->is_avoiding = model->was_marked = false;
    model->prior = 0;
    model->cwnd = model->mss;
    model->counted = 0;
}
