#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "causes/text.h"
#include "feedback.h"
#include "finding.h"
#include "page.h"
#include "scenario/print.h"
#include "world/world.h"

#define DELAYS 4

/* Two hosts are near or far: few delays, so that each is a starting point of its own. */
static const uint32_t delays_us[DELAYS] = {1000, 10000, 100000, 1000000};

static uint8_t nearest_delay(uint32_t delay_us)
{
    uint8_t index = 0;
    while (index + 1 < DELAYS && delay_us > delays_us[index] * 3) {
        index++;
    }
    return index;
}

/* The one world, and a snapshot for each place to begin at, made when it is first asked for. */
struct stage {
    struct world_config config;
    size_t bytes;
    void *block;
    struct world *world;
    void *points[CAUSE_PROLOGUE_COUNT][2][DELAYS];
};

static void must(bool holds, const char *detail)
{
    law(holds, "the starting point cannot be reached", detail);
}

static enum tcb_state state_of_pair(struct world *world)
{
    struct tcp_host *const host = world_host(world, CAUSE_HOST_A);
    for (uint32_t slot = 0; slot < tcp_host_limits(host)->connections; slot++) {
        struct tcp_status status;
        if (tcp_host_look(host, tcp_host_at_slot(host, slot), &status) == TCP_OK &&
            status.flow.remote.port == cause_pair_ports(0).remote) {
            return status.state;
        }
    }
    return TCB_CLOSED;
}

static void play_prologue(struct world *world, enum prologue prologue)
{
    struct cause causes[PROLOGUE_CAUSES_MAX];
    const size_t count = prologue_causes(prologue, causes);
    for (size_t index = 0; index < count; index++) {
        must(world_apply(world, &causes[index]), cause_prologue_name((uint8_t)prologue));
    }
    must(world_finding(world) == NULL && state_of_pair(world) == prologue_state(prologue),
         cause_prologue_name((uint8_t)prologue));
}

static void open_stage(struct stage *stage)
{
    stage->config = world_config_play();
    stage->bytes = world_bytes(&stage->config);
    campaign_page()->host_bytes = tcp_host_bytes(&stage->config.limits);
    stage->block = finding_block(stage->bytes);
}

static void make_point(struct stage *stage, const struct cause_start *start, void **point)
{
    if (stage->world != NULL) {
        world_end(stage->world);
    }
    stage->world = world_begin(stage->block, stage->bytes, start, &stage->config);
    must(stage->world != NULL, "no world begins");
    play_prologue(stage->world, (enum prologue)start->prologue);
    *point = finding_block(stage->bytes);
    must(world_snapshot(stage->world, *point), "no snapshot can be made");
}

static struct world *begin(const struct cause_start *start)
{
    static struct stage stage;
    if (stage.block == NULL) {
        open_stage(&stage);
    }
    void **const point =
        &stage.points[start->prologue][start->ip_version == 6][nearest_delay(start->delay_us)];
    if (*point == NULL) {
        make_point(&stage, start, point);
    } else {
        world_restore(stage.world, *point);
    }
    return stage.world;
}

/* ---- reading an input -------------------------------------------------------------------------- */

static bool knows(const struct play_rules *rules, uint8_t prologue)
{
    return memchr(rules->prologues, prologue, rules->prologue_count) != NULL;
}

/* FINWAIT_SETTINGS=0: the configuration stays what it is by default, to see what is reached in it. */
static void drop_settings(struct cause_list *list)
{
    size_t kept = 0;
    for (size_t index = 0; index < list->count; index++) {
        if (list->items[index].kind != CAUSE_SET) {
            list->items[kept++] = list->items[index];
        }
    }
    list->count = kept;
}

static bool may_set(void)
{
    static int answer = -1;
    if (answer < 0) {
        const char *const wish = getenv("FINWAIT_SETTINGS");
        answer = wish == NULL || strcmp(wish, "0") != 0;
    }
    return answer != 0;
}

