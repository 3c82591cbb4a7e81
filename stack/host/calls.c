/* The user's side of the host: RFC 9293 3.9.1's calls, each of which finds its record by handle and
 * frames a step on it. */
#include "tcb/calls.h"
#include "host/accept_queue.h"
#include "host/addresses.h"
#include "host/answers.h"
#include "host/demux.h"
#include "host/isn.h"
#include "host/lookup.h"
#include "host/reserved.h"
#include "host/slots.h"
#include "host/step.h"
#include "tcb/open.h"
#include "tcb/transition.h"
#include "tcp/address.h"

/* 3.10.1: has the caller a right to this local port? */
static bool may_use_port(const struct tcp_host *host, uint16_t port)
{
    return host->config.caller == 0 || port >= host->config.privileged_ports;
}

enum tcp_error tcp_host_listen(struct tcp_host *host, tcp_time now,
                               const struct tcp_endpoint *local, uint16_t backlog, tcp_handle *out)
{
    host_arrive_at(host, now);
    if (local->port == 0 || (local->address.version != 4 && local->address.version != 6)) {
        return TCP_ERROR_ARGUMENT;
    }
    if (!tcp_address_is_wildcard(&local->address) && !host_is_local(host, &local->address)) {
        return TCP_ERROR_LOCAL_UNFIT;
    }
    if (!may_use_port(host, local->port)) {
        return TCP_ERROR_ACCESS;
    }
    if (host_demux_rival(host, local) != TCB_NONE) {
        return TCP_ERROR_PORT_TAKEN; /* MUST-41: the listener that is there stays as it is */
    }
    struct tcb *tcb = host_take_tcb(host);
    if (tcb == NULL) {
        return TCP_ERROR_RESOURCES;
    }
    host_store_endpoint(&tcb->flow.local, local);
    tcb->flow.remote.address.version = local->address.version;
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_OPEN);
    tcb_open_passive(tcb, backlog);
    tcb->owner = (uint8_t)host->config.caller;
    tcb_flag_set(tcb, TCB_OWNED);
    host_demux_add(host, tcb);
    *out = host_handle(host, tcb);
    host_step_end(host, &step);
    return TCP_OK;
}

enum tcp_error tcp_host_accept(struct tcp_host *host, tcp_time now, tcp_handle listener,
                               tcp_handle *out)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, listener, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    if (tcb->state != TCB_LISTEN) {
        return TCP_ERROR_STATE;
    }
    struct tcb *child = host_accept_queue_take(host, tcb);
    if (child == NULL) {
        return TCP_ERROR_AGAIN;
    }
    tcb_flag_set(child, TCB_OWNED);
    *out = host_handle(host, child);
    return TCP_OK;
}

/* Nobody will accept them any more. */
static void abandon_children(struct tcp_host *host, const struct tcb *tcb)
{
    if (tcb->state == TCB_LISTEN) {
        host_accept_queue_abandon(host, host_slot_of(host, tcb));
    }
}

/* Is this a flow that an active OPEN may ask for? A local port of 0 is filled in. */
static enum tcp_error admit_flow(struct tcp_host *host, struct tcp_flow *flow)
{
    if (flow->remote.port == 0 || tcp_address_is_wildcard(&flow->remote.address)) {
        return TCP_ERROR_REMOTE_MISSING;
    }
    if (!host_is_fit_remote(&flow->remote) ||
        flow->remote.address.version != flow->local.address.version) {
        return TCP_ERROR_REMOTE_UNFIT; /* MUST-46 */
    }
    if (!host_is_local(host, &flow->local.address)) {
        return TCP_ERROR_LOCAL_UNFIT;
    }
    if (flow->local.port != 0 && !may_use_port(host, flow->local.port)) {
        return TCP_ERROR_ACCESS;
    }
    if (flow->local.port == 0) {
        const enum tcp_error error = host_choose_port(host, flow, &flow->local.port);
        if (error != TCP_OK) {
            return error;
        }
    }
    return host_demux_find(host, flow) == TCB_NONE ? TCP_OK : TCP_ERROR_EXISTS;
}

enum tcp_error tcp_host_connect(struct tcp_host *host, tcp_time now, const struct tcp_flow *flow,
                                tcp_handle *out)
{
    host_arrive_at(host, now);
    struct tcp_flow admitted = *flow;
    const enum tcp_error error = admit_flow(host, &admitted);
    if (error != TCP_OK) {
        return error;
    }
    struct tcb *tcb = host_take_tcb(host);
    if (tcb == NULL) {
        return TCP_ERROR_RESOURCES;
    }
    host_store_endpoint(&tcb->flow.local, &admitted.local);
    host_store_endpoint(&tcb->flow.remote, &admitted.remote);
    if (!host_attach_path(host, tcb)) {
        host_try_free(host, tcb);
        return TCP_ERROR_RESOURCES;
    }
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_OPEN);
    tcb_flag_set(tcb, TCB_OWNED);
    tcb->owner = (uint8_t)host->config.caller;
    host_demux_add(host, tcb);
    tcb_open_active(&step, host_isn(host, &tcb->flow));
    *out = host_handle(host, tcb);
    host_step_end(host, &step);
    return TCP_OK;
}

