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
    {"AF_INET", 2},           {"AF_INET6", 10},        {"EAGAIN", 11},      {"ECONNABORTED", 103},
    {"ECONNREFUSED", 111},    {"ECONNRESET", 104},     {"ENOTCONN", 107},   {"EPIPE", 32},
    {"ETIMEDOUT", 110},       {"F_GETFL", 3},          {"F_SETFL", 4},      {"INADDR_ANY", 0},
    {"IPPROTO_IP", 0},        {"IPPROTO_IPV6", 41},    {"IPPROTO_TCP", 6},  {"MSG_DONTWAIT", 64},
    {"MSG_NOSIGNAL", 16384},  {"O_NONBLOCK", 2048},    {"O_RDWR", 2},       {"PF_INET", 2},
    {"PF_INET6", 10},         {"SHUT_RD", 0},          {"SHUT_RDWR", 2},    {"SHUT_WR", 1},
    {"SOCK_CLOEXEC", 524288}, {"SOCK_NONBLOCK", 2048}, {"SOCK_STREAM", 1},  {"SOL_SOCKET", 1},
    {"SOL_TCP", 6},           {"SO_ERROR", 4},         {"SO_REUSEADDR", 2}, {"TCP_NODELAY", 1},
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
