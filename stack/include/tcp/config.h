/* Everything about the protocol that may be chosen, as numbers with names. There is no #if: one
 * binary runs every choice. A field is added to the table below and nowhere else; scripts set it by
 * name (`--set=rto_min_us=200000`).
 *
 * X(kind, name, default, live, text): `kind` is U32 or U64; `live` is 1 when tcp_host_configure()
 * changes connections that already exist, 0 when only those that are opened afterwards (they keep
 * what they were born with) are concerned. Defaults are those of profile `rfc`. */
#ifndef TCP_CONFIG_H
#define TCP_CONFIG_H

#include "tcp/types.h"

#define TCP_CONFIG_FIELDS(X)                                                                       \
    X(U32, mtu, 1500, 0, "largest IP packet that leaves, in bytes; the MSS is derived from it")    \
    X(U32, mtu_smallest, 0, 0, "the least that mtu may become, 0: mtu; the MSS offered (SHLD-6)")  \
    X(U32, syn_text, 0, 1, "1: a SYN carries text that is queued already (3.10.2, 3.10.7.3)")      \
    X(U32, ttl, 64, 1, "TTL or hop limit of what is sent (RFC 9293 MUST-49)")                      \
    X(U32, ds_field, 0, 1,                                                                         \
      "DS field, six bits, of what is sent, unless the user chose one (MUST-48)")                  \
    X(U32, receive_buffer_bytes, 65535, 0,                                                         \
      "receive buffer of a new connection; 0: it offers no window, for ever (3.8.6.1)")            \
    X(U32, send_buffer_bytes, 65535, 0, "send buffer of a new connection")                         \
    X(U32, fixed_iss, 0, 1, "1: new connections start at `iss` instead of RFC 6528's generator")   \
    X(U32, iss, 0, 1, "initial send sequence number used with fixed_iss")                          \
    X(U32, port_min, 49152, 1, "lowest ephemeral port (RFC 6056, RFC 6335)")                       \
    X(U32, port_max, 65535, 1, "highest ephemeral port")                                           \
    X(U64, msl_us, 120000000, 1, "maximum segment lifetime; TIME-WAIT lasts two (RFC 9293 3.4.2)") \
    X(U32, time_wait, 1, 1, "0 deletes a connection instead of letting it wait: a demonstration")  \
    X(U64, rto_initial_us, 1000000, 0, "RTO before the first measurement (RFC 6298 2.1)")          \
    X(U64, rto_min_us, 1000000, 1, "lower bound of RTO (RFC 6298 2.4)")                            \
    X(U64, rto_max_us, 60000000, 1, "upper bound of RTO (RFC 6298 2.5)")                           \
    X(U64, rto_after_syn_loss_us, 3000000, 1,                                                      \
      "RTO once data flows if the SYN was lost (6298 5.7)")                                        \
    X(U64, r2_us, 100000000, 1, "give up when data stays unacknowledged this long (9293 SHLD-11)") \
    X(U64, r2_syn_us, 180000000, 1, "give up when a SYN stays unacknowledged this long (MUST-23)") \
    X(U32, r1_retries, 3, 1,                                                                       \
      "retransmissions after which the user is warned, 1 to 254 (SHLD-9, SHLD-10)")                \
    X(U64, user_timeout_us, 300000000, 0, "abort when data is not acknowledged within it (3.9.1)") \
    X(U32, user_timeout_always, 0, 1,                                                              \
      "1: the user timeout runs in LISTEN, FIN-WAIT-2 and TIME-WAIT, too (3.10.8)")                \
    X(U64, orphan_timeout_us, 0, 1, "patience in FIN-WAIT-2 once the user let go; 0: endless")     \
    X(U64, keep_alive_idle_us, 7200000000, 1, "silence before a keep-alive probe (MUST-28)")       \
    X(U64, keep_alive_interval_us, 75000000, 1, "pause between unanswered keep-alive probes")      \
    X(U32, keep_alive_probes, 9, 1, "unanswered probes that end a connection, 2 to 255 (MUST-29)") \
    X(U32, keep_alive_octet, 0, 1, "1: keep-alive probes carry one garbage octet (MAY-6)")         \
    X(U64, delayed_ack_us, 200000, 1, "longest an ACK is held back; below 500 ms (MUST-40)")       \
    X(U32, ack_every_segments, 2, 1, "full segments that draw an ACK at once (SHLD-19)")           \
    X(U32, nagle, 1, 0,                                                                            \
      "small segments wait: 1 while anything is outstanding (SHLD-7), 2 a small one (A.3), 0 "     \
      "never")                                                                                     \
    X(U64, sws_override_us, 200000, 1, "sender SWS override timeout, 0.1 to 1 s (9293 3.8.6.2.1)") \
    X(U64, persist_max_us, 60000000, 1, "longest pause between zero-window probes (9293 3.8.6.1)") \
    X(U32, initial_window_segments, 10, 0, "initial congestion window (RFC 6928)")                 \
    X(U32, congestion_control, 0, 0,                                                               \
      "0 reno (RFC 5681), 1 cubic (RFC 9438); by name, too (MAY-18)")                              \
    X(U32, caller, 0, 1, "the user who calls (3.9.1's access rights); 0 may do everything")        \
    X(U32, privileged_ports, 1024, 1, "local ports below it are for caller 0 alone (3.10.1)")      \
    X(U32, path_mtu_discovery, 1, 1, "set DF and believe reports of packets too big (RFC 1191)")   \
    X(U64, path_mtu_raise_us, 600000000, 1, "try a lowered path MTU at full size again; 0: never") \
    X(U32, path_mtu_shared, 1, 1,                                                                  \
      "a path MTU counts for all connections to the address (8201 5.2)")                           \
    X(U32, icmp_in_flight, 1, 1, "ICMP counts only when it quotes what is outstanding (5927 4.1)") \
    X(U32, icmp_distrust_size, 1, 1, "weigh packet too big by what was sent and ACKed (5927 7.2)") \
    X(U32, icmp_hard_aborts, 0, 1, "hard ICMP errors end synchronized connections too (SHLD-26)")  \
    X(U32, soft_error_reports, 1, 1, "tell the user of delivery trouble (9293 SHLD-20)")           \
    X(U32, ecn, 1, 0,                                                                              \
      "explicit congestion notification: 0 none, 1 if the peer asks, 2 ask (SHLD-8)")              \
    X(U32, ecn_fallback, 1, 1,                                                                     \
      "plain SYN instead of ECN's: 0 never, 1 repeated ones, 2 also after RST (3168 6.1.1.1)")     \
    X(U32, rfc5961, 1, 1, "answer blind RST and SYN with challenge ACKs (RFC 5961)")               \
    X(U32, challenge_child, 0, 1, "a SYN in a child's window: 0 ends it (3.10.7.4), 1 challenges") \
    X(U32, abort_with_ack, 0, 1, "ABORT sends 0 RST (3.10.5), 1 RST,ACK as many stacks do")        \
    X(U32, reopen_time_wait, 1, 1, "let a SYN above the old numbers reopen a TIME-WAIT (MAY-2)")   \
    X(U32, reopen_may_fail, 1, 1, "go back to TIME-WAIT when that SYN was an old one (MAY-2 (2))") \
    X(U32, timestamps, 0, 0,                                                                       \
      "offer and take the timestamps option (RFC 7323 3), with it RFC 6191")                       \
    X(U32, timestamps_required, 1, 1, "drop what lacks the timestamp agreed on (7323 3.2); 0: no") \
    X(U32, fixed_timestamps, 0, 1, "1: TS val is ms of `now` + timestamp_offset, on every flow")   \
    X(U32, timestamp_offset, 0, 1, "what is added to the clock with fixed_timestamps")             \
    X(U32, challenge_time_wait, 0, 1,                                                              \
      "with timestamps, a SYN refused in TIME-WAIT: 0 silence (RFC 6191), 1 RFC 5961's ACK")       \
    X(U32, resets_end_time_wait, 1, 1, "0: TIME-WAIT ignores RST (RFC 1337 F1)")                   \
    X(U32, ack_limit, 10, 1,                                                                       \
      "ACKs that refused empty segments draw in ack_limit_us; 0: any number")                      \
    X(U64, ack_limit_us, 5000000, 1, "... of one connection (RFC 5961 7)")

