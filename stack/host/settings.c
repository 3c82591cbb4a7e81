/* What a user may change while running: the whole configuration, or one connection's part in it. */
#include "host/lookup.h"
#include "host/step.h"

/* Begins a step on a connection that has a path; an error otherwise. */
static enum tcp_error begin(struct tcp_host *host, tcp_time now, tcp_handle connection,
                            struct tcb_step *out)
{
    host_arrive_at(host, now);
    struct tcb *tcb = host_look_up_to_change(host, connection);
    if (tcb == NULL) {
        return TCP_ERROR_NO_CONNECTION;
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
        step.path->nagle = is_on;
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

enum tcp_error tcp_host_configure(struct tcp_host *host, tcp_time now,
                                  const struct tcp_config *config)
{
    host_arrive_at(host, now);
    if (tcp_config_check(config) != NULL ||
        config->receive_buffer_bytes > host->limits.receive_buffer_bytes ||
        config->send_buffer_bytes > host->limits.send_buffer_bytes) {
        return TCP_ERROR_ARGUMENT;
    }
    host_adopt_config(host, config);
    return TCP_OK;
}
