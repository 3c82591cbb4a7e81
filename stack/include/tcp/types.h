/* The small values that everything in the stack is written in: sequence numbers, times, handles,
 * addresses, and the errors that calls return. Sequence numbers, times and handles are structs so
 * that a raw comparison does not compile; `tcp/seq.h` holds the arithmetic. */
#ifndef TCP_TYPES_H
#define TCP_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sequence number: 32 bits, modulo 2^32 (RFC 9293 3.4). Host byte order. */
typedef struct {
    uint32_t raw;
} tcp_seqno;

/* A point in time, in microseconds since an origin that the caller chooses. Zero is an ordinary
 * instant, but callers start later than it: the stack never uses it to mean "unset". */
typedef struct {
    uint64_t us;
} tcp_time;

/* Later than every instant that can occur: what "no deadline" looks like. */
#define TCP_TIME_NEVER ((tcp_time){UINT64_MAX})

/* Names a connection or listener of one host. A handle whose record is gone (or was never there)
 * is answered with TCP_ERROR_NO_CONNECTION, never with another connection. */
typedef struct {
    uint32_t slot;
    uint32_t generation;
} tcp_handle;

/* No record has generation 0, so the zero handle names nothing. */
#define TCP_HANDLE_NONE ((tcp_handle){0, 0})

static inline bool tcp_handle_equal(tcp_handle a, tcp_handle b)
{
    return a.slot == b.slot && a.generation == b.generation;
}

/* An IP address. IPv4 lives in bytes[0..3] and the rest is zero, so that addresses compare as
 * octets (tcp/address.h). `version` is 4 or 6; 0 is "unspecified version". All bytes zero is the wildcard. */
struct tcp_address {
    uint8_t bytes[16];
    uint8_t version;
};

/* RFC 9293's "socket": an address and a port (host byte order). */
struct tcp_endpoint {
    struct tcp_address address;
    uint16_t port;
};

/* A connection's identity as its own host sees it. */
struct tcp_flow {
    struct tcp_endpoint local;
    struct tcp_endpoint remote;
};

/* Memory that the caller lends for the length of one call. */
struct tcp_room {
    uint8_t *bytes;
    size_t count;
};

/* What a call answers. Every user mistake and every full table has a name here; the texts in
 * quotation marks are RFC 9293 3.10's own words. */
enum tcp_error {
    TCP_OK = 0,
    TCP_ERROR_NO_CONNECTION,        /* "connection does not exist" */
    TCP_ERROR_EXISTS,               /* "connection already exists": the flow is taken */
    TCP_ERROR_REMOTE_MISSING,       /* "remote socket unspecified" */
    TCP_ERROR_REMOTE_UNFIT,         /* multicast, broadcast or mixed-version remote (MUST-46) */
    TCP_ERROR_LOCAL_UNFIT,          /* local address is not one of this host's */
    TCP_ERROR_PORT_TAKEN,           /* a listener or connection holds the local port */
    TCP_ERROR_NO_PORT,              /* every ephemeral port to that destination is taken */
    TCP_ERROR_RESOURCES,            /* "insufficient resources": a table or buffer is full */
    TCP_ERROR_CLOSING,              /* "connection closing": the call came after CLOSE */
    TCP_ERROR_AGAIN,                /* nothing to hand over yet; not an end */
    TCP_ERROR_END,                  /* the peer's FIN was read up to: no more data will come */
    TCP_ERROR_RESET,                /* "connection reset" by the peer */
    TCP_ERROR_REFUSED,              /* reset while connecting */
    TCP_ERROR_ABORTED,              /* the local user aborted it */
    TCP_ERROR_TIMEOUT,              /* "connection aborted due to user timeout", or R2 exceeded */
    TCP_ERROR_NET_UNREACHABLE,      /* what ICMP said, of its end or as a soft error: */
    TCP_ERROR_HOST_UNREACHABLE,     /* ... unreachable, unknown, or time exceeded */
    TCP_ERROR_PROTOCOL_UNREACHABLE, /* (an unreachable port is TCP_ERROR_REFUSED) */
    TCP_ERROR_PROHIBITED,
    TCP_ERROR_TOO_BIG,   /* fragmentation needed, without path MTU discovery */
    TCP_ERROR_PARAMETER, /* parameter problem */
    TCP_ERROR_STATE,     /* the call does not fit the record's state (accept on no listener) */
    TCP_ERROR_ARGUMENT,  /* a value outside its documented range */
    TCP_ERROR_MEMORY,    /* tcp_host_init: the block is too small or misaligned */
    TCP_ERROR_ACCESS,    /* "connection illegal for this process": it is another user's */
};

/* The error's name, for reports: "TCP_ERROR_RESET". Never NULL. */
const char *tcp_error_name(enum tcp_error error);

#endif
