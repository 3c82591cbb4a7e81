/* W13: segments are no larger than the peer said it takes. */
#include "oracle/oracle_table.h"

/* Padding and unknown options are seen in octets only; without them the least that says the same. */
static uint32_t option_bytes(const struct trace_packet *packet)
{
    return packet->bytes != NULL ? packet->layout.options_bytes
                                 : tcp_wire_options_bytes(&packet->segment.options);
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (life->inbound == NULL || segment->payload_bytes == 0 ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    /* RFC 9293 3.7.1: the MSS counts text and TCP options; the fixed header is not in it. */
    const uint32_t size = segment->payload_bytes + option_bytes(&watch->record->as.packet);
    const uint32_t mss = life->inbound->mss;
    const uint32_t limit = mss < FLOW_MSS_FLOOR ? FLOW_MSS_FLOOR : mss;
    if (!oracle_holds(watch, size <= limit)) {
        oracle_fire(watch, "%u octets of text and options, but the peer's MSS is %u", size, mss);
    }
}

const struct oracle oracle_payload_within_mss = {
    .description =
        {
            .id = "W13",
            .name = "payload-within-mss",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.7.1, MUST-14, MUST-15, MUST-16",
            .statement =
                "Text and options fit the peer's MSS (536 over IPv4 and 1220 over IPv6 when "
                "it gave none).",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe,
};
