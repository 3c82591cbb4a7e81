#include "host/routes.h"

#include <string.h>

#include "host/fifo.h"
#include "host/step.h"
#include "host/timers.h"
#include "tcb/emit.h"
#include "tcb/path_mtu.h"
#include "tcb/timeouts.h"
#include "tcp/address.h"

static struct host_route *routes_of(struct tcp_host *host)
{
    return host_table(host, HOST_ROUTES);
}

/* The entry of an address, used just now; NULL: nothing is known, or no longer. */
static struct host_route *find(struct tcp_host *host, const struct tcp_address *remote)
{
    struct host_route *routes = routes_of(host);
    for (uint32_t i = 0; i < host->limits.path_mtus; i++) {
        if (routes[i].mtu != 0 && routes[i].raise_at <= host->now) {
            memset(&routes[i], 0, sizeof routes[i]);
        }
        if (routes[i].mtu != 0 && tcp_address_equal(&routes[i].remote, remote)) {
            routes[i].used = ++host->route_uses;
            return &routes[i];
        }
    }
    return NULL;
}

/* A free entry, or the one that nobody has used for longest. */
static struct host_route *take(struct tcp_host *host)
{
    struct host_route *oldest = routes_of(host);
    for (uint32_t i = 0; i < host->limits.path_mtus; i++) {
        struct host_route *route = routes_of(host) + i;
        oldest = route->used < oldest->used ? route : oldest;
    }
    if (oldest->mtu != 0) {
        host_count(&host->counters.path_mtus_full);
    }
    return oldest;
}

static void remember(struct tcp_host *host, const struct tcp_address *remote, uint16_t mtu,
                     uint64_t raise_at)
{
    struct host_route *route = find(host, remote);
    route = route != NULL ? route : take(host);
    memset(route, 0, sizeof *route);
    route->remote = *remote;
    route->mtu = mtu;
    route->raise_at = raise_at;
    route->used = ++host->route_uses;
}

/* The others to the same address send no larger ones from now on. What they have outstanding is not sent
 * again for that: each hears of its own losses. */
static void tell_others(struct tcp_host *host, const struct tcb *source, uint16_t mtu,
                        uint64_t raise_at)
{
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        struct tcb *tcb = host_tcb(host, slot);
        if (tcb == source || host_is_free(tcb) || tcb->path == TCB_NONE ||
            !tcb_is_synchronized(tcb) ||
            !tcp_address_equal(&tcb->flow.remote.address, &source->flow.remote.address)) {
            continue;
        }
        struct tcb_step step = host_step_view(host, tcb);
        tcb_path_mtu_learn(&step, mtu, raise_at);
        host_timer_set(host, tcb, tcb_deadline(tcb, step.path));
        if (tcb_owes_segment(&step)) {
            host_fifo_add_owed(host, tcb);
        }
    }
}

void host_routes_follow(struct tcp_host *host, struct tcb_step *step)
{
    const struct tcb *tcb = step->tcb;
    const struct tcb_path *path = step->path;
    if (path == NULL || host->limits.path_mtus == 0 || host->config.path_mtu_shared == 0 ||
        host->config.path_mtu_discovery == 0) {
        return;
    }
    if (step->has_news_of_mtu && path->path_mtu != 0) {
        remember(host, &tcb->flow.remote.address, path->path_mtu, path->path_mtu_raise_at);
        tell_others(host, tcb, path->path_mtu, path->path_mtu_raise_at);
        return;
    }
    if (host->last_step.before >= TCB_ESTABLISHED || !tcb_is_synchronized(tcb)) {
        return;
    }
    const struct host_route *route = find(host, &tcb->flow.remote.address);
    if (route != NULL) {
        tcb_path_mtu_learn(step, route->mtu, route->raise_at);
    }
}
