/* The wire model over all records: which flow and life a record concerns, what a batch holds. What
 * packets do to a life is in flow_packets.c, what calls do in flow_calls.c. */
#include "oracle/flow_model.h"

#include <stdlib.h>
#include <string.h>

#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"
#include "tcp/address.h"

struct flow_model *flow_model_create(const struct trace *trace, const struct tcp_config *config,
                                     struct arena *arena)
{
    struct flow_model *model = arena_take(arena, sizeof *model);
    model->trace = trace;
    model->first_config = config;
    model->arena = arena;
    return model;
}

struct flow_life *flow_model_life(const struct flow_model *model, uint32_t incarnation)
{
    if (incarnation >= model->lives_capacity || model->is_shared[incarnation]) {
        return NULL;
    }
    return model->lives[incarnation];
}

static void grow_lives(struct flow_model *model, uint32_t incarnation)
{
    size_t capacity = model->lives_capacity == 0 ? 8 : model->lives_capacity;
    while (capacity <= incarnation) {
        capacity *= 2;
    }
    if (capacity == model->lives_capacity) {
        return;
    }
    struct flow_life **lives = arena_take(model->arena, capacity * sizeof(struct flow_life *));
    bool *is_shared = arena_take(model->arena, capacity * sizeof(bool));
    if (model->lives_capacity > 0) {
        memcpy(lives, model->lives, model->lives_capacity * sizeof(struct flow_life *));
        memcpy(is_shared, model->is_shared, model->lives_capacity * sizeof(bool));
    }
    model->lives = lives;
    model->is_shared = is_shared;
    model->lives_capacity = capacity;
}

void flow_model_name_life(struct flow_model *model, struct flow_life *life, uint32_t incarnation)
{
    if (incarnation >= model->trace->incarnation_count) {
        return;
    }
    grow_lives(model, incarnation);
    life->incarnation = incarnation;
    if (model->lives[incarnation] == NULL) {
        model->lives[incarnation] = life;
    } else if (model->lives[incarnation] != life) {
        model->is_shared[incarnation] = true;
    }
}

void flow_model_renumber_life(struct flow_model *model, struct flow_life *life,
                              uint32_t incarnation)
{
    grow_lives(model, incarnation);
    model->lives[incarnation] = life;
}

bool flow_model_knows_written(const struct flow_model *model, const struct flow_life *life)
{
    return model->saw_call && model->stray_sends == 0 && !model->saw_stray_send &&
           flow_model_life(model, life->incarnation) == life && !life->written.is_uncertain;
}

bool flow_model_is_older(const struct flow_model *model, uint32_t label, uint32_t incarnation)
{
    const size_t known = model->trace->incarnation_count;
    if (label >= known || incarnation >= known || label >= incarnation) {
        return false;
    }
    const struct tcp_flow *old = &model->trace->incarnations[label].flow;
    const struct tcp_flow *new = &model->trace->incarnations[incarnation].flow;
    return tcp_endpoint_equal(&old->local, &new->local) &&
           tcp_endpoint_equal(&old->remote, &new->remote);
}

uint32_t flow_origin_of(const struct trace_packet *packet)
{
    return packet->has_origin ? packet->origin_incarnation : packet->incarnation;
}

bool flow_owns(const struct flow *flow, const struct trace_record *record)
{
    if (record->kind != TRACE_PACKET || record->as.packet.wire != TCP_WIRE_OK) {
        return false;
    }
    const struct trace_packet *packet = &record->as.packet;
    const bool is_given = packet->direction == TRACE_TO_SUT;
    const struct tcp_segment *segment = &packet->segment;
    return tcp_endpoint_equal(&flow->ends.remote,
                              is_given ? &segment->source : &segment->destination) &&
           tcp_endpoint_equal(&flow->ends.local,
                              is_given ? &segment->destination : &segment->source);
}

static bool both_scale(const struct flow_life *life)
{
    return life->inbound != NULL && life->inbound->has_window_scale &&
           life->syn_options.has_window_scale;
}

static uint8_t shift_of(uint8_t window_scale)
{
    return window_scale > 14 ? 14 : window_scale; /* RFC 7323 2.3 */
}