/* Values of `congestion_control`. */
enum tcp_congestion_control { TCP_CONGESTION_RENO, TCP_CONGESTION_CUBIC };
#define TCP_CONGESTION_CONTROLS 2u

/* "reno", "cubic". */
const char *tcp_congestion_control_name(enum tcp_congestion_control control);

/* The controller of that name, `length` octets of it. False when there is none. */
bool tcp_congestion_control_find(const char *name, size_t length, enum tcp_congestion_control *out);

enum tcp_config_kind { TCP_CONFIG_U32, TCP_CONFIG_U64 };

struct tcp_config {
    uint8_t secret[16]; /* the key of every keyed hash: ISN, ports, demultiplexer */
#define TCP_CONFIG_MEMBER_U32                            uint32_t
#define TCP_CONFIG_MEMBER_U64                            uint64_t
#define TCP_CONFIG_MEMBER(kind, name, value, live, text) TCP_CONFIG_MEMBER_##kind name;
    TCP_CONFIG_FIELDS(TCP_CONFIG_MEMBER)
#undef TCP_CONFIG_MEMBER
#undef TCP_CONFIG_MEMBER_U32
#undef TCP_CONFIG_MEMBER_U64
};

/* One row of the table above. */
struct tcp_config_field {
    const char *name;
    const char *text;
    enum tcp_config_kind kind;
    bool is_live;
    size_t offset; /* in struct tcp_config */
};

/* The table itself, `*count` rows in the order of declaration. */
const struct tcp_config_field *tcp_config_fields(size_t *count);

/* Fills *out with a named profile ("rfc"). False, and *out untouched, when there is none of it. */
bool tcp_config_profile(const char *name, struct tcp_config *out);

/* Sets or reads a field by its name. TCP_ERROR_ARGUMENT when the name is unknown or the number does
 * not fit the field's kind. What makes no sense together is found by tcp_config_check(). */
enum tcp_error tcp_config_set(struct tcp_config *config, const char *name, uint64_t number);
enum tcp_error tcp_config_get(const struct tcp_config *config, const char *name, uint64_t *out);

/* NULL when the values can work together, otherwise a sentence naming the field that cannot. */
const char *tcp_config_check(const struct tcp_config *config);

#endif
