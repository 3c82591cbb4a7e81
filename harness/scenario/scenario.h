/* The scenario: what should be done and what should be seen. A script, a fuzz input and a capture
 * are spellings of it; parser, printer, runner, importer and minimiser all speak this type. It is
 * made in an arena and not changed afterwards. Comments and layout are the syntax tree's
 * (scenario/tree.h), not the scenario's. */
#ifndef FINWAIT_SCENARIO_H
#define FINWAIT_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where something stands in the source. Lines and columns count from 1, columns in bytes. */
struct source_span {
    uint32_t offset;
    uint32_t length;
    uint32_t line;
    uint32_t column;
};

/* ---- time -------------------------------------------------------------------------------------- */

enum scenario_time_kind {
    SCENARIO_TIME_ABSOLUTE,       /* 0.5 */
    SCENARIO_TIME_RELATIVE,       /* +.1 */
    SCENARIO_TIME_ABSOLUTE_RANGE, /* 0.5~0.7 */
    SCENARIO_TIME_RELATIVE_RANGE, /* +.1~+.2 */
    SCENARIO_TIME_ANY,            /* *: outbound packets only */
};

struct scenario_time {
    enum scenario_time_kind kind;
    int64_t from_us;
    int64_t to_us;          /* end of a range; = from_us otherwise */
    bool has_end;           /* a...b: a blocking call that ends at end_us */
    bool end_is_from_start; /* a...+b: end_us counts from the call's start */
    int64_t end_us;         /* otherwise it counts from where from_us counts from */
    struct source_span span;
};

/* ---- numbers in packets ------------------------------------------------------------------------ */

/* What a sequence number is counted from. SCRIPT is packetdrill's: relative to the initial sequence
 * number of the side that it counts for. The others read the live state of the connection. */
enum scenario_base {
    SCENARIO_BASE_SCRIPT,
    SCENARIO_BASE_ABSOLUTE, /* 17! : the number on the wire */
    SCENARIO_BASE_ISS,
    SCENARIO_BASE_IRS,
    SCENARIO_BASE_SND_UNA,
    SCENARIO_BASE_SND_NXT,
    SCENARIO_BASE_SND_EDGE, /* SND.UNA + SND.WND */
    SCENARIO_BASE_RCV_NXT,
    SCENARIO_BASE_RCV_EDGE, /* RCV.NXT + RCV.WND */
};

struct scenario_number {
    enum scenario_base base;
    int64_t offset;
    struct source_span span;
};

/* ---- packets ----------------------------------------------------------------------------------- */

enum scenario_direction { SCENARIO_INBOUND, SCENARIO_OUTBOUND }; /* '<' and '>' */

enum scenario_ecn {
    SCENARIO_ECN_UNSAID,
    SCENARIO_ECN_NONE,
    SCENARIO_ECN_ECT0,
    SCENARIO_ECN_ECT1,
    SCENARIO_ECN_CE,
    SCENARIO_ECN_ECT01 /* either; outbound only */
};

enum scenario_df { SCENARIO_DF_UNSAID, SCENARIO_DF_SET, SCENARIO_DF_CLEAR };

struct scenario_ip_info {
    enum scenario_ecn ecn;
    enum scenario_df df; /* IPv4's "don't fragment"; IPv6 has none and never fragments on the way */
    bool has_tos, has_flow_label, has_ttl;
    uint8_t option_bytes; /* inbound: of IPv4 options, or of an IPv6 destination options header */
    uint8_t tos;          /* the whole octet; with ecn said too, ecn wins in its two bits */
    uint8_t ttl;
    uint32_t flow_label;
    struct source_span span;
};

