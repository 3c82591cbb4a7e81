/* Reads a trace for what happened. Steps are what the stack says of itself; calls that it refuses
 * without a step count in the state that the connection is in. */
#include "matrix/occurrence.h"

#include <stdlib.h>
#include <string.h>

#define FD_MAX 64

static const char *const event_names[MATRIX_EVENT_COUNT] = {
    [MATRIX_OPEN] = "OPEN call",
    [MATRIX_SEND] = "SEND call",
    [MATRIX_RECEIVE] = "RECEIVE call",
    [MATRIX_CLOSE] = "CLOSE call",
    [MATRIX_ABORT] = "ABORT call",
    [MATRIX_STATUS] = "STATUS call",
    [MATRIX_SEGMENT] = "SEGMENT ARRIVES",
    [MATRIX_USER_TIMEOUT] = "USER TIMEOUT",
    [MATRIX_RETRANSMISSION_TIMEOUT] = "RETRANSMISSION TIMEOUT",
    [MATRIX_TIME_WAIT_TIMEOUT] = "TIME-WAIT TIMEOUT",
    [MATRIX_PERSIST_TIMEOUT] = "PERSIST TIMEOUT",
    [MATRIX_SWS_OVERRIDE_TIMEOUT] = "SWS-OVERRIDE TIMEOUT",
    [MATRIX_DELAYED_ACK_TIMEOUT] = "DELAYED-ACK TIMEOUT",
    [MATRIX_KEEP_ALIVE_TIMEOUT] = "KEEPALIVE TIMEOUT",
    [MATRIX_ORPHAN_TIMEOUT] = "ORPHAN TIMEOUT",
    [MATRIX_ICMP] = "ICMP ARRIVES",
};

const char *matrix_event_name(enum matrix_event event)
{
    return event_names[event];
}

bool matrix_event_read(const char *name, enum matrix_event *out)
{
    for (int i = 0; i < MATRIX_EVENT_COUNT; i++) {
        if (strcmp(event_names[i], name) == 0) {
            *out = (enum matrix_event)i;
            return true;
        }
    }
    return false;
}

static bool event_of(enum tcp_cause cause, enum matrix_event *out)
{
    static const uint8_t events[TCP_CAUSE_COUNT] = {
        [TCP_CAUSE_OPEN] = MATRIX_OPEN,
        [TCP_CAUSE_SEND] = MATRIX_SEND,
        [TCP_CAUSE_RECEIVE] = MATRIX_RECEIVE,
        [TCP_CAUSE_CLOSE] = MATRIX_CLOSE,
        [TCP_CAUSE_ABORT] = MATRIX_ABORT,
        [TCP_CAUSE_SEGMENT] = MATRIX_SEGMENT,
        [TCP_CAUSE_ICMP] = MATRIX_ICMP,
        [TCP_CAUSE_USER_TIMEOUT] = MATRIX_USER_TIMEOUT,
        [TCP_CAUSE_RETRANSMISSION_TIMEOUT] = MATRIX_RETRANSMISSION_TIMEOUT,
        [TCP_CAUSE_PERSIST_TIMEOUT] = MATRIX_PERSIST_TIMEOUT,
        [TCP_CAUSE_DELAYED_ACK_TIMEOUT] = MATRIX_DELAYED_ACK_TIMEOUT,
        [TCP_CAUSE_SWS_OVERRIDE_TIMEOUT] = MATRIX_SWS_OVERRIDE_TIMEOUT,
        [TCP_CAUSE_TIME_WAIT_TIMEOUT] = MATRIX_TIME_WAIT_TIMEOUT,
        [TCP_CAUSE_KEEP_ALIVE_TIMEOUT] = MATRIX_KEEP_ALIVE_TIMEOUT,
        [TCP_CAUSE_ORPHAN_TIMEOUT] = MATRIX_ORPHAN_TIMEOUT,
    };
    *out = (enum matrix_event)events[cause];
    return cause != TCP_CAUSE_NONE && cause != TCP_CAUSE_PATH_MTU_TIMEOUT &&
           cause != TCP_CAUSE_ECN_TIMEOUT;
}

