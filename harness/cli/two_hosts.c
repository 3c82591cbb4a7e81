/* See two_hosts.h. */
#include "cli/two_hosts.h"

#include <stdio.h>
#include <string.h>

#include "causes/text.h"
#include "cli/annotate.h"
#include "cli/job.h"
#include "cli/verbs.h"
#include "scenario/units.h"
#include "sim/shrink.h"
#include "trace/ladder_pair.h"

#define TRIES_MAX   20000
#define LADDER_ROWS 30

bool two_hosts_is(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->option_count; i++) {
        const struct scenario_option_line *const option = &scenario->options[i];
        if (strcmp(option->name, "hosts") == 0 && strcmp(option->value, "2") == 0) {
            return true;
        }
    }
    return false;
}

/* NULL, or what is wrong with the settings of the command line. */
static const char *make_config(const struct request *request, struct tcp_config *out)
{
    (void)tcp_config_profile("rfc", out);
    const char *complaint = NULL;
    for (size_t i = 0; i < request->setting_count && complaint == NULL; i++) {
        const char *const setting = request->settings[i];
        char name[64] = "";
        uint64_t number = 0;
        const size_t length = strcspn(setting, "=");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, setting);
        const char *const value = setting + length + 1;
        complaint = units_setting(name, strlen(name), value, strlen(value), &number);
        if (complaint == NULL && tcp_config_set(out, name, number) != TCP_OK) {
            complaint = "a value does not fit";
        }
    }
    return complaint == NULL ? tcp_config_check(out) : complaint;
}

bool two_hosts_config(const char *verb, const struct request *request, struct tcp_config *out)
{
    const char *const complaint = make_config(request, out);
    if (complaint != NULL) {
        (void)complain(verb, complaint, EXIT_USAGE);
    }
    return complaint == NULL;
}

/* The last rows of what both hosts saw. */
static void report_ladder(const struct request *request, struct sim *sim, struct text *out)
{
    const struct ladder_options options = {.is_ascii = request->is_ascii, .last_rows = LADDER_ROWS};
    text_string(out, "\n");
    ladder_pair_print(world_trace(sim_world(sim), CAUSE_HOST_A),
                      world_trace(sim_world(sim), CAUSE_HOST_B), &options, out);
}

static void report_finding(const struct world_finding *finding, const struct request *request,
                           struct sim *sim, struct run_outcome *out)
{
    out->verdict = RUN_FAILED;
    text_format(&out->summary, "finding: %s: at host %c, %s", finding->name,
                finding->host == CAUSE_HOST_A ? 'a' : 'b', finding->detail);
    text_format(&out->report, "%s\n", text_read(&out->summary));
    report_ladder(request, sim, &out->report);
}

static void add_counts(const struct trace *trace, struct two_hosts_shown *shown)
{
    state_counts_add(shown->states, trace);
    for (size_t i = 0; i < trace->record_count; i++) {
        shown->packets += trace->records[i].kind == TRACE_PACKET &&
                          trace->records[i].as.packet.direction == TRACE_FROM_SUT;
    }
}

static void show(const struct request *request, const struct scenario *scenario, struct sim *sim,
                 struct two_hosts_shown *shown)
{
    struct world *const world = sim_world(sim);
    const struct trace *const a = world_trace(world, CAUSE_HOST_A);
    const struct trace *const b = world_trace(world, CAUSE_HOST_B);
    shown->virtual_us = world_now(world).us - world_start(world).us;
    add_counts(a, shown);
    add_counts(b, shown);
    save_add(shown->save, a, scenario);
    if (request->wants_ladder) {
        const struct ladder_options options = {
            .is_ascii = request->is_ascii, .has_heading = true, .shows_isn = request->shows_isn};
        ladder_pair_print(a, b, &options, shown->ladder);
    }
    if (request->trace != NULL) {
        text_string(shown->trace, "host a\n");
        trace_print(a, shown->trace);
        text_string(shown->trace, "host b\n");
        trace_print(b, shown->trace);
    }
}

/* What such a run has no use for. */
static const char *unused_option(const struct request *request)
{
    return request->oracles != NULL     ? "--oracles"
           : request->relocates         ? "--relocate"
           : request->tolerance_us != 0 ? "--tolerance_usecs"
           : request->has_mode          ? "--mode"
                                        : NULL;
}

