/* W05 and W17: what is sent is what the application wrote, octet for octet, and no less. */
#include <inttypes.h>

#include "oracle/oracle_table.h"

/* The offset in the stream of a number that is at or before snd_max, or up to it. */
static uint64_t offset_of(const struct flow_life *life, tcp_seqno number)
{
    return life->sent_octets - tcp_seq_distance(number, life->snd_max) - 1;
}

static void observe_text(void *state, struct oracle_watch *watch)
{
    (void)state;
    struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (segment->payload_bytes == 0 || flow_life_keeps_alive(life, segment) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST) ||
        !flow_model_knows_written(watch->model, life)) {
        return;
    }
    const uint32_t behind = tcp_seq_distance(segment->seq, life->snd_max);
    if (behind >= life->sent_octets) {
        return; /* over a gap or before the first octet: W11's */
    }
    uint64_t where = 0;
    const enum written_match match =
        written_compare(&life->written, offset_of(life, segment->seq), segment->payload,
                        segment->payload_bytes, &where);
    if (oracle_holds(watch, match == WRITTEN_SAME)) {
        return;
    }
    oracle_fire(watch, "octet %" PRIu64 " of the stream %s (%" PRIu64 " were written)", where,
                match == WRITTEN_OTHER ? "is not the one that was written" : "was never written",
                life->written.octets);
}

const struct oracle oracle_payload_as_written = {
    .description =
        {
            .id = "W05",
            .name = "payload-as-written",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_OCTETS,
            .reference = "RFC 9293 3.4, 3.7",
            .statement = "In every transmission the octet at a sequence number is the one that the "
                         "application wrote there (keep-alive's octet excepted).",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_text,
};

static void observe_fin(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!tcp_segment_has(segment, TCP_FLAG_FIN) || life->has_fin ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST) || life->written.calls_open > 0 ||
        !flow_model_knows_written(watch->model, life)) {
        return;
    }
    const uint64_t offset = offset_of(life, segment->seq) + segment->payload_bytes;
    if (!oracle_holds(watch, offset == life->written.octets)) {
        oracle_fire(watch, "FIN behind octet %" PRIu64 " of %" PRIu64 " that were written", offset,
                    life->written.octets);
    }
}

const struct oracle oracle_fin_after_everything_written = {
    .description =
        {
            .id = "W17",
            .name = "fin-after-everything-written",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.6, 3.10.4",
            .statement = "FIN stands right behind the last octet that the application wrote.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe_fin,
};