enum scenario_option_kind {
    SCENARIO_OPTION_NOP,
    SCENARIO_OPTION_EOL,
    SCENARIO_OPTION_MSS,
    SCENARIO_OPTION_WINDOW_SCALE,
    SCENARIO_OPTION_SACK_PERMITTED,
    SCENARIO_OPTION_SACK,
    SCENARIO_OPTION_TIMESTAMPS,
    SCENARIO_OPTION_FAST_OPEN,
    SCENARIO_OPTION_FAST_OPEN_EXPERIMENTAL,
    SCENARIO_OPTION_MD5,
    SCENARIO_OPTION_ACCURATE_ECN,
    SCENARIO_OPTION_OCTETS, /* octets as they are, which need not be an option: `octets 0203` */
    SCENARIO_OPTION_RAW,    /* unknown kind by number, with hex octets */
};

struct scenario_sack_block {
    struct scenario_number left, right;
};

struct scenario_option {
    enum scenario_option_kind kind;
    uint32_t number; /* MSS, shift; TS val */
    uint32_t echo;   /* TS ecr */
    bool any_value;  /* TS val ... : outbound, not compared */
    bool any_echo;
    bool is_valid;      /* md5 valid */
    const char *symbol; /* in place of the number or octets: a name to which no -D gave a
                               * value, so that this cannot run; else NULL */
    uint8_t raw_kind;   /* RAW */
    uint8_t raw_length; /* RAW: the length octet, as said or as counted */
    bool has_raw_length;
    uint8_t bytes[40]; /* RAW, OCTETS and FAST_OPEN cookies, md5 digest */
    uint8_t byte_count;
    uint8_t sack_count;
    struct scenario_sack_block sack[4];
    int64_t ecn_e0b, ecn_e1b, ecn_ceb; /* -1: not there */
    bool ecn_e1b_first;
    struct source_span span;
};

/* Header fields that only malformed input sets, by name: `raw(checksum=0x1234, offset=3, reserved=1,
 * length=20)` in an inbound packet. checksum_xor changes the checksum's low octet, cut is the packet's
 * length behind its IP header. */
struct scenario_raw_field {
    const char *name;
    int64_t value;
    struct source_span span;
};

struct scenario_tcp {
    uint16_t flags; /* enum tcp_flag bits, those of `ace` among them */
    bool any_flags; /* `...`: outbound only */
    int8_t ace;     /* accurate ECN's counter 0..7 when written as a digit, else -1 */
    struct scenario_number start;
    struct scenario_number end; /* equals start + payload_bytes when the script left it out */
    bool has_end;
    bool any_sequence; /* `...(n)`: only the length counts */
    uint32_t payload_bytes;
    bool has_ack, has_window, has_urgent;
    struct scenario_number ack;
    uint32_t window;
    uint32_t urgent;
    bool any_options;  /* <...> */
    bool says_options; /* <> or <...> or a list was written */
    struct scenario_option *options;
    size_t option_count;
    const uint8_t *text; /* payload given as a string, payload_bytes long; NULL: position-coded
                             * (inbound) or not said (outbound) */
    struct scenario_raw_field *raw;
    size_t raw_count;
    struct source_span flags_span, sequence_span, ack_span, window_span, urgent_span, options_span;
};

struct scenario_icmp {
    const char *type; /* as written: "unreachable", "echo_request", or a number */
    const char *code; /* as written, or NULL */
    bool has_mtu, has_id;
    uint32_t mtu;
    uint32_t id;
    const char *quoted; /* the packet that it quotes: "tcp" "udp" "raw", or NULL: not said */
    struct scenario_number quoted_start, quoted_end; /* tcp: [1:1001(1000)] */
    uint32_t quoted_bytes;
    bool has_quote;
    uint32_t quote_bytes; /* how much of what IP carried is quoted; unsaid: 8 octets (RFC 792) */
    struct scenario_raw_field *raw;
    size_t raw_count;
    struct source_span type_span, quoted_span;
};

struct scenario_udp {
    uint32_t payload_bytes;
};

/* A header around the packet, outermost first. `encap psp spi 7` stands after the IP information,
 * all others before it, with a ':'. */
struct scenario_encapsulation {
    const char *kind; /* "ipv4" "ipv6" "gre" "mpls" "psp" */
    const char *text; /* what is said of it, in canonical spacing: "192.0.2.1 > 192.168.0.1" */
    struct scenario_ip_info ip; /* ipv4, ipv6 */
    struct source_span span;
};

