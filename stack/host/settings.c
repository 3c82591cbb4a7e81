/* What a user may change while running: the whole configuration, or one connection's part in it. */
#include "host/lookup.h"
#include "host/step.h"
#include "tcb/receive_window.h"
#include "tcb/timestamps.h"

/* The record that is to change, as time has left it; errors as host_take_up(). */
static enum tcp_error reach(struct tcp_host *host, tcp_time now, tcp_handle connection,
                            struct tcb **out)
{
    host_arrive_at(host, now);
    return host_take_up(host, connection, out);
}

/* Begins a step on a connection that has a path; an error otherwise. */
static enum tcp_error begin(struct tcp_host *host, tcp_time now, tcp_handle connection,
                            struct tcb_step *out)
{
    struct tcb *tcb = NULL;
    const enum tcp_error error = reach(host, now, connection, &tcb);
    if (error != TCP_OK) {
        return error;
    }
    if (tcb->path == TCB_NONE) {
        return TCP_ERROR_STATE;
    }
    *out = host_step_begin(host, tcb, TCP_CAUSE_NONE);
    return TCP_OK;
}

enum tcp_error tcp_host_set_nagle(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                  bool is_on)
{
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        const bool is_variant = step.config->nagle == TCB_NAGLE_SMALL;
        step.path->nagle = is_on ? (is_variant ? TCB_NAGLE_SMALL : TCB_NAGLE) : 0;
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_set_keep_alive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                       bool is_on)
{
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        step.path->keep_alive = is_on;
        host_step_end(host, &step);
    }
    return error;
}

/* So that no sum of a time and the timeout leaves 64 bits. */
#define USER_TIMEOUT_MAX_US (UINT64_C(1) << 60)

