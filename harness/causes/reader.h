/* A scenario on its way to a list of causes; shared by the from_*.c files and by nobody else. Functions that
 * can refuse return false after they have filled *why. */
#ifndef FINWAIT_CAUSES_READER_H
#define FINWAIT_CAUSES_READER_H

#include "causes/encoding.h"
#include "causes/text.h"
#include "causes/words.h"
#include "tcp/config.h"

#define READER_NO_PORT      0u
#define READER_CHOSEN_PORTS 65536u /* ports from here on are those that the stack chooses */

/* One life of a connection, as the runner would tell them apart (harness/run/connections.c). */
struct reader_life {
    const char *label;
    uint32_t local, remote;     /* ports, as the script says them */
    struct cause_target target; /* of a descriptor; else PAIR, by its ports */
    bool is_passive, is_embryo, is_accepted;
    bool has_remote_isn, has_local_isn;
    uint32_t remote_isn, local_isn; /* as the script says them */
    bool has_fixed_iss;
    uint32_t fixed_iss; /* what local_isn is on the wire */
    uint16_t peer_window;
};

#define READER_NO_LIFE SIZE_MAX

struct reader_socket {
    bool is_bound;
    int64_t name; /* the script's number for it */
    uint32_t local;
    size_t life;
    bool is_other; /* epoll: no socket */
};

struct reader_name {
    const char *word;
    size_t life;
    uint32_t local; /* of a listener */
};

/* Ports that stand in a cause and wait for their pair. */
struct reader_ports {
    size_t cause;
    uint32_t local, remote; /* READER_NO_PORT: not said */
    struct source_span span;
};

struct reader {
    const struct scenario *scenario;
    struct arena *arena;
    struct cause_list *out;
    struct cause_refusal *why;
    bool is_causes; /* mode causes */
    uint32_t bind_port, connect_port, peer_port, listening_port;
    uint32_t next_chosen_port;
    struct tcp_config config; /* in force, for initial numbers that are fixed */
    struct reader_life *lives;
    size_t life_count, life_capacity;
    struct reader_socket sockets[CAUSE_DESCRIPTORS];
    struct reader_name names[CAUSE_NAMES];
    struct reader_ports *ports;
    size_t port_count, port_capacity;
    int64_t now_us;        /* of the causes so far */
    int64_t last_event_us; /* what the next relative time counts from */
    bool knows_last_event;
    bool owes_instant; /* an expected packet came at a deadline: what follows comes behind it */
    uint8_t host;
};

bool reader_refuse(struct reader *reader, struct source_span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool reader_header(struct reader *reader);

/* A cause at the event's time, to be filled in; valid until the next one. */
struct cause *reader_add(struct reader *reader, enum cause_kind kind);

/* ---- from_packet.c, from_lives.c ------------------------------------------------------------------ */

bool reader_inbound(struct reader *reader, const struct scenario_packet *packet, bool is_joined,
                    struct source_span span);
void reader_outbound(struct reader *reader, const struct scenario_packet *packet);
/* IPv4's number of a code of ICMP unreachable, by name or as it stands. */
bool reader_unreachable_code(struct reader *reader, const char *word, struct source_span span,
                             uint8_t *out);
/* The life that an inbound packet belongs to, begun if it must; READER_NO_LIFE for a name without one. */
size_t reader_life_of_inbound(struct reader *reader, const struct scenario_packet *packet);
void reader_pass_outbound(struct reader *reader, const struct scenario_packet *packet);
size_t reader_add_life(struct reader *reader, uint32_t local, uint32_t remote, bool is_passive);
/* The oldest passive life on the port that was not accepted yet. */
size_t reader_accept(struct reader *reader, uint32_t local);
bool reader_number(struct reader *reader, size_t life, const struct scenario_number *number,
                   bool is_ours, struct cause_number *out);
bool reader_options(struct reader *reader, size_t life, const struct scenario_tcp *tcp,
                    struct cause_packet *out);

/* ---- from_arguments.c ---------------------------------------------------------------------------- */

#define RESULT_OF_NOTHING (CAUSE_DESCRIPTORS - 1) /* of an accept that is expected to fail */

bool reader_is_word(const struct scenario_value *value, const char *word);
/* Is it the word, or a|b with it? */
bool reader_mentions(const struct scenario_value *value, const char *word);
bool reader_no_cause(struct reader *reader, const struct scenario_call *call);
bool reader_name_of(struct reader *reader, const struct scenario_value *value, uint8_t *out);
bool reader_descriptor_of(struct reader *reader, const struct scenario_value *value, uint8_t *out);
bool reader_bind_descriptor(struct reader *reader, const struct scenario_value *value,
                            uint8_t *out);
/* The port of `...` (then `usual`), a number, htons(number) or {sin_port=...}. */
bool reader_port_of(struct reader *reader, const struct scenario_value *value, uint32_t usual,
                    uint32_t *out);
bool reader_count_of(struct reader *reader, const struct scenario_value *value, int64_t *out);
bool reader_flags_of(struct reader *reader, const struct scenario_value *value,
                     const struct cause_word *words, size_t count, uint32_t *out);
struct cause_call *reader_add_call(struct reader *reader, enum cause_call_kind kind);

/* ---- from_call.c, from_rfc_call.c, from_option_call.c ----------------------------------------------------------------------------------- */

bool reader_call(struct reader *reader, const struct scenario_event *event);
/* Index of a name of RFC 9293's calls; a new one if need be. */
bool reader_name_index(struct reader *reader, const char *word, struct source_span span,
                       uint8_t *out);
bool reader_rfc_call(struct reader *reader, const struct scenario_call *call, uint8_t kind);
bool reader_option_call(struct reader *reader, const struct scenario_call *call);

/* ---- from_ports.c ---------------------------------------------------------------------------------- */

/* The cause just added is about these ports. */
void reader_keep_ports(struct reader *reader, uint32_t local, uint32_t remote,
                       struct source_span span);
bool reader_settle_ports(struct reader *reader);

bool reader_set(struct reader *reader, const char *name, uint64_t value, struct source_span span);

#endif
