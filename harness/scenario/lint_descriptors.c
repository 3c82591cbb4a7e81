/* Descriptors: returned by a call before they are used, not used after close(), and used at all. */
#include "scenario/linter.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_DEPTH_MAX 40 /* deeper than any value that parses */

struct descriptors {
    struct linter *linter;
    struct linter_table table;
};

/* Calls that return a descriptor. */
static const char *const makers[] = {
    "socket",       "accept",        "accept4", "open",           "dup",   "dup2", "dup3",
    "epoll_create", "epoll_create1", "eventfd", "timerfd_create", "fcntl", NULL};

/* Calls whose first argument is one. */
static const char *const users[] = {
    "bind",       "listen",     "accept",      "accept4",     "connect",  "read",
    "readv",      "recv",       "recvmsg",     "recvfrom",    "write",    "writev",
    "send",       "sendmsg",    "sendto",      "close",       "shutdown", "fcntl",
    "setsockopt", "getsockopt", "ioctl",       "sendfile",    "dup",      "splice",
    "epoll_ctl",  "epoll_wait", "getsockname", "getpeername", NULL};

static void use(struct descriptors *descriptors, int64_t number, struct source_span span,
                bool is_forgiven)
{
    struct linter_entry *entry = linter_entry(&descriptors->table, NULL, number);
    struct linter *linter = descriptors->linter;
    entry->uses++;
    if (is_forgiven || entry->is_reported) {
        return;
    }
    if (entry->is_closed) {
        entry->is_reported = true;
        linter_find(linter, LINT_CLOSED_FD, span,
                    arena_format(linter->arena, "descriptor %" PRId64 " is closed", number),
                    "EBADF as the result, or a descriptor that is open", NULL);
    } else if (!entry->is_bound) {
        entry->is_reported = true;
        linter_find(linter, LINT_UNBOUND_FD, span,
                    arena_format(linter->arena, "no call has returned descriptor %" PRId64, number),
                    "socket(...) or accept(...) with this result before", NULL);
    }
}

static void bind_number(struct descriptors *descriptors, int64_t number, struct source_span span,
                        bool is_socket)
{
    struct linter_entry *entry = linter_entry(&descriptors->table, NULL, number);
    entry->is_bound = true;
    entry->is_closed = entry->is_reported = false;
    entry->span = span;
    entry->is_gone = !is_socket; /* only sockets must be used */
}

/* Any number inside the arguments may be a descriptor: {fd=3, ...}, [3, 4]. */
static void mention(struct descriptors *descriptors, const struct scenario_value *value,
                    unsigned depth, bool binds)
{
    if (value->kind == SCENARIO_VALUE_INTEGER) {
        if (binds) {
            bind_number(descriptors, value->integer, value->span, false);
        }
        linter_entry(&descriptors->table, NULL, value->integer)->uses++;
        return;
    }
    for (size_t i = 0; i < value->child_count && depth < VALUE_DEPTH_MAX; i++) {
        mention(descriptors, &value->children[i], depth + 1, binds);
    }
}

static void pass_call(struct descriptors *descriptors, const struct scenario_call *call)
{
    const bool has_first = call->argument_count > 0 &&
                           call->arguments[0].kind == SCENARIO_VALUE_INTEGER &&
                           linter_is_among(call->name, users);
    const bool is_bad_fd = call->error != NULL && strcmp(call->error, "EBADF") == 0;
    const bool is_pair = strcmp(call->name, "pipe") == 0 || strcmp(call->name, "socketpair") == 0;
    const bool is_socket = strcmp(call->name, "socket") == 0;
    for (size_t i = 0; i < call->argument_count && !is_socket; i++) {
        mention(descriptors, &call->arguments[i], 0, is_pair);
    }
    if (has_first) {
        use(descriptors, call->arguments[0].integer, call->arguments[0].span, is_bad_fd);
    }
    const bool has_result =
        call->result.kind == SCENARIO_VALUE_INTEGER && call->result.integer >= 0;
    if (has_result && linter_is_among(call->name, makers)) {
        bind_number(descriptors, call->result.integer, call->result.span, is_socket);
    }
    if (has_first && has_result && strcmp(call->name, "close") == 0) {
        linter_entry(&descriptors->table, NULL, call->arguments[0].integer)->is_closed = true;
    }
}

static void report_unused(struct descriptors *descriptors)
{
    struct linter *linter = descriptors->linter;
    for (size_t i = 0; i < descriptors->table.count; i++) {
        const struct linter_entry *entry = &descriptors->table.items[i];
        if (entry->is_bound && entry->uses == 0 && !entry->is_gone) {
            linter_find(
                linter, LINT_UNUSED_FD, entry->span,
                arena_format(linter->arena, "descriptor %" PRId64 " is never used", entry->number),
                NULL, NULL);
        }
    }
}

void lint_descriptors(struct linter *linter)
{
    struct descriptors descriptors = {.linter = linter, .table = {.arena = linter->arena}};
    for (size_t i = 0; i < linter->scenario->event_count; i++) {
        const struct scenario_event *event = &linter->scenario->events[i];
        if (event->host != NULL) {
            return; /* two hosts have descriptors of their own */
        }
        if (event->kind == SCENARIO_CALL) {
            pass_call(&descriptors, event->as.call);
        } else if (event->kind == SCENARIO_ASSERT && event->as.assertion->descriptor >= 0) {
            use(&descriptors, event->as.assertion->descriptor, event->span, false);
        }
    }
    report_unused(&descriptors);
}