void two_hosts_run(const struct scenario *scenario, const struct request *request,
                   uint8_t ip_version, struct arena *arena, struct run_outcome *out,
                   struct two_hosts_shown *shown)
{
    struct cause_list list;
    struct cause_refusal why;
    struct tcp_config config;
    const char *const unused = unused_option(request);
    if (unused != NULL) {
        out->verdict = RUN_SKIPPED;
        text_format(&out->summary, "two hosts know no %s", unused);
        return;
    }
    if (!cause_from_scenario(scenario, arena, &list, &why)) {
        out->verdict = RUN_INVALID;
        out->line = why.span.line;
        out->column = why.span.column;
        text_string(&out->summary, why.message);
        text_format(&out->report, "%s:%u:%u: %s\n", scenario->path, why.span.line, why.span.column,
                    why.message);
        return;
    }
    const char *const complaint = make_config(request, &config);
    if (complaint != NULL) {
        out->verdict = RUN_INVALID;
        text_string(&out->summary, complaint);
        text_format(&out->report, "%s: %s\n", scenario->path, complaint);
        return;
    }
    const struct sim_options options = {.oracles = WORLD_ORACLES_ALL, .tcp = &config};
    struct sim *const sim = sim_create(&options);
    if (sim == NULL) {
        out->verdict = RUN_BROKEN;
        text_string(&out->summary, "out of memory");
        return;
    }
    list.start.ip_version = ip_version;
    const bool is_clean = sim_replay(sim, &list, true);
    world_number_traces(sim_world(sim));
    out->verdict = RUN_PASSED;
    if (!is_clean) {
        report_finding(sim_finding(sim), request, sim, out);
    }
    for (uint8_t host = 0; host < world_hosts(sim_world(sim)); host++) {
        oracle_counts_add(&out->verdicts, world_oracles(sim_world(sim), (enum cause_host)host));
    }
    show(request, scenario, sim, shown);
    sim_destroy(sim);
}

/* ---- as a script ----------------------------------------------------------------------------------- */

struct same_finding {
    struct sim *sim;
    const char *name, *detail;
    enum cause_host host;
};

/* But for their numbers. */
static bool are_same_words(const char *a, const char *b)
{
    static const char digits[] = "0123456789";
    for (;; a++, b++) {
        a += strspn(a, digits);
        b += strspn(b, digits);
        if (*a != *b || *a == '\0') {
            return *a == *b;
        }
    }
}

static bool still_fires(void *context, const struct cause_list *list)
{
    const struct same_finding *const same = context;
    return !sim_replay(same->sim, list, true) && sim_finding(same->sim)->host == same->host &&
           strcmp(sim_finding(same->sim)->name, same->name) == 0 &&
           are_same_words(sim_finding(same->sim)->detail, same->detail);
}

void two_hosts_take(struct sim *sim, bool shrinks, struct arena *arena, struct cause_list *out)
{
    *out = *sim_causes(sim);
    out->count = out->capacity = sim_drawn_count(sim);
    struct cause *const items = arena_take(arena, (out->count + 1) * sizeof *items);
    memcpy(items, out->items, out->count * sizeof *items);
    out->items = items;
    const struct world_finding *const finding = sim_finding(sim);
    if (shrinks && finding != NULL) {
        const char *const detail = arena_copy_text(arena, finding->detail, strlen(finding->detail));
        const char *const name = arena_copy_text(arena, finding->name, strlen(finding->name));
        struct same_finding same = {sim, name, detail, finding->host};
        struct shrink shrink = {.holds = still_fires, .context = &same, .tries_max = TRIES_MAX};
        shrink_causes(&shrink, out, arena_take(arena, (out->count + 1) * sizeof *items));
        (void)still_fires(&same, out);
    }
}

void two_hosts_print(const struct sim *sim, const struct cause_list *list, struct arena *arena,
                     struct text *out)
{
    const struct world_finding *const finding = sim_finding(sim);
    if (finding != NULL) {
        text_format(out, "// finding: %s: at host %c, %s\n", finding->name,
                    finding->host == CAUSE_HOST_A ? 'a' : 'b', finding->detail);
    }
    annotate_print(cause_to_scenario(list, arena), NULL, out);
}