uint8_t flow_life_offered_shift(const struct flow_life *life)
{
    return both_scale(life) ? shift_of(life->inbound->window_scale) : 0;
}

uint8_t flow_life_advertised_shift(const struct flow_life *life)
{
    return both_scale(life) ? shift_of(life->syn_options.window_scale) : 0;
}

/* How long a connection waits before it is given up: settled when the wait begins, or a connection. */
static bool is_patience(const char *name)
{
    return strcmp(name, "r2_us") == 0 || strcmp(name, "r2_syn_us") == 0 ||
           strcmp(name, "user_timeout_us") == 0;
}

/* How many refused empty segments draw an ACK. */
static bool is_ack_limit(const char *name)
{
    return strcmp(name, "ack_limit") == 0 || strcmp(name, "ack_limit_us") == 0;
}

/* What the values of the timestamps option begin with. */
static bool is_clock(const char *name)
{
    return strcmp(name, "fixed_timestamps") == 0 || strcmp(name, "timestamp_offset") == 0;
}

/* What a connection takes over when it begins: settled between the SYN and the end of the handshake, so that one
 * whose handshake goes on may take a new value or not. */
static void note_takeover(const struct flow_model *model, const char *name)
{
    static const struct {
        const char *name;
        uint32_t options;
    } taken[] = {{"mtu", FLOW_OPTION_MSS},
                 {"path_mtu_discovery", FLOW_OPTION_MSS},
                 {"nagle", FLOW_OPTION_NAGLE},
                 {"initial_window_segments", FLOW_OPTION_CONGESTION},
                 {"congestion_control", FLOW_OPTION_CONGESTION}};
    uint32_t options = 0;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        options |= strcmp(name, taken[i].name) == 0 ? taken[i].options : 0;
    }
    for (size_t i = 0; options != 0 && i < model->table_capacity; i++) {
        struct flow_life *const life = flow_table_life(model, i);
        if (life != NULL && life->state < TCB_ESTABLISHED) {
            life->options |= options;
        }
    }
}

/* "rto_min_us=200000" */
static void apply_setting(struct flow_model *model, const char *setting)
{
    char name[64];
    const char *equals = setting == NULL ? NULL : strchr(setting, '=');
    if (equals == NULL || (size_t)(equals - setting) >= sizeof name || model->config == NULL) {
        return;
    }
    memcpy(name, setting, (size_t)(equals - setting));
    name[equals - setting] = '\0';
    (void)tcp_config_set(&model->config_now, name, strtoull(equals + 1, NULL, 10));
    model->patience_changed |= is_patience(name) && model->table_count > 0;
    model->probing_changed |= strcmp(name, "persist_max_us") == 0 && model->table_count > 0;
    model->ack_limit_changed |= is_ack_limit(name) && model->table_count > 0;
    model->clock_was_set |= is_clock(name) && model->table_count > 0;
    note_takeover(model, name);
    flow_note_sharing(model);
    if (strcmp(name, "mtu") == 0) { /* what a system makes of it depends on the version of IP */
        model->config_now.mtu = 0;
    }
}

static void begin_with_config(struct flow_model *model)
{
    if (model->config == NULL && model->first_config != NULL) {
        model->config_now = *model->first_config;
        model->config = &model->config_now;
    }
}

const struct flow_view *flow_model_look(struct flow_model *model, size_t index)
{
    begin_with_config(model);
    const struct trace_record *record = &model->trace->records[index];
    model->view = (struct flow_view){0};
    model->now = record->at;
    switch (record->kind) {
    case TRACE_PACKET:
        flow_look_at_packet(model, &record->as.packet);
        break;
    case TRACE_CALL:
        model->view.life = flow_model_life(model, record->as.call.incarnation);
        break;
    case TRACE_CALL_DONE:
        flow_look_at_result(model, &record->as.call);
        break;
    case TRACE_STATE:
        model->view.life = flow_model_life(model, record->as.state.incarnation);
        break;
    case TRACE_STEP:
    case TRACE_DRAIN:
    case TRACE_SETTING:
        break;
    }
    return &model->view;
}

