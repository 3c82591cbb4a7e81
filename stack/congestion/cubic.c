#include "congestion/cubic.h"

#include "base/numbers.h"

#define MS_PER_S_CUBED UINT64_C(1000000000)
#define US_PER_MS      1000u

/* RFC 9438 5.1: C = 0.4 segments per cubic second. */
#define C_TENTHS UINT64_C(4)
/* 4.6: beta = 0.7. */
#define BETA_TENTHS UINT64_C(7)
/* 4.3: alpha = 3 * (1 - beta) / (1 + beta) = 9 / 17. */
#define ALPHA_NUMERATOR   UINT64_C(9)
#define ALPHA_DENOMINATOR UINT64_C(17)

uint32_t cubic_root(uint64_t number)
{
    uint64_t root = 0;
    for (uint32_t shift = 66; shift > 0;) { /* three bits of the number are one of the root */
        shift -= 3;
        root *= 2;
        const uint64_t step = 3 * root * (root + 1) + 1; /* (root + 1)^3 - root^3 */
        if (number >> shift >= step) {
            number -= step << shift;
            root++;
        }
    }
    return (uint32_t)root;
}

/* ---- when the application, not the window, is the limit (5.8) ------------------------------------- */

void cubic_note_flight(struct cubic *cubic, const struct congestion_window *window, uint32_t mss,
                       uint32_t flight_bytes, uint64_t now_us)
{
    cubic->full_bytes = smaller(cubic->full_bytes, flight_bytes); /* an ACK may not have counted */
    if ((uint64_t)flight_bytes + mss <= window->cwnd_bytes) {
        return;
    }
    if (cubic->full_bytes == 0) {
        cubic->counted_us = now_us; /* the time before is no part of t (4.2) */
    }
    cubic->full_bytes = flight_bytes;
}

/* ---- the curve ------------------------------------------------------------------------------------- */

/* Far beyond the distance at which every window is full, and its cube fits 64 bits. */
#define DISTANCE_MAX_MS (UINT64_C(1) << 20)

/* C * distance^3, in octets (4.2). */
static uint32_t cubed_bytes(uint64_t distance_ms, uint32_t mss)
{
    const uint64_t divisor = 10 * MS_PER_S_CUBED;
    const uint64_t near_ms = distance_ms < DISTANCE_MAX_MS ? distance_ms : DISTANCE_MAX_MS;
    const uint64_t cube = near_ms * near_ms * near_ms;
    if (cube >= CWND_MAX_BYTES * divisor / (C_TENTHS * mss)) {
        return CWND_MAX_BYTES;
    }
    return (uint32_t)(cube * C_TENTHS * mss / divisor);
}

/* W_cubic(t). */
static uint32_t curve_at(const struct cubic *cubic, uint64_t us, uint32_t mss)
{
    const uint64_t ms = us / US_PER_MS;
    if (ms < cubic->k_ms) {
        const uint32_t below = cubed_bytes(cubic->k_ms - ms, mss);
        return cubic->w_max_bytes - smaller(below, cubic->w_max_bytes);
    }
    return smaller(cubic->w_max_bytes + cubed_bytes(ms - cubic->k_ms, mss), CWND_MAX_BYTES);
}

/* ---- congestion avoidance --------------------------------------------------------------------------- */

/* A stage begins. Where no congestion has set W_max, or cwnd has outgrown it, the curve starts at its
 * plateau: so it does after a timeout (4.8). */
static void begin_stage(struct cubic *cubic, const struct congestion_window *window, uint32_t mss,
                        uint64_t now_us)
{
    const uint32_t cwnd = window->cwnd_bytes;
    cubic->w_max_bytes = larger(cubic->w_max_bytes, cwnd);
    const uint64_t missing = cubic->w_max_bytes - cwnd;
    cubic->k_ms = cubic_root(missing * 10 * MS_PER_S_CUBED / (C_TENTHS * mss));
    cubic->estimate_q8 = (uint64_t)cwnd << 8;
    cubic->elapsed_us = 0;
    cubic->counted_us = now_us;
    cubic->remainder_q8 = 0;
    cubic->stage = CUBIC_AVOIDANCE;
}

static void let_time_pass(struct cubic *cubic, uint64_t now_us)
{
    const uint64_t elapsed_us = cubic->elapsed_us + (now_us - cubic->counted_us);
    cubic->elapsed_us = elapsed_us > UINT32_MAX ? UINT32_MAX : (uint32_t)elapsed_us;
    cubic->counted_us = now_us;
}