void play_decode(const struct play_rules *rules, const uint8_t *bytes, size_t count,
                 struct cause_list *out)
{
    static struct cause causes[PLAY_CAUSES_MAX];
    cause_decode(bytes, count, causes, PLAY_CAUSES_MAX, out);
    struct cause_start *start = &out->start;
    const bool is_for_others = start->hosts != rules->hosts;
    start->hosts = rules->hosts;
    start->delay_us = rules->hosts == 2 ? delays_us[nearest_delay(start->delay_us)] : 0;
    if (!knows(rules, start->prologue)) {
        start->prologue = rules->prologues[start->prologue % rules->prologue_count];
    }
    if (!may_set()) {
        drop_settings(out);
    }
    if (is_for_others ||
        !may_set()) { /* what is decoded is normal for as many hosts as the input asks for */
        cause_list_normalise(out);
    }
}

/* ---- what came of it --------------------------------------------------------------------------- */

static bool is_acceptable(const struct tcp_step_record *step)
{
    return step->check != TCP_CHECK_WIRE && step->check != TCP_CHECK_DEMUX &&
           step->check != TCP_CHECK_SEQUENCE;
}

static void count_trace(struct campaign_page *page, const struct trace *whole, size_t from)
{
    struct trace trace = *whole;
    uint64_t injected = 0, acceptable = 0;
    if (from > 0) { /* a trace without a record has no memory either */
        trace.records += from;
        trace.record_count -= from;
    }
    for (size_t index = 0; index < trace.record_count; index++) {
        const struct trace_record *record = &trace.records[index];
        if (record->kind == TRACE_STATE) {
            feedback_change(record->as.state.from, record->as.state.to);
        } else if (record->kind == TRACE_STEP) {
            feedback_step(&record->as.step);
            if (record->as.step.cause == TCP_CAUSE_SEGMENT) {
                injected++;
                acceptable += is_acceptable(&record->as.step);
            }
        }
    }
    campaign_count(&page->injected, injected);
    campaign_count(&page->acceptable, acceptable);
    state_counts_add(&page->states, &trace);
}

/* What is being played, while it is. */
static const struct cause_list *on_stage;
static struct world *world_on_stage;

/* The input as a script, and what the stack did in the comments behind it. */
static void explain(void)
{
    struct arena *const arena = arena_create();
    struct text text = TEXT_EMPTY;
    text_string(&text, "---- scenario\n");
    scenario_print(&text, cause_to_scenario(on_stage, arena));
    text_string(&text, "---- end of scenario\n");
    for (uint8_t host = 0; host < on_stage->start.hosts; host++) {
        text_format(&text, "---- host %c\n", 'a' + host);
        trace_print(world_trace(world_on_stage, (enum cause_host)host), &text);
    }
    (void)fwrite(text_read(&text), 1, text.length, stderr);
    text_free(&text);
    arena_destroy(arena);
}

static _Noreturn void report(const struct world_finding *found)
{
    char what[256];
    (void)snprintf(what, sizeof what, "%s, cause %u of host %c", found->name, found->cause,
                   found->host == CAUSE_HOST_A ? 'a' : 'b');
    finding(what, found->detail);
}

int play_input(const struct play_rules *rules, const uint8_t *bytes, size_t count)
{
    struct cause_list list;
    if (count == 0) {
        return 0;
    }
    play_decode(rules, bytes, count, &list);
    struct campaign_page *const page = campaign_page();
    struct world *const world = begin(&list.start);
    size_t seen[WORLD_HOSTS_MAX];
    for (uint8_t host = 0; host < list.start.hosts; host++) {
        seen[host] = world_trace(world, (enum cause_host)host)->record_count;
    }
    on_stage = &list;
    world_on_stage = world;
    finding_explain(explain);
    size_t acted = 0;
    while (acted < list.count && world_apply(world, &list.items[acted])) {
        acted++;
    }
    world_finish(world);
    feedback_begin();
    for (uint8_t host = 0; host < list.start.hosts; host++) {
        count_trace(page, world_trace(world, (enum cause_host)host), seen[host]);
    }
    campaign_count(&page->events, acted);
    page->last_hash = world_hash(world);
    const struct world_finding *const found = world_finding(world);
    if (found != NULL) {
        report(found);
    }
    finding_explain(NULL);
    return 0;
}
