/* S06 to S08: some runs are done once more, by the same causes in another world, and must tell the same.
 *
 * Every PAIR_EVERY-th seed is done again as it was, but with the hosts moved about in memory (S07). If that
 * differs, once more without the moves tells whether a run repeats itself at all (S06). Every other
 * PAIR_EVERY-th is done again with something changed that is none of its business (S08): the secret, the
 * clock, ISNs where they are fixed, a stranger's listener, or a stranger's connections (stranger.h). There,
 * numbers count from the ISNs and times from the start, and ports are not compared. */
#include "base/block.h"
#include "sim/sim_state.h"
#include "sim/stranger.h"
#include "tcp/seq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAIR_EVERY     20
#define MOVES_EVERY    96         /* causes; a move costs as much as many of them */
#define SHIFT_US       977000000u /* whole ticks of every clock */
#define SHIFT_NUMBERS  UINT32_C(0x40000123)
#define STRANGERS_PORT 4242
#define STRANGER_EVERY 4 /* causes */

enum change {
    CHANGE_NOTHING,
    CHANGE_PLACE,
    CHANGE_SECRET,
    CHANGE_CLOCK,
    CHANGE_STRANGER,
    CHANGE_TRAFFIC,
    CHANGE_NUMBERS,
    CHANGE_COUNT
};

static void add_stranger(struct world *world, uint8_t ip_version)
{
    for (uint8_t i = 0; i < world_hosts(world); i++) {
        struct tcp_host *const host = world_host(world, (enum cause_host)i);
        const struct tcp_endpoint local = {.port = STRANGERS_PORT,
                                           .address = {.version = ip_version}};
        tcp_handle handle;
        (void)tcp_host_listen(host, world_now(world), &local, 1, &handle);
    }
}

/* Behind other causes in each run, so that many runs move hosts behind any. */
static bool is_time_to_move(const struct sim *sim, size_t causes)
{
    return (causes + sim->list.count) % MOVES_EVERY == 0;
}

/* One after the other. */
static enum cause_host host_to_move(const struct sim *sim, size_t causes, uint8_t hosts)
{
    return (enum cause_host)((causes + sim->list.count) / MOVES_EVERY % hosts);
}

static void host_strangers(struct world *world, struct stranger out[WORLD_HOSTS_MAX], uint8_t *room)
{
    for (uint8_t i = 0; i < world_hosts(world); i++) {
        const enum cause_host host = (enum cause_host)i;
        out[i] = stranger_at(world_host(world, host), world_address(world, host), room);
    }
}

static void let_strangers_act(struct world *world, struct stranger strangers[WORLD_HOSTS_MAX])
{
    for (uint8_t i = 0; i < world_hosts(world) && world_finding(world) == NULL; i++) {
        const char *const broken = stranger_act(&strangers[i], world_now(world));
        if (broken != NULL) {
            world_report(world, (enum cause_host)i, ORACLE_REPORTED_INDIFFERENCE, broken);
        }
    }
}

/* The cause, with an ISN that lies elsewhere if it sets one. */
static struct cause renumbered(const struct cause *cause)
{
    size_t count;
    const struct tcp_config_field *const fields = tcp_config_fields(&count);
    struct cause out = *cause;
    if (cause->kind == CAUSE_SET && cause->as.set.field < count &&
        strcmp(fields[cause->as.set.field].name, "iss") == 0) {
        out.as.set.value = (uint32_t)(cause->as.set.value + SHIFT_NUMBERS);
    }
    return out;
}

static void apply_all(const struct sim *sim, struct world *world, enum change change)
{
    uint8_t room[STRANGER_ROOM_BYTES];
    struct stranger strangers[WORLD_HOSTS_MAX];
    host_strangers(world, strangers, room);
    for (size_t i = 0; i < sim->list.count; i++) {
        const struct cause cause =
            change == CHANGE_NUMBERS ? renumbered(&sim->list.items[i]) : sim->list.items[i];
        (void)world_apply(world, &cause);
        if (change == CHANGE_PLACE && is_time_to_move(sim, i)) {
            world_move(world, host_to_move(sim, i, world_hosts(world)));
        }
        if (change == CHANGE_TRAFFIC && i % STRANGER_EVERY == 0) {
            let_strangers_act(world, strangers);
        }
    }
}

