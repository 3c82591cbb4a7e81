/* What a world is made of; shared by the files of this folder and by nobody else. */
#ifndef FINWAIT_WORLD_STATE_H
#define FINWAIT_WORLD_STATE_H

#include "tcp/seq.h"
#include "tcp/socket.h"
#include "tcp/wire.h"
#include "world/world.h"

#define WORLD_START_US       UINT64_C(1000000000)
#define WORLD_NONE           UINT32_MAX
#define WORLD_PACKET_BYTES   65536 /* largest packet that can leave or be built */
#define WORLD_SLOTS_MAX      64    /* records of a host */
#define WORLD_PENDING_MAX    32
#define WORLD_EDITS_MAX      512
#define WORLD_MTU_EXTRA_IPV6 20 /* so that segments are as large as over IPv4 */
#define WORLD_DETAIL_BYTES   240
#define WORLD_DELAY_MIN_US   1
#define WORLD_RECORDS_MAX    4096 /* of a trace, outside the arena */

/* One life of a connection on one host; its index is that of the trace's incarnation. */
struct world_life {
    tcp_handle handle; /* TCP_HANDLE_NONE: known from packets of the other host alone */
    enum tcb_state state;
    uint32_t connection; /* two hosts: which of the world's; both ends bear the same number */
    uint64_t key;        /* of the octets that its application writes */
    uint64_t queued;     /* octets handed to calls, those that block counted whole */
    uint64_t written;    /* octets that calls took */
    bool is_open;        /* it got through the handshake */
    bool is_closed;      /* its application has closed, shut down or aborted */
    bool has_met_end;    /* its application has read to the end of the peer's stream */
    bool is_torn;        /* a call that blocked ended before its last octet: the pattern is off */
    bool is_mixed; /* it took text of another connection on the same ports (S01 judges that) */
    uint64_t read;
    bool has_source; /* of the octets that it reads: */
    uint64_t source_key;
    tcp_seqno first;
    bool has_end;
    struct tcp_step_record end; /* it deleted the record; others may have followed in the batch */
    bool is_end_untold;         /* another one has the record before anybody was told */
};

/* A connection between two hosts: what its packets are known by. */
struct world_connection {
    bool is_broken; /* an end of it did not go through the closing handshake, or never will */
    uint32_t
        twin; /* itself, or the other one of a simultaneous open: two numbers, one connection */
    bool is_unguarded; /* TIME-WAIT does not guard its numbers: S01 has nothing to say */
};

/* The latest life in a record's slot. */
struct world_slot {
    uint32_t generation;
    uint32_t life;
};

struct world_pending {
    uint32_t operation; /* 0: free */
    uint8_t result;     /* the index that an accept's descriptor goes to */
    uint8_t *room;      /* a read's */
    struct trace_call said;
};

struct world_life_list {
    struct world_life *items;
    size_t count, capacity;
};

struct world_one {
    struct tcp_host *host;
    void *moved;         /* where the host is now, if it is not in the block */
    struct arena *arena; /* of trace, oracles and packets */
    struct trace trace;
    struct oracle_set *oracles;
    struct tcp_config config; /* in force */
    struct tcp_address address;
    struct world_life_list lives;
    tcp_handle names[CAUSE_NAMES];
    int descriptors[CAUSE_DESCRIPTORS]; /* -1: not bound */
    /* Of the connections that they stand for, or stood for last; no remote port: of none. */
    struct tcp_flow name_flows[CAUSE_NAMES], descriptor_flows[CAUSE_DESCRIPTORS];
    uint32_t pending_count;
    uint32_t next_cookie;
    uint32_t step_number; /* of the last step that was noted */
    bool owes_drain;      /* a batch is open */
    uint32_t drains;
    size_t findings_seen;
    uint32_t given_up;
    bool has_lost;       /* a listener that nobody can close */
    bool owes_ends;      /* of lives whose end is untold */
    uint32_t sent_count; /* packets that left: what edits count */
    uint32_t edit_count;
    tcp_time wakes_at; /* before that it is stopped */
    uint32_t path_mtu; /* of the way from here; 0: whatever the host sends gets through */
    struct world_slot slots[WORLD_SLOTS_MAX];
    /* Large and mostly unused; world_restore() copies what is in use. */
    struct world_pending pending[WORLD_PENDING_MAX];
    struct cause_edit edits[WORLD_EDITS_MAX];
};

