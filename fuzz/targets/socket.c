/* Socket calls in any order, on one host whose packets come back to it: it is its own peer, over a
 * network that loses what the input says.
 *
 * Input: steps of an operation's octet and what it needs (see struct operation). After each step the
 * host is sound; every octet read is the one that was written at its place in the stream. At the end
 * everything is closed: then nothing may be left.
 *
 * Long because every call there is has its few lines. */
#include <string.h>

#include "finding.h"
#include "host.h"
#include "input.h"
#include "loopback.h"
#include "target.h"
#include "tcp/socket.h"
#include "tcp/wire.h"

#define FD_FIRST      3
#define BUFFER_BYTES  2048u
#define TEXT_BYTES    4096u /* of one call */
#define PENDING_MAX   6u
#define END_HOURS     3u
#define HOUR_US       (UINT64_C(3600) * 1000000)
#define ORPHAN_US     (UINT64_C(60) * 1000000)
#define SETTLE_US_MAX 31 /* a step of time is at most 2^31 us */

/* The octet at a place of any stream. */
static uint8_t octet(uint32_t place)
{
    return (uint8_t)(place * 7 + place / 251);
}

static uint32_t *position(uint32_t *positions, int fd)
{
    return fd >= FD_FIRST && fd < FD_FIRST + (int)SOCKETS ? &positions[fd - FD_FIRST] : NULL;
}

static void check_result(struct tcp_socket_result result, const char *call)
{
    switch (result.error) {
    case TCP_SOCKET_OK:
        law(result.value >= 0, "socket: a call that succeeds gives no negative number", call);
        break;
    case TCP_SOCKET_PENDING:
        law(result.operation != 0, "socket: a call that blocks has a name", call);
        break;
    default:
        law(result.value == -1, "socket: a call that fails gives -1", call);
        law(tcp_socket_error_name(result.error)[0] == 'E', "socket: an error has a name", call);
    }
}

/* ---- text ---------------------------------------------------------------------------------------- */

/* Octets that a connection holds: unread, or room for more. */
static struct tcp_status status_of(const struct bench *bench, int fd)
{
    struct tcp_status status = {0};
    (void)tcp_host_status(bench->host, tcp_socket_handle(bench->host, fd), &status);
    return status;
}

static void lay_text(const struct bench *bench, int fd, uint8_t *text)
{
    uint32_t written[SOCKETS];
    memcpy(written, bench->written, sizeof written);
    const uint32_t *start = position(written, fd);
    for (uint32_t index = 0; index < TEXT_BYTES; index++) {
        text[index] = octet((start != NULL ? *start : 0) + index);
    }
}

/* What left the user's hands and what came into them shows in the buffers, whether the call is done or
 * goes on waiting. */
static void count_text(struct bench *bench, int fd, const struct tcp_status *before,
                       const uint8_t *text)
{
    const struct tcp_status after = status_of(bench, fd);
    uint32_t *written = position(bench->written, fd);
    uint32_t *read = position(bench->read, fd);
    if (written == NULL || before->readable_bytes < after.readable_bytes) {
        return;
    }
    if (before->send_room_bytes > after.send_room_bytes) {
        *written += before->send_room_bytes - after.send_room_bytes;
    }
    const uint32_t taken = before->readable_bytes - after.readable_bytes;
    if (after.state == TCB_CLOSED && before->state != TCB_CLOSED) {
        return; /* it ended in the call */
    }
    for (uint32_t index = 0; index < taken && index < TEXT_BYTES; index++) {
        law(text[index] == octet(*read + index), "socket",
            "what is read is what was written there");
    }
    *read += taken;
}

static void transfer(struct bench *bench, struct input *input, int fd, bool is_read)
{
    uint8_t text[TEXT_BYTES];
    const uint32_t flags = input_u8(input) & 0x1f;
    const size_t count = input_below(input, TEXT_BYTES + 1);
    const struct tcp_status before = status_of(bench, fd);
    struct tcp_socket_result result;
    if (is_read) {
        result =
            tcp_socket_receive(bench->host, bench->now, fd, (struct tcp_room){text, count}, flags);
    } else {
        lay_text(bench, fd, text);
        result = tcp_socket_send(bench->host, bench->now, fd, text, count, flags);
    }
    check_result(result, is_read ? "receive" : "send");
    law(result.value <= (int64_t)count, "socket", "no more is transferred than was asked for");
    count_text(bench, fd, &before, text);
}

