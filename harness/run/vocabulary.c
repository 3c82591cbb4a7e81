/* What a script may name though it cannot run yet: calls and words of Linux that other people's scripts
 * use. What stands neither here nor among what runs is taken for a slip of the pen, so that a wrong
 * letter does not quietly remove a test. */
#include "run/runner.h"

#include "scenario/parse.h"

#include <string.h>

static const char *const calls[] = {
    "dup",      "dup2",   "eventfd", "getpeername", "getsockname", "mmap",           "munmap",
    "open",     "pipe",   "pipe2",   "recvfrom",    "recvmmsg",    "select",         "sendfile",
    "sendmmsg", "sendto", "setns",   "splice",      "tee",         "timerfd_create", "vmsplice",
};

static const char *const words[] = {
    "AF_UNIX",
    "AF_UNSPEC",
    "EPOLLMSG",
    "EPOLLWAKEUP",
    "F_GETPIPE_SZ",
    "F_SETOWN",
    "F_SETPIPE_SZ",
    "F_SETSIG",
    "IPPROTO_ICMP",
    "IPPROTO_ICMPV6",
    "IPPROTO_MPTCP",
    "IPPROTO_UDP",
    "IP_BIND_ADDRESS_NO_PORT",
    "IP_FREEBIND",
    "IP_LOCAL_PORT_RANGE",
    "IP_MTU",
    "IP_MTU_DISCOVER",
    "IP_RECVERR",
    "IP_RECVTOS",
    "IP_RECVTTL",
    "IP_TRANSPARENT",
    "IP_TTL",
    "MSG_BATCH",
    "MSG_CMSG_CLOEXEC",
    "MSG_FIN",
    "MSG_NOERROR",
    "MSG_RST",
    "MSG_SENDPAGE_NOTLAST",
    "MSG_SYN",
    "MSG_WAITFORONE",
    "O_APPEND",
    "O_ASYNC",
    "O_CREAT",
    "O_DIRECT",
    "O_TMPFILE",
    "O_TRUNC",
    "SIOCATMARK",
    "SOCK_DGRAM",
    "SOCK_RAW",
    "SOL_MPTCP",
    "SOL_UDP",
    "SO_ATTACH_BPF",
    "SO_ATTACH_FILTER",
    "SO_BINDTODEVICE",
    "SO_BROADCAST",
    "SO_BUSY_POLL",
    "SO_CNX_ADVICE",
    "SO_COOKIE",
    "SO_DEBUG",
    "SO_DETACH_FILTER",
    "SO_DOMAIN",
    "SO_DONTROUTE",
    "SO_INCOMING_CPU",
    "SO_INCOMING_NAPI_ID",
    "SO_LOCK_FILTER",
    "SO_MARK",
    "SO_MAX_PACING_RATE",
    "SO_MEMINFO",
    "SO_NO_CHECK",
    "SO_PASSCRED",
    "SO_PEEK_OFF",
    "SO_PREFER_BUSY_POLL",
    "SO_PRIORITY",
    "SO_PROTOCOL",
    "SO_RCVBUFFORCE",
    "SO_RCVLOWAT",
    "SO_RESERVE_MEM",
    "SO_REUSEPORT",
    "SO_RXQ_OVFL",
    "SO_SELECT_ERR_QUEUE",
    "SO_SNDBUFFORCE",
    "SO_SNDLOWAT",
    "SO_TIMESTAMP",
    "SO_TIMESTAMPING",
    "SO_TIMESTAMPNS",
    "SO_TXREHASH",
    "SO_TXTIME",
    "SO_TYPE",
    "SO_WIFI_STATUS",
    "SO_ZEROCOPY",
    "TCP_AO_ADD_KEY",
    "TCP_CC_INFO",
    "TCP_CM_INQ",
    "TCP_COOKIE_TRANSACTIONS",
    "TCP_DEFER_ACCEPT",
    "TCP_FASTOPEN",
    "TCP_FASTOPEN_CONNECT",
    "TCP_FASTOPEN_KEY",
    "TCP_FASTOPEN_NO_COOKIE",
    "TCP_INQ",
    "TCP_IS_MPTCP",
    "TCP_LINGER2",
    "TCP_MD5SIG",
    "TCP_MD5SIG_EXT",
    "TCP_NEW_SYN_RECV",
    "TCP_NOTSENT_LOWAT",
    "TCP_QUEUE_SEQ",
    "TCP_QUICKACK",
    "TCP_REPAIR",
    "TCP_REPAIR_OPTIONS",
    "TCP_REPAIR_QUEUE",
    "TCP_REPAIR_WINDOW",
    "TCP_SAVED_SYN",
    "TCP_SAVE_SYN",
    "TCP_SYNCNT",
    "TCP_THIN_DUPACK",
    "TCP_THIN_LINEAR_TIMEOUTS",
    "TCP_TIMESTAMP",
    "TCP_TX_DELAY",
    "TCP_ULP",
    "TCP_WINDOW_CLAMP",
    "TCP_ZEROCOPY_RECEIVE",
};

