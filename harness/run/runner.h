/* The state of one run, shared by the files of this folder and by nobody else. Functions that can
 * end the run return false after they have filled run->problem; the caller only passes it on. */
#ifndef FINWAIT_RUN_RUNNER_H
#define FINWAIT_RUN_RUNNER_H

#include "run/payload.h"
#include "run/run.h"
#include "tcp/seq.h"

#define RUN_START_US        UINT64_C(1000000000)
#define RUN_NO_CONNECTION   UINT32_MAX
#define RUN_DIFFERENCES_MAX 24

/* ---- connections (connections.c) --------------------------------------------------------------- */

/* One incarnation: what the runner knows beyond trace_incarnation, which has the same index. */
struct connection {
    uint32_t index;
    struct tcp_flow flow;
    const char *label;
    uint16_t script_local_port, script_remote_port; /* as the script calls the live ones */
    bool has_script_ports; /* the script named them; before that they are the live ones */
    bool is_passive;
    bool is_embryo; /* begun by the peer's SYN, which the stack has not answered with a SYN-ACK */
    bool has_local_isn, has_remote_isn;
    bool took_syn;    /* of the peer, as LISTEN or SYN-SENT do: its number is remote_isn */
    size_t syn_batch; /* run.drain_start then */
    tcp_seqno local_isn, remote_isn;
    bool knows_script_isn;     /* the script has expected a SYN of ours */
    uint32_t script_local_isn; /* what the script calls local_isn; remote numbers are literal */
    bool has_timestamp_base;
    uint32_t timestamp_base;      /* live TS val minus the script's */
    uint16_t peer_window;         /* what the script gave last */
    struct stream sent, received; /* by the system under test */
    uint32_t written_bytes, read_bytes;
    tcp_handle handle;    /* of the report that told of it first */
    enum tcb_state state; /* as reported last */
    bool is_over; /* reported to be in CLOSED, or back in LISTEN: it sends and takes nothing */
    uint32_t event_counts[8]; /* how often its user was told of each enum tcp_event_bit */
    bool has_ended;
    enum tcp_error ended; /* with has_ended */
};

/* ---- descriptors and blocked calls (descriptors.c, pending.c) ---------------------------------- */

struct descriptor {
    int64_t name;        /* the script's */
    int fd;              /* the live one */
    uint32_t connection; /* or RUN_NO_CONNECTION */
};

/* Octets of a call in one place: what the script says of them, and how many. */
struct data_piece {
    const struct scenario_value *text;
    size_t count;
};

/* `c1` of tcp.open(...) = c1: the result of a call binds the name. */
struct tcp_name {
    const char *word;
    tcp_handle connection;
};

/* The connection that a label of targets.c stands for, or stood for last. */
struct target {
    const char *label;
    struct tcp_flow flow;
};

struct pending {
    uint32_t cookie;
    const struct scenario_event *event;
    const struct call_form *form;
    struct sut_call call;
    const char *text;
    struct descriptor *descriptor; /* that the call is about, or NULL */
    tcp_time end;                  /* when the script says that it ends */
    bool is_blocking;              /* the script says that it blocks */
    bool is_done;
    uint32_t connection;
    uint32_t offset; /* of a write, in the stream */
    struct data_piece *pieces;
    size_t piece_count;
    const struct tcp_name *name; /* that an RFC 9293 call is about, or NULL */
    bool says_result;            /* the script does: `result` */
    int64_t result;
};

/* ---- what went wrong (mismatch.c) -------------------------------------------------------------- */

struct difference {
    const char *field, *script, *stack;
    struct source_span span; /* length 0: the script says nothing of it */
};

struct problem {
    bool is_set;
    enum run_verdict verdict;
    struct source_span span; /* where the caret goes */
    const char *message;
    struct difference differences[RUN_DIFFERENCES_MAX];
    size_t difference_count;
    const char *note; /* one more line, or NULL */
    bool has_connection, has_status;
    struct tcp_status status; /* of the connection, when it went wrong */
    uint32_t connection;
};