static bool event_of_call(const char *name, enum matrix_event *out)
{
    static const struct {
        const char *name;
        enum matrix_event event;
    } calls[] = {
        {"connect", MATRIX_OPEN},    {"listen", MATRIX_OPEN},       {"write", MATRIX_SEND},
        {"send", MATRIX_SEND},       {"read", MATRIX_RECEIVE},      {"recv", MATRIX_RECEIVE},
        {"tcp.open", MATRIX_OPEN},   {"tcp.send", MATRIX_SEND},     {"tcp.receive", MATRIX_RECEIVE},
        {"tcp.close", MATRIX_CLOSE}, {"tcp.abort", MATRIX_ABORT},   {"tcp.status", MATRIX_STATUS},
        {"sendmsg", MATRIX_SEND},    {"recvmsg", MATRIX_RECEIVE},   {"close", MATRIX_CLOSE},
        {"shutdown", MATRIX_CLOSE},  {"getsockopt", MATRIX_STATUS},
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) == 0) {
            *out = calls[i].event;
            return true;
        }
    }
    return false;
}

#define NO_CALL SIZE_MAX

/* A trace on its way through. */
struct reading {
    struct occurrence_list *list;
    const struct trace *trace;
    struct arena *arena;
    enum tcb_state *states; /* of each incarnation, so far */
    bool is_listening[FD_MAX];
    size_t next_packet;    /* where the packet of the next step of a segment is looked for */
    size_t call;           /* the call that acts, until a step takes its place; or NO_CALL */
    const char *last_call; /* the name of the call that acts */
    size_t latest_call;    /* the occurrence of the latest call, or NO_CALL */
    uint32_t cookie;       /* of that call */
};

static struct occurrence *append(struct reading *reading)
{
    struct occurrence_list *list = reading->list;
    void *items = list->items;
    arena_grow(reading->arena, &items, &list->capacity, list->count, sizeof *list->items);
    list->items = items;
    list->items[list->count] = (struct occurrence){0};
    return &list->items[list->count++];
}

/* The packet that a step is about: each inbound packet of an instant makes one, in order. */
static const struct trace_packet *packet_of_step(struct reading *reading, size_t step)
{
    for (; reading->next_packet < step; reading->next_packet++) {
        const struct trace_record *record = &reading->trace->records[reading->next_packet];
        if (record->kind == TRACE_PACKET && record->as.packet.direction == TRACE_TO_SUT) {
            reading->next_packet++;
            return &record->as.packet;
        }
    }
    return NULL;
}

/* What a call did is the call itself: it is not counted twice. */
static struct occurrence *place_of_step(struct reading *reading, enum matrix_event event,
                                        bool is_close)
{
    const size_t call = reading->call;
    if (call == NO_CALL || (reading->list->items[call].event != event && !is_close)) {
        return append(reading);
    }
    reading->call = NO_CALL;
    return &reading->list->items[call];
}

/* The conditions of the rows "ICMP ARRIVES": v4 3/0, 3/1, 3/5, 11, 12 and v6 1/0, 1/3, 3, 4 are soft, v4
 * 3/2, 3/3 and v6 1/1, 1/4 hard. What they do not name is neither. */
