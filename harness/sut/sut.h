/* The adapter between the harness and a system under test: eight calls. Time is an argument; a call
 * that blocks is a cookie that poll() reports later; what a system cannot do is a missing capability
 * bit, and scripts that need it are skipped with the reason. */
#ifndef FINWAIT_SUT_H
#define FINWAIT_SUT_H

#include "tcp/config.h"
#include "tcp/host.h"
#include "tcp/socket.h"
#include "tcp/types.h"

struct sut_instance; /* the adapter's own */

enum sut_capability {
    SUT_VIRTUAL_TIME = 1u << 0, /* exact to the microsecond */
    SUT_SOCKETS = 1u << 1,      /* BSD calls */
    SUT_INSPECT = 1u << 2,      /* SUT_CALL_INSPECT and _TCP_LOOK: state of a connection */
    SUT_CONFIGURE = 1u << 3,    /* config fields by name, before and while running */
    SUT_FIXED_ISS = 1u << 4,
    SUT_IPV6 = 1u << 5,
    SUT_STEPS = 1u << 6,      /* reports what it did with each packet; SUT_CALL_LAST_STEP */
    SUT_SELF_CHECK = 1u << 7, /* SUT_CALL_CHECK: invariants of its own */
    SUT_TCP_CALLS = 1u << 8,  /* SUT_CALL_TCP_*: RFC 9293's own calls, without sockets */
};

struct sut_setup {
    const struct tcp_config *config; /* adapters without SUT_CONFIGURE may ignore it */
    const struct tcp_limits *limits; /* NULL: the adapter's own; others may ignore it */
    const struct tcp_address *local_address;
    tcp_time start;
    bool relocate; /* move the whole system to fresh memory after every step, if it can */
};

enum sut_call_kind {
    SUT_CALL_SOCKET,
    SUT_CALL_BIND,
    SUT_CALL_LISTEN,
    SUT_CALL_ACCEPT,
    SUT_CALL_CONNECT,
    SUT_CALL_READ,
    SUT_CALL_WRITE,
    SUT_CALL_SHUTDOWN,
    SUT_CALL_CLOSE,
    SUT_CALL_SET_OPTION,
    SUT_CALL_GET_OPTION,
    SUT_CALL_FLOW,      /* out->flow of a descriptor */
    SUT_CALL_CONFIGURE, /* `config` replaces the configuration */
    SUT_CALL_INSPECT,   /* `flow` -> out->status, connection; value 1, or 0 and state CLOSED when
                         * there is no record; a remote port of 0 asks for the listener */
    SUT_CALL_LAST_STEP, /* out->step: what the last cause did, whether or not poll() has told it */
    SUT_CALL_CHECK,     /* out->broken_invariant */
    SUT_CALL_POLL,      /* `bytes` holds struct tcp_socket_pollfd; number: timeout in us */
    SUT_CALL_EPOLL_CREATE,
    SUT_CALL_EPOLL_CTL,  /* fd, option: enum tcp_socket_epoll_change, number: the socket, event */
    SUT_CALL_EPOLL_WAIT, /* `bytes` has room for struct tcp_socket_epoll_event; number: as POLL */
    SUT_CALL_INFO,       /* out->info */
    SUT_CALL_COUNTERS,   /* out->counters: what the whole system dropped or refused */
    /* RFC 9293 3.9.1; errors are names of enum tcp_error. */
    SUT_CALL_TCP_OPEN,    /* flow; number: 1 active, 0 passive, then option: backlog; `connection`:
                           * a listener to make active; -> out->connection */
    SUT_CALL_TCP_ACCEPT,  /* connection: a listener -> out->connection */
    SUT_CALL_TCP_SEND,    /* connection, bytes, count, flags: enum tcp_send_flag; number: 1 with a
                           * remote socket in flow, of a listener */
    SUT_CALL_TCP_RECEIVE, /* connection, bytes, count */
    SUT_CALL_TCP_CLOSE,   /* connection */
    SUT_CALL_TCP_ABORT,   /* connection */
    SUT_CALL_TCP_RELEASE, /* connection: the user lets go of it */
    SUT_CALL_TCP_STATUS,  /* connection -> out->status, flow */
    SUT_CALL_TCP_DS,      /* connection, number: the DS field, or below 0 */
    SUT_CALL_TCP_LOOK,    /* the same for the runner itself, whatever the caller may do */
};

/* One call. Only the members of its kind are read. */
struct sut_call {
    enum sut_call_kind kind;
    uint32_t cookie; /* the caller's name for it, given back by poll() */
    int fd;
    struct tcp_endpoint endpoint; /* BIND local, CONNECT remote */
    int64_t number; /* SOCKET: IP version; LISTEN: backlog; SHUTDOWN: how; SET_OPTION: value */
    int option;     /* enum tcp_socket_option */
    uint8_t *bytes; /* READ: room; WRITE: what to write; must live until the call is done */
    size_t count;
    uint32_t flags; /* READ, WRITE: enum tcp_socket_message_flag; ACCEPT: 1, not blocking */
    struct tcp_socket_epoll_event event;
    tcp_handle connection;
    struct tcp_flow flow; /* INSPECT */
    const struct tcp_config *config;
};

struct sut_result {
    uint32_t cookie;
    bool is_pending; /* the call blocks; a later poll() carries its end */
    int64_t value;
    const char *error; /* "ECONNREFUSED", or NULL; with it value is -1 */
    struct tcp_flow flow;
    struct tcp_status status;
    const char *broken_invariant; /* NULL: sound */
    struct tcp_socket_info info;
    struct tcp_counters counters;
    tcp_handle connection;
    struct tcp_step_record step;
};

/* What a system tells of its own accord. */
enum sut_report_kind {
    SUT_REPORT_CALL_DONE, /* result */
    SUT_REPORT_STEP,      /* step: what the last cause did to a connection */
    SUT_REPORT_STATES,    /* a connection went through states */
    SUT_REPORT_EVENTS, /* its user was told something: `events`, behind the states of the same cause */
};

struct sut_report {
    enum sut_report_kind kind;
    struct sut_result result;
    struct tcp_step_record step;
    struct tcp_flow flow; /* STEP, STATES */
    uint64_t states;      /* nibbles, the latest lowest; behind them the state before, if known */
    uint32_t state_count;
    uint32_t events;      /* enum tcp_event_bit */
    enum tcp_error ended; /* with TCP_EVENT_ENDED: how */
    tcp_handle connection;
};

struct sut {
    const char *name;
    uint32_t capabilities;

    /* NULL on failure, with a sentence in *error. */
    struct sut_instance *(*create)(const struct sut_setup *setup, const char **error);
    void (*destroy)(struct sut_instance *instance);

    /* An IP packet arrives. Nothing is polled between two inputs of a batch. */
    void (*input)(struct sut_instance *instance, tcp_time now, const uint8_t *packet, size_t count);
    /* The next IP packet to leave, written into `room`; 0: none. */
    size_t (*output)(struct sut_instance *instance, struct tcp_room room);

    tcp_time (*next_deadline)(const struct sut_instance *instance);
    void (*advance)(struct sut_instance *instance, tcp_time now);

    struct sut_result (*call)(struct sut_instance *instance, tcp_time now,
                              const struct sut_call *call);
    /* The next report; false: none. A report may leave packets owed (a finished read opens the
     * window, a write that goes on has more to send): drain output() and poll() in turn until a
     * whole turn gives nothing. */
    bool (*poll)(struct sut_instance *instance, tcp_time now, struct sut_report *out);
};

/* Our own stack. */
extern const struct sut sut_core;

#endif