/* Families too large to list. */
static const char *const families[] = {
    "BPF_",   "IPV6_",     "IP_PMTUDISC_", "SCM_",    "SOF_TIMESTAMPING_",
    "SO_EE_", "SPLICE_F_", "TCPI_OPT_",    "TCP_CA_",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool stands_in(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_of_family(const char *word)
{
    for (size_t i = 0; i < COUNT(families); i++) {
        if (strncmp(word, families[i], strlen(families[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool fail_unknown(struct run *run, struct source_span span, const char *what,
                         const char *name, const char *nearest)
{
    if (nearest != NULL) {
        return run_fail(run, RUN_INVALID, span, "there is no %s %s; did you mean %s?", what, name,
                        nearest);
    }
    if (run->options->mode != RUN_STRICT) { /* other people know names that we do not */
        return run_fail(run, RUN_SKIPPED, span, "the %s %s is not known", what, name);
    }
    return run_fail(run, RUN_INVALID, span, "there is no %s %s", what, name);
}

bool vocabulary_refuse_call(struct run *run, const struct scenario_call *call)
{
    if (stands_in(calls, COUNT(calls), call->name)) {
        return run_fail(run, RUN_SKIPPED, call->name_span, "%s() cannot run yet", call->name);
    }
    size_t count;
    const char *const *const runnable = calls_names(run->arena, &count);
    const char *nearest = diagnostic_nearest(call->name, runnable, count);
    if (nearest == NULL) {
        nearest = diagnostic_nearest(call->name, calls, COUNT(calls));
    }
    return fail_unknown(run, call->name_span, "call", call->name, nearest);
}

bool vocabulary_refuse_word(struct run *run, const struct scenario_value *value)
{
    const char *const word = arena_copy_text(run->arena, value->text, value->text_bytes);
    if (stands_in(words, COUNT(words), word) || is_of_family(word)) {
        return run_fail(run, RUN_SKIPPED, value->span, "%s cannot run yet", word);
    }
    size_t count;
    const char *const *const runnable = symbols_names(run->arena, &count);
    const char *nearest = diagnostic_nearest(word, runnable, count);
    if (nearest == NULL) {
        nearest = diagnostic_nearest(word, words, COUNT(words));
    }
    return fail_unknown(run, value->span, "word", word, nearest);
}

bool vocabulary_check_members(struct run *run, const struct scenario_value *structure,
                              const char *const *names, size_t count)
{
    for (size_t i = 0; i < structure->child_count; i++) {
        const struct scenario_value *const member = &structure->children[i];
        if (member->kind != SCENARIO_VALUE_FIELD) {
            return run_fail(run, RUN_INVALID, member->span, "name=value is expected here");
        }
        if (!stands_in(names, count, member->text)) {
            return fail_unknown(run, member->span, "member", member->text,
                                diagnostic_nearest(member->text, names, count));
        }
    }
    return true;
}
