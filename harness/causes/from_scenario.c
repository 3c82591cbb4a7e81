/* A scenario as causes: the walk over options and events, and time. */
#include "causes/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "causes/reader.h"

bool reader_refuse(struct reader *reader, struct source_span span, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (reader->why->message == NULL) {
        reader->why->span = span;
        reader->why->message = arena_copy_text(reader->arena, message, strlen(message));
    }
    return false;
}

static struct cause *append(struct reader *reader, enum cause_kind kind)
{
    struct cause_list *const list = reader->out;
    void *items = list->items;
    arena_grow(reader->arena, &items, &list->capacity, list->count, sizeof *list->items);
    list->items = items;
    struct cause *const cause = &list->items[list->count++];
    memset(cause, 0, sizeof *cause);
    cause->kind = (uint8_t)kind;
    cause->host = reader->host;
    return cause;
}

/* How time passes, whatever in the script says so. */
static bool append_wait(struct reader *reader, enum cause_wait_kind kind, int64_t us,
                        struct source_span span)
{
    if (us > CAUSE_WAIT_US_MAX || us < -CAUSE_WAIT_US_MAX) {
        return reader_refuse(reader, span, "a wait of more than 11 days cannot be encoded");
    }
    append(reader, CAUSE_WAIT)->as.wait = (struct cause_wait){.kind = (uint8_t)kind, .us = us};
    reader->now_us += kind == CAUSE_WAIT_DEADLINE ? 0 : us;
    reader->owes_instant = false;
    return true;
}

struct cause *reader_add(struct reader *reader, enum cause_kind kind)
{
    return append(reader, kind);
}

/* ---- time -------------------------------------------------------------------------------------- */

/* When the event takes place. An outbound packet at an unsaid time leaves it open. */
static bool time_of(struct reader *reader, const struct scenario_time *time, int64_t *us)
{
    switch (time->kind) {
    case SCENARIO_TIME_ABSOLUTE:
        *us = time->from_us;
        return reader->scenario->start == NULL ||
               reader_refuse(reader, time->span,
                             "an absolute time behind a prologue cannot be encoded");
    case SCENARIO_TIME_RELATIVE:
        *us = reader->last_event_us + time->from_us;
        return reader->knows_last_event ||
               reader_refuse(reader, time->span,
                             "this time counts from a packet whose time the script leaves open");
    case SCENARIO_TIME_ABSOLUTE_RANGE:
    case SCENARIO_TIME_RELATIVE_RANGE:
    case SCENARIO_TIME_ANY:
        break;
    }
    return false;
}

/* Time goes on to the event's. */
static bool reach(struct reader *reader, const struct scenario_event *event)
{
    int64_t us;
    if (!time_of(reader, &event->time, &us)) {
        return false;
    }
    if (us < reader->now_us) {
        return reader_refuse(reader, event->time.span, "time goes back");
    }
    if ((us > reader->now_us || reader->owes_instant) &&
        !append_wait(reader, CAUSE_WAIT_FOR, us - reader->now_us, event->time.span)) {
        return false;
    }
    reader->last_event_us = us;
    reader->knows_last_event = true;
    return true;
}

/* What is expected takes place at its time, brought about by a deadline if time has moved. */
static bool pass_expectation(struct reader *reader, const struct scenario_event *event)
{
    int64_t us;
    if (event->time.kind != SCENARIO_TIME_ABSOLUTE && event->time.kind != SCENARIO_TIME_RELATIVE) {
        reader->knows_last_event = false;
        return true;
    }
    if (!time_of(reader, &event->time, &us)) {
        return false;
    }
    if (us > reader->now_us) {
        if (!append_wait(reader, CAUSE_WAIT_FOR, us - reader->now_us, event->time.span)) {
            return false;
        }
        reader->owes_instant = true;
    }
    reader->last_event_us = us;
    reader->knows_last_event = true;
    return true;
}

static bool pass_quiet(struct reader *reader, const struct scenario_event *event)
{
    int64_t us;
    if (!time_of(reader, &event->time, &us)) {
        return false;
    }
    reader->last_event_us = us + event->as.quiet_us;
    return true;
}