/* A record in LISTEN becomes an active one. Nothing is changed unless it can be: TCP_ERROR_RESOURCES when a
 * table is full (3.10.1, 3.10.2: "insufficient resources"). */
static enum tcp_error admit_activation(struct tcp_host *host, struct tcb *tcb,
                                       struct tcp_flow *admitted, bool needs_stream)
{
    if (tcb->state != TCB_LISTEN) {
        return TCP_ERROR_EXISTS;
    }
    if (admitted->local.port != tcb->flow.local.port) {
        return TCP_ERROR_ARGUMENT;
    }
    const enum tcp_error error = admit_flow(host, admitted);
    if (error != TCP_OK) {
        return error;
    }
    if (!host_attach_path(host, tcb) || (needs_stream && !host_attach_stream(host, tcb))) {
        host_detach_path(host, tcb);
        return TCP_ERROR_RESOURCES;
    }
    return TCP_OK;
}

static struct tcb_step activate(struct tcp_host *host, struct tcb *tcb,
                                const struct tcp_flow *admitted, enum tcp_cause cause)
{
    abandon_children(host, tcb);
    host_demux_remove(host, tcb);
    tcb->flow = *admitted;
    tcb->backlog = tcb->backlog_used = 0;
    tcb->child_receive_bytes = 0;
    tcb->sibling = TCB_NONE;
    host_demux_add(host, tcb);
    struct tcb_step step = host_step_begin(host, tcb, cause);
    tcb_open_active(&step, host_isn(host, &tcb->flow));
    return step;
}

enum tcp_error tcp_host_activate(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                 const struct tcp_flow *flow)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    struct tcp_flow admitted = *flow;
    enum tcp_error error = host_take_up(host, listener, &tcb);
    if (error == TCP_OK) {
        error = admit_activation(host, tcb, &admitted, false);
    }
    if (error == TCP_OK) {
        struct tcb_step step = activate(host, tcb, &admitted, TCP_CAUSE_OPEN);
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_send_to(struct tcp_host *host, tcp_time now, tcp_handle listener,
                                const struct tcp_flow *flow, const uint8_t *bytes, size_t count,
                                uint32_t flags, size_t *taken)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    struct tcp_flow admitted = *flow;
    enum tcp_error error = host_take_up(host, listener, &tcb);
    if (error == TCP_OK) {
        error = count == 0 ? TCP_ERROR_ARGUMENT : admit_activation(host, tcb, &admitted, true);
    }
    if (error == TCP_OK) {
        struct tcb_step step = activate(host, tcb, &admitted, TCP_CAUSE_SEND);
        error = tcb_call_send(&step, bytes, count, flags, taken);
        host_step_end(host, &step);
    }
    return error;
}

enum tcp_error tcp_host_send(struct tcp_host *host, tcp_time now, tcp_handle connection,
                             const uint8_t *bytes, size_t count, size_t *taken)
{
    return tcp_host_send_with(host, now, connection, bytes, count, 0, taken);
}

enum tcp_error tcp_host_send_with(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                  const uint8_t *bytes, size_t count, uint32_t flags, size_t *taken)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, connection, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    if (count > 0 && tcb_send_permission(tcb) == TCP_OK && tcb->path != TCB_NONE &&
        !host_attach_stream(host, tcb)) {
        return TCP_ERROR_RESOURCES;
    }
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_SEND);
    if (count == 0 && tcb_send_permission(tcb) == TCP_OK) {
        *taken = 0;
        return (flags & TCP_SEND_URGENT) ? TCP_ERROR_ARGUMENT : TCP_OK;
    }
    const enum tcp_error error = tcb_call_send(&step, bytes, count, flags, taken);
    host_step_end(host, &step);
    return error;
}

enum tcp_error tcp_host_receive(struct tcp_host *host, tcp_time now, tcp_handle connection,
                                struct tcp_room room, size_t *taken)
{
    host_arrive_at(host, now);
    const struct tcb *found = NULL;
    const enum tcp_error access = host_take_up_unread(host, connection, &found);
    if (access != TCP_OK) {
        return access;
    }
    struct tcb *const tcb = host_tcb(host, connection.slot);
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_RECEIVE);
    enum tcp_error error = tcb_call_receive(&step, room, taken);
    if (error == TCP_ERROR_AGAIN && step.stream == NULL && host->stream_free == TCB_NONE) {
        error = TCP_ERROR_RESOURCES; /* 3.10.3: no room for what the call waits for */
    }
    host_step_end(host, &step);
    return error;
}