enum scenario_protocol { SCENARIO_TCP, SCENARIO_UDP, SCENARIO_ICMP };

struct scenario_packet {
    enum scenario_direction direction;
    enum scenario_protocol protocol;
    const char *connection; /* label written as @name, or NULL: the only or latest one that fits */
    const char *from,
        *to; /* an address, or a kind of address; NULL: the connection's. Inbound only */
    struct source_span from_span, to_span;
    struct scenario_ip_info ip;
    struct scenario_encapsulation *encapsulations;
    size_t encapsulation_count;
    bool has_ports;
    uint16_t source_port, destination_port;
    struct source_span connection_span, ports_span;
    union {
        struct scenario_tcp tcp;
        struct scenario_udp udp;
        struct scenario_icmp icmp;
    } as;
};

/* ---- calls ------------------------------------------------------------------------------------- */

enum scenario_value_kind {
    SCENARIO_VALUE_ELLIPSIS,
    SCENARIO_VALUE_INTEGER, /* integer; is_hex tells how it was written */
    SCENARIO_VALUE_WORD,    /* AF_INET, O_NONBLOCK */
    SCENARIO_VALUE_STRING,  /* text, text_bytes; the unescaped octets */
    SCENARIO_VALUE_OR,      /* children: a|b|c */
    SCENARIO_VALUE_LIST,    /* children: [a, b] */
    SCENARIO_VALUE_STRUCT,  /* children are FIELDs: {a=1, b=2} */
    SCENARIO_VALUE_FIELD,   /* text = name; the last child is its value, those before it stand in
                              * parentheses after the name: msg_iov(2)=[...] */
    SCENARIO_VALUE_CALL,    /* text = function (inet_addr, htons), children = arguments */
};

struct scenario_value {
    enum scenario_value_kind kind;
    bool is_hex;
    bool is_cut; /* STRING: "abc"... , more follows than is said */
    int64_t integer;
    const char *text;
    size_t text_bytes;
    struct scenario_value *children;
    size_t child_count;
    struct source_span span;
};

struct scenario_call {
    const char *name;
    struct scenario_value *arguments;
    size_t argument_count;
    struct scenario_value result; /* INTEGER or ELLIPSIS; a descriptor bound by the call is INTEGER
                                   * too, a connection of RFC 9293's calls is a WORD */
    const char *error;            /* "EAGAIN", or NULL */
    const char *error_text;       /* "Resource temporarily unavailable" after it, or NULL */
    const char *note;             /* "flags O_RDWR": other words in parentheses, or NULL */
    struct source_span name_span, result_span;
};

/* ---- our own statements -------------------------------------------------------------------------- */

enum scenario_compare {
    SCENARIO_EQ,
    SCENARIO_NE,
    SCENARIO_LT,
    SCENARIO_LE,
    SCENARIO_GT,
    SCENARIO_GE
};

/* One condition of `assert @label state == TIME-WAIT, rcv.nxt == 101`. Fields are those of struct
 * tcp_status in the RFC's spelling (state, snd.una, rcv.wnd, cwnd, ...). */
struct scenario_condition {
    const char *field;
    enum scenario_compare compare;
    const char *word; /* a state's name, or NULL when it is a number */
    struct scenario_number
        number; /* sequence numbers count as in packets; others have SCRIPT base */
    struct source_span span, value_span;
};

struct scenario_assertion {
    bool is_host;           /* `host`: the fields are those of struct tcp_counters */
    const char *connection; /* label, or NULL */
    int64_t descriptor;     /* `fd 4`, or -1 */
    struct scenario_condition *conditions;
    size_t condition_count;
};

/* `set name=value, ...`: configuration changed while running. */
struct scenario_setting {
    const char *name;
    uint64_t value;
    struct source_span span;
};

/* `wait for 20s`, `wait until deadline-1us`: time passes, and nothing is said of what happens. `wait asleep
 * for 5min`: the host is not there meanwhile; its clock jumps. */