static bool add_wait(struct reader *reader, const struct scenario_event *event)
{
    const struct scenario_wait *const wait = &event->as.wait;
    int64_t us;
    if (!time_of(reader, &event->time, &us)) {
        return false;
    }
    if (us > reader->now_us && !reach(reader, event)) {
        return false;
    }
    const enum cause_wait_kind kind = wait->is_asleep           ? CAUSE_WAIT_ASLEEP
                                      : wait->is_until_deadline ? CAUSE_WAIT_DEADLINE
                                                                : CAUSE_WAIT_FOR;
    if (!append_wait(reader, kind, wait->us, event->span)) {
        return false;
    }
    reader->last_event_us = reader->now_us; /* by the script's clock, as far as that is known */
    return true;
}

/* ---- settings and edits ---------------------------------------------------------------------------- */

bool reader_set(struct reader *reader, const char *name, uint64_t value, struct source_span span)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].name, name) == 0) {
            if (fields[i].kind == TCP_CONFIG_U32 && value > UINT32_MAX) {
                return reader_refuse(reader, span, "%s does not hold this", name);
            }
            reader_add(reader, CAUSE_SET)->as.set =
                (struct cause_set){.field = (uint8_t)i, .value = value};
            (void)tcp_config_set(&reader->config, name, value);
            return true;
        }
    }
    return reader_refuse(reader, span, "there is no configuration field %s", name);
}

static bool add_settings(struct reader *reader, const struct scenario_event *event)
{
    for (size_t i = 0; i < event->as.settings.count; i++) {
        const struct scenario_setting *const setting = &event->as.settings.items[i];
        if (!reader_set(reader, setting->name, setting->value, setting->span)) {
            return false;
        }
    }
    return true;
}

static bool add_edit(struct reader *reader, const struct scenario_event *event)
{
    const struct scenario_edit *const edit = &event->as.edit;
    static const uint8_t kinds[SCENARIO_EDIT_COUNT] = {
        [SCENARIO_EDIT_DROP] = CAUSE_EDIT_DROP,
        [SCENARIO_EDIT_DELAY] = CAUSE_EDIT_DELAY,
        [SCENARIO_EDIT_DUPLICATE] = CAUSE_EDIT_DUPLICATE,
        [SCENARIO_EDIT_CORRUPT] = CAUSE_EDIT_CORRUPT,
        [SCENARIO_EDIT_MARK] = CAUSE_EDIT_MARK,
        [SCENARIO_EDIT_MTU] = CAUSE_EDIT_MTU,
        [SCENARIO_EDIT_UNREACHABLE] = CAUSE_EDIT_UNREACHABLE,
        [SCENARIO_EDIT_PART] = CAUSE_EDIT_PART,
    };
    struct cause_edit out = {.kind = kinds[edit->kind],
                             .value = edit->is_silent ? 1 : edit->value,
                             .place = edit->kind == SCENARIO_EDIT_MTU ? edit->mtu : edit->place,
                             .packet = (uint32_t)edit->first,
                             .count = (uint32_t)(edit->last - edit->first + 1),
                             .us = (uint64_t)edit->us};
    if (reader->out->start.hosts != 2) {
        return reader_refuse(reader, event->span, "between two hosts only: --hosts=2");
    }
    if (edit->us > CAUSE_WAIT_US_MAX || edit->last - edit->first >= (int64_t)UINT32_MAX ||
        (edit->kind == SCENARIO_EDIT_CORRUPT && edit->value == 0)) {
        return reader_refuse(reader, event->span, "beyond what can be encoded");
    }
    if (edit->kind == SCENARIO_EDIT_UNREACHABLE &&
        !reader_unreachable_code(reader, edit->code, edit->span, &out.value)) {
        return false;
    }
    reader->host = edit->from == 'b' ? CAUSE_HOST_B : CAUSE_HOST_A;
    reader_add(reader, CAUSE_EDIT)->as.edit = out;
    return true;
}

