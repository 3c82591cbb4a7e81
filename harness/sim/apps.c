/* Applications: listeners, and connections that write, read, close half or whole, and abort. The first
 * ones have names and make RFC 9293's calls, those from SIM_NAMES on have descriptors and make socket
 * calls; in a drawn run a host has one kind only. */
#include "sim/sim_state.h"

#include "tcp/socket.h"

#define CLOSINGS_MAX 3 /* times that an application tries, should it be refused */

/* Which name or descriptor it has. */
static uint8_t place_of(uint8_t index)
{
    return index % SIM_NAMES;
}

/* ---- calls ----------------------------------------------------------------------------------------- */

static bool simple_call(struct sim *sim, uint8_t host, enum cause_call_kind kind, uint8_t index,
                        int64_t number)
{
    const struct cause_call call = {
        .kind = (uint8_t)kind, .name = place_of(index), .number = number};
    return sim_call(sim, host, &call);
}

static bool set_option(struct sim *sim, uint8_t host, uint8_t index, enum tcp_socket_option option,
                       int64_t value)
{
    const struct cause_call call = {.kind = CAUSE_CALL_SET_OPTION,
                                    .name = place_of(index),
                                    .option = (uint8_t)option,
                                    .number = value};
    return sim_call(sim, host, &call);
}

static bool is_socket(uint8_t index)
{
    return index >= SIM_NAMES;
}

tcp_handle sim_handle(const struct sim *sim, uint8_t host, uint8_t index)
{
    if (!is_socket(index)) {
        return world_name(sim->world, (enum cause_host)host, index);
    }
    const int fd = world_descriptor(sim->world, (enum cause_host)host, place_of(index));
    return fd < 0 ? TCP_HANDLE_NONE
                  : tcp_socket_handle(world_host(sim->world, (enum cause_host)host), fd);
}

static bool is_bound(const struct sim *sim, uint8_t host, uint8_t index)
{
    return is_socket(index)
               ? world_descriptor(sim->world, (enum cause_host)host, place_of(index)) >= 0
               : world_name(sim->world, (enum cause_host)host, index).generation != 0;
}

/* ---- applications ---------------------------------------------------------------------------------- */

/* A free one of the host's kind, or SIM_APPS. */
static uint8_t find_free(const struct sim *sim, uint8_t host)
{
    const uint8_t first = sim->hosts[host].has_sockets ? SIM_NAMES : 0;
    for (uint8_t index = first; index < first + SIM_NAMES; index++) {
        if (sim->hosts[host].apps[index].use == APP_FREE) {
            return index;
        }
    }
    return SIM_APPS;
}

static void begin_connection(struct sim *sim, uint8_t host, uint8_t index, uint8_t pair)
{
    sim->hosts[host].apps[index] = (struct app){
        .use = APP_CONNECTION,
        .pair = pair,
        .is_slow = dice_chance(&sim->dice, 250),
        .writes_left = (uint32_t)dice_below(&sim->dice, 10),
    };
}

static bool listen_on(struct sim *sim, uint8_t host, uint8_t pair)
{
    const uint8_t index = find_free(sim, host);
    const int64_t backlog = DICE_ONE_OF(&sim->dice, 8, 8, 4, 1);
    bool goes_on = index < SIM_APPS;
    if (goes_on && is_socket(index)) {
        const struct cause_call open = {.kind = CAUSE_CALL_SOCKET, .result = place_of(index)};
        const struct cause_call bind = {
            .kind = CAUSE_CALL_BIND, .name = place_of(index), .pair = pair};
        goes_on =
            sim_call(sim, host, &open) && set_option(sim, host, index, TCP_SOCKET_O_NONBLOCK, 1) &&
            set_option(sim, host, index, TCP_SOCKET_SO_REUSEADDR, 1) &&
            sim_call(sim, host, &bind) && simple_call(sim, host, CAUSE_CALL_LISTEN, index, backlog);
    } else if (goes_on) {
        const struct cause_call open = {.kind = CAUSE_CALL_OPEN_PASSIVE,
                                        .name = place_of(index),
                                        .pair = pair,
                                        .number = backlog};
        goes_on = sim_call(sim, host, &open);
    }
    if (goes_on && is_bound(sim, host, index)) {
        sim->hosts[host].apps[index] = (struct app){.use = APP_LISTENER, .pair = pair};
    }
    return goes_on;
}