/* A packet on its way. */
struct world_packet {
    struct world_packet *next, *previous;
    tcp_time arrives, sent;
    uint8_t to;
    uint32_t life;        /* of the sender's, that sent it; or WORLD_NONE */
    uint32_t connection;  /* of that life, or WORLD_NONE */
    const uint8_t *bytes; /* or NULL: the segment alone */
    size_t count;
    struct tcp_segment segment;
};

struct world_projection;

struct world {
    struct cause_start start;
    struct world_config config;
    size_t bytes; /* of the block */
    tcp_time now;
    uint32_t causes;
    uint64_t hash;
    bool is_full, is_finished;
    uint32_t stuck_ticks;
    struct world_connection *connections; /* of both hosts together; in host a's arena */
    size_t connection_count, connection_capacity;
    uint32_t given_connection; /* of the packet that a host is taking */
    bool given_has_fin;        /* that packet's segment has FIN */
    uint64_t edited[CAUSE_EDIT_COUNT];
    tcp_time parted_until;
    bool is_disturbed; /* packets were injected between two hosts, or damaged unseen by any sum */
    struct world_packet *first, *last, *spare;
    struct world_finding finding;
    bool has_finding;
    struct world_projection *projection; /* or NULL: nothing is written down */
    char detail[WORLD_DETAIL_BYTES], name[WORLD_DETAIL_BYTES];
    size_t host_at[WORLD_HOSTS_MAX], arena_at[WORLD_HOSTS_MAX], host_bytes;
    size_t records_at[WORLD_HOSTS_MAX];
    size_t spans[WORLD_HOSTS_MAX]; /* of a snapshot: what the arenas held */
    struct world_one one[WORLD_HOSTS_MAX];
    uint8_t scratch[TCP_WIRE_HEADROOM + WORLD_PACKET_BYTES];
    uint8_t room[CAUSE_WRITE_MAX];
};

static inline enum cause_host world_place(const struct world *world, const struct world_one *one)
{
    return one == &world->one[0] ? CAUSE_HOST_A : CAUSE_HOST_B;
}

static inline bool world_traces(const struct world *world)
{
    return world->config.oracles != WORLD_ORACLES_NONE;
}

