/* setsockopt(), getsockopt(), fcntl(F_SETFL) and ioctl(): numbers of the record. Those that concern a
 * connection are told to the host as soon as there is one. */
#include "socket/socket.h"

#define KEEP_ALIVE_SECONDS_MAX 32767
#define KEEP_ALIVE_PROBES_MAX  127
#define MSS_MIN                48
#define MSS_MAX                32767
#define LINGER_SECONDS_MAX     INT32_MAX
#define TRAFFIC_CLASS_MAX      255
#define US_PER_MS              UINT64_C(1000)
#define MS_PER_S               1000u

static void set_flag(struct socket_record *record, uint32_t flag, bool is_on)
{
    record->flags = is_on ? record->flags | flag : record->flags & ~flag;
}

static bool has_connection(const struct socket_record *record)
{
    return record->phase == SOCKET_CONNECTING || record->phase == SOCKET_CONNECTED;
}

static enum tcp_congestion_control chosen_control(const struct socket_record *record)
{
    return socket_is(record, SOCKET_CUBIC) ? TCP_CONGESTION_CUBIC : TCP_CONGESTION_RENO;
}

/* Hands one number of the record to the host. A connection that has ended has no settings any more: what
 * the host refuses then is nothing to tell. */
static void hand_over(struct tcp_host *host, tcp_time now, const struct socket_record *record,
                      enum tcp_socket_option option)
{
    const tcp_handle handle = socket_handle(record);
    if (option == TCP_SOCKET_SO_RCVBUF)
        (void)tcp_host_set_buffers(host, now, handle, record->receive_bytes, 0);
    else if (option == TCP_SOCKET_SO_SNDBUF)
        (void)tcp_host_set_buffers(host, now, handle, 0, record->send_bytes);
    else if (option == TCP_SOCKET_TCP_MAXSEG)
        (void)tcp_host_set_mss(host, now, handle, record->mss);
    else if (option == TCP_SOCKET_TCP_CONGESTION)
        (void)tcp_host_set_congestion_control(host, now, handle, chosen_control(record));
    else if (option == TCP_SOCKET_IP_TOS)
        (void)tcp_host_set_ds_field(host, now, handle, record->ds - 1);
    else if (option == TCP_SOCKET_TCP_USER_TIMEOUT)
        (void)tcp_host_set_user_timeout(host, now, handle, record->user_timeout_ms * US_PER_MS);
    else if (option == TCP_SOCKET_TCP_KEEPIDLE || option == TCP_SOCKET_TCP_KEEPINTVL ||
             option == TCP_SOCKET_TCP_KEEPCNT)
        (void)tcp_host_set_keep_alive_times(host, now, handle, record->keep_alive_idle_s * MS_PER_S,
                                            record->keep_alive_interval_s * MS_PER_S,
                                            record->keep_alive_probes);
}

/* A new connection or listener hears of all that was set before. Later each option is handed over by
 * itself: a timer whose time is set counts anew. */
void socket_apply_options(struct tcp_host *host, tcp_time now, const struct socket_record *record)
{
    const tcp_handle handle = socket_handle(record);
    if (record->receive_bytes != 0)
        hand_over(host, now, record, TCP_SOCKET_SO_RCVBUF);
    if (record->send_bytes != 0)
        hand_over(host, now, record, TCP_SOCKET_SO_SNDBUF);
    if (record->mss != 0)
        hand_over(host, now, record, TCP_SOCKET_TCP_MAXSEG);
    if (socket_is(record, SOCKET_RENO | SOCKET_CUBIC))
        hand_over(host, now, record, TCP_SOCKET_TCP_CONGESTION);
    if (record->ds != 0)
        hand_over(host, now, record, TCP_SOCKET_IP_TOS);
    if (!has_connection(record))
        return;
    if (socket_is(record, SOCKET_NO_DELAY))
        (void)tcp_host_set_nagle(host, now, handle, false);
    if (record->keep_alive_idle_s != 0 || record->keep_alive_interval_s != 0 ||
        record->keep_alive_probes != 0)
        hand_over(host, now, record, TCP_SOCKET_TCP_KEEPIDLE); /* all three */
    if (socket_is(record, SOCKET_KEEP_ALIVE))
        (void)tcp_host_set_keep_alive(host, now, handle, true);
    if (record->user_timeout_ms != 0)
        hand_over(host, now, record, TCP_SOCKET_TCP_USER_TIMEOUT);
}

