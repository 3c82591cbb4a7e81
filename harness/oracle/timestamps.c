/* W29 and W30: what the timestamps option says, both ways. */
#include <inttypes.h>

#include "oracle/oracle_table.h"

/* ---- W29 ------------------------------------------------------------------------------------------- */

static void observe_echo(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (watch->view_of_run != ORACLE_VIEW_EXACT || !segment->options.has_timestamps ||
        tcp_segment_has(segment, TCP_FLAG_RST)) {
        return;
    }
    const uint32_t echo = segment->options.timestamp_echo;
    if (!tcp_segment_has(segment, TCP_FLAG_ACK)) {
        if (!oracle_holds(watch, echo == 0)) {
            oracle_fire(watch, "TS ecr %" PRIu32 " on a segment without ACK", echo);
        }
        return;
    }
    const struct timestamp_model *model = &life->timestamps;
    if (flow_life_uses_timestamps(life) && model->knows_recent &&
        !oracle_holds(watch, timestamp_model_may_echo(model, echo))) {
        oracle_fire(watch, "TS ecr %" PRIu32 ", but TS.Recent is %" PRIu32, echo, model->recent);
    }
}

const struct oracle oracle_timestamp_echo = {
    .description =
        {
            .id = "W29",
            .name = "timestamp-echo",
            .level = ORACLE_MUST,
            .reads = "timestamps_required",
            .reference = "RFC 7323 3.2, 4.3",
            .statement = "TS ecr is the TS val of the segment that RFC 7323 4.3 names, and 0 "
                         "without an ACK.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_echo,
};

/* ---- W30 ------------------------------------------------------------------------------------------- */

#define US_PER_MS UINT64_C(1000)
#define US_PER_S  UINT64_C(1000000)

/* RFC 7323 5.4: a tick is between 1 ms and 1 s. */
static bool is_pace_of_a_clock(uint64_t elapsed_us, uint32_t ticks)
{
    return ticks <= elapsed_us / US_PER_MS + 1 && ticks + UINT64_C(1) >= elapsed_us / US_PER_S;
}

static void observe_clock(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct timestamp_model *model = &watch->view->life->timestamps;
    const struct tcp_segment *segment = watch->view->segment;
    const uint64_t elapsed_us = watch->record->at.us - model->at;
    if (watch->view_of_run != ORACLE_VIEW_EXACT || !segment->options.has_timestamps ||
        tcp_segment_has(segment, TCP_FLAG_RST) || !model->knows_value ||
        watch->model->clock_was_set || elapsed_us / US_PER_MS >= UINT32_MAX / 2) {
        return;
    }
    const uint32_t ticks = segment->options.timestamp_value - model->value;
    if (!oracle_holds(watch, is_pace_of_a_clock(elapsed_us, ticks))) {
        oracle_fire(watch, "TS val went from %" PRIu32 " to %" PRIu32 " in %" PRIu64 " us",
                    model->value, segment->options.timestamp_value, elapsed_us);
    }
}

const struct oracle oracle_timestamp_clock = {
    .description =
        {
            .id = "W30",
            .name = "timestamp-clock",
            .level = ORACLE_MUST,
            .reads = "fixed_timestamps timestamp_offset",
            .reference = "RFC 7323 4.1, 5.4",
            .statement = "TS val never goes back within a connection, and ticks every 1 ms to 1 s.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_clock,
};
