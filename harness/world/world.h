/* The world: executes a list of causes on one host, or on two with a network between them, in virtual
 * time, and lets the oracles watch. Fuzz targets, simulation, minimiser and two-host scripts all run
 * through it.
 *
 * Everything lives in one block of the caller's, hosts, traces and oracles included, so a target runs
 * its prologue once, keeps a snapshot, and begins each input with a copy. Two runs of the same causes do
 * the same, octet for octet: world_hash() tells.
 *
 * An instant is the script runner's (harness/run/README.md): the causes of a time act in their order,
 * each followed by a drain of everything that its host owes; then packets of the network that arrive at
 * that time; then the deadlines of that time. Time moves in CAUSE_WAIT alone. */
#ifndef FINWAIT_WORLD_H
#define FINWAIT_WORLD_H

#include "causes/cause.h"
#include "oracle/oracle.h"
#include "tcp/host.h"

#define WORLD_HOSTS_MAX 2
#define WORLD_ALIGNMENT 16

enum world_oracles {
    WORLD_ORACLES_NONE,  /* no trace either */
    WORLD_ORACLES_CHEAP, /* every oracle that needs no octets; segments go from hand to hand */
    WORLD_ORACLES_ALL,   /* every packet is written to octets and read from them */
};

struct world_config {
    struct tcp_limits limits; /* of each host */
    struct tcp_config tcp;    /* of each host at the start; IPv6 has 20 octets more of mtu */
    enum world_oracles oracles;
    size_t arena_bytes;    /* for each host's trace and oracles */
    uint32_t record_limit; /* of both traces; then the world is full and takes no more causes */
    uint32_t check_every;  /* so many drains, and at the end, a host checks itself (T00) */
    uint64_t start_us;     /* the time at which it begins */
    uint32_t tick_limit;   /* deadlines that one wait may pass; there it ends */
};

/* What suits a fuzz target: small hosts, cheap oracles, 10 connections. */
struct world_config world_config_small(void);

/* The same with tighter bounds on what one input may cost: what the fuzz targets, and `finwait replay`,
 * play in. */
struct world_config world_config_play(void);

/* Octets that a world of this configuration takes; 0 when its limits make no sense. */
size_t world_bytes(const struct world_config *config);

struct world;

/* Makes a world in `block`, which is aligned to WORLD_ALIGNMENT and at least world_bytes() large. NULL:
 * the configuration is refused. Prologues are the caller's: causes like others. */
struct world *world_begin(void *block, size_t bytes, const struct cause_start *start,
                          const struct world_config *config);

/* Lets one cause act. What it names and is not there makes it a mistake of a user's, which the host
 * refuses. False: the world is full, or something was found, and the cause did not act. */
bool world_apply(struct world *world, const struct cause *cause);

/* Says the numbers of a cause that is to act next as references to what is nearest, and a wait that ends
 * at a deadline by that deadline: it does the same. Nothing but the present instant comes to its end. */
void world_relate(struct world *world, struct cause *cause);

/* Finishes the last instant and lets oracles judge what only an end can tell. */
void world_finish(struct world *world);

/* Moves a host to other memory and spoils the old. No snapshot can be taken any more. */
void world_move(struct world *world, enum cause_host host);

/* Gives back what the block did not hold. The block itself is the caller's. */
void world_end(struct world *world);

/* ---- what came of it ----------------------------------------------------------------------------- */

struct world_finding {
    const struct oracle_description *oracle;
    const char *name; /* oracle/finding_name.h */
    enum cause_host host;
    const char *detail;
    size_t record;  /* of the host's trace */
    uint32_t cause; /* how many had acted before the one that brought it about */
};

/* The first finding that counts (MUST, ours); NULL: none. */
const struct world_finding *world_finding(const struct world *world);

bool world_is_full(const struct world *world);
tcp_time world_now(const struct world *world);
/* A number for everything that went over the wire, was read, or changed state. */
uint64_t world_hash(const struct world *world);
uint32_t world_causes(const struct world *world);

struct tcp_host *world_host(struct world *world, enum cause_host host);
/* NULL without oracles. */
const struct trace *world_trace(const struct world *world, enum cause_host host);
const struct oracle_set *world_oracles(const struct world *world, enum cause_host host);

/* Lets the traces of two hosts tell the peer's numbers from its ISN on, where the other end is known. For
 * those who read them; no oracle needs it. */
void world_number_traces(struct world *world);

const struct tcp_config *world_tcp_config(const struct world *world, enum cause_host host);
/* What a name or a descriptor stands for: TCP_HANDLE_NONE, -1: nothing. */
tcp_handle world_name(const struct world *world, enum cause_host host, uint8_t index);
int world_descriptor(const struct world *world, enum cause_host host, uint8_t index);
/* When a packet arrives or a deadline falls due next; TCP_TIME_NEVER: nothing will happen by itself. */
tcp_time world_next(const struct world *world);
uint8_t world_hosts(const struct world *world);
tcp_time world_start(const struct world *world);

/* The address of a host. */
const struct tcp_address *world_address(const struct world *world, enum cause_host host);
/* Connections that there were, on both hosts together; packets that the network treated so. */
size_t world_connections(const struct world *world);
uint64_t world_edited(const struct world *world, enum cause_edit_kind kind);
/* Was an end of this connection aborted, reset, given up or forgotten? Then the other may wait for ever.
 * Of a listener: may it be one that was forgotten? */
bool world_is_broken(const struct world *world, enum cause_host host, tcp_handle handle);
/* Connections beyond the handshake that a host gave up, with nothing broken before. */
uint32_t world_given_up(const struct world *world, enum cause_host host);

/* A verdict on what only the caller can know (oracle.h): the run ends when it does not hold. */
void world_report(struct world *world, enum cause_host host, enum oracle_reported property,
                  const char *broken);

/* ---- starting over ------------------------------------------------------------------------------- */

/* Copies what is in use to `to`, which has world_bytes() octets. False: the world has outgrown its
 * block. */
bool world_snapshot(const struct world *world, void *to);

/* Takes the world back to where it was; `from` is a snapshot of this very world, at the same address. */
void world_restore(struct world *world, const void *from);

#endif
