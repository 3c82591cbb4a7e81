/* The table of calls that can run, by the folder's own convention: what each family of calls is to
 * the adapter stands in a file of its own. */
#ifndef FINWAIT_RUN_CALL_FORMS_H
#define FINWAIT_RUN_CALL_FORMS_H

#include "run/runner.h"
#include "tcp/socket.h"

/* The first argument as descriptor, with the connection behind it. */
bool call_forms_descriptor(struct run *run, const struct scenario_call *call,
                           struct pending *entry);
/* The script's result names the descriptor that the call returned. */
void call_forms_bind_result(struct run *run, const struct pending *entry,
                            const struct sut_result *result, int64_t *value);

#define PREPARE(name)                                                                              \
    bool name(struct run *run, const struct scenario_call *call, struct pending *entry)
#define CONCLUDE(name)                                                                             \
    bool name(struct run *run, struct pending *entry, const struct sut_result *result,             \
              int64_t *value)

/* call_options.c: setsockopt(), getsockopt(), fcntl(), ioctl(). */
PREPARE(call_options_prepare_set);
PREPARE(call_options_prepare_own); /* socket.set(3, SO_LINGER, -1): the socket layer's units */
PREPARE(call_options_prepare_get);
CONCLUDE(call_options_conclude_get);
PREPARE(call_options_prepare_fcntl);
CONCLUDE(call_options_conclude_fcntl);
PREPARE(call_options_prepare_ioctl);
CONCLUDE(call_options_conclude_ioctl);

/* call_structures.c: options whose value is a structure. */
bool call_options_linger(struct run *run, const struct scenario_value *value, int64_t *out);
bool call_options_duration(struct run *run, const struct scenario_value *value, int64_t *out);
bool call_options_same_info(struct run *run, const struct scenario_value *value,
                            const struct tcp_socket_info *info);

/* call_data.c: read(), recv(), readv(), recvmsg(), recvfrom(), and the same for writing. */
PREPARE(call_data_prepare_read);
CONCLUDE(call_data_conclude_read);
PREPARE(call_data_prepare_write);
CONCLUDE(call_data_conclude_write);
/* Arguments 1 and 2 as one piece; then room for all pieces; then the octets to be written. */
PREPARE(call_data_single);
bool call_data_room(struct run *run, struct pending *entry);
bool call_data_fill(struct run *run, struct pending *entry);

/* call_poll.c: poll(), epoll_create(), epoll_ctl(), epoll_wait(). */
PREPARE(call_poll_prepare);
CONCLUDE(call_poll_conclude);
PREPARE(call_poll_prepare_create);
CONCLUDE(call_poll_conclude_create);
PREPARE(call_poll_prepare_change);
PREPARE(call_poll_prepare_wait);
CONCLUDE(call_poll_conclude_wait);

/* call_tcp.c: RFC 9293's own calls, tcp.open() and so on. */
PREPARE(call_tcp_prepare_open);
CONCLUDE(call_tcp_conclude_open);
CONCLUDE(call_tcp_conclude_send);
PREPARE(call_tcp_prepare_accept);
PREPARE(call_tcp_prepare_send);
PREPARE(call_tcp_prepare_receive);
PREPARE(call_tcp_prepare_end);
PREPARE(call_tcp_prepare_ds_field);
PREPARE(call_tcp_prepare_status);
CONCLUDE(call_tcp_conclude_status);

#undef PREPARE
#undef CONCLUDE

#endif