/* The causes of the last run in a world of their own; NULL: no memory. To be ended by the caller. */
static struct world *play(const struct sim *sim, void *block, enum change change)
{
    struct world_config config = sim->config;
    config.start_us += change == CHANGE_CLOCK ? SHIFT_US : 0;
    for (size_t i = 0; i < sizeof config.tcp.secret; i++) {
        config.tcp.secret[i] ^= change == CHANGE_SECRET ? 0x5a : 0;
    }
    struct world *const world = world_begin(block, world_bytes(&config), &sim->list.start, &config);
    if (world == NULL) {
        return NULL;
    }
    if (change == CHANGE_STRANGER) {
        add_stranger(world, sim->list.start.ip_version);
    }
    apply_all(sim, world, change);
    world_finish(world);
    return world;
}

/* ---- telling the same ------------------------------------------------------------------------------ */

static bool is_told(const struct trace_record *record)
{
    return record->kind == TRACE_PACKET || record->kind == TRACE_STATE ||
           (record->kind == TRACE_STEP && record->as.step.cause == TCP_CAUSE_SEGMENT);
}

static const struct trace_record *next_told(const struct trace *trace, size_t *at)
{
    while (*at < trace->record_count && !is_told(&trace->records[*at])) {
        ++*at;
    }
    return *at < trace->record_count ? &trace->records[(*at)++] : NULL;
}

/* How far the segment stands from its connection's ISN, where that is known. */
static uint32_t place_of(const struct trace *trace, const struct trace_packet *packet)
{
    if (packet->incarnation >= trace->incarnation_count || packet->direction != TRACE_FROM_SUT ||
        !trace->incarnations[packet->incarnation].has_local_isn ||
        tcp_segment_has(&packet->segment, TCP_FLAG_RST)) {
        return 0;
    }
    return tcp_seq_distance(trace->incarnations[packet->incarnation].local_isn,
                            packet->segment.seq);
}

static bool are_alike(const struct trace *a, const struct trace_record *one, const struct trace *b,
                      const struct trace_record *other)
{
    if (one->kind != other->kind || one->at.us - a->start.us != other->at.us - b->start.us) {
        return false;
    }
    if (one->kind == TRACE_STATE) {
        return one->as.state.from == other->as.state.from && one->as.state.to == other->as.state.to;
    }
    if (one->kind == TRACE_STEP) {
        return one->as.step.verdict == other->as.step.verdict &&
               one->as.step.check == other->as.step.check &&
               one->as.step.text_taken == other->as.step.text_taken;
    }
    const struct trace_packet *const p = &one->as.packet;
    const struct trace_packet *const q = &other->as.packet;
    if (p->direction != q->direction || p->wire != q->wire || p->is_icmp != q->is_icmp) {
        return false;
    }
    return p->wire != TCP_WIRE_OK ||
           (p->segment.flags == q->segment.flags && p->segment.window == q->segment.window &&
            p->segment.payload_bytes == q->segment.payload_bytes &&
            p->segment.urgent == q->segment.urgent && place_of(a, p) == place_of(b, q));
}

/* The first thing that one host tells otherwise; false: none. */
static bool differs(const struct trace *a, const struct trace *b, size_t *record)
{
    for (size_t i = 0, j = 0;;) {
        const struct trace_record *const one = next_told(a, &i);
        const struct trace_record *const other = next_told(b, &j);
        *record = i == 0 ? 0 : i - 1;
        if (one == NULL || other == NULL) {
            return one != other;
        }
        if (!are_alike(a, one, b, other)) {
            return true;
        }
    }
}

/* ---- judging --------------------------------------------------------------------------------------- */

/* Where room runs out, who else is there matters. */
static bool was_crowded(struct world *world)
{
    bool is_crowded = world_is_full(world) || world_finding(world) != NULL;
    for (uint8_t i = 0; i < world_hosts(world); i++) {
        const struct tcp_counters counters =
            tcp_host_counters(world_host(world, (enum cause_host)i));
        is_crowded = is_crowded || counters.connections_full > 0 || counters.paths_full > 0 ||
                     counters.streams_full > 0 || counters.answers_lost > 0;
    }
    return is_crowded;
}

static bool repeats(const struct sim *sim, void *block, enum change change)
{
    struct world *const world = play(sim, block, change);
    const bool is_same = world == NULL || world_hash(world) == world_hash(sim->world);
    if (world != NULL) {
        world_end(world);
    }
    return is_same;
}

