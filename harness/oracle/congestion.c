/* W24: how much may be in flight, by a model of the controller that is fed from the wire. */
#include "oracle/batch.h"
#include "oracle/congestion_model.h"
#include "oracle/oracle_table.h"

/* Once a router has said that packets are too big, a full segment may be smaller than the model's. The
 * window of smaller ones grows no faster, but may end slow start with up to a segment more. */
static uint32_t allowance(const struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    return life->saw_too_big || watch->model->saw_too_big ? life->congestion.mss : 0;
}

/* What was sent before, at SND.UNA: one segment may always go there. */
static bool goes_first(const struct flow_life *life, const struct tcp_segment *segment)
{
    return !tcp_seq_equal(segment->seq, life->snd_max) && !tcp_seq_after(segment->seq, life->acked);
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    const bool is_probe = flow_may_probe(life, watch->view);
    if (!watch->model->saw_state || /* what is sent because of time is told by drains only */
        segment->payload_bytes == 0 || life->congestion.cwnd == 0 || is_probe ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST) || goes_first(life, segment) ||
        flow_may_have_set(watch->model, life, FLOW_OPTION_MSS | FLOW_OPTION_CONGESTION)) {
        return;
    }
    const tcp_seqno end = tcp_seq_add(segment->seq, segment->payload_bytes);
    const uint32_t flight = tcp_seq_distance(life->acked, end);
    const uint32_t most = life->congestion.cwnd + allowance(watch);
    if (!oracle_holds(watch, flight <= most)) {
        oracle_fire(watch, "%u octets in flight, but the congestion window is %u", flight, most);
    }
}

const struct oracle oracle_flight_within_congestion_window = {
    .description =
        {
            .id = "W24",
            .name = "flight-within-congestion-window",
            .level = ORACLE_MUST,
            .reads = "congestion_control initial_window_segments mtu path_mtu_discovery",
            .reference = "RFC 5681 2, 3.1; RFC 6928 2; RFC 9438; RFC 9293 MUST-19, MAY-18",
            .statement = "Text, new or again, ends within the congestion window that ACKs and "
                         "timeouts leave; only what goes again at SND.UNA always may.",
        },
    .sees = ORACLE_SEES_SENT_TEXT,
    .observe = observe,
};