static void forget_positions(struct bench *bench, struct tcp_socket_result result)
{
    uint32_t *written = position(bench->written, (int)result.value);
    if (result.error == TCP_SOCKET_OK && written != NULL) {
        *written = 0;
        *position(bench->read, (int)result.value) = 0;
    }
}

static void resume(struct bench *bench)
{
    struct tcp_socket_ready ready, again;
    if (!tcp_socket_poll(bench->host, &ready)) {
        return;
    }
    law(tcp_socket_poll(bench->host, &again) && again.operation == ready.operation, "socket",
        "asking twice gives the same answer");
    uint8_t text[TEXT_BYTES] = {0};
    const struct tcp_status before = status_of(bench, ready.fd);
    size_t room = ready.remaining < sizeof text ? (size_t)ready.remaining : sizeof text;
    if (ready.kind == TCP_SOCKET_WRITE) {
        lay_text(bench, ready.fd, text);
    } else if (ready.kind == TCP_SOCKET_POLL || ready.kind == TCP_SOCKET_EPOLL_WAIT) {
        room = 2 * sizeof(struct tcp_socket_epoll_event);
    }
    const struct tcp_socket_result result =
        tcp_socket_resume(bench->host, bench->now, ready.operation, (struct tcp_room){text, room});
    check_result(result, "resume");
    if (ready.kind == TCP_SOCKET_READ || ready.kind == TCP_SOCKET_WRITE) {
        count_text(bench, ready.fd, &before, text);
    } else if (ready.kind == TCP_SOCKET_ACCEPT) {
        forget_positions(bench, result);
    }
}

/* ---- calls --------------------------------------------------------------------------------------- */

static void take_endpoint(struct input *input, struct tcp_endpoint *out)
{
    static const struct tcp_address addresses[] = {
        {.bytes = {10, 0, 0, 1}, .version = 4},
        {.bytes = {0}, .version = 4},
        {.bytes = {10, 0, 0, 2}, .version = 4},
        {.bytes = {224, 0, 0, 1}, .version = 4},
        {.bytes = {255, 255, 255, 255}, .version = 4},
        {.bytes = {0xfd, [15] = 1}, .version = 6},
        {.bytes = {0}, .version = 6},
        {.bytes = {0xff, 0x02, [15] = 1}, .version = 6},
    };
    memset(out, 0, sizeof *out);
    out->address = addresses[input_below(input, sizeof addresses / sizeof *addresses)];
    out->port = (uint16_t)input_below(input, 5);
}

static void connect_somewhere(struct bench *bench, struct input *input, int fd)
{
    static const struct tcp_address source4 = {.bytes = {10, 0, 0, 1}, .version = 4};
    static const struct tcp_address source6 = {.bytes = {0xfd, [15] = 1}, .version = 6};
    struct tcp_endpoint remote;
    take_endpoint(input, &remote);
    check_result(tcp_socket_connect(bench->host, bench->now, fd, &remote,
                                    remote.address.version == 4 ? &source4 : &source6),
                 "connect");
}

static int64_t take_value(struct input *input)
{
    static const int64_t values[] = {0,     1,     -1,    2,         47,        48,       536,
                                     32767, 32768, 65536, INT32_MAX, INT64_MAX, INT64_MIN};
    const uint32_t index = input_u8(input);
    return index < sizeof values / sizeof *values ? values[index] : input_u16(input);
}

static int64_t take_timeout(struct input *input)
{
    const uint8_t exponent = input_u8(input);
    return exponent == 0 ? 0 : exponent & 0x80 ? -1 : INT64_C(1) << exponent % 31;
}

static void poll_some(struct bench *bench, struct input *input)
{
    struct tcp_socket_pollfd set[TCP_SOCKET_POLL_MAX + 1];
    const uint32_t count = input_below(input, TCP_SOCKET_POLL_MAX + 2);
    for (uint32_t index = 0; index < count; index++) {
        set[index] = (struct tcp_socket_pollfd){.fd = (int)input_below(input, SOCKETS + 4) - 1,
                                                .events = input_u8(input)};
    }
    check_result(tcp_socket_poll_set(bench->host, bench->now, set, count, take_timeout(input)),
                 "poll");
}