/* Those that a list of causes has left behind, whoever drew it. */
void sim_adopt_apps(struct sim *sim)
{
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        sim->hosts[host] = (struct sim_host){0};
        for (uint8_t index = 0; index < SIM_APPS; index++) {
            struct tcp_status status;
            const bool is_there = is_bound(sim, host, index) &&
                                  tcp_host_status(world_host(sim->world, (enum cause_host)host),
                                                  sim_handle(sim, host, index), &status) == TCP_OK;
            if (is_bound(sim, host, index)) {
                sim->hosts[host].has_sockets = is_socket(index);
                sim->hosts[host].apps[index].use =
                    is_there && status.state == TCB_LISTEN ? APP_LISTENER : APP_CONNECTION;
            }
        }
    }
}

void sim_begin_apps(struct sim *sim)
{
    struct dice *const dice = &sim->dice;
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        sim->hosts[host] = (struct sim_host){.has_sockets = dice_chance(dice, 500)};
    }
    sim->b_listens = dice_chance(dice, 350);
    sim->opens_left = (uint32_t)dice_from_to(dice, 3, 12);
    (void)(listen_on(sim, CAUSE_HOST_A, 0) && (!sim->b_listens || listen_on(sim, CAUSE_HOST_B, 0)));
}

static bool open_socket(struct sim *sim, uint8_t host, uint8_t index, uint8_t pair)
{
    struct dice *const dice = &sim->dice;
    const struct cause_call open = {.kind = CAUSE_CALL_SOCKET, .result = place_of(index)};
    const struct cause_call bind = {.kind = CAUSE_CALL_BIND, .name = place_of(index), .pair = pair};
    const struct cause_call connect = {
        .kind = CAUSE_CALL_CONNECT, .name = place_of(index), .pair = pair};
    if (!sim_call(sim, host, &open)) {
        return false;
    }
    if (dice_chance(dice, 800) && !set_option(sim, host, index, TCP_SOCKET_O_NONBLOCK, 1)) {
        return false;
    }
    if (dice_chance(dice, 200) && !set_option(sim, host, index, TCP_SOCKET_TCP_NODELAY, 1)) {
        return false;
    }
    if (dice_chance(dice, 100) && !set_option(sim, host, index, TCP_SOCKET_SO_KEEPALIVE, 1)) {
        return false;
    }
    if (dice_chance(dice, 700) &&
        !(set_option(sim, host, index, TCP_SOCKET_SO_REUSEADDR, 1) && sim_call(sim, host, &bind))) {
        return false;
    }
    return sim_call(sim, host, &connect);
}

bool sim_open_at(struct sim *sim, uint8_t host, uint8_t pair)
{
    const uint8_t index = find_free(sim, host);
    if (index == SIM_APPS) {
        return true;
    }
    if (is_socket(index)) {
        if (!open_socket(sim, host, index, pair)) {
            return false;
        }
    } else {
        const struct cause_call open = {
            .kind = CAUSE_CALL_OPEN_ACTIVE, .name = place_of(index), .pair = pair};
        if (!sim_call(sim, host, &open)) {
            return false;
        }
    }
    if (is_bound(sim, host, index)) {
        begin_connection(sim, host, index, pair);
    }
    return true;
}

/* Pairs 0 to 3 lead from b to a's listener, 5 to 7 from a to b's; when b does not listen, from 4 on both
 * may open at once (RFC 9293 Figure 8). */
