/* What calls tell: which octets the application wrote, and how many it has read. */
#include "oracle/flow_steps.h"
#include "oracle/flow_table.h"

#include <string.h>

static void open_call(struct flow_model *model, const struct flow_call *call)
{
    void *calls = model->calls;
    arena_grow(model->arena, &calls, &model->call_capacity, model->call_count,
               sizeof *model->calls);
    model->calls = calls;
    model->calls[model->call_count++] = *call;
}

/* The latest open call of that cookie, or call_count. */
static size_t find_call(const struct flow_model *model, uint32_t cookie)
{
    for (size_t i = model->call_count; i-- > 0;) {
        if (model->calls[i].cookie == cookie) {
            return i;
        }
    }
    return model->call_count;
}

static bool says(const struct trace_call *call, const char *word)
{
    return call->text != NULL && strstr(call->text, word) != NULL;
}

/* Does the call, which moves no octets, name the word? Asked of few calls: looking costs time. */
static bool other_call_says(const struct trace_call *call, const char *word)
{
    return !call->is_send && !call->is_receive && says(call, word);
}

/* "setsockopt" or "socket.set", whatever follows. */
static bool sets_option(const char *name)
{
    return name != NULL && (strncmp(name, "setsockopt", strlen("setsockopt")) == 0 ||
                            strncmp(name, "socket.set", strlen("socket.set")) == 0);
}

/* Settings that a call may change, by the words in it; without words, all. */
static uint32_t options_of(const struct trace_call *call)
{
    static const struct {
        const char *word;
        uint32_t options;
    } words[] = {
        {"NODELAY", FLOW_OPTION_NAGLE},
        {"CORK", FLOW_OPTION_NAGLE},
        {"SO_RCVBUF", FLOW_OPTION_BUFFER},
        {"SO_SNDBUF", FLOW_OPTION_BUFFER},
        {"MAXSEG", FLOW_OPTION_MSS},
        {"KEEP", FLOW_OPTION_KEEP_ALIVE},
        {"TCP_KEEP", FLOW_OPTION_KEEP_TIMES},
        {"_TIMEOUT", FLOW_OPTION_USER_TIMEOUT},
        {"CONGESTION", FLOW_OPTION_CONGESTION},
    };
    if (call->is_send) {
        return says(call, "MSG_MORE") || says(call, "MSG_OOB") ? FLOW_OPTION_NAGLE : 0;
    }
    if (!sets_option(call->name)) {
        return 0;
    }
    uint32_t options = call->text == NULL || strchr(call->text, '(') == NULL ? FLOW_OPTION_ALL : 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        options |= says(call, words[i].word) ? words[i].options : 0;
    }
    return options;
}

/* No more will be sent, or the connection is over: RFC 9293's calls and those of sockets. */
static bool is_close(const struct trace_call *call)
{
    return !call->is_send && !call->is_receive && call->name != NULL &&
           (strstr(call->name, "close") != NULL || strstr(call->name, "shutdown") != NULL ||
            strstr(call->name, "abort") != NULL);
}

/* Whoever turns keep-alive off and on again begins to wait anew; and a smaller buffer makes half of it less
 * than half of a window that was offered before. */
static void note_fresh_start(struct flow_life *life, uint32_t options)
{
    if ((options & FLOW_OPTION_KEEP_ALIVE) != 0) {
        life->timers.keep_alive_at = REFERENCE_NEVER;
    }
    if ((options & FLOW_OPTION_BUFFER) != 0) {
        life->window_max = 0;
    }
}

static void note_effects(struct flow_model *model, struct flow_life *life,
                         const struct trace_call *call)
{
    const uint32_t options = options_of(call);
    if (life != NULL) {
        life->options |= options;
        note_fresh_start(life, options);
        life->was_closed = life->was_closed || is_close(call);
    } else {
        model->stray_options |= options;
        for (size_t i = 0; options != 0 && i < model->table_capacity; i++) {
            struct flow_life *const any = flow_table_life(model, i);
            if (any != NULL) {
                note_fresh_start(any, options);
            }
        }
        model->saw_stray_close = model->saw_stray_close || is_close(call);
    }
}

void flow_apply_call(struct flow_model *model, const struct trace_call *call)
{
    model->saw_call = true;
    struct flow_life *life = model->view.life;
    if (life != NULL && other_call_says(call, "SHUT_RD")) { /* SHUT_RDWR too */
        life->reads_are_unknown = true; /* from now on the end is the application's own */
    }
    note_effects(model, life, call);
    open_call(model, &(struct flow_call){.cookie = call->cookie,
                                         .life = life,
                                         .is_send = call->is_send,
                                         .is_receive = call->is_receive,
                                         .is_peek = call->is_receive && says(call, "MSG_PEEK"),
                                         .room = call->is_receive ? call->count : 0});
    if (call->is_send && life != NULL) {
        written_begin(&life->written, model->arena, call->cookie, call->bytes, call->count);
    } else if (call->is_send) {
        model->stray_sends++;
    }
}

void flow_look_at_result(struct flow_model *model, const struct trace_call *call)
{
    const size_t at = find_call(model, call->cookie);
    if (at < model->call_count) {
        model->view.call = model->calls[at];
    }
    model->view.life = flow_model_life(model, call->incarnation);
}

static void end_send(struct flow_model *model, const struct trace_call *call)
{
    const size_t taken = call->value > 0 ? (size_t)call->value : 0;
    if (model->view.call.life != NULL) {
        written_end(&model->view.call.life->written, call->cookie, taken);
        return;
    }
    model->stray_sends--;
    model->saw_stray_send = model->saw_stray_send || taken > 0;
}

static void end_receive(struct flow_model *model, const struct trace_call *call)
{
    struct flow_life *life = model->view.life;
    if (life != NULL && call->error == NULL && call->value > 0 && !model->view.call.is_peek) {
        life->delivered += (uint64_t)call->value;
    }
}

/* Has this call told the application how the connection ended? Any may, once; then reads give 0. */
static bool tells_end(const struct trace_call *call)
{
    if (other_call_says(call, "SO_ERROR")) {
        return true;
    }
    return call->error != NULL && strcmp(call->error, "EAGAIN") != 0 &&
           strcmp(call->error, "EINPROGRESS") != 0;
}

void flow_apply_result(struct flow_model *model, const struct trace_call *call)
{
    const struct flow_call begun = model->view.call;
    if (model->view.life != NULL && tells_end(call)) {
        model->view.life->was_told_end = true;
    }
    if (begun.is_send) {
        end_send(model, call);
    } else if (begun.is_receive || call->is_receive) {
        end_receive(model, call);
    }
    const size_t at = find_call(model, call->cookie);
    if (at < model->call_count) {
        model->calls[at] = model->calls[--model->call_count];
    }
}