static inline void world_mix(struct world *world, uint64_t word)
{
    world->hash = (world->hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    world->hash ^= world->hash >> 29;
}

/* Memory that stays until the world starts over. */
void *world_take(struct world_one *one, size_t bytes);
/* A copy that stays; NULL of nothing. */
const uint8_t *world_keep(struct world_one *one, const uint8_t *bytes, size_t count);
/* Do both traces together hold fewer records than they may? */
bool world_has_room(const struct world *world);
struct trace_record *world_record(struct world *world, struct world_one *one, enum trace_kind kind);

/* ---- drain.c ------------------------------------------------------------------------------------- */

/* Takes everything that the host owes; then the oracles look. */
void world_drain(struct world *world, struct world_one *one);
/* Notes what the host did with the last cause, if it did anything. */
void world_note_step(struct world *world, struct world_one *one);

/* ---- findings.c ---------------------------------------------------------------------------------- */

void world_judge(struct world *world, struct world_one *one);
/* A fault that no row of the oracles' table looks for. */
void world_report_invariant(struct world *world, struct world_one *one, const char *name);

/* ---- instant.c ----------------------------------------------------------------------------------- */

/* The next deadline of a host; TCP_TIME_NEVER: none. */
tcp_time world_deadline(const struct world *world, enum cause_host host);
void world_wait(struct world *world, enum cause_host host, const struct cause_wait *wait);
/* Everything up to `until`; what happens at that very time only if `is_inclusive`. */
void world_reach(struct world *world, tcp_time until, bool is_inclusive);

/* ---- lives.c ------------------------------------------------------------------------------------- */

/* The life of a handle, begun if it is new; WORLD_NONE: a listener's, or none. */
uint32_t world_life_of(struct world *world, struct world_one *one, tcp_handle handle);
/* The life that a segment which leaves belongs to, or WORLD_NONE. */
uint32_t world_life_of_sent(struct world *world, struct world_one *one,
                            const struct tcp_segment *segment);
/* The life at `one` that is the other end of a connection; begun if need be. */
uint32_t world_life_of_connection(struct world *world, struct world_one *one, uint32_t connection,
                                  const struct tcp_segment *given);
struct world_life *world_life_at(struct world_one *one, uint32_t life);
/* Connection `own` left SYN-SENT by the packet that is being taken. */
void world_note_opened(struct world *world, uint32_t own);
/* A segment came to this life: was it of another connection, and taken? */
void world_note_taken(struct world *world, struct world_one *one, uint32_t life,
                      const struct tcp_step_record *step);
/* The application has forgotten a connection or listener without letting go of it. */
void world_note_lost(struct world *world, struct world_one *one, tcp_handle handle);
/* This life's end comes without a closing handshake. */
void world_note_broken(struct world *world, struct world_one *one, uint32_t life);
void world_note_states(struct world *world, struct world_one *one, const struct tcp_event *event);
/* The events of a batch were told: so are the ends that none of them told of. */
void world_tell_ends(struct world *world, struct world_one *one);

/* ---- world.c --------------------------------------------------------------------------------------- */

/* A batch ends before anything that is not a packet for the same host. */
void world_end_batches(struct world *world, const struct cause *cause);

/* ---- references.c -------------------------------------------------------------------------------- */

struct world_numbers {
    struct tcp_flow flow; /* local is the host */
    tcp_seqno iss, irs, snd_una, snd_nxt, snd_edge, rcv_nxt, rcv_edge;
};
/* Whom a packet is from, and what its numbers may refer to. */
void world_look_at(struct world *world, struct world_one *one, const struct cause_target *target,
                   struct world_numbers *out);
tcp_seqno world_number(const struct world_numbers *numbers, const struct cause_number *number);
struct tcp_flow world_flow_of_pair(const struct world *world, const struct world_one *one,
                                   uint8_t pair);

/* ---- packets.c ----------------------------------------------------------------------------------- */

void world_inject(struct world *world, struct world_one *one, const struct cause_packet *packet);
/* A segment, or octets (with the segment that they read as), reaches the host. */
void world_give(struct world *world, struct world_one *one, const struct world_packet *packet);
uint64_t world_inbound_key(const struct tcp_flow *flow);

/* ---- icmp.c -------------------------------------------------------------------------------------- */

void world_inject_icmp(struct world *world, struct world_one *one, const struct cause_icmp *icmp);
/* Makes of a packet, as octets, what a router answers `one` that drops it: unreachable with IPv4's code,
 * and for packets too big the MTU as it is on the wire. */
void world_write_answer(struct world *world, struct world_one *one, uint8_t code, uint32_t mtu,
                        struct world_packet *packet);

/* ---- projection.c: with a projection ---------------------------------------------------------------- */

void world_project_cause(struct world *world, const struct cause *cause);
void world_project_given(struct world *world, struct world_one *one,
                         const struct world_packet *packet);

/* ---- calls.c, calls_rfc.c, calls_socket.c, streams.c ------------------------------------------------------ */

void world_call_rfc(struct world *world, struct world_one *one, const struct cause_call *call);
void world_call_socket(struct world *world, struct world_one *one, const struct cause_call *call);
/* Goes on with blocked calls, each time one more of `burst` (oracle/deadlines.h). True: one of them ended. */
bool world_resume(struct world *world, struct world_one *one, uint32_t *burst);
void world_configure(struct world *world, struct world_one *one, const struct cause_set *set);

/* A call in the trace: begun, which gives it a cookie, and done with its value or error. */
void world_call_begins(struct world *world, struct world_one *one, struct trace_call *call);
void world_call_ends(struct world *world, struct world_one *one, const struct trace_call *call);
/* How many octets a call is about. */
size_t world_octets(int64_t number);
/* Octets for the life to write next: those that there is room for now, unless all oracles watch. */
const uint8_t *world_written(struct world *world, struct world_one *one, uint32_t life,
                             size_t count);
/* The call, which has begun, waits: the rest of what it writes is wanted, too. */
void world_write_waits(struct world_one *one, const struct trace_call *said);
/* The application took octets, or met the end. */
void world_was_read(struct world *world, struct world_one *one, uint32_t life, const uint8_t *bytes,
                    size_t count);
void world_met_end(struct world *world, struct world_one *one, uint32_t life);
/* The application will write no more. */
void world_was_closed(struct world_one *one, uint32_t life);

/* ---- network.c ----------------------------------------------------------------------------------- */

void world_edit(struct world_one *one, const struct cause_edit *edit);
/* Sends a packet that left `one` on its way, and may change it. */
void world_send(struct world *world, struct world_one *one, struct world_packet *packet);
/* When the next packet arrives; TCP_TIME_NEVER: none is on its way. */
tcp_time world_next_arrival(const struct world *world);
void world_arrive(struct world *world);

#endif
