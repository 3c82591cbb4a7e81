/* In some runs b opens a connection that it keeps alive (RFC 9293 3.8.4), and then nobody says anything,
 * and for a while nothing gets through: probes leave that are not answered (R04). They do not end the
 * connection: the network mends before there are as many. Comes first in a run, so that the packets have
 * known numbers. */
#include "sim/sim_state.h"

#include "tcp/socket.h"

#define PAIR 2

static bool set(struct sim *sim, uint8_t host, uint8_t index, enum tcp_socket_option option)
{
    const struct cause_call call = {.kind = CAUSE_CALL_SET_OPTION,
                                    .name = index % SIM_NAMES,
                                    .option = (uint8_t)option,
                                    .number = 1};
    return sim_call(sim, host, &call);
}

/* Drops all that leaves between the handshake and the probe that is answered again. */
static bool cut(struct sim *sim, uint32_t probes)
{
    const struct cause gap = {
        .kind = CAUSE_EDIT,
        .host = CAUSE_HOST_B,
        .as.edit = {.kind = CAUSE_EDIT_DROP, .packet = 2, .count = probes},
    };
    sim->lossy_packets += probes;
    return sim_apply(sim, &gap);
}

bool sim_idle_pair(struct sim *sim)
{
    const uint32_t probes = (uint32_t)dice_from_to(&sim->dice, 2, 5);
    const uint64_t turn_us = 2 * (uint64_t)sim->list.start.delay_us + 1;
    if (!cut(sim, probes) || !sim_open_at(sim, CAUSE_HOST_B, PAIR) || !sim_wait(sim, 2 * turn_us)) {
        return false;
    }
    for (uint8_t index = SIM_NAMES; index < SIM_APPS; index++) {
        if (sim->hosts[CAUSE_HOST_B].apps[index].use == APP_CONNECTION &&
            !set(sim, CAUSE_HOST_B, index, TCP_SOCKET_SO_KEEPALIVE)) {
            return false;
        }
    }
    const struct tcp_config *const config = world_tcp_config(sim->world, CAUSE_HOST_B);
    return sim_wait(sim, config->keep_alive_idle_us + probes * config->keep_alive_interval_us);
}
