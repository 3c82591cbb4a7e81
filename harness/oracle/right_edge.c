/* W12: a window that was promised stays promised. */
#include "oracle/oracle_table.h"

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct tcp_segment *segment = watch->view->segment;
    if (!life->has_right_edge || !tcp_segment_has(segment, TCP_FLAG_ACK) ||
        tcp_segment_has(segment, TCP_FLAG_SYN | TCP_FLAG_RST)) {
        return;
    }
    if (life->inbound == NULL && life->syn_options.has_window_scale) {
        return; /* it is not known whether windows are scaled */
    }
    const uint8_t shift = flow_life_advertised_shift(life);
    const tcp_seqno edge = tcp_seq_add(segment->ack, (uint32_t)segment->window << shift);
    const uint32_t back =
        tcp_seq_before(edge, life->right_edge) ? tcp_seq_distance(edge, life->right_edge) : 0;
    /* Less than one unit of the window field cannot be said (RFC 7323 2.4). */
    if (!oracle_holds(watch, back < 1u << shift)) {
        oracle_fire(watch, "the right edge went back by %u, from %u to %u", back,
                    life->right_edge.raw, edge.raw);
    }
}

const struct oracle oracle_right_edge_never_moves_left = {
    .description =
        {
            .id = "W12",
            .name = "right-edge-never-moves-left",
            .level = ORACLE_OURS,
            .reference = "RFC 9293 3.8.6, SHLD-14; RFC 7323 2.4",
            .statement =
                "The right edge of the advertised window never moves left by a unit of the "
                "window field or more (SYN and RST excepted).",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe,
};