void flow_take_state(struct flow_model *model, struct flow_life *life, enum tcb_state state)
{
    life->has_state = true;
    life->state = state;
    if (state == TCB_CLOSED && !life->was_closed) {
        model->kept_options |= life->options;
    }
    reference_timers_state(&life->timers, model->config, model->now.us, state);
}

static void apply_state(struct flow_model *model, const struct trace_state *change)
{
    model->saw_state = true;
    if (model->view.life != NULL) {
        flow_take_state(model, model->view.life, change->to);
    } else {
        flow_end_before_unseen(model, change);
    }
    if (change->from == TCB_SYN_RECEIVED && change->to == TCB_TIME_WAIT) {
        flow_return_as_told(model, change->incarnation);
    }
}

void flow_model_apply(struct flow_model *model, size_t index)
{
    const struct trace_record *record = &model->trace->records[index];
    switch (record->kind) {
    case TRACE_PACKET:
        flow_apply_packet(model, index);
        break;
    case TRACE_CALL:
        model->batch_calls++;
        flow_apply_call(model, &record->as.call);
        break;
    case TRACE_CALL_DONE:
        model->batch_calls++;
        flow_apply_result(model, &record->as.call);
        break;
    case TRACE_DRAIN:
        flow_note_overdue(model);
        model->ran_at = record->at;
        model->batch++;
        model->batch_start = index + 1;
        model->batch_calls = model->batch_given = 0;
        break;
    case TRACE_STATE:
        apply_state(model, &record->as.state);
        break;
    case TRACE_SETTING:
        apply_setting(model, record->as.setting);
        break;
    case TRACE_STEP:
        model->saw_step = true;
        break;
    }
}

uint32_t flow_full_segment(const struct flow_model *model, const struct flow_life *life)
{
    enum {
        HEADERS_IPV4 = 40,
        HEADERS_IPV6 = 60,
        MTU_OF_ANY_IPV6_PATH = 1280,
        TIMESTAMPS_BYTES = 12
    };
    /* What another one was told counts as well: RFC 8201 5.2. */
    if (life->inbound == NULL || life->inbound->copies_differ || life->saw_icmp ||
        model->shares_too_big || life->mtu == 0) {
        return 0;
    }
    const uint32_t headers =
        life->flow->ends.local.address.version == 6 ? HEADERS_IPV6 : HEADERS_IPV4;
    const bool is_bound = headers == HEADERS_IPV6 && life->forbids_discovery; /* 8201 4, 8200 5 */
    const uint32_t mtu =
        is_bound && life->mtu > MTU_OF_ANY_IPV6_PATH ? MTU_OF_ANY_IPV6_PATH : life->mtu;
    const uint32_t fits = mtu > headers + TIMESTAMPS_BYTES ? mtu - headers : 0;
    const uint32_t taken =
        life->inbound->mss < FLOW_MSS_FLOOR ? FLOW_MSS_FLOOR : life->inbound->mss;
    const uint32_t options = flow_life_uses_timestamps(life) ? TIMESTAMPS_BYTES : 0;
    return (fits < taken ? fits : taken) - options;
}

bool flow_may_have_set(const struct flow_model *model, const struct flow_life *life,
                       uint32_t options)
{
    return ((model->stray_options | life->options) & options) != 0;
}

bool flow_may_probe(const struct flow_life *life, const struct flow_view *view)
{
    return view->length == 1 && !tcp_segment_has(view->segment, TCP_FLAG_SYN) &&
           life->inbound != NULL && life->inbound->was_shut;
}

bool flow_tells_of_urgent_text(const struct flow_view *view)
{
    const struct flow_life *life = view->life;
    const struct tcp_segment *segment = view->segment;
    if (!tcp_segment_has(segment, TCP_FLAG_URG)) {
        return false;
    }
    const tcp_seqno end = tcp_seq_add(segment->seq, segment->urgent);
    return !life->has_urgent || segment->urgent == UINT16_MAX ||
           tcp_seq_distance(end, life->urgent_end) > UINT16_MAX;
}

bool flow_life_keeps_alive(const struct flow_life *life, const struct tcp_segment *segment)
{
    return segment->payload_bytes == 1 &&
           tcp_seq_at_or_before(tcp_seq_add(segment->seq, 1), life->acked);
}
