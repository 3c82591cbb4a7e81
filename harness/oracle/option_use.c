/* W03 and W04: which options may stand on which segment. */
#include "oracle/oracle_table.h"

static void observe_handshake_options(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct tcp_segment *segment = watch->view->segment;
    const struct tcp_options *options = &segment->options;
    if (tcp_segment_has(segment, TCP_FLAG_SYN)) {
        if (!oracle_holds(watch, !options->has_window_scale || options->window_scale <= 14)) {
            oracle_fire(watch, "window scale %u on a SYN", options->window_scale);
        }
        return;
    }
    const char *misplaced = options->has_mss            ? "MSS"
                            : options->has_window_scale ? "window scale"
                            : options->sack_permitted   ? "SACK-permitted"
                                                        : NULL;
    if (!oracle_holds(watch, misplaced == NULL)) {
        oracle_fire(watch, "%s on a segment without SYN", misplaced);
    }
}

const struct oracle oracle_handshake_options_on_syn = {
    .description =
        {
            .id = "W03",
            .name = "handshake-options-on-syn",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.2; RFC 7323 2.2, 2.3; RFC 2018 2",
            .statement = "MSS, window scale (at most 14) and SACK-permitted stand on SYNs only.",
        },
    .sees = ORACLE_SEES_SENT,
    .observe = observe_handshake_options,
};

/* An option on a SYN,ACK that answers a SYN which did not offer it. */
static const char *unasked_option(const struct tcp_options *options, const struct inbound *inbound)
{
    if (options->has_window_scale && !inbound->has_window_scale) {
        return "window scale answers a SYN without it";
    }
    if (options->has_timestamps && !inbound->has_timestamps) {
        return "timestamps answer a SYN without them";
    }
    return NULL;
}

static const char *unnegotiated_option(const struct flow_life *life,
                                       const struct tcp_segment *segment)
{
    const struct tcp_options *options = &segment->options;
    if (options->sack_count > 0 && !life->inbound->sack_permitted) {
        return "SACK blocks, but the peer did not permit them";
    }
    const bool uses_timestamps = flow_life_uses_timestamps(life);
    const bool is_reset = tcp_segment_has(segment, TCP_FLAG_RST); /* it may quote: RFC 7323 5.2 */
    if (options->has_timestamps && !uses_timestamps && !is_reset) {
        return "timestamps that were not negotiated";
    }
    if (!options->has_timestamps && uses_timestamps && !is_reset && !life->inbound->copies_differ) {
        return "timestamps were negotiated and are missing"; /* RFC 7323 3.2 */
    }
    return NULL;
}

static void observe_negotiated(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (life->inbound == NULL) {
        return;
    }
    const bool is_syn = tcp_segment_has(segment, TCP_FLAG_SYN);
    if (is_syn && !life->is_passive) {
        return; /* a simultaneous open repeats what the first SYN offered */
    }
    const char *fault = is_syn ? unasked_option(&segment->options, life->inbound)
                               : unnegotiated_option(life, segment);
    if (!oracle_holds(watch, fault == NULL)) {
        oracle_fire(watch, "%s", fault);
    }
}

const struct oracle oracle_options_negotiated = {
    .description =
        {
            .id = "W04",
            .name = "options-negotiated",
            .level = ORACLE_MUST,
            .reference = "RFC 7323 2.2, 3.2; RFC 2018 3",
            .statement = "SACK, timestamps and window scale are used only if both SYNs agreed; "
                         "timestamps then on every segment.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_negotiated,
};
