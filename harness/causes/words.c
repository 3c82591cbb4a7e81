/* See words.h. */
#include "causes/words.h"

#include <string.h>

#include "tcp/config.h"
#include "tcp/host.h"
#include "tcp/socket.h"

const struct cause_word cause_send_words[CAUSE_SEND_WORDS] = {
    {"MORE", TCP_SEND_MORE},
    {"URGENT", TCP_SEND_URGENT},
};

const struct cause_word cause_message_words[CAUSE_MESSAGE_WORDS] = {
    {"MSG_PEEK", TCP_SOCKET_PEEK},       {"MSG_DONTWAIT", TCP_SOCKET_DONTWAIT},
    {"MSG_WAITALL", TCP_SOCKET_WAITALL}, {"MSG_MORE", TCP_SOCKET_MORE},
    {"MSG_OOB", TCP_SOCKET_OOB},
};

const struct cause_word cause_shutdown_words[CAUSE_SHUTDOWN_WORDS] = {
    {"SHUT_RD", TCP_SOCKET_SHUT_RD},
    {"SHUT_WR", TCP_SOCKET_SHUT_WR},
    {"SHUT_RDWR", TCP_SOCKET_SHUT_RDWR},
};

static const char *const option_words[] = {
    [TCP_SOCKET_SO_REUSEADDR] = "SO_REUSEADDR",
    [TCP_SOCKET_SO_ERROR] = "SO_ERROR",
    [TCP_SOCKET_TCP_NODELAY] = "TCP_NODELAY",
    [TCP_SOCKET_O_NONBLOCK] = "O_NONBLOCK",
    [TCP_SOCKET_SO_KEEPALIVE] = "SO_KEEPALIVE",
    [TCP_SOCKET_TCP_KEEPIDLE] = "TCP_KEEPIDLE",
    [TCP_SOCKET_TCP_KEEPINTVL] = "TCP_KEEPINTVL",
    [TCP_SOCKET_TCP_KEEPCNT] = "TCP_KEEPCNT",
    [TCP_SOCKET_TCP_USER_TIMEOUT] = "TCP_USER_TIMEOUT",
    [TCP_SOCKET_SO_RCVBUF] = "SO_RCVBUF",
    [TCP_SOCKET_SO_SNDBUF] = "SO_SNDBUF",
    [TCP_SOCKET_TCP_MAXSEG] = "TCP_MAXSEG",
    [TCP_SOCKET_TCP_CORK] = "TCP_CORK",
    [TCP_SOCKET_SO_LINGER] = "SO_LINGER",
    [TCP_SOCKET_SO_OOBINLINE] = "SO_OOBINLINE",
    [TCP_SOCKET_SO_RCVTIMEO] = "SO_RCVTIMEO",
    [TCP_SOCKET_SO_SNDTIMEO] = "SO_SNDTIMEO",
    [TCP_SOCKET_SO_ACCEPTCONN] = "SO_ACCEPTCONN",
    [TCP_SOCKET_FIONREAD] = "FIONREAD",
    [TCP_SOCKET_SIOCOUTQ] = "SIOCOUTQ",
    [TCP_SOCKET_IP_TOS] = "IP_TOS",
    [TCP_SOCKET_TCP_CONGESTION] = "TCP_CONGESTION",
    [TCP_SOCKET_RECEIVED_DS] = "RECEIVED_DS",
};
#define OPTION_COUNT (sizeof option_words / sizeof option_words[0])

const char *cause_option_word(uint8_t option)
{
    return option_words[option % OPTION_COUNT];
}

bool cause_option_of(const char *word, uint8_t *out)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(option_words[i], word) == 0) {
            *out = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *word;
    uint8_t kind;
} calls[] = {
    {"tcp.open", CAUSE_CALL_OPEN_ACTIVE},
    {"tcp.open", CAUSE_CALL_OPEN_PASSIVE},
    {"tcp.accept", CAUSE_CALL_ACCEPT_CHILD},
    {"tcp.send", CAUSE_CALL_SEND},
    {"tcp.receive", CAUSE_CALL_RECEIVE},
    {"tcp.close", CAUSE_CALL_CLOSE},
    {"tcp.abort", CAUSE_CALL_ABORT},
    {"tcp.release", CAUSE_CALL_RELEASE},
    {"socket", CAUSE_CALL_SOCKET},
    {"bind", CAUSE_CALL_BIND},
    {"listen", CAUSE_CALL_LISTEN},
    {"accept", CAUSE_CALL_ACCEPT},
    {"connect", CAUSE_CALL_CONNECT},
    {"read", CAUSE_CALL_READ},
    {"write", CAUSE_CALL_WRITE},
    {"shutdown", CAUSE_CALL_SHUTDOWN},
    {"close", CAUSE_CALL_CLOSE_SOCKET},
    {"socket.set", CAUSE_CALL_SET_OPTION},
    {"recv", CAUSE_CALL_READ},
    {"send", CAUSE_CALL_WRITE},
};
#define CALL_COUNT (sizeof calls / sizeof calls[0])

const char *cause_call_word(const struct cause_call *call)
{
    if (call->flags != 0 && call->kind == CAUSE_CALL_READ) {
        return "recv";
    }
    if (call->flags != 0 && call->kind == CAUSE_CALL_WRITE) {
        return "send";
    }
    return calls[call->kind].word; /* the first ones stand by kind */
}

bool cause_call_of(const char *word, uint8_t *out)
{
    for (size_t i = 0; i < CALL_COUNT; i++) {
        if (strcmp(calls[i].word, word) == 0) {
            *out = calls[i].kind;
            return true;
        }
    }
    return false;
}

int64_t cause_congestion_value(const char *name, size_t length)
{
    enum tcp_congestion_control control;
    return tcp_congestion_control_find(name, length, &control) ? (int64_t)control : -1;
}
