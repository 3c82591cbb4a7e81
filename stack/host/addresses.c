#include "host/addresses.h"

#include "host/reserved.h"
#include "tcp/address.h"

static bool is_multicast_or_broadcast(const struct tcp_address *address)
{
    if (address->version == 6) {
        return address->bytes[0] == 0xff;
    }
    return address->bytes[0] >= 224; /* 224/4 multicast, 240/4 reserved, the limited broadcast */
}

bool host_is_local(const struct tcp_host *host, const struct tcp_address *address)
{
    if (tcp_address_is_wildcard(address) || is_multicast_or_broadcast(address)) {
        return false;
    }
    const struct tcp_address *own = host_table_read(host, HOST_ADDRESSES);
    for (uint32_t i = 0; i < host->address_count; i++) {
        if (tcp_address_equal(&own[i], address)) {
            return true;
        }
    }
    return host->address_count == 0;
}

bool host_is_fit_remote(const struct tcp_endpoint *remote)
{
    return remote->port != 0 && !tcp_address_is_wildcard(&remote->address) &&
           !is_multicast_or_broadcast(&remote->address);
}

enum tcp_error tcp_host_add_address(struct tcp_host *host, const struct tcp_address *address)
{
    const bool is_sound = (address->version == 4 || address->version == 6) &&
                          !tcp_address_is_wildcard(address) && !is_multicast_or_broadcast(address);
    if (!is_sound) {
        return TCP_ERROR_ARGUMENT;
    }
    if (host->address_count == host->limits.local_addresses) {
        return TCP_ERROR_RESOURCES;
    }
    struct tcp_address *own = host_table(host, HOST_ADDRESSES);
    own[host->address_count++] = *address;
    return TCP_OK;
}
