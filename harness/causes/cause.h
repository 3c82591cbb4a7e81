/* Causes: what a scenario does to one or two hosts, without what it expects. A list of them is what
 * a fuzz input decodes to, what the simulation draws and the minimiser shortens. A cause is small,
 * of fixed size and points nowhere, so lists are copied, compared and changed as plain memory.
 *
 * Numbers that only a run can know are references: a base, read from the live connection when the
 * cause acts, plus an offset (enum scenario_base; SCRIPT does not occur here: encoding turns it into
 * ISS or IRS). Connections are named in three ways: a *pair*, which is a four-tuple of a fixed table, a
 * *name*, which an RFC 9293 call that opens or accepts binds, and a *descriptor*, which a socket call
 * binds. Decoding never fails: what a record cannot mean is folded into what it can (an index modulo
 * its table), so every input is some list of causes. What names nothing when it acts (a name that is not
 * bound, a call in a wrong state) is tried and refused by the host, as a user's mistake would be. */
#ifndef FINWAIT_CAUSE_H
#define FINWAIT_CAUSE_H

#include "scenario/scenario.h"
#include "tcp/segment.h"

#define CAUSE_PAIRS             8 /* four-tuples: cause_pair_ports() */
#define CAUSE_NAMES             8 /* connections bound by RFC 9293's calls: c0 to c7 in text */
#define CAUSE_DESCRIPTORS       8 /* sockets: 0 to 7 in text, names that the calls bind */
#define CAUSE_PAYLOAD_MAX       4000
#define CAUSE_WRITE_MAX         200000 /* octets of one SEND or RECEIVE */
#define CAUSE_RAW_BYTES_MAX     24
#define CAUSE_SACK_MAX          4 /* SACK blocks */
#define CAUSE_QUOTED_MIN        8 /* octets that an ICMP error quotes of the TCP header and text */
#define CAUSE_QUOTED_MAX        1500 /* their most */
#define CAUSE_DELAY_US_MAX      ((1u << 20) - 1)
#define CAUSE_WAIT_US_MAX       INT64_C(1000000000000) /* of a wait or edit; 11 days */
#define CAUSE_TTL_USUAL         64
#define CAUSE_UNREACHABLE_CODES 14 /* IPv4's, RFC 792 to RFC 1812 5.2.7.1 */

/* The ports of a pair. Pairs 0 to 3 go to local port 80, from remote ports 8000 to 8003; pairs 4 to 7 to
 * local ports 81 to 84 from remote port 8000. On host b of two hosts, local and remote change places. */
struct cause_ports {
    uint16_t local, remote;
};
struct cause_ports cause_pair_ports(uint8_t pair);

enum cause_host { CAUSE_HOST_A, CAUSE_HOST_B };

enum cause_kind {
    CAUSE_WAIT,   /* time passes */
    CAUSE_PACKET, /* a TCP packet arrives; host: where */
    CAUSE_ICMP,   /* an ICMP error arrives */
    CAUSE_CALL,   /* a user's call */
    CAUSE_SET,    /* a configuration field changes */
    CAUSE_EDIT,   /* two hosts: what the network does to the n-th packet of a direction */
};
#define CAUSE_KIND_COUNT 6

/* A base is read from the record of the packet's connection when the cause acts; without one it is 0. */
struct cause_number {
    uint8_t base; /* enum scenario_base */
    int32_t offset;
};

enum cause_target_kind { CAUSE_PAIR, CAUSE_NAME, CAUSE_DESCRIPTOR };
#define CAUSE_TARGET_COUNT 3

/* Whom a packet is from: a pair's four-tuple, or that of the connection that a name or descriptor stands
 * for, or stood for last (a closed socket's connection goes on, and so do packets for it). When it never
 * had one: the pair of that index. */
struct cause_target {
    uint8_t kind; /* enum cause_target_kind */
    uint8_t index;
};

enum cause_option_bit { /* options in the order in which they are laid out */
                        CAUSE_OPTION_MSS = 1u << 0,
                        CAUSE_OPTION_WINDOW_SCALE = 1u << 1,
                        CAUSE_OPTION_SACK_PERMITTED = 1u << 2,
                        CAUSE_OPTION_TIMESTAMPS = 1u << 3,
                        CAUSE_OPTION_SACK = 1u << 4,
                        CAUSE_OPTION_RAW = 1u << 5, /* raw_bytes as they are, behind the others */
};
/* No more than 40 octets of options in all, unpadded; they are padded with 0 to a multiple of four. */

/* How many SACK blocks fit beside the other options, each of which may be padded: 2 to CAUSE_SACK_MAX. */
uint8_t cause_sack_most(uint8_t options);

enum cause_damage { /* malformed on purpose */
                    CAUSE_DAMAGE_NONE,
                    CAUSE_DAMAGE_CHECKSUM, /* damage_value (not 0) is exclusive-ored into its low octet */
                    CAUSE_DAMAGE_DATA_OFFSET, /* the field's four bits */
                    CAUSE_DAMAGE_RESERVED,    /* the three reserved bits */
                    CAUSE_DAMAGE_LENGTH, /* the packet is cut to this many octets behind the IP header */
};
#define CAUSE_DAMAGE_COUNT 5