static enum occurrence_icmp icmp_of(const struct tcp_icmp *icmp)
{
    const uint32_t kind = (uint32_t)icmp->type << 8 | icmp->code;
    if (icmp->source.version == 4) {
        switch (kind) {
        case 0x0300:
        case 0x0301:
        case 0x0305:
            return OCCURRENCE_ICMP_SOFT;
        case 0x0302:
        case 0x0303:
            return OCCURRENCE_ICMP_HARD;
        case 0x0304:
            return OCCURRENCE_ICMP_TOO_BIG;
        default:
            break;
        }
        return icmp->type == TCP_ICMP4_SOURCE_QUENCH   ? OCCURRENCE_ICMP_QUENCH
               : icmp->type >= TCP_ICMP4_TIME_EXCEEDED ? OCCURRENCE_ICMP_SOFT
                                                       : OCCURRENCE_ICMP_NONE;
    }
    if (icmp->type == TCP_ICMP6_PACKET_TOO_BIG) {
        return OCCURRENCE_ICMP_TOO_BIG;
    }
    if (kind == 0x0101 || kind == 0x0104) {
        return OCCURRENCE_ICMP_HARD;
    }
    return kind == 0x0100 || kind == 0x0103 || icmp->type >= TCP_ICMP6_TIME_EXCEEDED
               ? OCCURRENCE_ICMP_SOFT
               : OCCURRENCE_ICMP_NONE;
}

static void add_step(struct reading *reading, size_t index)
{
    const struct tcp_step_record *step = &reading->trace->records[index].as.step;
    enum matrix_event event = MATRIX_OPEN;
    if (!event_of(step->cause, &event)) {
        return;
    }
    const bool is_close = event == MATRIX_ABORT && reading->last_call != NULL &&
                          strcmp(reading->last_call, "close") == 0;
    struct occurrence *occurrence = place_of_step(reading, event, is_close);
    const char *const error = occurrence->error;
    *occurrence = (struct occurrence){
        .event = event,
        .before = step->before,
        .after = step->after,
        .is_step = true,
        .verdict = step->verdict,
        .check = step->check,
        .is_close = is_close,
        .error = error,
    };
    if (event != MATRIX_SEGMENT && event != MATRIX_ICMP) {
        return;
    }
    const struct trace_packet *packet = packet_of_step(reading, index);
    if (packet != NULL) {
        if (packet->is_icmp) {
            occurrence->icmp = icmp_of(&packet->icmp);
        } else {
            occurrence->flags = packet->segment.flags;
            occurrence->text_bytes = packet->segment.payload_bytes;
        }
        occurrence->is_passive = packet->incarnation != TRACE_NO_EVENT &&
                                 reading->trace->incarnations[packet->incarnation].is_passive;
    }
}

static size_t descriptor_of(const struct trace_call *call)
{
    const char *open = strchr(call->text, '(');
    const long number = open == NULL ? 0 : strtol(open + 1, NULL, 10);
    return number > 0 && number < FD_MAX ? (size_t)number : 0;
}

/* The state in which a call finds its connection. */
static enum tcb_state state_of_call(const struct reading *reading, const struct trace_call *call)
{
    if (call->has_state) {
        return call->state;
    }
    if (call->incarnation != TRACE_NO_EVENT) {
        return reading->states[call->incarnation];
    }
    return reading->is_listening[descriptor_of(call)] ? TCB_LISTEN : TCB_CLOSED;
}

/* tcp.status(c, {state=FIN_WAIT_1}): what a script that passes asks is so. */
static bool names_state(const char *text, enum tcb_state *out)
{
    const char *name = strstr(text, "state=");
    if (name == NULL) {
        return false;
    }
    name += strlen("state=");
    for (int state = 0; state < TCB_STATE_COUNT; state++) {
        const char *other = tcb_state_name((enum tcb_state)state);
        size_t i = 0;
        while (other[i] != '\0' && (name[i] == other[i] || (name[i] == '_' && other[i] == '-'))) {
            i++;
        }
        if (other[i] == '\0' && strchr(", }", name[i]) != NULL) {
            *out = (enum tcb_state)state;
            return true;
        }
    }
    return false;
}