static bool open_some(struct sim *sim)
{
    struct dice *const dice = &sim->dice;
    sim->opens_left--;
    if (sim->b_listens && dice_chance(dice, 400)) {
        return sim_open_at(sim, CAUSE_HOST_A, (uint8_t)dice_from_to(dice, 5, 7));
    }
    if (!sim->b_listens && dice_chance(dice, 150)) {
        const uint8_t pair = (uint8_t)dice_from_to(dice, 4, 7);
        return sim_open_at(sim, CAUSE_HOST_A, pair) && sim_open_at(sim, CAUSE_HOST_B, pair);
    }
    return sim_open_at(sim, CAUSE_HOST_B, (uint8_t)dice_from_to(dice, sim->b_listens ? 1 : 0, 3));
}

bool sim_accept_some(struct sim *sim, uint8_t host, uint8_t listener)
{
    const uint8_t index = find_free(sim, host);
    struct tcp_status status;
    if (index == SIM_APPS ||
        tcp_host_status(world_host(sim->world, (enum cause_host)host),
                        sim_handle(sim, host, listener), &status) != TCP_OK ||
        status.acceptable == 0) {
        return true;
    }
    const struct cause_call accept = {
        .kind = (uint8_t)(is_socket(index) ? CAUSE_CALL_ACCEPT : CAUSE_CALL_ACCEPT_CHILD),
        .name = listener,
        .result = place_of(index)};
    if (!sim_call(sim, host, &accept)) {
        return false;
    }
    begin_connection(sim, host, index, 0);
    return !is_socket(index) || !dice_chance(&sim->dice, 800) ||
           set_option(sim, host, index, TCP_SOCKET_O_NONBLOCK, 1);
}

/* ---- what a connection's application does ---------------------------------------------------------- */

static bool write_some(struct sim *sim, uint8_t host, uint8_t index)
{
    struct app *const app = &sim->hosts[host].apps[index];
    struct dice *const dice = &sim->dice;
    const int64_t count = DICE_ONE_OF(dice, 1, 1, 10, 100, 536, 1460, 1461, 4000, 4000, 12000,
                                      12000, 30000, 30000, 65535, 100000);
    app->writes_left--;
    struct cause_call call = {.kind =
                                  (uint8_t)(is_socket(index) ? CAUSE_CALL_WRITE : CAUSE_CALL_SEND),
                              .name = place_of(index),
                              .number = count};
    if (dice_chance(dice, 100)) {
        call.flags = is_socket(index) ? TCP_SOCKET_MORE : TCP_SEND_MORE;
    }
    if (sim->writes_urgent && dice_chance(&sim->urgent_dice, 300)) {
        call.flags |= is_socket(index) ? (uint32_t)TCP_SOCKET_OOB : (uint32_t)TCP_SEND_URGENT;
    }
    return sim_call(sim, host, &call);
}

static bool read_some(struct sim *sim, uint8_t host, uint8_t index, int64_t count)
{
    return simple_call(sim, host, is_socket(index) ? CAUSE_CALL_READ : CAUSE_CALL_RECEIVE, index,
                       count);
}

/* It writes no more; with sockets half of the connection is shut. */
static bool close_half(struct sim *sim, uint8_t host, uint8_t index)
{
    sim->hosts[host].apps[index].has_closed = true;
    return is_socket(index) ? simple_call(sim, host, CAUSE_CALL_SHUTDOWN, index, TCP_SOCKET_SHUT_WR)
                            : simple_call(sim, host, CAUSE_CALL_CLOSE, index, 0);
}

static bool let_go(struct sim *sim, uint8_t host, uint8_t index)
{
    sim->hosts[host].apps[index].use = APP_FREE;
    return simple_call(sim, host, is_socket(index) ? CAUSE_CALL_CLOSE_SOCKET : CAUSE_CALL_RELEASE,
                       index, 0);
}

static bool abort_it(struct sim *sim, uint8_t host, uint8_t index)
{
    if (is_socket(index)) {
        return set_option(sim, host, index, TCP_SOCKET_SO_LINGER, 0) && let_go(sim, host, index);
    }
    return simple_call(sim, host, CAUSE_CALL_ABORT, index, 0) && let_go(sim, host, index);
}

/* Lets go of everything at once, read or not. */
static bool leave(struct sim *sim, uint8_t host, uint8_t index)
{
    return (is_socket(index) || close_half(sim, host, index)) && let_go(sim, host, index);
}