enum tcp_error tcp_host_peek(const struct tcp_host *host, tcp_handle connection, uint32_t offset,
                             struct tcp_room room, size_t *taken)
{
    const struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up_unread(host, connection, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    struct tcb_unread unread = {.tcb = tcb, .path = host_path_read(host, tcb->path)};
    if (unread.path != NULL && unread.path->stream != TCB_NONE) {
        unread.stream = host_stream_read(host, unread.path->stream);
        unread.storage = (const uint8_t *)host_table_read(host, HOST_RECEIVE_BYTES) +
                         (size_t)unread.path->stream * host->limits.receive_buffer_bytes;
    }
    return tcb_call_peek(&unread, offset, room, taken);
}

enum tcp_error tcp_host_close(struct tcp_host *host, tcp_time now, tcp_handle connection)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, connection, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    abandon_children(host, tcb);
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_CLOSE);
    const enum tcp_error error = tcb_call_close(&step);
    host_step_end(host, &step);
    return error;
}

enum tcp_error tcp_host_abort(struct tcp_host *host, tcp_time now, tcp_handle connection)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, connection, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    abandon_children(host, tcb);
    struct tcb_step step = host_step_begin(host, tcb, TCP_CAUSE_ABORT);
    bool needs_reset = false;
    const enum tcp_error error = tcb_call_abort(&step, &needs_reset);
    if (needs_reset) {
        host_answer_abort(host, tcb);
    }
    host_step_end(host, &step);
    return error;
}

/* Text that came and that nobody will read, while the peer may have more: it has to know that it is
 * lost (3.6.1, SHLD-3). With a full buffer its probes would find the window shut for ever. */
static bool loses_text(struct tcp_host *host, tcp_handle connection)
{
    struct tcp_status status;
    return tcp_host_look(host, connection, &status) == TCP_OK && status.readable_bytes > 0 &&
           (status.state == TCB_ESTABLISHED || status.state == TCB_FIN_WAIT_1 ||
            status.state == TCB_FIN_WAIT_2);
}

enum tcp_error tcp_host_release(struct tcp_host *host, tcp_time now, tcp_handle connection)
{
    host_arrive_at(host, now);
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, connection, &tcb);
    if (access != TCP_OK) {
        return access;
    }
    if (!tcb_has(tcb, TCB_OWNED)) {
        return TCP_ERROR_NO_CONNECTION;
    }
    if (tcb->state == TCB_LISTEN) {
        const enum tcp_error error = tcp_host_close(host, now, connection);
        TCP_ASSERT(error == TCP_OK);
    } else if (loses_text(host, connection)) {
        const enum tcp_error error = tcp_host_abort(host, now, connection);
        TCP_ASSERT(error == TCP_OK);
    }
    tcb_flag_clear(tcb, TCB_OWNED);
    tcb_flag_set(tcb, TCB_RELEASED);
    if (tcb_has(tcb, TCB_FIN_RECEIVED)) {
        struct tcb_step step = host_step_view(host, tcb);
        tcb_call_forget(&step);
    }
    host_settle(host, tcb);
    host_try_free(host, tcb);
    return TCP_OK;
}

enum tcp_error tcp_host_share(struct tcp_host *host, tcp_handle connection)
{
    struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up(host, connection, &tcb);
    if (access == TCP_OK) {
        tcb->owner = TCB_OWNER_ANYONE;
    }
    return access;
}

enum tcp_error tcp_host_status(const struct tcp_host *host, tcp_handle connection,
                               struct tcp_status *out)
{
    const struct tcb *tcb = NULL;
    const enum tcp_error access = host_take_up_read(host, connection, &tcb);
    return access == TCP_OK ? tcp_host_look(host, connection, out) : access;
}

enum tcp_error tcp_host_look(const struct tcp_host *host, tcp_handle connection,
                             struct tcp_status *out)
{
    const struct tcb *found = host_look_up(host, connection);
    if (found == NULL) {
        return TCP_ERROR_NO_CONNECTION;
    }
    const struct tcb_path *path = host_path_read(host, found->path);
    const struct tcb_stream *stream = path == NULL ? NULL : host_stream_read(host, path->stream);
    tcb_call_status(found, path, stream, &host->config, out);
    if (out->state == TCB_LISTEN) {
        out->acceptable = host_accept_queue_length(host, found);
    }
    return TCP_OK;
}

tcp_handle tcp_host_find(const struct tcp_host *host, const struct tcp_flow *flow)
{
    const uint32_t slot = host_demux_find(host, flow);
    return slot == TCB_NONE ? TCP_HANDLE_NONE : host_handle(host, host_tcb_read(host, slot));
}

tcp_handle tcp_host_at_slot(const struct tcp_host *host, uint32_t slot)
{
    const struct tcb *tcb = host_tcb_read(host, slot);
    return host_is_free(tcb) ? TCP_HANDLE_NONE : host_handle(host, tcb);
}
