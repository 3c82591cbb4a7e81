/* L06: who hears nothing new says nothing new, and repeats himself ever more slowly. A loop of two hosts, in
 * which each only answers what the other repeats, shows at the one of them that has no reason to.
 *
 * A batch without news in which something is repeated goes into a bucket, which empties by two batches in the
 * shortest of the pauses that timers reach when they have backed off. Forty are more than the doublings
 * from the least pause there is to the longest. How much a batch may repeat is for others to say. */
#include "oracle/flow_steps.h"
#include "oracle/oracle_table.h"

#define BATCH          256u /* in the bucket */
#define BUCKET_BATCHES 40u

/* The same ACK once more, of which it is certain that it asks for nothing: it stands at RCV.NXT. */
static bool is_same_again(const struct flow_model *model, const struct flow_life *life)
{
    const struct tcp_segment *segment = model->view.segment;
    const bool is_plain = (segment->flags & (uint16_t)~TCP_FLAG_PSH) == TCP_FLAG_ACK;
    return is_plain && model->view.length == 0 && life->inbound != NULL && life->has_ack &&
           tcp_seq_equal(segment->seq, life->ack) &&
           tcp_seq_equal(life->ack, life->inbound->all.next) &&
           tcp_seq_equal(segment->ack, life->acked) && life->quiet.has_window &&
           segment->window == life->quiet.window && flow_passes_timestamps(model, life, segment);
}

void flow_note_news(const struct flow_model *model, struct flow_life *life)
{
    struct flow_quiet *quiet = &life->quiet;
    if (is_same_again(model, life)) {
        return;
    }
    quiet->level = 0;
    quiet->news_batch = model->batch + 1;
    quiet->window = model->view.segment->window;
    quiet->has_window = true;
}

/* Was something new given to the life in this batch, by the network, a router or its user? */
static bool has_news(const struct flow_model *model, const struct flow_life *life)
{
    const struct flow *flow = life->flow;
    return model->batch_calls > 0 || life->quiet.news_batch == model->batch + 1 ||
           (flow->has_icmp && flow->icmp_batch == model->batch);
}

/* Neither octets, nor an ACK, nor a window that were not sent before. (An RST answers what it must.) */
static bool is_repetition(const struct flow_view *view, const struct flow_life *life)
{
    const struct tcp_segment *segment = view->segment;
    if (view->is_first_syn || tcp_segment_has(segment, TCP_FLAG_RST) ||
        tcp_seq_after(view->end, life->snd_max)) {
        return false;
    }
    if (!tcp_segment_has(segment, TCP_FLAG_ACK) || !life->has_ack) {
        return life->has_ack || !tcp_segment_has(segment, TCP_FLAG_ACK);
    }
    const uint32_t window = (uint32_t)segment->window << flow_life_advertised_shift(life);
    const bool is_edge_new =
        !life->has_right_edge || tcp_seq_after(tcp_seq_add(segment->ack, window), life->right_edge);
    return tcp_seq_equal(segment->ack, life->ack) &&
           (!is_edge_new || tcp_segment_has(segment, TCP_FLAG_SYN));
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t shortest_pause(const struct tcp_config *config)
{
    return smaller(smaller(config->rto_max_us, config->persist_max_us),
                   smaller(config->keep_alive_idle_us, config->keep_alive_interval_us));
}

/* Is nothing outstanding? The ACK of a SYN,ACK may have come before it was seen to leave: then ESTABLISHED tells. */
static bool is_all_acknowledged(const struct flow_life *life)
{
    const bool is_only_syn = tcp_seq_equal(life->snd_max, tcp_seq_add(life->iss, 1));
    return tcp_seq_equal(life->acked, life->snd_max) ||
           (is_only_syn && life->has_state && life->state >= TCB_ESTABLISHED);
}

/* A keep-alive probe, whatever else happens meanwhile and whichever SYN of the peer was answered: how far apart they
 * are, and how many, its user may say. */
static bool may_be_keep_alive(const struct flow_model *model, const struct flow_life *life)
{
    return flow_may_have_set(model, life, FLOW_OPTION_KEEP_ALIVE | FLOW_OPTION_KEEP_TIMES) &&
           is_all_acknowledged(life) && flow_has_form_of_keep_alive(&model->view, life);
}

static bool is_counted(const struct flow_model *model, const struct flow_life *life)
{
    return model->config != NULL && shortest_pause(model->config) > 0 && model->saw_state &&
           life->quiet.counted_batch != model->batch + 1 && is_repetition(&model->view, life) &&
           !has_news(model, life) && !may_be_keep_alive(model, life);
}

/* How full the bucket is with this batch. */
static uint64_t level_with(const struct flow_model *model, const struct flow_life *life)
{
    const uint64_t pause = shortest_pause(model->config);
    const uint64_t leak = (model->now.us - life->quiet.at.us) * (2 * BATCH) / pause;
    return (life->quiet.level > leak ? life->quiet.level - leak : 0) + BATCH;
}

void flow_note_repetition(const struct flow_model *model, struct flow_life *life)
{
    if (is_counted(model, life)) {
        life->quiet.level = level_with(model, life);
        life->quiet.at = model->now;
        life->quiet.counted_batch = model->batch + 1;
    }
}

static void observe(void *state, struct oracle_watch *watch)
{
    (void)state;
    const struct flow_life *life = watch->view->life;
    if (!is_counted(watch->model, life)) {
        return;
    }
    const uint64_t level = level_with(watch->model, life);
    if (!oracle_holds(watch, level <= BUCKET_BATCHES * BATCH)) {
        oracle_fire(watch, "%u times something was repeated, and nothing new was heard",
                    BUCKET_BATCHES + 1);
    }
}

const struct oracle oracle_exchange_goes_quiet = {
    .description =
        {
            .id = "L06",
            .name = "exchange-goes-quiet",
            .level = ORACLE_OURS,
            .reads = "rto_max_us persist_max_us keep_alive_idle_us keep_alive_interval_us",
            .reference = "RFC 9293 3.8.1, 3.8.4, 3.8.6.1; RFC 6298 5.5",
            .statement =
                "As long as nothing is called and nothing new arrives, a connection repeats "
                "itself forty times, and beyond that twice in the shortest pause of timers "
                "that have backed off.",
        },
    .sees = ORACLE_SEES_SENT_IN_LIFE,
    .observe = observe,
};
