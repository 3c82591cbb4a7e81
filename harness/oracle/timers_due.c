/* R01 to R06: timers take effect when a second reckoning of them says so. The effect of a timer belongs to
 * the first instant at or after its deadline at which the system under test runs. */
#include <inttypes.h>

#include "oracle/oracle_table.h"

/* Does what happens now, because of time alone, belong to that deadline? */
static bool belongs(const struct oracle_watch *watch, uint64_t due)
{
    const uint64_t now = watch->record->at.us;
    return now == due || (due < now && watch->model->ran_at.us < due);
}

static int64_t lateness(const struct oracle_watch *watch, uint64_t due)
{
    return (int64_t)(watch->record->at.us - due);
}

/* The life that an incarnation of the trace is, if it goes on and its state is known, otherwise NULL. */
static struct flow_life *living(const struct flow_model *model, size_t incarnation)
{
    struct flow_life *life = flow_model_life(model, (uint32_t)incarnation);
    const bool is_alive = life != NULL && life->flow->life == life && life->has_state &&
                          life->state != TCB_CLOSED && life->state != TCB_LISTEN;
    return is_alive ? life : NULL;
}

/* At the drain of a batch in which there was nothing but time: is this deadline past, though the system
 * has run since? */
static bool is_missed(const struct oracle_watch *watch, uint64_t due)
{
    return flow_only_time(watch->model) && due < watch->record->at.us;
}

/* ---- R01 ------------------------------------------------------------------------------------------- */

static void observe_retransmission(struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    if (!flow_is_timeout(watch->model, life) || !flow_knows_rto(watch->model, life) ||
        (watch->view->length == 1 && !tcp_segment_has(watch->view->segment, TCP_FLAG_SYN))) {
        return;
    }
    const uint64_t due = life->timers.retransmit_at;
    if (!oracle_holds(watch, belongs(watch, due))) {
        oracle_fire(watch,
                    "SEQ %u was sent again %" PRId64 " us after the timeout (RTO %" PRIu64 ")",
                    watch->view->segment->seq.raw, lateness(watch, due), life->timers.rto);
    }
}

static void observe_rto(void *state, struct oracle_watch *watch)
{
    (void)state;
    if (watch->record->kind != TRACE_DRAIN) {
        observe_retransmission(watch);
        return;
    }
    const struct flow_model *model = watch->model;
    for (size_t i = 0; flow_only_time(model) && i < model->lives_capacity; i++) {
        struct flow_life *life = living(model, i);
        if (life == NULL || !flow_knows_rto(model, life) ||
            !is_missed(watch, life->timers.retransmit_at)) {
            continue;
        }
        (void)oracle_holds(watch, false);
        oracle_fire(watch, "#%zu: nothing was sent again %" PRId64 " us after the timeout", i,
                    lateness(watch, life->timers.retransmit_at));
        life->timers.rto_is_known = false;
    }
}

const struct oracle oracle_retransmission_timeout = {
    .description =
        {
            .id = "R01",
            .name = "retransmission-timeout",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_LIVES,
            .reads = "rto_initial_us rto_min_us rto_max_us rto_after_syn_loss_us ecn_fallback",
            .reference = "RFC 6298 2 to 5; RFC 9293 MUST-18",
            .statement = "What is outstanding is sent again when the RTO that samples and back-off "
                         "give has passed, neither earlier nor later.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .observe = observe_rto,
};

/* ---- R02 ------------------------------------------------------------------------------------------- */

static void observe_probe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    const struct reference_timers *timers = &life->timers;
    if (!flow_is_probe(watch->model, life) || life->progress_is_unknown ||
        timers->probed_at == REFERENCE_NEVER || timers->probe_pause == 0 ||
        watch->model->config == NULL || watch->model->probing_changed || !watch->model->saw_state) {
        return;
    }
    const uint64_t longest = watch->model->config->persist_max_us;
    const uint64_t doubled = 2 * timers->probe_pause;
    const uint64_t pause = doubled < longest ? doubled : longest;
    if (!oracle_holds(watch, belongs(watch, timers->probed_at + pause))) {
        oracle_fire(watch, "a pause of %" PRIu64 " us before the probe, after one of %" PRIu64,
                    watch->record->at.us - timers->probed_at, timers->probe_pause);
    }
}

