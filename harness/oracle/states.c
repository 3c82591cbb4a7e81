/* T01 to T03, T08: which state may follow which, and what must have gone over the wire before. */
#include "oracle/oracle_table.h"

static void observe_edge(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct trace_state *change = &watch->record->as.state;
    if (!oracle_holds(watch, tcb_state_edge_is_legal(change->from, change->to))) {
        oracle_fire(watch, "%s to %s", tcb_state_name(change->from), tcb_state_name(change->to));
    }
}

const struct oracle oracle_state_edge_legal = {
    .description =
        {
            .id = "T01",
            .name = "state-edge-legal",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.3.2, Figure 5, 3.10",
            .statement = "A connection changes state only along the edges of the RFC's diagram and "
                         "of section 3.10.",
        },
    .sees = ORACLE_SEES_STATE,
    .observe = observe_edge,
};

/* The life whose state the record tells. A SYN of the peer in the same batch may have begun another
 * one, which may have ended without sending anything. */
static const struct flow_life *life_of_state(const struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    const bool is_in_doubt =
        life != NULL && life->flow->has_syn && life->flow->syn_batch == watch->model->batch;
    return is_in_doubt ? NULL : life;
}

/* From SYN-RECEIVED a connection goes back to the TIME-WAIT that a SYN reopened (MAY-2): the FINs were those
 * of the life before. */
static bool goes_back(const struct oracle_watch *watch)
{
    const struct trace_state *change = &watch->record->as.state;
    return change->from == TCB_SYN_RECEIVED && change->to == TCB_TIME_WAIT;
}

static void observe_own_fin(void *state, struct oracle_watch *watch)
{
    (void)state;
    const enum tcb_state to = watch->record->as.state.to;
    const struct flow_life *life = life_of_state(watch);
    if (life == NULL || (to != TCB_FIN_WAIT_2 && to != TCB_TIME_WAIT) || goes_back(watch)) {
        return;
    }
    if (!oracle_holds(watch, flow_life_fin_is_acked(life))) {
        oracle_fire(watch, "%s, but %s", tcb_state_name(to),
                    life->has_fin ? "no ACK covers the FIN" : "no FIN was sent");
    }
}

const struct oracle oracle_own_fin_acknowledged = {
    .description =
        {
            .id = "T02",
            .name = "own-fin-acknowledged",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.10.7.4, fifth check",
            .statement =
                "FIN-WAIT-2 and TIME-WAIT are entered only after the peer acknowledged our "
                "FIN.",
        },
    .sees = ORACLE_SEES_STATE,
    .observe = observe_own_fin,
};

static bool is_after_peers_fin(enum tcb_state state)
{
    return state == TCB_CLOSE_WAIT || state == TCB_CLOSING || state == TCB_LAST_ACK ||
           state == TCB_TIME_WAIT;
}

/* Some FIN of the peer came with everything before it. */
static bool fin_is_there(const struct inbound *inbound)
{
    for (uint32_t i = 0; i < inbound->fin_count && i < INBOUND_FINS_MAX; i++) {
        if (inbound_ends_at(inbound, inbound->fins[i])) {
            return true;
        }
    }
    return inbound->fin_count > INBOUND_FINS_MAX;
}

static void observe_peers_fin(void *state, struct oracle_watch *watch)
{
    (void)state;
    const enum tcb_state to = watch->record->as.state.to;
    const struct flow_life *life = life_of_state(watch);
    if (life == NULL || life->inbound == NULL || !is_after_peers_fin(to) || goes_back(watch)) {
        return;
    }
    if (!oracle_holds(watch, fin_is_there(life->inbound))) {
        oracle_fire(watch, "%s, but no FIN of the peer arrived in order", tcb_state_name(to));
    }
}

const struct oracle oracle_peer_fin_arrived = {
    .description =
        {
            .id = "T03",
            .name = "peer-fin-arrived",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.10.7.4, eighth check",
            .statement = "CLOSE-WAIT, CLOSING, LAST-ACK and TIME-WAIT are entered only after the "
                         "peer's FIN and everything before it arrived.",
        },
    .sees = ORACLE_SEES_STATE,
    .observe = observe_peers_fin,
};

static void observe_handshake(void *state, struct oracle_watch *watch)
{
    (void)state;
    const bool was_active = watch->record->as.state.from == TCB_SYN_SENT; /* no SYN began it */
    const struct flow_life *life = was_active ? watch->view->life : life_of_state(watch);
    if (life == NULL || watch->record->as.state.to != TCB_ESTABLISHED) {
        return;
    }
    /* States are told behind what left: a life that began since has taken the SYNs. */
    const bool has_successor = life->flow->life != life;
    const bool is_answered = life->inbound != NULL || life->inbound_is_uncertain ||
                             life->flow->candidate_count > 0 || life->flow->has_lost_candidate ||
                             has_successor;
    const bool is_acked = tcp_seq_after(life->acked, life->iss);
    if (!oracle_holds(watch, is_acked && is_answered)) {
        oracle_fire(watch, "ESTABLISHED, but %s",
                    is_acked ? "no SYN of the peer arrived" : "no ACK covers our SYN");
    }
}

const struct oracle oracle_handshake_is_complete = {
    .description =
        {
            .id = "T08",
            .name = "handshake-is-complete",
            .level = ORACLE_MUST,
            .reference = "RFC 9293 3.5, 3.10.7.3, 3.10.7.4, fifth check",
            .statement = "ESTABLISHED is entered only after the peer acknowledged our SYN, and its "
                         "own arrived.",
        },
    .sees = ORACLE_SEES_STATE,
    .observe = observe_handshake,
};
