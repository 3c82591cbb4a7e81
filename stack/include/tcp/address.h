/* Comparing addresses and endpoints: word by word, so that no build calls out for sixteen octets. */
#ifndef TCP_ADDRESS_H
#define TCP_ADDRESS_H

#include <string.h>

#include "tcp/types.h"

static inline bool tcp_address_equal(const struct tcp_address *a, const struct tcp_address *b)
{
    uint64_t left[2], right[2];
    memcpy(left, a->bytes, sizeof left);
    memcpy(right, b->bytes, sizeof right);
    return a->version == b->version && ((left[0] ^ right[0]) | (left[1] ^ right[1])) == 0;
}

/* 0.0.0.0 or ::, "any address". */
static inline bool tcp_address_is_wildcard(const struct tcp_address *address)
{
    uint64_t words[2];
    memcpy(words, address->bytes, sizeof words);
    return (words[0] | words[1]) == 0;
}

static inline bool tcp_endpoint_equal(const struct tcp_endpoint *a, const struct tcp_endpoint *b)
{
    return a->port == b->port && tcp_address_equal(&a->address, &b->address);
}

#endif