const struct oracle oracle_probes_back_off = {
    .description =
        {
            .id = "R02",
            .name = "probes-back-off",
            .level = ORACLE_OURS,
            .reads = "persist_max_us",
            .reference = "RFC 9293 3.8.6.1, SHLD-30",
            .statement = "The pause between zero-window probes doubles each time up to "
                         "persist_max_us.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_probe,
};

/* ---- R03 ------------------------------------------------------------------------------------------- */

static void observe_delayed_ack(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_model *model = watch->model;
    if (!flow_only_time(model) || model->config == NULL) {
        return;
    }
    if (watch->record->kind != TRACE_DRAIN) {
        const struct flow_life *life = watch->view->life;
        /* A keep-alive probe, which pays it, leaves by a time of its own, and RST is no answer. */
        if (life->timers.ack_at != REFERENCE_NEVER && watch->view->length == 0 &&
            tcp_segment_has(watch->view->segment, TCP_FLAG_ACK) &&
            !tcp_segment_has(watch->view->segment, TCP_FLAG_RST) &&
            !flow_is_keep_alive(model, life) &&
            !oracle_holds(watch, belongs(watch, life->timers.ack_at))) {
            oracle_fire(watch, "a delayed ACK %" PRId64 " us after its time",
                        lateness(watch, life->timers.ack_at));
        }
        return;
    }
    for (size_t i = 0; i < model->lives_capacity; i++) {
        struct flow_life *life = living(model, i);
        if (life == NULL || !is_missed(watch, life->timers.ack_at)) {
            continue;
        }
        (void)oracle_holds(watch, false);
        oracle_fire(watch, "#%zu: no ACK %" PRId64 " us after the delayed one was due", i,
                    lateness(watch, life->timers.ack_at));
        life->timers.ack_at = REFERENCE_NEVER;
    }
}

const struct oracle oracle_delayed_ack = {
    .description =
        {
            .id = "R03",
            .name = "delayed-ack",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_LIVES,
            .reads = "delayed_ack_us",
            .reference = "RFC 9293 3.8.6.3, MUST-40",
            .statement = "An ACK that is held back leaves when delayed_ack_us have passed.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_DRAIN,
    .observe = observe_delayed_ack,
};

/* ---- R04 ------------------------------------------------------------------------------------------- */

static void observe_keep_alive(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    if (!flow_is_keep_alive(watch->model, life) || life->progress_is_unknown ||
        life->timers.keep_alive_at == REFERENCE_NEVER || !watch->model->saw_state ||
        flow_may_have_set(watch->model, life, FLOW_OPTION_KEEP_TIMES)) {
        return;
    }
    const uint64_t due = life->timers.keep_alive_at;
    if (!oracle_holds(watch, belongs(watch, due))) {
        oracle_fire(watch, "a keep-alive probe %" PRId64 " us after its time",
                    lateness(watch, due));
    }
}

const struct oracle oracle_keep_alive_interval = {
    .description =
        {
            .id = "R04",
            .name = "keep-alive-interval",
            .level = ORACLE_OURS,
            .reads = "keep_alive_interval_us",
            .reference = "RFC 9293 3.8.4, MUST-28",
            .statement = "Unanswered keep-alive probes leave keep_alive_interval_us apart.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe_keep_alive,
};

/* ---- R05 ------------------------------------------------------------------------------------------- */

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool is_opening(enum tcb_state state)
{
    return state == TCB_SYN_SENT || state == TCB_SYN_RECEIVED;
}

/* A listener that the user's patience with it ends takes along what has not been accepted. */
static bool may_go_with_its_listener(const struct flow_model *model,
                                     const struct trace_state *change)
{
    return model->config->user_timeout_always != 0 && change->from == TCB_SYN_RECEIVED;
}

static bool knows_patience(const struct flow_model *model, const struct flow_life *life)
{
    return model->config != NULL && flow_knows_rto(model, life) && !model->patience_changed &&
           !flow_may_have_set(model, life, FLOW_OPTION_USER_TIMEOUT);
}

static uint64_t waited_us(const struct oracle_watch *watch)
{
    return watch->record->at.us - watch->view->life->timers.outstanding_since;
}

static void observe_giving_up(struct oracle_watch *watch)
{
    const struct trace_state *change = &watch->record->as.state;
    const struct flow_life *life = watch->view->life;
    const struct flow_model *model = watch->model;
    if (life == NULL || !flow_only_time(model) || !knows_patience(model, life) ||
        change->from == TCB_TIME_WAIT || (change->to != TCB_CLOSED && change->to != TCB_LISTEN) ||
        may_go_with_its_listener(model, change) || tcp_seq_equal(life->acked, life->snd_max)) {
        return;
    }
    const uint64_t r2 = is_opening(change->from) ? model->config->r2_syn_us : model->config->r2_us;
    const uint64_t patience = smaller(r2, model->config->user_timeout_us);
    if (!oracle_holds(watch, waited_us(watch) >= patience)) {
        oracle_fire(watch, "given up after %" PRIu64 " us, though the patience is %" PRIu64,
                    waited_us(watch), patience);
    }
}

/* Who goes on has not given up. R2 lies beyond R1 (3.8.3), so that it may wait for repetitions; and as long
 * as our SYN is not acknowledged, a FIN behind it may make the R2 of text count. A clock that jumped over
 * the deadline is no excuse: what was due before it was due to end there. */
static void observe_going_on(struct oracle_watch *watch)
{
    const struct flow_life *life = watch->view->life;
    const struct flow_model *model = watch->model;
    if (!flow_is_timeout(model, life) || !knows_patience(model, life) ||
        (watch->view->length == 1 && !tcp_segment_has(watch->view->segment, TCP_FLAG_SYN))) {
        return;
    }
    const struct tcp_config *config = model->config;
    const uint64_t syns = tcp_seq_equal(life->acked, life->iss) ? config->r2_syn_us : config->r2_us;
    const uint64_t users = config->user_timeout_us;
    const bool has_tried_enough =
        users < smaller(syns, config->r2_us) || life->timers.repetitions > config->r1_retries;
    const uint64_t patience = smaller(users, syns > config->r2_us ? syns : config->r2_us);
    if (!oracle_holds(watch, !has_tried_enough || waited_us(watch) <= patience)) {
        oracle_fire(watch, "SEQ %u again after %" PRIu64 " us, though the patience is %" PRIu64,
                    watch->view->segment->seq.raw, waited_us(watch), patience);
    }
}

static void observe_patience(void *state, struct oracle_watch *watch)
{
    (void)state;
    (watch->record->kind == TRACE_STATE ? observe_giving_up : observe_going_on)(watch);
}

const struct oracle oracle_gives_up_in_time = {
    .description =
        {
            .id = "R05",
            .name = "gives-up-in-time",
            .level = ORACLE_MUST,
            .reads = "r1_retries r2_us r2_syn_us user_timeout_us",
            .reference = "RFC 9293 3.8.3, MUST-20, MUST-23",
            .statement =
                "A connection is given up when R2, or the user timeout, has passed without "
                "progress: not before, and nothing is sent again behind it.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE | ORACLE_SEES_STATE,
    .observe = observe_patience,
};

/* ---- R06 ------------------------------------------------------------------------------------------- */

static void observe_end_of_wait(struct oracle_watch *watch)
{
    const struct trace_state *change = &watch->record->as.state;
    const struct flow_life *life = watch->view->life;
    if (life == NULL || change->from != TCB_TIME_WAIT || change->to != TCB_CLOSED ||
        !flow_only_time(watch->model) || life->timers.free_at == REFERENCE_NEVER) {
        return;
    }
    if (!oracle_holds(watch, belongs(watch, life->timers.free_at))) {
        oracle_fire(watch, "TIME-WAIT ended %" PRId64 " us after 2 MSL",
                    lateness(watch, life->timers.free_at));
    }
}

static void observe_time_wait(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_model *model = watch->model;
    if (model->config == NULL || model->config->user_timeout_always != 0) {
        return;
    }
    if (watch->record->kind != TRACE_DRAIN) {
        observe_end_of_wait(watch);
        return;
    }
    for (size_t i = 0; flow_only_time(model) && i < model->lives_capacity; i++) {
        struct flow_life *life = living(model, i);
        if (life == NULL || life->state != TCB_TIME_WAIT ||
            !is_missed(watch, life->timers.free_at)) {
            continue;
        }
        (void)oracle_holds(watch, false);
        oracle_fire(watch, "TIME-WAIT goes on %" PRId64 " us after 2 MSL",
                    lateness(watch, life->timers.free_at));
        life->timers.free_at = REFERENCE_NEVER;
    }
}

const struct oracle oracle_time_wait_lasts = {
    .description =
        {
            .id = "R06",
            .name = "time-wait-lasts-two-msl",
            .level = ORACLE_MUST,
            .cost = ORACLE_COST_LIVES,
            .reads = "time_wait msl_us user_timeout_always",
            .reference = "RFC 9293 3.6.1, MUST-13; 3.10.7.4, first check",
            .statement = "TIME-WAIT ends two MSL after it began, or after the peer's FIN came "
                         "again.",
        },
    .sees = ORACLE_SEES_STATE | ORACLE_SEES_DRAIN,
    .observe = observe_time_wait,
};
