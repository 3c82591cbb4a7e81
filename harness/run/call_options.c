/* setsockopt(), getsockopt(), fcntl() and ioctl(): the options that the adapter knows, by the script's words. */
#include "causes/words.h"
#include "run/call_forms.h"

#include <inttypes.h>
#include <string.h>

static bool is_word(const struct scenario_value *value, const char *word)
{
    return value->kind == SCENARIO_VALUE_WORD && value->text_bytes == strlen(word) &&
           memcmp(value->text, word, value->text_bytes) == 0;
}

/* TCP_INFO is no number: the adapter has a call of its own for it. */
#define OPTION_INFO (-2)

static bool option_of(struct run *run, const struct scenario_value *value, int *out)
{
    static const struct {
        const char *word;
        int option;
    } options[] = {
        {"SO_REUSEADDR", TCP_SOCKET_SO_REUSEADDR},
        {"SO_ERROR", TCP_SOCKET_SO_ERROR},
        {"SO_KEEPALIVE", TCP_SOCKET_SO_KEEPALIVE},
        {"SO_RCVBUF", TCP_SOCKET_SO_RCVBUF},
        {"SO_SNDBUF", TCP_SOCKET_SO_SNDBUF},
        {"SO_LINGER", TCP_SOCKET_SO_LINGER},
        {"SO_OOBINLINE", TCP_SOCKET_SO_OOBINLINE},
        {"SO_RCVTIMEO", TCP_SOCKET_SO_RCVTIMEO},
        {"SO_SNDTIMEO", TCP_SOCKET_SO_SNDTIMEO},
        {"SO_ACCEPTCONN", TCP_SOCKET_SO_ACCEPTCONN},
        {"TCP_NODELAY", TCP_SOCKET_TCP_NODELAY},
        {"O_NONBLOCK", TCP_SOCKET_O_NONBLOCK},
        {"TCP_CORK", TCP_SOCKET_TCP_CORK},
        {"TCP_MAXSEG", TCP_SOCKET_TCP_MAXSEG},
        {"TCP_KEEPIDLE", TCP_SOCKET_TCP_KEEPIDLE},
        {"TCP_KEEPINTVL", TCP_SOCKET_TCP_KEEPINTVL},
        {"TCP_KEEPCNT", TCP_SOCKET_TCP_KEEPCNT},
        {"TCP_USER_TIMEOUT", TCP_SOCKET_TCP_USER_TIMEOUT},
        {"TCP_INFO", OPTION_INFO},
        {"FIONREAD", TCP_SOCKET_FIONREAD},
        {"SIOCINQ", TCP_SOCKET_FIONREAD},
        {"SIOCOUTQ", TCP_SOCKET_SIOCOUTQ},
        {"TIOCOUTQ", TCP_SOCKET_SIOCOUTQ},
        {"TCP_CONGESTION", TCP_SOCKET_TCP_CONGESTION},
        {"IP_TOS", TCP_SOCKET_IP_TOS},
        {"IPV6_TCLASS", TCP_SOCKET_IP_TOS},
        {"RECEIVED_DS", TCP_SOCKET_RECEIVED_DS},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (is_word(value, options[i].word)) {
            *out = options[i].option;
            return true;
        }
    }
    if (value->kind == SCENARIO_VALUE_WORD) {
        return vocabulary_refuse_word(run, value);
    }
    return run_fail(run, RUN_SKIPPED, value->span, "this socket option cannot run yet");
}

/* An option's value as the adapter's number. */
static bool option_value(struct run *run, int option, const struct scenario_value *value,
                         int64_t *out)
{
    if (option == TCP_SOCKET_SO_LINGER) {
        return call_options_linger(run, value, out);
    }
    if (option == TCP_SOCKET_SO_RCVTIMEO || option == TCP_SOCKET_SO_SNDTIMEO) {
        return call_options_duration(run, value, out);
    }
    if (option == TCP_SOCKET_TCP_CONGESTION && value->kind == SCENARIO_VALUE_STRING) {
        *out = cause_congestion_value(value->text, value->text_bytes);
        return true;
    }
    return argument_integer(run, value, out);
}

bool call_options_prepare_set(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    entry->call.kind = SUT_CALL_SET_OPTION;
    int64_t level; /* the option's name says enough */
    return call_forms_descriptor(run, call, entry) &&
           option_of(run, &call->arguments[2], &entry->call.option) &&
           argument_integer(run, &call->arguments[1], &level) &&
           (entry->call.option == OPTION_INFO ||
            option_value(run, entry->call.option, &call->arguments[3], &entry->call.number));
}