enum tcp_error tcp_host_set_user_timeout(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                         uint64_t timeout_us)
{
    if (timeout_us > USER_TIMEOUT_MAX_US) {
        return TCP_ERROR_ARGUMENT;
    }
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        step.path->user_timeout_us = timeout_us;
        if (tcb_is_synchronized(step.tcb) && step.tcb->state != TCB_TIME_WAIT) {
            step.tcb->lifetime_at = TCB_NEVER; /* counts anew from here */
        }
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_set_keep_alive_times(struct tcp_host *host, tcp_time now,
                                             tcp_handle connection, uint32_t idle_ms,
                                             uint32_t interval_ms, uint8_t probes)
{
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        const bool is_other_idle = step.path->keep_alive_idle_ms != idle_ms;
        step.path->keep_alive_idle_ms = idle_ms;
        step.path->keep_alive_interval_ms = interval_ms;
        step.path->keep_alive_probes = probes;
        if (is_other_idle && step.path->keep_alive_unanswered == 0) {
            step.path->keep_alive_at = TCB_NEVER; /* counts anew from here */
        }
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_push(struct tcp_host *host, tcp_time now, tcp_handle connection)
{
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        if (step.stream != NULL) {
            step.path->pushed = tcb_data_end(&step);
        }
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_set_backlog(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                    uint16_t backlog)
{
    struct tcb *tcb = NULL;
    const enum tcp_error error = reach(host, now, listener, &tcb);
    if (error != TCP_OK) {
        return error;
    }
    if (tcb->state != TCB_LISTEN) {
        return TCP_ERROR_STATE;
    }
    tcb->backlog = backlog;
    return TCP_OK;
}

static uint32_t bounded(uint32_t asked, uint32_t in_use, uint32_t limit)
{
    const uint32_t least = asked < in_use ? in_use : asked;
    return least < limit ? least : limit;
}

static void resize(struct tcb_step *step, const struct tcp_limits *limits, uint32_t receive_bytes,
                   uint32_t send_bytes)
{
    struct tcb *tcb = step->tcb;
    const struct tcb_stream *stream = step->stream;
    if (receive_bytes != 0) {
        const uint32_t unread = stream == NULL ? 0 : receive_buffer_readable(&stream->receive);
        const uint32_t in_use = unread + tcb_receive_window(tcb);
        tcb->receive_bytes = bounded(receive_bytes, in_use, limits->receive_buffer_bytes);
        tcb_consider_window_update(step);
    }
    if (send_bytes != 0) {
        const uint32_t queued = stream == NULL ? 0 : stream->send.count;
        step->path->send_bytes = bounded(send_bytes, queued, limits->send_buffer_bytes);
    }
}

enum tcp_error tcp_host_set_buffers(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                    uint32_t receive_bytes, uint32_t send_bytes)
{
    struct tcb *tcb = NULL;
    if (reach(host, now, connection, &tcb) == TCP_OK && tcb->state == TCB_LISTEN) {
        if (receive_bytes != 0) {
            tcb->child_receive_bytes = bounded(receive_bytes, 0, host->limits.receive_buffer_bytes);
        }
        return TCP_OK;
    }
    struct tcb_step step;
    const enum tcp_error error = begin(host, now, connection, &step);
    if (error == TCP_OK) {
        resize(&step, &host->limits, receive_bytes, send_bytes);
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_set_mss(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                uint16_t mss)
{
    struct tcb *tcb = NULL;
    const enum tcp_error error = reach(host, now, connection, &tcb);
    if (error != TCP_OK) {
        return error;
    }
    if (mss != 0 && mss < TCB_MSS_FLOOR) {
        return TCP_ERROR_ARGUMENT;
    }
    tcb->mss_limit = mss;
    if (tcb->state == TCB_LISTEN || mss == 0) {
        return TCP_OK;
    }
    /* Before the handshake is done nothing is agreed on: SendMSS is reckoned anew then. */
    const uint16_t text =
        (uint16_t)(mss - (tcb->state == TCB_SYN_SENT ? 0 : tcb_option_bytes(tcb)));
    if (tcb->state == TCB_SYN_SENT && mss < tcb->receive_mss) {
        tcb->receive_mss = mss;
    }
    if (text < tcb->send_mss) {
        tcb->send_mss = text;
    }
    struct tcb_path *path = host_path(host, tcb->path);
    if (path != NULL && text < path->full_mss) {
        path->full_mss = text;
    }
    return TCP_OK;
}

enum tcp_error tcp_host_set_ds_field(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                     int ds_field)
{
    struct tcb *tcb = NULL;
    const enum tcp_error error = reach(host, now, connection, &tcb);
    if (error != TCP_OK) {
        return error;
    }
    if (ds_field > (int)TCB_DS_FIELD_MAX) {
        return TCP_ERROR_ARGUMENT;
    }
    tcb->own_ds = ds_field < 0 ? 0 : (uint8_t)(ds_field + 1);
    return TCP_OK;
}

enum tcp_error tcp_host_set_congestion_control(struct tcp_host *host, tcp_time now,
                                               tcp_handle connection,
                                               enum tcp_congestion_control control)
{
    struct tcb *tcb = NULL;
    const enum tcp_error error = reach(host, now, connection, &tcb);
    if (error != TCP_OK) {
        return error;
    }
    if ((uint32_t)control >= TCP_CONGESTION_CONTROLS) {
        return TCP_ERROR_ARGUMENT;
    }
    tcb->own_control = (uint8_t)(control + 1);
    struct tcb_path *path = host_path(host, tcb->path);
    if (path != NULL) {
        congestion_choose(&path->congestion, control);
    }
    return TCP_OK;
}

enum tcp_error tcp_host_take_soft_error(struct tcp_host *host, tcp_handle connection)
{
    struct tcb *tcb = NULL;
    if (host_take_up(host, connection, &tcb) == TCP_ERROR_ACCESS) {
        return TCP_ERROR_ACCESS;
    }
    struct tcb_path *path = tcb == NULL ? NULL : host_path(host, tcb->path);
    if (path == NULL) {
        return TCP_OK;
    }
    const enum tcp_error error = (enum tcp_error)path->soft_error;
    path->soft_error = TCP_OK;
    return error;
}

/* How long LISTEN and FIN-WAIT-2 may last is settings' matter alone (3.10.8): of those that there are, as
 * well. */
static void settle_what_rests(struct tcp_host *host)
{
    for (uint32_t slot = 0; slot < host->limits.connections; slot++) {
        struct tcb *tcb = host_tcb(host, slot);
        if (!host_is_free(tcb) && (tcb->state == TCB_LISTEN || tcb->state == TCB_FIN_WAIT_2)) {
            host_settle(host, tcb);
        }
    }
}

enum tcp_error tcp_host_configure(struct tcp_host *host, tcp_time now,
                                  const struct tcp_config *config)
{
    host_arrive_at(host, now);
    if (tcp_config_check(config) != NULL ||
        config->receive_buffer_bytes > host->limits.receive_buffer_bytes ||
        config->send_buffer_bytes > host->limits.send_buffer_bytes) {
        return TCP_ERROR_ARGUMENT;
    }
    const bool are_others = host->config.orphan_timeout_us != config->orphan_timeout_us ||
                            host->config.user_timeout_always != config->user_timeout_always;
    host_adopt_config(host, config);
    if (are_others) {
        settle_what_rests(host);
    }
    return TCP_OK;
}