static void add_call(struct reading *reading, const struct trace_call *call)
{
    enum matrix_event event = MATRIX_OPEN;
    reading->last_call = call->name;
    if (event_of_call(call->name, &event)) {
        enum tcb_state state = state_of_call(reading, call);
        if (event == MATRIX_STATUS) {
            (void)names_state(call->text, &state);
        }
        *append(reading) = (struct occurrence){.event = event, .before = state, .after = state};
        reading->call = reading->latest_call = reading->list->count - 1;
        reading->cookie = call->cookie;
    }
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* What the call was answered. Who has no right to a connection finds none: CLOSED, in the words of the
 * RFC. A second passive OPEN of a port meets the record in LISTEN there. */
static void note_answer(struct reading *reading, const struct trace_call *call)
{
    if (reading->latest_call == NO_CALL || reading->cookie != call->cookie || call->error == NULL) {
        return;
    }
    struct occurrence *occurrence = &reading->list->items[reading->latest_call];
    occurrence->error = call->error;
    if (is_one_of(call->error, "TCP_ERROR_ACCESS", "EACCES")) {
        occurrence->before = occurrence->after = TCB_CLOSED;
    } else if (is_one_of(call->error, "TCP_ERROR_PORT_TAKEN", "EADDRINUSE")) {
        occurrence->before = occurrence->after = TCB_LISTEN;
    }
}

static void note_listener(struct reading *reading, const struct trace_call *call)
{
    const size_t descriptor = descriptor_of(call);
    if (strcmp(call->name, "listen") == 0 && call->error == NULL) {
        reading->is_listening[descriptor] = true;
    } else if (strcmp(call->name, "close") == 0) {
        reading->is_listening[descriptor] = false;
    }
}

/* CLOSE-WAIT becomes LAST-ACK when the FIN goes, which is after the step that let it go. */
static void note_fin_sent(struct reading *reading, const struct trace_state *state)
{
    struct occurrence_list *list = reading->list;
    if (state->from == TCB_CLOSE_WAIT && state->to == TCB_LAST_ACK && list->count > 0 &&
        list->items[list->count - 1].is_step &&
        list->items[list->count - 1].after == TCB_CLOSE_WAIT) {
        list->items[list->count - 1].after = TCB_LAST_ACK;
    }
}

static void read_record(struct reading *reading, size_t index)
{
    const struct trace_record *record = &reading->trace->records[index];
    switch (record->kind) {
    case TRACE_CALL:
        add_call(reading, &record->as.call);
        return;
    case TRACE_CALL_DONE:
        note_listener(reading, &record->as.call);
        note_answer(reading, &record->as.call);
        return;
    case TRACE_STATE:
        note_fin_sent(reading, &record->as.state);
        reading->states[record->as.state.incarnation] = record->as.state.to;
        return;
    case TRACE_STEP:
        add_step(reading, index);
        return;
    case TRACE_DRAIN:
        reading->next_packet = index;
        reading->last_call = NULL;
        reading->call = NO_CALL;
        return;
    case TRACE_PACKET:
    case TRACE_SETTING:
        return;
    }
}

static void add_assertions(struct reading *reading, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->event_count; i++) {
        const struct scenario_event *event = &scenario->events[i];
        if (event->kind != SCENARIO_ASSERT) {
            continue;
        }
        for (size_t k = 0; k < event->as.assertion->condition_count; k++) {
            const struct scenario_condition *condition = &event->as.assertion->conditions[k];
            for (int state = 0; state < TCB_STATE_COUNT; state++) {
                if (condition->word != NULL && condition->compare == SCENARIO_EQ &&
                    strcmp(condition->word, tcb_state_name((enum tcb_state)state)) == 0) {
                    *append(reading) = (struct occurrence){.event = MATRIX_STATUS,
                                                           .before = (enum tcb_state)state,
                                                           .after = (enum tcb_state)state};
                }
            }
        }
    }
}

void occurrences_add(struct occurrence_list *list, const struct trace *trace,
                     const struct scenario *passed, struct arena *arena)
{
    struct reading reading = {
        .list = list,
        .trace = trace,
        .arena = arena,
        .call = NO_CALL,
        .latest_call = NO_CALL,
        .states = arena_take(arena, (trace->incarnation_count + 1) * sizeof *reading.states),
    };
    for (size_t i = 0; i < trace->record_count; i++) {
        read_record(&reading, i);
    }
    if (passed != NULL) {
        add_assertions(&reading, passed);
    }
}