static void change_epoll(struct bench *bench, struct input *input, int fd)
{
    const struct tcp_socket_epoll_event event = {
        .data = 1,
        .events = input_u8(input) | (uint32_t)input_u8(input) << 24,
    };
    const int member = (int)input_below(input, SOCKETS + 4) - 1;
    const enum tcp_socket_epoll_change change = (enum tcp_socket_epoll_change)input_below(input, 3);
    check_result(tcp_socket_epoll_change(bench->host, bench->now, fd, change, member, &event),
                 "epoll_ctl");
}

static void wait_epoll(struct bench *bench, struct input *input, int fd)
{
    struct tcp_socket_epoll_event events[3];
    check_result(tcp_socket_epoll_wait(bench->host, bench->now, fd, events, input_below(input, 4),
                                       take_timeout(input)),
                 "epoll_wait");
}

static void look(struct bench *bench, int fd)
{
    struct tcp_flow flow;
    struct tcp_socket_info info;
    check_result(tcp_socket_flow(bench->host, fd, &flow), "getsockname");
    check_result(tcp_socket_info(bench->host, fd, &info), "TCP_INFO");
    (void)tcp_socket_deadline(bench->host);
}

enum operation {
    OPEN,
    OPEN_EPOLL,
    BIND,
    LISTEN,
    CONNECT,
    ACCEPT,
    ACCEPT_NONBLOCKING,
    READ,
    WRITE,
    SHUT_DOWN,
    CLOSE,
    SET,
    GET,
    POLL,
    EPOLL_CHANGE,
    EPOLL_WAIT,
    LOOK,
    RESUME,
    CANCEL,
    DELIVER,
    DELIVER_ALL,
    LOSE,
    PASS_TIME,
    OPERATION_COUNT
};

/* Calls that change who is connected to whom. */
static void act_on_connections(struct bench *bench, struct input *input, enum operation operation,
                               int fd)
{
    struct tcp_host *host = bench->host;
    struct tcp_endpoint local;
    struct tcp_socket_result result = {0};
    if (operation == OPEN) {
        result = tcp_socket_open(host, bench->now, input_u8(input) & 1 ? 6 : 4);
        forget_positions(bench, result);
    } else if (operation == OPEN_EPOLL) {
        result = tcp_socket_epoll_open(host, bench->now);
    } else if (operation == BIND) {
        take_endpoint(input, &local);
        result = tcp_socket_bind(host, bench->now, fd, &local);
    } else if (operation == LISTEN) {
        result = tcp_socket_listen(host, bench->now, fd, (int)input_u8(input) - 1);
    } else if (operation == SHUT_DOWN) {
        result =
            tcp_socket_shutdown(host, bench->now, fd, (enum tcp_socket_how)input_below(input, 3));
    } else if (operation == CLOSE) {
        result = tcp_socket_close(host, bench->now, fd);
    } else {
        result = operation == ACCEPT ? tcp_socket_accept(host, bench->now, fd)
                                     : tcp_socket_accept4(host, bench->now, fd, true);
        forget_positions(bench, result);
    }
    check_result(result, "a call on connections");
}

static void act_on_settings(struct bench *bench, struct input *input, enum operation operation,
                            int fd)
{
    const enum tcp_socket_option option =
        (enum tcp_socket_option)input_below(input, TCP_SOCKET_SIOCOUTQ + 2);
    if (operation == SET) {
        check_result(tcp_socket_set(bench->host, bench->now, fd, option, take_value(input)),
                     "setsockopt");
    } else if (option == TCP_SOCKET_SO_LINGER) {
        (void)tcp_socket_get(bench->host, bench->now, fd, option); /* -1 is a value here */
    } else {
        check_result(tcp_socket_get(bench->host, bench->now, fd, option), "getsockopt");
    }
}