bool call_options_prepare_own(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    entry->call.kind = SUT_CALL_SET_OPTION;
    return call_forms_descriptor(run, call, entry) &&
           option_of(run, &call->arguments[1], &entry->call.option) &&
           argument_integer(run, &call->arguments[2], &entry->call.number);
}

static void set_asking_kind(struct pending *entry)
{
    entry->call.kind = entry->call.option == OPTION_INFO ? SUT_CALL_INFO : SUT_CALL_GET_OPTION;
}

bool call_options_prepare_get(struct run *run, const struct scenario_call *call,
                              struct pending *entry)
{
    int64_t level;
    const bool is_sound = call_forms_descriptor(run, call, entry) &&
                          option_of(run, &call->arguments[2], &entry->call.option) &&
                          argument_integer(run, &call->arguments[1], &level);
    set_asking_kind(entry);
    return is_sound;
}

bool call_options_prepare_ioctl(struct run *run, const struct scenario_call *call,
                                struct pending *entry)
{
    const bool is_sound = call_forms_descriptor(run, call, entry) &&
                          option_of(run, &call->arguments[1], &entry->call.option);
    set_asking_kind(entry);
    return is_sound;
}

/* SO_ERROR's value is an errno: by name in the script or by Linux's number. */
static bool is_same_option(struct run *run, const struct pending *entry,
                           const struct scenario_value *script, int64_t value, bool *out)
{
    int64_t expected;
    if (script->kind == SCENARIO_VALUE_LIST && script->child_count == 1) {
        script = &script->children[0];
    }
    const bool is_error = entry->call.option == TCP_SOCKET_SO_ERROR && value != 0;
    const char *const name = tcp_socket_error_name((enum tcp_socket_error)value);
    if (is_error && script->kind == SCENARIO_VALUE_WORD) {
        *out = is_word(script, name);
        return true;
    }
    if (!option_value(run, entry->call.option, script, &expected)) {
        return false;
    }
    if (is_error && !symbols_find(name, strlen(name), &value)) {
        value = -1;
    }
    *out = expected == value;
    return true;
}

static bool conclude(struct run *run, struct pending *entry, const struct sut_result *result,
                     const struct scenario_value *script, int64_t *value)
{
    const struct scenario_call *const call = entry->event->as.call;
    bool is_same = true;
    if (result->error != NULL) {
        return true;
    }
    *value = 0;
    if (script->kind == SCENARIO_VALUE_ELLIPSIS) {
        return true;
    }
    if (entry->call.kind == SUT_CALL_INFO) {
        return call_options_same_info(run, script, &result->info);
    }
    if (!is_same_option(run, entry, script, result->value, &is_same)) {
        return false;
    }
    if (!is_same) {
        return run_fail(run, RUN_FAILED, script->span, "%s() gave the value %" PRId64, call->name,
                        result->value);
    }
    return true;
}

bool call_options_conclude_get(struct run *run, struct pending *entry,
                               const struct sut_result *result, int64_t *value)
{
    return conclude(run, entry, result, &entry->event->as.call->arguments[3], value);
}

bool call_options_conclude_ioctl(struct run *run, struct pending *entry,
                                 const struct sut_result *result, int64_t *value)
{
    return conclude(run, entry, result, &entry->event->as.call->arguments[2], value);
}

bool call_options_prepare_fcntl(struct run *run, const struct scenario_call *call,
                                struct pending *entry)
{
    int64_t flags = 0;
    entry->call.option = TCP_SOCKET_O_NONBLOCK;
    if (!call_forms_descriptor(run, call, entry)) {
        return false;
    }
    if (is_word(&call->arguments[1], "F_GETFL")) {
        entry->call.kind = SUT_CALL_GET_OPTION;
        return true;
    }
    if (!is_word(&call->arguments[1], "F_SETFL") || call->argument_count < 3) {
        return run_fail(run, RUN_SKIPPED, call->arguments[1].span,
                        "this command of fcntl() cannot run yet");
    }
    if (!argument_integer(run, &call->arguments[2], &flags)) {
        return false;
    }
    entry->call.kind = SUT_CALL_SET_OPTION;
    entry->call.number = (flags & 2048) != 0;
    return true;
}

bool call_options_conclude_fcntl(struct run *run, struct pending *entry,
                                 const struct sut_result *result, int64_t *value)
{
    (void)run;
    if (result->error == NULL && entry->call.kind == SUT_CALL_GET_OPTION) {
        *value = 2 | (result->value != 0 ? 2048 : 0); /* O_RDWR, O_NONBLOCK */
    }
    return true;
}