struct cause_packet {
    struct cause_target from;
    uint8_t is_joined; /* arrives in one batch with the cause behind it, if that is a packet too */
    uint8_t damage;    /* enum cause_damage */
    uint8_t damage_value;
    uint8_t traffic_class;
    uint8_t ttl;
    uint8_t has_text; /* payload_bytes > 0: position-coded at their place in the stream */
    uint16_t flags;   /* enum tcp_flag */
    uint16_t window, urgent;
    uint16_t payload_bytes;
    struct cause_number seq, ack;
    uint8_t options; /* enum cause_option_bit */
    uint8_t window_scale;
    uint8_t sack_count, raw_count;
    uint16_t mss;
    uint32_t timestamp_value, timestamp_echo;
    struct {
        struct cause_number left, right;
    } sack[CAUSE_SACK_MAX]; /* cause_sack_most() says how many of them fit */
    uint8_t raw_bytes[CAUSE_RAW_BYTES_MAX];
};

struct cause_icmp {
    struct cause_target about;
    uint8_t type, code; /* IPv4's numbers, translated for IPv6 where the kinds correspond */
    uint16_t mtu;
    struct cause_number quoted_seq;
    uint16_t quoted_bytes; /* of the TCP header and text; at least 8 */
};

enum cause_call_kind {
    /* RFC 9293 3.9.1, on names */
    CAUSE_CALL_OPEN_ACTIVE,  /* name, pair: both its ports */
    CAUSE_CALL_OPEN_PASSIVE, /* name, pair (its local port), number: backlog */
    CAUSE_CALL_ACCEPT_CHILD, /* name: a listener, result: the child's name */
    CAUSE_CALL_SEND,         /* name, number: octets, flags: enum tcp_send_flag */
    CAUSE_CALL_RECEIVE,      /* name, number: room */
    CAUSE_CALL_CLOSE,
    CAUSE_CALL_ABORT,
    CAUSE_CALL_RELEASE,
    /* sockets, on descriptors: name is the descriptor's index, result the new one's */
    CAUSE_CALL_SOCKET,  /* result */
    CAUSE_CALL_BIND,    /* pair: its local port */
    CAUSE_CALL_LISTEN,  /* number: backlog */
    CAUSE_CALL_ACCEPT,  /* result */
    CAUSE_CALL_CONNECT, /* pair: its remote port */
    CAUSE_CALL_READ,    /* number: room, flags: enum tcp_socket_message_flag */
    CAUSE_CALL_WRITE,
    CAUSE_CALL_SHUTDOWN, /* number: enum tcp_socket_how */
    CAUSE_CALL_CLOSE_SOCKET,
    CAUSE_CALL_SET_OPTION, /* option: enum tcp_socket_option, number */
};
#define CAUSE_CALL_COUNT 18

struct cause_call {
    uint8_t kind; /* enum cause_call_kind */
    uint8_t name, result, pair;
    uint8_t option;
    uint32_t flags;
    int64_t number;
};

/* Time moves in waits alone. A wait first finishes its instant (packets that arrive and deadlines at the
 * present time take effect), then goes to its end, but leaves what happens at that very time for later:
 * causes of an instant come before its deadlines. */
enum cause_wait_kind {
    CAUSE_WAIT_FOR,      /* us from now */
    CAUSE_WAIT_DEADLINE, /* until the host's next deadline plus us (us may be negative; never back) */
    CAUSE_WAIT_ASLEEP,   /* us from now; the host is stopped meanwhile, so that its clock jumps */
};
#define CAUSE_WAIT_COUNT 3

struct cause_wait {
    uint8_t kind;
    int64_t us;
};

struct cause_set {
    uint8_t field; /* index into tcp_config_fields() */
    uint64_t value;
};

enum cause_edit_kind {
    CAUSE_EDIT_DROP,
    CAUSE_EDIT_DELAY,     /* us more than the network's own */
    CAUSE_EDIT_DUPLICATE, /* a copy us later */
    CAUSE_EDIT_CORRUPT,   /* octet `place` modulo the length, exclusive-ored with `value` */
    CAUSE_EDIT_MARK,      /* congestion experienced */
    /* With `value` 0: from this packet on, until the next such edit, a router passes on no more than
     * `place` octets of what may not be fragmented (20 more over IPv6; 0: everything), and answers the
     * rest with ICMP. With 1: a router swallows of these packets what is larger. */
    CAUSE_EDIT_MTU,
    CAUSE_EDIT_UNREACHABLE, /* lost; a router answers: unreachable, IPv4's code `value` */
    CAUSE_EDIT_PART, /* from this packet on nothing gets through for us, in either direction */
};
#define CAUSE_EDIT_COUNT 8

/* `count` packets from the n-th on of those that host `cause.host` sends, n counted from 0; 1 for those
 * that go on by themselves. */
struct cause_edit {
    uint8_t kind; /* enum cause_edit_kind */
    uint8_t value;
    uint16_t place;
    uint32_t packet, count;
    uint64_t us;
};

struct cause {
    uint8_t kind; /* enum cause_kind */
    uint8_t host; /* enum cause_host; A when there is one host */
    union {
        struct cause_wait wait;
        struct cause_packet packet;
        struct cause_icmp icmp;
        struct cause_call call;
        struct cause_set set;
        struct cause_edit edit;
    } as;
};

/* How a run begins: prologue (an index of the table of prologues, 0: none), IP version, hosts. */
struct cause_start {
    uint8_t hosts;      /* 1 or 2 */
    uint8_t ip_version; /* 4 or 6 */
    uint8_t prologue;
    uint32_t delay_us; /* two hosts: of the network, one way */
};

struct cause_list {
    struct cause_start start;
    struct cause *items;
    size_t count, capacity;
};

#endif
