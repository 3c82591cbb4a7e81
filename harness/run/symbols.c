/* The words of calls, with Linux's numbers, since that is what the scripts' results (`= 0x802 (flags
 * O_RDWR|O_NONBLOCK)`) are written in. The runner never hands these numbers to a kernel. */
#include "run/runner.h"

#include <stdlib.h>
#include <string.h>

struct symbol {
    const char *word;
    int64_t value;
};

/* Sorted, for a binary search. */
static const struct symbol symbols[] = {
    {"AF_INET", 2},
    {"AF_INET6", 10},
    {"EACCES", 13},
    {"EADDRINUSE", 98},
    {"EADDRNOTAVAIL", 99},
    {"EAFNOSUPPORT", 97},
    {"EAGAIN", 11},
    {"EALREADY", 114},
    {"EBADF", 9},
    {"ECONNABORTED", 103},
    {"ECONNREFUSED", 111},
    {"ECONNRESET", 104},
    {"EDESTADDRREQ", 89},
    {"EEXIST", 17},
    {"EFAULT", 14},
    {"EHOSTUNREACH", 113},
    {"EINPROGRESS", 115},
    {"EINVAL", 22},
    {"EISCONN", 106},
    {"EMFILE", 24},
    {"EMSGSIZE", 90},
    {"ENETUNREACH", 101},
    {"ENOBUFS", 105},
    {"ENOENT", 2},
    {"ENOPROTOOPT", 92},
    {"ENOSPC", 28},
    {"ENOTCONN", 107},
    {"ENOTSOCK", 88},
    {"EOPNOTSUPP", 95},
    {"EPERM", 1},
    {"EPIPE", 32},
    {"EPOLLERR", 8},
    {"EPOLLET", 2147483648},
    {"EPOLLEXCLUSIVE", 268435456},
    {"EPOLLHUP", 16},
    {"EPOLLIN", 1},
    {"EPOLLONESHOT", 1073741824},
    {"EPOLLOUT", 4},
    {"EPOLLPRI", 2},
    {"EPOLLRDBAND", 128},
    {"EPOLLRDHUP", 8192},
    {"EPOLLRDNORM", 64},
    {"EPOLLWRBAND", 512},
    {"EPOLLWRNORM", 256},
    {"EPOLL_CLOEXEC", 524288},
    {"EPOLL_CTL_ADD", 1},
    {"EPOLL_CTL_DEL", 2},
    {"EPOLL_CTL_MOD", 3},
    {"EPROTO", 71},
    {"ETIMEDOUT", 110},
    {"EWOULDBLOCK", 11},
    {"FIONREAD", 21531},
    {"F_GETFL", 3},
    {"F_SETFL", 4},
    {"INADDR_ANY", 0},
    {"IPPROTO_IP", 0},
    {"IPPROTO_IPV6", 41},
    {"IPPROTO_TCP", 6},
    {"MSG_CONFIRM", 2048},
    {"MSG_CTRUNC", 8},
    {"MSG_DONTROUTE", 4},
    {"MSG_DONTWAIT", 64},
    {"MSG_EOR", 128},
    {"MSG_ERRQUEUE", 8192},
    {"MSG_FASTOPEN", 536870912},
    {"MSG_MORE", 32768},
    {"MSG_NOSIGNAL", 16384},
    {"MSG_OOB", 1},
    {"MSG_PEEK", 2},
    {"MSG_TRUNC", 32},
    {"MSG_WAITALL", 256},
    {"MSG_ZEROCOPY", 67108864},
    {"O_NONBLOCK", 2048},
    {"O_RDONLY", 0},
    {"O_RDWR", 2},
    {"O_WRONLY", 1},
    {"PF_INET", 2},
    {"PF_INET6", 10},
    {"POLLERR", 8},
    {"POLLHUP", 16},
    {"POLLIN", 1},
    {"POLLNVAL", 32},
    {"POLLOUT", 4},
    {"POLLPRI", 2},
    {"POLLRDBAND", 128},
    {"POLLRDHUP", 8192},
    {"POLLRDNORM", 64},
    {"POLLWRBAND", 512},
    {"POLLWRNORM", 256},
    {"SHUT_RD", 0},
    {"SHUT_RDWR", 2},
    {"SHUT_WR", 1},
    {"SIOCINQ", 21531},
    {"SIOCOUTQ", 21521},
    {"SOCK_CLOEXEC", 524288},
    {"SOCK_NONBLOCK", 2048},
    {"SOCK_STREAM", 1},
    {"SOL_IP", 0},
    {"SOL_IPV6", 41},
    {"SOL_SOCKET", 1},
    {"SOL_TCP", 6},
    {"SOMAXCONN", 4096},
    {"SO_ACCEPTCONN", 30},
    {"SO_ERROR", 4},
    {"SO_KEEPALIVE", 9},
    {"SO_LINGER", 13},
    {"SO_OOBINLINE", 10},
    {"SO_RCVBUF", 8},
    {"SO_RCVTIMEO", 20},
    {"SO_REUSEADDR", 2},
    {"SO_SNDBUF", 7},
    {"SO_SNDTIMEO", 21},
    {"TCP_CLOSE", 7},
    {"TCP_CLOSE_WAIT", 8},
    {"TCP_CLOSING", 11},
    {"TCP_CONGESTION", 13},
    {"TCP_CORK", 3},
    {"TCP_ESTABLISHED", 1},
    {"TCP_FIN_WAIT1", 4},
    {"TCP_FIN_WAIT2", 5},
    {"TCP_INFO", 11},
    {"TCP_KEEPCNT", 6},
    {"TCP_KEEPIDLE", 4},
    {"TCP_KEEPINTVL", 5},
    {"TCP_LAST_ACK", 9},
    {"TCP_LISTEN", 10},
    {"TCP_MAXSEG", 2},
    {"TCP_NODELAY", 1},
    {"TCP_SYN_RECV", 3},
    {"TCP_SYN_SENT", 2},
    {"TCP_TIME_WAIT", 6},
    {"TCP_USER_TIMEOUT", 18},
    {"TIOCOUTQ", 21521},
};

struct wanted {
    const char *word;
    size_t count;
};

static int compare(const void *key, const void *item)
{
    const struct wanted *const wanted = key;
    const char *const word = ((const struct symbol *)item)->word;
    const int order = strncmp(wanted->word, word, wanted->count);
    return order != 0 ? order : (word[wanted->count] == '\0' ? 0 : -1);
}

bool symbols_find(const char *word, size_t count, int64_t *out)
{
    const struct wanted wanted = {word, count};
    const struct symbol *const found =
        bsearch(&wanted, symbols, sizeof symbols / sizeof symbols[0], sizeof symbols[0], compare);
    if (found == NULL) {
        return false;
    }
    *out = found->value;
    return true;
}

const char *const *symbols_names(struct arena *arena, size_t *count)
{
    *count = sizeof symbols / sizeof symbols[0];
    const char **const names = arena_take(arena, *count * sizeof *names);
    for (size_t i = 0; i < *count; i++) {
        names[i] = symbols[i].word;
    }
    return names;
}