static bool use_connection(struct sim *sim, uint8_t host, uint8_t index)
{
    struct app *const app = &sim->hosts[host].apps[index];
    const uint64_t roll = dice_below(&sim->dice, 1000);
    if (app->writes_left == 0 && dice_chance(&sim->dice, 400)) {
        return sim_wind_up(sim, host, index); /* so that its ports may be used again */
    }
    if (roll < 450 && app->writes_left > 0 && !app->has_closed) {
        return write_some(sim, host, index);
    }
    if (roll < 800 && !app->is_slow) {
        return read_some(sim, host, index, DICE_ONE_OF(&sim->dice, 1, 100, 4000, 30000, 100000));
    }
    if (roll < 900 && !app->has_closed && app->writes_left == 0) {
        return close_half(sim, host, index);
    }
    if (roll < 920) {
        return leave(sim, host, index);
    }
    return roll < 985 || abort_it(sim, host, index);
}

static bool use_app(struct sim *sim, uint8_t host, uint8_t index)
{
    switch (sim->hosts[host].apps[index].use) {
    case APP_FREE:
        return true;
    case APP_LISTENER:
        return sim_accept_some(sim, host, index);
    case APP_CONNECTION:
        return use_connection(sim, host, index);
    }
    return true;
}

bool sim_act(struct sim *sim)
{
    struct dice *const dice = &sim->dice;
    const uint64_t roll = dice_below(dice, 100);
    if (roll < 12 && sim->opens_left > 0) {
        return open_some(sim);
    }
    if (roll < 35) {
        return sim_wait_some(sim);
    }
    if (roll < 40 && sim->forges_icmp) {
        return sim_forge_icmp(sim);
    }
    const uint8_t host = (uint8_t)dice_below(dice, 2);
    for (uint8_t i = 0, first = (uint8_t)dice_below(dice, SIM_APPS); i < SIM_APPS; i++) {
        const uint8_t index = (uint8_t)((first + i) % SIM_APPS);
        if (sim->hosts[host].apps[index].use != APP_FREE) {
            return use_app(sim, host, index);
        }
    }
    return true;
}

/* ---- winding up ------------------------------------------------------------------------------------ */

static bool wind_up_connection(struct sim *sim, uint8_t host, uint8_t index,
                               const struct tcp_status *status)
{
    struct app *const app = &sim->hosts[host].apps[index];
    if (status->state == TCB_CLOSED || app->has_ended) {
        return let_go(sim, host, index);
    }
    /* Before it is connected a socket cannot be shut (ENOTCONN). */
    const bool is_open = status->state == TCB_ESTABLISHED || status->state == TCB_CLOSE_WAIT ||
                         (status->state == TCB_SYN_RECEIVED && !is_socket(index));
    if (is_open && app->closings < CLOSINGS_MAX) {
        app->closings++;
        return close_half(sim, host, index);
    }
    if (status->readable_bytes > 0) {
        return read_some(sim, host, index, CAUSE_WRITE_MAX);
    }
    if (status->fin_received) {
        app->has_ended = true;
        return read_some(sim, host, index, CAUSE_WRITE_MAX);
    }
    return true;
}

bool sim_wind_up(struct sim *sim, uint8_t host, uint8_t index)
{
    const struct app *const app = &sim->hosts[host].apps[index];
    struct tcp_status status;
    if (app->use == APP_FREE) {
        return true;
    }
    if (tcp_host_status(world_host(sim->world, (enum cause_host)host), sim_handle(sim, host, index),
                        &status) != TCP_OK) {
        return let_go(sim, host, index);
    }
    return app->use == APP_LISTENER ? sim_accept_some(sim, host, index)
                                    : wind_up_connection(sim, host, index, &status);
}

bool sim_close_listeners(struct sim *sim)
{
    for (uint8_t host = 0; host < WORLD_HOSTS_MAX; host++) {
        for (uint8_t index = 0; index < SIM_APPS; index++) {
            if (sim->hosts[host].apps[index].use == APP_LISTENER && !leave(sim, host, index)) {
                return false;
            }
        }
    }
    return true;
}