/* W_est of 4.3, by octets acknowledged; one ACK counts for at most a window. */
static uint32_t estimate(struct cubic *cubic, uint32_t cwnd_bytes, uint32_t mss, uint32_t octets)
{
    uint64_t grown_q8 = ((uint64_t)mss << 8) * smaller(octets, cwnd_bytes) / cwnd_bytes;
    if (cubic->estimate_q8 >> 8 < cubic->prior_bytes) {
        grown_q8 = grown_q8 * ALPHA_NUMERATOR / ALPHA_DENOMINATOR;
    }
    cubic->estimate_q8 += grown_q8;
    if (cubic->estimate_q8 >> 8 > CWND_MAX_BYTES) {
        cubic->estimate_q8 = (uint64_t)CWND_MAX_BYTES << 8;
    }
    return (uint32_t)(cubic->estimate_q8 >> 8);
}

/* 4.4, 4.5: concave or convex, the step is the same. 4.2: the target lies in cwnd to 1.5 * cwnd. */
static void grow_towards(struct cubic *cubic, struct congestion_window *window, uint32_t target,
                         uint32_t octets)
{
    const uint32_t cwnd = window->cwnd_bytes;
    const uint32_t missing = smaller(larger(target, cwnd) - cwnd, cwnd / 2);
    const uint64_t grown_q8 = cubic->remainder_q8 + ((uint64_t)missing << 8) * octets / cwnd;
    cubic->remainder_q8 = grown_q8 & UINT8_MAX;
    window->cwnd_bytes = smaller(cwnd + (uint32_t)(grown_q8 >> 8), CWND_MAX_BYTES);
}

static void avoid(struct cubic *cubic, struct congestion_window *window,
                  const struct congestion_ack *ack)
{
    const uint32_t friendly = estimate(cubic, window->cwnd_bytes, ack->mss, ack->octets);
    if (curve_at(cubic, cubic->elapsed_us, ack->mss) < friendly) { /* 4.3 */
        window->cwnd_bytes = larger(window->cwnd_bytes, friendly);
        return;
    }
    const uint64_t next_us = (uint64_t)cubic->elapsed_us + ack->srtt_us;
    grow_towards(cubic, window, curve_at(cubic, next_us, ack->mss), smaller(ack->octets, ack->mss));
}

static bool is_in_slow_start(const struct cubic *cubic, const struct congestion_window *window)
{
    return window->cwnd_bytes < window->ssthresh_bytes ||
           (window->cwnd_bytes == window->ssthresh_bytes && cubic->stage == CUBIC_SLOW_START);
}

void cubic_acknowledge(struct cubic *cubic, struct congestion_window *window,
                       const struct congestion_ack *ack)
{
    cubic_note_flight(cubic, window, ack->mss, ack->flight_bytes, ack->now_us);
    if (cubic->full_bytes == 0) { /* 5.8 */
        return;
    }
    cubic->full_bytes -= smaller(ack->octets, cubic->full_bytes);
    if (is_in_slow_start(cubic, window)) {
        window_slow_start(window, ack->mss, ack->octets);
        return;
    }
    if (cubic->stage != CUBIC_AVOIDANCE) {
        begin_stage(cubic, window, ack->mss, ack->now_us);
    }
    let_time_pass(cubic, ack->now_us);
    avoid(cubic, window, ack);
}

/* ---- congestion ------------------------------------------------------------------------------------- */

static uint32_t kept_bytes(uint32_t flight_bytes)
{
    return (uint32_t)(flight_bytes * BETA_TENTHS / 10);
}

void cubic_timeout(struct cubic *cubic, struct congestion_window *window, uint32_t mss,
                   uint32_t flight_bytes, bool is_first)
{
    if (is_first) {
        cubic->prior_bytes = window->cwnd_bytes;
        window->ssthresh_bytes = larger(kept_bytes(flight_bytes), 2 * mss);
    }
    window->cwnd_bytes = mss; /* the loss window of RFC 5681 */
    cubic->w_max_bytes = 0;   /* 4.8: of the window at which avoidance will begin */
    cubic->stage = CUBIC_SLOW_START;
}

void cubic_reduce(struct cubic *cubic, struct congestion_window *window, uint32_t mss,
                  uint32_t flight_bytes)
{
    const uint32_t cwnd = window->cwnd_bytes;
    const bool is_shrinking = cwnd < cubic->w_max_bytes; /* 4.7: others need room */
    cubic->w_max_bytes = is_shrinking ? (uint32_t)(cwnd * (10 + BETA_TENTHS) / 20) : cwnd;
    cubic->prior_bytes = cwnd;
    window->cwnd_bytes = larger(kept_bytes(flight_bytes), mss);
    window->ssthresh_bytes = larger(kept_bytes(flight_bytes), 2 * mss);
    cubic->stage = CUBIC_REDUCED;
}
