/* Which addresses are the host's own, and which can be a peer's (RFC 9293 3.9.2.3, MUST-46, MUST-57).
 * host_is_local() is declared in host/reserved.h. */
#ifndef TCP_HOST_ADDRESSES_H
#define TCP_HOST_ADDRESSES_H

#include "host/block.h"

/* A port, and an address that is neither the wildcard, multicast nor broadcast. */
bool host_is_fit_remote(const struct tcp_endpoint *remote);

#endif