static bool is_between(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

static uint32_t smaller(int64_t value, uint32_t limit)
{
    return value < (int64_t)limit ? (uint32_t)value : limit;
}

/* Options that are a flag. False: it is none of them. */
static bool set_switch(struct tcp_host *host, tcp_time now, struct socket_record *record,
                       enum tcp_socket_option option, bool is_on)
{
    const tcp_handle handle = socket_handle(record);
    const bool is_connected = has_connection(record);
    if (option == TCP_SOCKET_SO_REUSEADDR) {
        set_flag(record, SOCKET_REUSE_ADDRESS, is_on);
    } else if (option == TCP_SOCKET_O_NONBLOCK) {
        set_flag(record, SOCKET_NONBLOCKING, is_on);
    } else if (option == TCP_SOCKET_SO_KEEPALIVE) {
        set_flag(record, SOCKET_KEEP_ALIVE, is_on);
        if (is_connected)
            (void)tcp_host_set_keep_alive(host, now, handle, is_on);
    } else if (option == TCP_SOCKET_TCP_NODELAY) {
        set_flag(record, SOCKET_NO_DELAY, is_on);
        if (is_connected)
            (void)tcp_host_set_nagle(host, now, handle, !is_on);
        if (is_connected && is_on) /* as Linux: even out of a corked socket */
            (void)tcp_host_push(host, now, handle);
    } else if (option == TCP_SOCKET_TCP_CORK) {
        set_flag(record, SOCKET_CORKED, is_on);
        if (is_connected && !is_on)
            (void)tcp_host_push(host, now, handle);
    } else {
        return false;
    }
    return true;
}

/* As Linux has it: ENOENT where there is no such controller. */
static enum tcp_socket_error set_control(struct socket_record *record, int64_t value)
{
    if (!is_between(value, 0, TCP_CONGESTION_CONTROLS - 1))
        return TCP_SOCKET_ENOENT;
    set_flag(record, SOCKET_RENO, value == TCP_CONGESTION_RENO);
    set_flag(record, SOCKET_CUBIC, value == TCP_CONGESTION_CUBIC);
    return TCP_SOCKET_OK;
}

/* SO_LINGER and the options whose number the host is told. EINVAL: outside the range. */
static enum tcp_socket_error set_number(const struct tcp_host *host, struct socket_record *record,
                                        enum tcp_socket_option option, int64_t value)
{
    const struct tcp_limits *limits = tcp_host_limits(host);
    if (option == TCP_SOCKET_TCP_CONGESTION)
        return set_control(record, value);
    if (option == TCP_SOCKET_TCP_KEEPIDLE && is_between(value, 1, KEEP_ALIVE_SECONDS_MAX))
        record->keep_alive_idle_s = (uint16_t)value;
    else if (option == TCP_SOCKET_TCP_KEEPINTVL && is_between(value, 1, KEEP_ALIVE_SECONDS_MAX))
        record->keep_alive_interval_s = (uint16_t)value;
    else if (option == TCP_SOCKET_TCP_KEEPCNT && is_between(value, 1, KEEP_ALIVE_PROBES_MAX))
        record->keep_alive_probes = (uint8_t)value;
    else if (option == TCP_SOCKET_TCP_USER_TIMEOUT && is_between(value, 0, INT32_MAX))
        record->user_timeout_ms = (uint32_t)value;
    else if (option == TCP_SOCKET_SO_RCVBUF && value >= 1)
        record->receive_bytes = smaller(value, limits->receive_buffer_bytes);
    else if (option == TCP_SOCKET_SO_SNDBUF && value >= 1)
        record->send_bytes = smaller(value, limits->send_buffer_bytes);
    else if (option == TCP_SOCKET_TCP_MAXSEG && (value == 0 || is_between(value, MSS_MIN, MSS_MAX)))
        record->mss = (uint16_t)value;
    else if (option == TCP_SOCKET_SO_RCVTIMEO && is_between(value, 0, UINT32_MAX))
        record->receive_timeout_ms = (uint32_t)value;
    else if (option == TCP_SOCKET_SO_SNDTIMEO && is_between(value, 0, UINT32_MAX))
        record->send_timeout_ms = (uint32_t)value;
    else if (option == TCP_SOCKET_IP_TOS && is_between(value, -1, TRAFFIC_CLASS_MAX))
        record->ds = value < 0 ? 0 : (uint8_t)((value >> 2) + 1);
    else if (option == TCP_SOCKET_SO_LINGER && is_between(value, -1, LINGER_SECONDS_MAX)) {
        set_flag(record, SOCKET_LINGERS, value >= 0);
        record->linger_s = value >= 0 ? (uint32_t)value : 0;
    } else if (option != TCP_SOCKET_SO_OOBINLINE || value == 0) {
        return TCP_SOCKET_EINVAL;
    }
    return TCP_SOCKET_OK;
}

static bool can_be_set(enum tcp_socket_option option)
{
    return option == TCP_SOCKET_IP_TOS || option == TCP_SOCKET_TCP_CONGESTION ||
           ((unsigned int)option <= TCP_SOCKET_SO_SNDTIMEO && option != TCP_SOCKET_SO_ERROR);
}

struct tcp_socket_result tcp_socket_set(struct tcp_host *host, tcp_time now, int fd,
                                        enum tcp_socket_option option, int64_t value)
{
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    if (!can_be_set(option))
        return socket_fail(TCP_SOCKET_ENOPROTOOPT);
    socket_refresh(host, record);
    if (set_switch(host, now, record, option, value != 0))
        return socket_value(0);
    const enum tcp_socket_error error = set_number(host, record, option, value);
    if (error != TCP_SOCKET_OK)
        return socket_fail(error);
    if (record->phase == SOCKET_LISTENING || has_connection(record))
        hand_over(host, now, record, option);
    return socket_value(0);
}

/* ---- reading them ------------------------------------------------------------------------------ */

static int64_t chosen(uint64_t own, uint64_t otherwise)
{
    return (int64_t)(own != 0 ? own : otherwise);
}

#define US_PER_S UINT64_C(1000000)

/* Options that are a number of the record, or else of the configuration. */
static int64_t number_of(const struct tcp_host *host, const struct socket_record *record,
                         enum tcp_socket_option option)
{
    const struct tcp_config *config = tcp_host_config(host);
    if (option == TCP_SOCKET_TCP_KEEPIDLE)
        return chosen(record->keep_alive_idle_s, config->keep_alive_idle_us / US_PER_S);
    if (option == TCP_SOCKET_TCP_KEEPINTVL)
        return chosen(record->keep_alive_interval_s, config->keep_alive_interval_us / US_PER_S);
    if (option == TCP_SOCKET_TCP_KEEPCNT)
        return chosen(record->keep_alive_probes, config->keep_alive_probes);
    if (option == TCP_SOCKET_SO_RCVBUF)
        return chosen(record->receive_bytes, config->receive_buffer_bytes);
    if (option == TCP_SOCKET_SO_SNDBUF)
        return chosen(record->send_bytes, config->send_buffer_bytes);
    if (option == TCP_SOCKET_TCP_USER_TIMEOUT)
        return record->user_timeout_ms;
    if (option == TCP_SOCKET_TCP_CONGESTION)
        return socket_is(record, SOCKET_RENO | SOCKET_CUBIC) ? (int64_t)chosen_control(record)
                                                             : (int64_t)config->congestion_control;
    if (option == TCP_SOCKET_IP_TOS)
        return (int64_t)(record->ds != 0 ? record->ds - 1u : config->ds_field) << 2;
    if (option == TCP_SOCKET_SO_RCVTIMEO)
        return record->receive_timeout_ms;
    if (option == TCP_SOCKET_SO_SNDTIMEO)
        return record->send_timeout_ms;
    return socket_is(record, SOCKET_LINGERS) ? (int64_t)record->linger_s : -1; /* SO_LINGER */
}

static uint32_t flag_of(enum tcp_socket_option option)
{
    if (option == TCP_SOCKET_SO_REUSEADDR)
        return SOCKET_REUSE_ADDRESS;
    if (option == TCP_SOCKET_TCP_NODELAY)
        return SOCKET_NO_DELAY;
    if (option == TCP_SOCKET_SO_KEEPALIVE)
        return SOCKET_KEEP_ALIVE;
    return option == TCP_SOCKET_TCP_CORK ? SOCKET_CORKED : SOCKET_NONBLOCKING;
}

/* What is asked of the connection itself; without one there is nothing to count. */
static int64_t state_of(const struct tcp_host *host, const struct socket_record *record,
                        enum tcp_socket_option option)
{
    if (!has_connection(record))
        return option == TCP_SOCKET_TCP_MAXSEG ? record->mss : 0;
    const struct tcp_status status = socket_status(host, record);
    if (option == TCP_SOCKET_TCP_MAXSEG)
        return status.state == TCB_CLOSED ? record->mss : status.send_mss;
    if (option == TCP_SOCKET_FIONREAD)
        return status.readable_bytes;
    if (option == TCP_SOCKET_RECEIVED_DS)
        return status.received_ds;
    const bool is_open = status.state != TCB_SYN_SENT && status.state != TCB_SYN_RECEIVED;
    return is_open ? (int64_t)status.unsent_bytes + status.unacked_bytes : 0; /* SIOCOUTQ */
}

struct tcp_socket_result tcp_socket_get(struct tcp_host *host, tcp_time now, int fd,
                                        enum tcp_socket_option option)
{
    (void)now; /* nothing of a connection changes */
    struct socket_record *record = socket_find(host, fd);
    if (record == NULL)
        return socket_fail(socket_missing(host, fd));
    socket_refresh(host, record);
    switch (option) {
    case TCP_SOCKET_SO_REUSEADDR:
    case TCP_SOCKET_O_NONBLOCK:
    case TCP_SOCKET_TCP_NODELAY:
    case TCP_SOCKET_SO_KEEPALIVE:
    case TCP_SOCKET_TCP_CORK:
        return socket_value(socket_is(record, flag_of(option)));
    case TCP_SOCKET_SO_ERROR: {
        const enum tcp_socket_error error = socket_take_error(host, record);
        return socket_value(error != TCP_SOCKET_OK ? error : socket_take_soft_error(host, record));
    }
    case TCP_SOCKET_TCP_KEEPIDLE:
    case TCP_SOCKET_TCP_KEEPINTVL:
    case TCP_SOCKET_TCP_KEEPCNT:
    case TCP_SOCKET_TCP_USER_TIMEOUT:
    case TCP_SOCKET_SO_RCVBUF:
    case TCP_SOCKET_SO_SNDBUF:
    case TCP_SOCKET_SO_LINGER:
    case TCP_SOCKET_SO_RCVTIMEO:
    case TCP_SOCKET_SO_SNDTIMEO:
    case TCP_SOCKET_IP_TOS:
    case TCP_SOCKET_TCP_CONGESTION:
        return socket_value(number_of(host, record, option));
    case TCP_SOCKET_SO_OOBINLINE:
        return socket_value(1);
    case TCP_SOCKET_SO_ACCEPTCONN:
        return socket_value(record->phase == SOCKET_LISTENING);
    case TCP_SOCKET_TCP_MAXSEG:
    case TCP_SOCKET_FIONREAD:
    case TCP_SOCKET_SIOCOUTQ:
    case TCP_SOCKET_RECEIVED_DS:
        return socket_value(state_of(host, record, option));
    }
    return socket_fail(TCP_SOCKET_ENOPROTOOPT);
}
