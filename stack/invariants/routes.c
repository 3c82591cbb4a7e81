/* What is known of paths: each address once, and an order of use. */
#include "invariants/invariants.h"

#include <string.h>

#include "host/routes.h"
#include "tcp/address.h"

/* Has nothing been learned yet, and does the table say so? */
static bool are_unused(const struct tcp_host *host)
{
    const uint64_t *words = host_table_read(host, HOST_ROUTES);
    const size_t count = (size_t)host->table_bytes[HOST_ROUTES] / sizeof *words;
    uint64_t all = host->route_uses;
    for (size_t i = 0; i < count; i++) {
        all |= words[i];
    }
    return all == 0;
}

const char *invariants_of_routes(const struct tcp_host *host)
{
    if (are_unused(host)) {
        return NULL;
    }
    static const struct host_route nothing = {0};
    const struct host_route *routes = host_table_read(host, HOST_ROUTES);
    for (uint32_t i = 0; i < host->limits.path_mtus; i++) {
        if (routes[i].mtu == 0) {
            if (memcmp(&routes[i], &nothing, sizeof nothing) != 0) {
                return "what is known of no path is zero";
            }
            continue;
        }
        if (routes[i].used == 0 || routes[i].used > host->route_uses) {
            return "what is known of a path was used once, and not in the future";
        }
        for (uint32_t k = 0; k < i; k++) {
            if (routes[k].mtu != 0 && (routes[k].used == routes[i].used ||
                                       tcp_address_equal(&routes[k].remote, &routes[i].remote))) {
                return "each path is known once";
            }
        }
    }
    return NULL;
}