struct scenario_wait {
    bool is_until_deadline, is_asleep;
    int64_t us; /* from the deadline on it may be negative */
};

enum scenario_edit_kind {
    SCENARIO_EDIT_DROP,
    SCENARIO_EDIT_DELAY,     /* us */
    SCENARIO_EDIT_DUPLICATE, /* a copy us later */
    SCENARIO_EDIT_CORRUPT,   /* octet `place` exclusive-or `value` */
    SCENARIO_EDIT_MARK,      /* congestion experienced */
    SCENARIO_EDIT_MTU, /* from this packet on, a router that passes on no more than `mtu` octets */
    SCENARIO_EDIT_UNREACHABLE, /* lost, and a router answers with ICMP of this code */
    SCENARIO_EDIT_PART,        /* from this packet on nothing gets through for us, both ways */
};
#define SCENARIO_EDIT_COUNT 8

/* Two hosts: `a>b #3-5 delay 20ms`, what the network does to packets 3 to 5 that a sends, from 0. MTU and
 * PART begin with one packet. */
struct scenario_edit {
    char from; /* 'a' or 'b' */
    enum scenario_edit_kind kind;
    int64_t first, last;
    int64_t us;
    uint16_t place;
    uint8_t value;
    uint16_t mtu;
    bool is_silent;          /* the router answers nothing */
    const char *code;        /* "host_unreachable" */
    struct source_span span; /* of what is said behind the kind */
};

/* ---- events -------------------------------------------------------------------------------------- */

enum scenario_event_kind {
    SCENARIO_PACKET,
    SCENARIO_CALL,
    SCENARIO_COMMAND, /* `shell words`: text */
    SCENARIO_CODE,    /* %{ code }%: text */
    SCENARIO_ASSERT,
    SCENARIO_SET,
    SCENARIO_QUIET,       /* `quiet for 60`: nothing may be sent until then */
    SCENARIO_BATCH,       /* `batch { inbound packets }`: applied before one drain */
    SCENARIO_ANY_ORDER,   /* `in any order { outbound packets }` */
    SCENARIO_ONE_OF,      /* `one of { ... } or { ... } or nothing`: its items are ALTERNATIVEs */
    SCENARIO_ALTERNATIVE, /* only in ONE_OF: outbound packets; none of them is `nothing` */
    SCENARIO_WAIT,
    SCENARIO_EDIT,
};

struct scenario_event {
    enum scenario_event_kind kind;
    struct scenario_time time;
    const char *host; /* `a:` before the statement of a two-host script, or NULL */
    union {
        struct scenario_packet *packet;
        struct scenario_call *call;
        struct scenario_assertion *assertion;
        struct {
            struct scenario_setting *items;
            size_t count;
        } settings;
        struct {
            const char *bytes;
            size_t count;
        } text;
        int64_t quiet_us;
        struct scenario_wait wait;
        struct scenario_edit edit;
        struct {
            struct scenario_event *items;
            size_t count;
        } group;
    } as;
    struct source_span span; /* the whole statement, its time included */
};

/* `--name=value` before the first event. */
struct scenario_option_line {
    const char *name;
    const char *value; /* "" when there is none */
    struct source_span span;
};

/* What a script says of itself: `req MUST-5 SHLD-2`, `violates S04: "reason"`,
 * `xfail(linux): "reason"`. */
struct scenario_note {
    const char *kind; /* "req" "violates" "xfail"; several ids after one `req` are several notes */
    const char *subject; /* an id, an oracle, a SUT */
    const char *reason;  /* or NULL */
    struct source_span span;
};

struct scenario {
    const char *path;   /* as the user gave it */
    const char *source; /* the text, for reports */
    size_t source_bytes;
    struct scenario_option_line *options;
    size_t option_count;
    struct scenario_note *notes;
    size_t note_count;
    const char *start; /* `start established`: the prologue's name, or NULL */
    struct source_span start_span;
    const char *init_command;    /* or NULL */
    const char *cleanup_command; /* or NULL */
    struct scenario_event *events;
    size_t event_count;
};

#endif