/* ---- events -------------------------------------------------------------------------------------- */

static bool add_batch(struct reader *reader, const struct scenario_event *event)
{
    for (size_t i = 0; i < event->as.group.count; i++) {
        const struct scenario_event *const item = &event->as.group.items[i];
        if (!reader_inbound(reader, item->as.packet, i + 1 < event->as.group.count, item->span)) {
            return false;
        }
    }
    return true;
}

static void pass_group(struct reader *reader, const struct scenario_event *event)
{
    for (size_t i = 0; i < event->as.group.count; i++) {
        if (event->as.group.items[i].kind == SCENARIO_PACKET) {
            reader_outbound(reader, event->as.group.items[i].as.packet);
        }
    }
}

static bool add_event(struct reader *reader, const struct scenario_event *event)
{
    switch (event->kind) {
    case SCENARIO_PACKET:
        if (event->as.packet->direction == SCENARIO_INBOUND) {
            return reach(reader, event) &&
                   reader_inbound(reader, event->as.packet, false, event->span);
        }
        reader_outbound(reader, event->as.packet);
        return pass_expectation(reader, event);
    case SCENARIO_CALL:
        return reach(reader, event) && reader_call(reader, event);
    case SCENARIO_SET:
        return reach(reader, event) && add_settings(reader, event);
    case SCENARIO_BATCH:
        return reach(reader, event) && add_batch(reader, event);
    case SCENARIO_EDIT:
        return reach(reader, event) && add_edit(reader, event);
    case SCENARIO_WAIT:
        return add_wait(reader, event);
    case SCENARIO_QUIET:
        return pass_quiet(reader, event);
    case SCENARIO_ASSERT:
        return pass_expectation(reader, event);
    case SCENARIO_ANY_ORDER:
        pass_group(reader, event);
        return pass_expectation(reader, event);
    case SCENARIO_ONE_OF:
        pass_group(reader, &event->as.group.items[0]);
        return pass_expectation(reader, event);
    case SCENARIO_COMMAND:
    case SCENARIO_CODE:
    case SCENARIO_ALTERNATIVE:
        break;
    }
    return reader_refuse(reader, event->span, "no cause says this");
}

static bool choose_host(struct reader *reader, const struct scenario_event *event)
{
    reader->host = CAUSE_HOST_A;
    if (event->host == NULL) {
        return true;
    }
    const bool is_b = strcmp(event->host, "b") == 0;
    if (reader->out->start.hosts != 2 || (!is_b && strcmp(event->host, "a") != 0)) {
        return reader_refuse(reader, event->span, "there is no host %s", event->host);
    }
    reader->host = is_b ? CAUSE_HOST_B : CAUSE_HOST_A;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------------- */

bool cause_from_scenario(const struct scenario *scenario, struct arena *arena,
                         struct cause_list *out, struct cause_refusal *why)
{
    struct reader *const reader = arena_take(arena, sizeof *reader);
    *why = (struct cause_refusal){0};
    *out = (struct cause_list){.start = {.hosts = 1, .ip_version = 4}};
    *reader = (struct reader){.scenario = scenario,
                              .arena = arena,
                              .out = out,
                              .why = why,
                              .bind_port = 8080,
                              .connect_port = 8080,
                              .peer_port = 40000,
                              .next_chosen_port = READER_CHOSEN_PORTS,
                              .knows_last_event = true};
    for (size_t i = 0; i < CAUSE_NAMES; i++) {
        reader->sockets[i].life = reader->names[i].life = READER_NO_LIFE;
    }
    (void)tcp_config_profile("rfc", &reader->config);
    if (!reader_header(reader)) {
        return false;
    }
    for (size_t i = 0; i < scenario->event_count; i++) {
        if (!choose_host(reader, &scenario->events[i]) ||
            !add_event(reader, &scenario->events[i])) {
            return false;
        }
    }
    if (!reader_settle_ports(reader)) {
        return false;
    }
    cause_list_normalise(out);
    return true;
}
