/* The wire model over all records: which flow and life a record concerns, what a batch holds. What
 * packets do to a life is in flow_packets.c, what calls do in flow_calls.c. */
#include "oracle/flow_model.h"

#include <string.h>

#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"

struct flow_model *flow_model_create(const struct trace *trace, struct arena *arena)
{
    struct flow_model *model = arena_take(arena, sizeof *model);
    model->trace = trace;
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
    return flow_same_endpoint(&old->local, &new->local) &&
           flow_same_endpoint(&old->remote, &new->remote);
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
    return flow_same_endpoint(&flow->ends.remote,
                              is_given ? &segment->source : &segment->destination) &&
           flow_same_endpoint(&flow->ends.local,
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

const struct flow_view *flow_model_look(struct flow_model *model, size_t index)
{
    const struct trace_record *record = &model->trace->records[index];
    model->view = (struct flow_view){0};
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
        model->batch++;
        model->batch_start = index + 1;
        model->batch_calls = 0;
        break;
    case TRACE_STATE:
    case TRACE_STEP:
    case TRACE_SETTING:
        break;
    }
}