struct run {
    const struct scenario *scenario;
    const struct sut *sut;
    struct sut_instance *instance;
    const struct run_options *options;
    struct arena *arena;
    struct trace *trace;
    struct oracle_set *oracles;
    size_t findings_seen;
    struct tcp_config config;
    struct tcp_config first_config; /* what the system under test began with */
    struct tcp_limits limits;
    enum run_mode mode;
    uint8_t ip_version;
    uint64_t tolerance_us;
    struct tcp_address local, remote;
    uint16_t bind_port, connect_port, peer_port;
    bool is_listening; /* listening_port is the one of the last listen() */
    uint16_t listening_port;
    tcp_time start, now;
    tcp_time last_event; /* when the last event took place */
    struct run_moment *moments;
    const struct scenario_event *event;
    uint32_t event_index;
    struct connection **connections;
    size_t connection_count, connection_capacity;
    struct connection *last_inbound; /* whose packet the script injected last, or NULL */
    struct descriptor **descriptors;
    size_t descriptor_count, descriptor_capacity;
    struct tcp_name **tcp_names;
    size_t tcp_name_count, tcp_name_capacity;
    struct target *targets;
    size_t target_count, target_capacity;
    struct pending *pending;
    size_t pending_count, pending_capacity, blocked_count;
    uint32_t next_cookie;
    size_t *waiting; /* packets that left and were not yet expected: record indexes */
    size_t waiting_first, waiting_count, waiting_capacity;
    size_t drain_start;      /* first record of the cause that is being drained */
    struct tcp_room scratch; /* where the next outbound packet is written */
    struct tcp_room inbound; /* where the next inbound packet is built */
    uint32_t idle_ticks;
    struct tcp_step_record last_step;
    bool has_last_step;
    bool has_told_step; /* `told_step` was recorded before poll() tells of it */
    uint32_t told_step;
    const char *warning;
    struct problem problem;
};

