/* RFC 7323, written down once more, apart from the stack's. */
#include "oracle/timestamp_model.h"

#define US_PER_MS UINT64_C(1000)
/* RFC 7323 5.5: a TS.Recent of more than 24 days is not compared any more. */
#define STALE_US (UINT64_C(24) * 24 * 3600 * 1000000)

bool timestamp_is_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

void timestamp_model_sent(struct timestamp_model *model, uint64_t now, uint32_t value, bool has_ack,
                          uint32_t echo)
{
    model->knows_value = true;
    model->value = value;
    model->at = now;
    if (!has_ack) {
        return;
    }
    model->since = model->knows_recent ? model->since : now;
    model->knows_recent = true;
    model->recent = echo;
    model->candidate_count = 0;
}

/* Is it older than whatever TS.Recent may be? */
static bool is_older_than_all(const struct timestamp_model *model, uint32_t value)
{
    bool is_older = model->candidate_count <= TIMESTAMP_CANDIDATES_MAX &&
                    timestamp_is_before(value, model->recent);
    for (uint32_t i = 0; is_older && i < model->candidate_count; i++) {
        is_older = timestamp_is_before(value, model->candidates[i]);
    }
    return is_older;
}

void timestamp_model_given(struct timestamp_model *model, uint64_t now, uint32_t value,
                           enum timestamp_effect effect)
{
    if (effect == TIMESTAMP_NONE || !model->knows_recent) {
        return;
    }
    const bool is_stale = now - model->since > STALE_US;
    if (is_older_than_all(model, value) && !is_stale) {
        return; /* TS.Recent only grows */
    }
    if (effect == TIMESTAMP_CERTAIN && timestamp_model_surely_passes(model, value)) {
        model->recent = value;
        model->since = now;
        model->candidate_count = 0;
    } else if (model->candidate_count < TIMESTAMP_CANDIDATES_MAX) {
        model->candidates[model->candidate_count++] = value;
    } else {
        model->candidate_count = TIMESTAMP_CANDIDATES_MAX + 1;
    }
}

bool timestamp_model_surely_passes(const struct timestamp_model *model, uint32_t value)
{
    if (!model->knows_recent || model->candidate_count > TIMESTAMP_CANDIDATES_MAX) {
        return false;
    }
    bool passes = !timestamp_is_before(value, model->recent);
    for (uint32_t i = 0; i < model->candidate_count; i++) {
        passes = passes && !timestamp_is_before(value, model->candidates[i]);
    }
    return passes;
}

bool timestamp_model_may_echo(const struct timestamp_model *model, uint32_t echo)
{
    if (!model->knows_recent || model->candidate_count > TIMESTAMP_CANDIDATES_MAX) {
        return true;
    }
    bool may = echo == model->recent;
    for (uint32_t i = 0; i < model->candidate_count; i++) {
        may = may || echo == model->candidates[i];
    }
    return may;
}

bool timestamp_model_round_trip(const struct timestamp_model *model, uint64_t now, uint32_t echo,
                                uint32_t *out_ms)
{
    const uint32_t clock =
        model->value + (uint32_t)(now / US_PER_MS) - (uint32_t)(model->at / US_PER_MS);
    *out_ms = clock - echo;
    return model->knows_value && !timestamp_is_before(clock, echo);
}