static void judge_repetition(struct sim *sim, void *block)
{
    const bool is_moved_same = repeats(sim, block, CHANGE_PLACE);
    const bool is_same = is_moved_same || repeats(sim, block, CHANGE_NOTHING);
    world_report(sim->world, CAUSE_HOST_A, ORACLE_REPORTED_REPETITION,
                 is_same ? NULL : "the same causes had other effects");
    world_report(sim->world, CAUSE_HOST_A, ORACLE_REPORTED_PLACE,
                 is_moved_same ? NULL : "the causes had other effects where the hosts were moved");
}

static void judge_indifference(struct sim *sim, void *block, enum change change)
{
    static const char *const words[] = {[CHANGE_SECRET] = "secret",
                                        [CHANGE_CLOCK] = "clock",
                                        [CHANGE_STRANGER] = "stranger",
                                        [CHANGE_TRAFFIC] = "stranger's traffic",
                                        [CHANGE_NUMBERS] = "fixed ISN"};
    struct world *const world = play(sim, block, change);
    if (world == NULL) {
        return;
    }
    const struct world_finding *const finding = world_finding(world);
    char broken[200] = "";
    if (finding != NULL) { /* the run itself has none */
        (void)snprintf(broken, sizeof broken, "with another %s: %s: %s", words[change],
                       finding->oracle->id, finding->detail);
        world_report(sim->world, finding->host, ORACLE_REPORTED_INDIFFERENCE, broken);
    }
    for (uint8_t i = 0; i < world_hosts(world) && !was_crowded(world); i++) {
        const enum cause_host host = (enum cause_host)i;
        size_t record;
        if (differs(world_trace(sim->world, host), world_trace(world, host), &record)) {
            (void)snprintf(broken, sizeof broken, "with another %s, record %zu is another",
                           words[change], record);
        }
        world_report(sim->world, host, ORACLE_REPORTED_INDIFFERENCE,
                     broken[0] == '\0' ? NULL : broken);
    }
    world_end(world);
}

/* A SYN for nobody is answered by an RST that stands at 0 (RFC 9293 3.5.2), wherever the connections of the
 * four-tuple stand. */
static bool stands_at_zero(const struct trace *trace)
{
    for (size_t i = 0; i < trace->record_count; i++) {
        const struct trace_packet *const packet = &trace->records[i].as.packet;
        if (trace->records[i].kind == TRACE_PACKET && packet->direction == TRACE_FROM_SUT &&
            tcp_segment_has(&packet->segment, TCP_FLAG_RST) && packet->segment.seq.raw == 0) {
            return true;
        }
    }
    return false;
}

/* Does a host begin with numbers that it was told, and does nobody guess at them? */
static bool has_fixed_numbers(const struct sim *sim)
{
    for (uint8_t i = 0; i < world_hosts(sim->world); i++) {
        if (stands_at_zero(world_trace(sim->world, (enum cause_host)i))) {
            return false;
        }
    }
    bool is_fixed = false;
    for (size_t i = 0; i < sim->list.count; i++) {
        const struct cause *const cause = &sim->list.items[i];
        const struct cause other = renumbered(cause);
        is_fixed =
            is_fixed || (cause->kind == CAUSE_SET && cause->as.set.value != other.as.set.value);
        if (cause->kind == CAUSE_ICMP) {
            return false;
        }
    }
    return is_fixed;
}

static enum change change_for(const struct sim *sim, uint64_t seed)
{
    const uint64_t changes = CHANGE_COUNT - CHANGE_SECRET;
    const enum change change = (enum change)(CHANGE_SECRET + seed / PAIR_EVERY % changes);
    return change == CHANGE_NUMBERS && !has_fixed_numbers(sim) ? CHANGE_TRAFFIC : change;
}

void sim_judge_pair(struct sim *sim, uint64_t seed)
{
    const bool is_first = seed % PAIR_EVERY == 0;
    const bool is_second = seed % PAIR_EVERY == PAIR_EVERY / 2;
    if ((!is_first && !is_second) || was_crowded(sim->world)) {
        return;
    }
    void *const block = block_create(world_bytes(&sim->config));
    if (block == NULL) {
        return;
    }
    if (is_first) {
        judge_repetition(sim, block);
    } else {
        judge_indifference(sim, block, change_for(sim, seed));
    }
    free(block);
}