/* Ends the run. The first problem stays. Always false, so that it can be returned. */
bool run_fail(struct run *run, enum run_verdict verdict, struct source_span span,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same, of what is no expectation of the script: an oracle that fired. */
bool run_stop(struct run *run, enum run_verdict verdict, struct source_span span,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Does the script judge? If oracles alone do, RUN_FAILED is no end and run_fail() does not set it. */
bool run_judges_script(const struct run *run);
/* The script does not judge, and nothing ends the run: it goes on. */
bool run_lets_be(const struct run *run);
/* Lets a statement of the script that expects something pass, without comparing. */
bool let_be(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to);

/* Adds a row to the table of the problem. Texts live in the arena. */
void run_differ(struct run *run, const char *field, struct source_span span, const char *script,
                const char *stack);

/* The state of the connection goes into the report, as it is now. */
void run_concern(struct run *run, const struct connection *connection);

/* Writes run->problem as report and summary. */
void mismatch_report(struct run *run, struct run_outcome *out);

/* Adds a line that says what the stack did last, and why. */
void mismatch_step(const struct tcp_step_record *step, struct text *out);

/* Seconds since the script's time 0, as few digits as say it: "0.2". */
const char *run_time_text(struct run *run, tcp_time at);
const char *run_duration_text(struct run *run, uint64_t us);

/* ---- setup.c, preflight.c ------------------------------------------------------------------------ */

/* Options, profile, settings, addresses. */
bool setup_read(struct run *run);
/* Sets a configuration field by name. */
bool setup_set(struct run *run, const char *name, uint64_t value, struct source_span span);
/* The configuration as the system under test gets it: IPv6 runs have the larger MTU. */
struct tcp_config setup_live_config(const struct run *run);
/* Says of the first form that cannot run why not. */
bool preflight(struct run *run);

/* ---- timeline.c ---------------------------------------------------------------------------------- */

bool timeline_run(struct run *run);
/* One statement, when it takes place. */
bool timeline_event(struct run *run, const struct scenario_event *event);

/* ---- prologue.c ------------------------------------------------------------------------------------ */

bool prologue_exists(const char *name);
/* What the script starts from, if it says so. */
bool prologue_run(struct run *run);

/* Lets time go on until `limit`. Deadlines at `limit` itself take effect only if `is_inclusive`.
 * Stops early, and true, when `stops_at_packet` and a packet waits. */
bool timeline_reach(struct run *run, tcp_time limit, bool is_inclusive, bool stops_at_packet);
/* The same, but stops when so many packets wait. */
bool timeline_reach_packets(struct run *run, tcp_time limit, bool is_inclusive, size_t packets);
/* Packets that left and were not yet expected. */
size_t timeline_waiting(const struct run *run);

/* ---- instant.c ----------------------------------------------------------------------------------- */

/* What is due takes effect, and everything owed is taken. */
bool instant_tick(struct run *run);
/* Now it is `time`, if that is later. */
void instant_leave(struct run *run, tcp_time time);

/* ---- drain.c ------------------------------------------------------------------------------------- */

/* Takes everything that the system under test owes, into the trace; then the oracles look. */
bool drain(struct run *run);
/* For the event that the run ends in: packets and changes of state go into the trace as far as they are
 * owed by now, and nobody looks at them. Steps do not, so that the finding keeps the name of its own. */
void drain_unjudged(struct run *run);
struct trace_record *run_record(struct run *run, enum trace_kind kind,
                                const struct scenario_event *event);

void run_record_step(struct run *run, const struct tcp_step_record *step);

/* ---- sleep.c ------------------------------------------------------------------------------------ */

/* The clock jumps to `until`, and nobody has looked at it yet. */
void run_sleep(struct run *run, const struct scenario_event *event, tcp_time until);

/* What was due meanwhile is done. */
bool run_wake(struct run *run);

/* ---- connections.c ------------------------------------------------------------------------------- */

struct connection *connections_add(struct run *run, const struct tcp_flow *flow, bool is_passive);
struct connection *connections_by_label(const struct run *run, const char *label);
/* The life that the system under test told of by this handle, or NULL. */
struct connection *connections_by_handle(const struct run *run, tcp_handle handle);
/* The one that an unlabelled statement means: the latest that is more than an embryo. */
struct connection *connections_latest(const struct run *run);
struct connection *connections_of_flow(const struct run *run, const struct tcp_flow *flow);
/* A further life on the ports of `before`. */
struct connection *connections_again(struct run *run, const struct connection *before);
void connections_name(struct run *run, struct connection *connection, const char *label);
void connections_set_local_isn(struct run *run, struct connection *connection, tcp_seqno isn);
void connections_set_remote_isn(struct run *run, struct connection *connection, tcp_seqno isn);
/* In mode causes: the connection that a packet names by label or ports, begun if there is none; else NULL. */
struct connection *connections_of_cause(struct run *run, const struct scenario_packet *packet);
/* Whose packet the script injects; begins an incarnation when it must. NULL: problem set. */
struct connection *connections_of_inbound(struct run *run, const struct scenario_packet *packet);
/* Whose packet left; NULL when it is nobody's. */
struct connection *connections_of_outbound(struct run *run, const struct tcp_segment *segment);
/* Whom a report of the system under test is about; NULL when it is nobody's. */
struct connection *connections_of_report(struct run *run, const struct sut_report *report);

/* ---- targets.c ----------------------------------------------------------------------------------- */

bool targets_same_flow(const struct tcp_flow *a, const struct tcp_flow *b);
/* From now on the label stands for this connection; a listener changes nothing. */
void targets_bind(struct run *run, const char *label, const struct tcp_flow *flow);
/* The same for `fd<name>` and the connection behind the live descriptor. */
void targets_bind_descriptor(struct run *run, int64_t name, int fd);
bool targets_flow(const struct run *run, const char *label, struct tcp_flow *out);
/* The connection that a SYN gave the label to, or else the latest with the flow it stands for, or NULL. */
struct connection *targets_connection(const struct run *run, const char *label);

/* ---- numbers.c ----------------------------------------------------------------------------------- */

enum number_side { NUMBER_LOCAL, NUMBER_REMOTE }; /* whose sequence space */

/* A number of the script as it stands on the wire. */
bool numbers_live(struct run *run, const struct connection *connection,
                  const struct scenario_number *number, enum number_side side, tcp_seqno *out);
/* A number of the wire as the script would say it. */
uint32_t numbers_script(const struct connection *connection, tcp_seqno number,
                        enum number_side side);
/* The state of a connection, from the system under test. False: no record of it is left. */
bool numbers_status(struct run *run, const struct connection *connection, struct tcp_status *out);

/* ---- inject.c, expect.c -------------------------------------------------------------------------- */

/* Gives one packet to the system under test, without draining. */
bool inject_packet(struct run *run, const struct scenario_event *event);

/* Whole statements, in expect_statement.c and expect_group.c. */
bool expect_packet(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to);
bool expect_any_order(struct run *run, const struct scenario_event *event, tcp_time from,
                      tcp_time to);
bool expect_one_of(struct run *run, const struct scenario_event *event, tcp_time from, tcp_time to);
/* A packet waits that the statement at hand does not speak of. */
bool expect_nothing(struct run *run, const struct scenario_event *event, const char *why);

/* ---- calls.c, arguments.c, descriptors.c ---------------------------------------------------------- */

/* What a call of the language does. */
struct call_form {
    const char *name;
    size_t arguments_min, arguments_max;
    /* Fills entry->call from the script's arguments. */
    bool (*prepare)(struct run *run, const struct scenario_call *call, struct pending *entry);
    /* Looks at what came; *value is what the script's caller sees. NULL: the result's value. */
    bool (*conclude)(struct run *run, struct pending *entry, const struct sut_result *result,
                     int64_t *value);
};

/* The form of that name, or NULL when it cannot run. */
const struct call_form *calls_find(const char *name);

/* The names of all calls that run, in the arena. */
const char *const *calls_names(struct arena *arena, size_t *count);
/* Makes the call and drains. `end`: when a blocking one must return. */
bool calls_make(struct run *run, const struct scenario_event *event, tcp_time end);
/* Holds a result against the script's. */
bool calls_judge(struct run *run, struct pending *entry, const struct sut_result *result);

/* An integer of the script: numbers, words, a|b, htons(). */
bool argument_integer(struct run *run, const struct scenario_value *value, int64_t *out);
/* A socket address, or the one given for `...`. */
bool argument_endpoint(struct run *run, const struct scenario_value *value,
                       const struct tcp_endpoint *otherwise, struct tcp_endpoint *out);
/* Does it say an address, other than `...`, 0 and NULL? */
bool argument_is_address(const struct scenario_value *value);
/* An address as text, which must be of the run's IP version. */
bool argument_address(struct run *run, const char *text, size_t count, struct source_span span,
                      struct tcp_address *out);
/* The live descriptor that a script's name stands for; -1 when it names none. */
bool argument_descriptor(struct run *run, const struct scenario_value *value,
                         struct descriptor **entry, int *fd);

struct descriptor *descriptors_find(const struct run *run, int64_t name);
void descriptors_bind(struct run *run, int64_t name, int fd);
/* The name stands for no descriptor any more. */
void descriptors_unbind(struct run *run, int64_t name);
/* The connection behind a descriptor, found by its flow, or NULL. */
struct connection *descriptors_connection(struct run *run, struct descriptor *entry);

/* ---- pending.c ----------------------------------------------------------------------------------- */

struct pending *pending_add(struct run *run, const struct pending *entry);
bool pending_done(struct run *run, const struct sut_result *result);
/* When the earliest blocked call must have ended; TCP_TIME_NEVER: none is blocked. */
tcp_time pending_due(const struct run *run);
/* Time is about to leave run->now: false, with a report, when a call should have ended by then. */
bool pending_may_leave(struct run *run);

/* ---- symbols.c, assertions.c --------------------------------------------------------------------- */

/* The value of a word (Linux's numbers, as packetdrill's scripts mean them). */
bool symbols_find(const char *word, size_t count, int64_t *out);

/* All these words, in the arena. */
const char *const *symbols_names(struct arena *arena, size_t *count);

/* ---- vocabulary.c -------------------------------------------------------------------------------- */

/* Fails the run over a call or a word that does not run: skipped when others know it, invalid, with
 * what may have been meant, when nobody does. Always false. */
bool vocabulary_refuse_call(struct run *run, const struct scenario_call *call);
bool vocabulary_refuse_word(struct run *run, const struct scenario_value *value);
/* The same of what stands in {...}: name=value, of these names. */
bool vocabulary_check_members(struct run *run, const struct scenario_value *structure,
                              const char *const *names, size_t count);

bool assertions_check(struct run *run, const struct scenario_event *event);
/* Do the conditions hold of this state of a connection (NULL: of a listener)? */
bool assertions_hold(struct run *run, const struct connection *connection,
                     const struct tcp_status *status, const struct scenario_condition *conditions,
                     size_t count);

#endif