static void step(struct bench *bench, struct input *input)
{
    const enum operation operation = (enum operation)input_below(input, OPERATION_COUNT);
    const int fd = operation < DELIVER ? (int)input_below(input, SOCKETS + 2) + FD_FIRST - 1 : 0;
    switch (operation) {
    case OPEN:
    case OPEN_EPOLL:
    case BIND:
    case LISTEN:
    case ACCEPT:
    case ACCEPT_NONBLOCKING:
    case SHUT_DOWN:
    case CLOSE:
        act_on_connections(bench, input, operation, fd);
        break;
    case CONNECT:
        connect_somewhere(bench, input, fd);
        break;
    case READ:
    case WRITE:
        transfer(bench, input, fd, operation == READ);
        break;
    case SET:
    case GET:
        act_on_settings(bench, input, operation, fd);
        break;
    case POLL:
        poll_some(bench, input);
        break;
    case EPOLL_CHANGE:
        change_epoll(bench, input, fd);
        break;
    case EPOLL_WAIT:
        wait_epoll(bench, input, fd);
        break;
    case LOOK:
        look(bench, fd);
        break;
    case RESUME:
        resume(bench);
        break;
    case CANCEL:
        check_result(tcp_socket_cancel(bench->host, bench->now, input_u8(input)), "cancel");
        break;
    case DELIVER:
        loopback_deliver(bench, 1);
        break;
    case DELIVER_ALL:
        loopback_deliver(bench, SEGMENTS_MAX);
        break;
    case LOSE:
        loopback_lose(bench, 1);
        break;
    case PASS_TIME:
        loopback_pass(bench, UINT64_C(1) << input_below(input, SETTLE_US_MAX + 1), false);
        break;
    case OPERATION_COUNT:
        break;
    }
}

/* Calls that could go on end instead. */
static void end_calls(struct bench *bench)
{
    struct tcp_socket_ready ready;
    for (uint32_t turn = 0; turn < 64 && tcp_socket_poll(bench->host, &ready); turn++) {
        (void)tcp_socket_cancel(bench->host, bench->now, ready.operation);
        loopback_drain(bench);
    }
}

/* Closes everything and lets time pass over a network that works: every record comes back. Where the network
 * lost the RST of the other end, nothing but patience ends FIN-WAIT-2. */
static void end(struct bench *bench)
{
    struct tcp_config config = *tcp_host_config(bench->host);
    config.orphan_timeout_us = ORPHAN_US;
    (void)tcp_host_configure(bench->host, bench->now, &config);
    for (int fd = FD_FIRST; fd < FD_FIRST + (int)SOCKETS; fd++) {
        (void)tcp_socket_set(bench->host, bench->now, fd, TCP_SOCKET_SO_LINGER, -1);
        (void)tcp_socket_close(bench->host, bench->now, fd);
        loopback_drain(bench);
    }
    end_calls(bench);
    /* A close() may linger until an ACK comes. */
    for (uint32_t hour = 0; hour < END_HOURS; hour++) {
        loopback_pass(bench, HOUR_US, true);
        end_calls(bench);
    }
    for (uint32_t slot = 0; slot < tcp_host_limits(bench->host)->connections; slot++) {
        const tcp_handle left = tcp_host_at_slot(bench->host, slot);
        struct tcp_status status;
        if (tcp_host_status(bench->host, left, &status) == TCP_OK && !status.is_owned) {
            finding("socket: a record is left when all is closed", tcb_state_name(status.state));
        }
    }
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    static struct start_host start;
    if (start.host == NULL) {
        struct tcp_limits limits = tcp_limits_small();
        limits.connections = 16;
        limits.paths = 12;
        limits.streams = 6;
        limits.send_buffer_bytes = limits.receive_buffer_bytes = BUFFER_BYTES;
        limits.islands = limits.answers = 4;
        limits.sockets = SOCKETS;
        limits.operations = PENDING_MAX;
        struct tcp_config config;
        (void)tcp_config_profile("rfc", &config);
        config.send_buffer_bytes = config.receive_buffer_bytes = BUFFER_BYTES;
        start_host_make(&start, &limits, &config);
    }
    struct input input = {bytes, count};
    struct bench bench = {.host = start_host_copy(&start), .now = {HOST_START_US}};
    while (!input_is_over(&input)) {
        step(&bench, &input);
        loopback_drain(&bench);
    }
    if (count > 0) {
        end(&bench);
    }
    return 0;
}
