/* finwait audit: captures held against the oracles of the wire. */
#include "capture/audit.h"
#include "capture/excerpt.h"
#include "capture/source.h"
#include "cli/verbs.h"
#include "oracle/counts.h"
#include "report/escape.h"
#include "trace/ladder.h"
#include "trace/ladder_words.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define EXIT_FINDINGS 1

/* The sum over all files. */
struct auditing {
    const struct request *request;
    struct tcp_address *sides;
    size_t side_count;
    struct text words;
    uint64_t of[3]; /* findings, by enum audit_weight */
    uint64_t segments;
    struct oracle_counts verdicts;
};

/* One file. */
struct capture_sum_up {
    uint64_t frames, kinds[CAPTURE_KINDS];
};

static const char *weight_name(enum audit_weight weight)
{
    switch (weight) {
    case AUDIT_CERTAIN:
        return "certain";
    case AUDIT_DOUBTFUL:
        return "doubtful";
    case AUDIT_NOTE:
        return "note";
    }
    return "?";
}

static int code_of(enum capture_error error, const char *path)
{
    switch (error) {
    case CAPTURE_OK:
        return 0;
    case CAPTURE_NO_CAPTURE:
        return EXIT_USAGE;
    case CAPTURE_UNREADABLE:
        return unreadable(path);
    case CAPTURE_UNABLE:
        return EXIT_BROKEN;
    }
    return EXIT_BROKEN;
}

/* ---- reading ------------------------------------------------------------------------------------- */

/* Walks through a file, for the audit or, the second time, for the excerpts. 0 or the exit code. */
static int walk(const char *path, struct audit *audit, struct excerpts *excerpts,
                struct capture_sum_up *sum)
{
    struct text complaint = TEXT_EMPTY;
    struct capture_source *source;
    enum capture_error error = capture_open(path_to_read(path), &source, &complaint);
    struct capture_frame frame;
    while (error == CAPTURE_OK && capture_next(source, &frame, &error, &complaint)) {
        struct capture_packet packet;
        capture_packet_read(frame.link, frame.bytes, frame.count, frame.wire_count, &packet);
        sum->frames++;
        sum->kinds[packet.kind]++;
        const tcp_time at = {frame.time_us};
        if (packet.kind == CAPTURE_TCP && excerpts != NULL) {
            excerpts_packet(excerpts, at, &packet);
        } else if (packet.kind == CAPTURE_TCP) {
            audit_packet(audit, frame.number, at, &packet);
        }
    }
    capture_close(source);
    if (error != CAPTURE_OK && excerpts == NULL) {
        (void)fprintf(stderr, "%s: cannot be read%s: %s\n", path,
                      sum->frames > 0 ? " to its end" : "", text_read(&complaint));
    }
    text_free(&complaint);
    return code_of(error, path);
}

/* ---- showing --------------------------------------------------------------------------------------- */

static void show_ends(struct text *out, const struct tcp_flow *ends)
{
    ladder_endpoint(out, &ends->local);
    text_string(out, " > ");
    ladder_endpoint(out, &ends->remote);
}

static void show(struct auditing *auditing, const char *path, const struct audit_finding *finding)
{
    struct text *out = &auditing->words;
    text_format(out, "%s:packet %" PRIu64 ": %s%s%s %s: %s (%s) [", path, finding->packet,
                finding->weight == AUDIT_CERTAIN ? "" : weight_name(finding->weight),
                finding->weight == AUDIT_CERTAIN ? "" : ": ", finding->oracle->id,
                finding->oracle->name, finding->oracle->statement, finding->detail);
    show_ends(out, &finding->ends);
    text_string(out, "]\n");
    if (finding->doubt != NULL) {
        text_format(out, "    doubtful because %s\n", finding->doubt);
    }
    if (finding->more > 0) {
        text_format(out, "    and %" PRIu64 " more like it from this end\n", finding->more);
    }
}

static void show_ladder(struct auditing *auditing, const struct trace *trace)
{
    const struct ladder_options options = {.is_ascii = auditing->request->is_ascii,
                                           .has_heading = false};
    text_string(&auditing->words, "\n");
    ladder_print(trace, &options, &auditing->words);
    text_string(&auditing->words, "\n");
}

static void add_string(struct text *out, const char *name, const char *value)
{
    text_format(out, ",\"%s\":", name);
    escape_json(out, value);
}

static void add_endpoint(struct text *out, const char *name, const struct tcp_endpoint *endpoint)
{
    struct text words = TEXT_EMPTY;
    ladder_endpoint(&words, endpoint);
    add_string(out, name, text_read(&words));
    text_free(&words);
}

static void show_json(struct auditing *auditing, const char *path,
                      const struct audit_finding *finding, const struct trace *trace)
{
    struct text *out = &auditing->words;
    text_string(out, "{\"type\":\"finding\"");
    add_string(out, "file", path);
    text_format(out, ",\"packet\":%" PRIu64 ",\"time_us\":%" PRIu64 ",\"flow\":%" PRIu64,
                finding->packet, finding->at.us, finding->flow);
    add_endpoint(out, "from", &finding->ends.local);
    add_endpoint(out, "to", &finding->ends.remote);
    add_string(out, "id", finding->oracle->id);
    add_string(out, "name", finding->oracle->name);
    add_string(out, "level", oracle_level_name(finding->oracle->level));
    add_string(out, "reference", finding->oracle->reference);
    add_string(out, "weight", weight_name(finding->weight));
    add_string(out, "statement", finding->oracle->statement);
    add_string(out, "detail", finding->detail);
    if (finding->doubt != NULL) {
        add_string(out, "doubt", finding->doubt);
    }
    text_format(out, ",\"more\":%" PRIu64, finding->more);
    if (trace != NULL) {
        struct text ladder = TEXT_EMPTY;
        ladder_print(trace, &(struct ladder_options){.is_ascii = auditing->request->is_ascii},
                     &ladder);
        add_string(out, "ladder", text_read(&ladder));
        text_free(&ladder);
    }
    text_string(out, "}\n");
}

static void show_counts_json(struct auditing *auditing, const char *path, const struct audit *audit,
                             const struct capture_sum_up *sum)
{
    struct text *out = &auditing->words;
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    text_string(out, "{\"type\":\"capture\"");
    add_string(out, "file", path);
    text_format(out,
                ",\"frames\":%" PRIu64 ",\"segments\":%" PRIu64 ",\"other\":%" PRIu64
                ",\"fragments\":%" PRIu64 ",\"too_short\":%" PRIu64 ",\"flows\":%" PRIu64
                ",\"evaluations\":{",
                sum->frames, sum->kinds[CAPTURE_TCP], sum->kinds[CAPTURE_OTHER],
                sum->kinds[CAPTURE_FRAGMENT], sum->kinds[CAPTURE_TOO_SHORT], audit_flows(audit));
    const char *between = "";
    for (size_t i = 0; i < count; i++) {
        if (audit_judges(catalogue[i])) {
            text_format(out, "%s\"%s\":%" PRIu64, between, catalogue[i]->id,
                        audit_evaluations(audit, i));
            between = ",";
        }
    }
    text_string(out, "}}\n");
}

static void show_counts(struct auditing *auditing, const char *path, const struct audit *audit,
                        const struct capture_sum_up *sum)
{
    struct text *out = &auditing->words;
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    text_format(out, "%s: %" PRIu64 " segments in %" PRIu64 " %s", path, sum->kinds[CAPTURE_TCP],
                audit_flows(audit), audit_flows(audit) == 1 ? "flow" : "flows");
    static const char *const names[CAPTURE_KINDS] = {"", "other packets", "fragments",
                                                     "packets with too little of their headers"};
    for (int kind = 1; kind < CAPTURE_KINDS; kind++) {
        if (sum->kinds[kind] > 0) {
            text_format(out, ", %" PRIu64 " %s", sum->kinds[kind], names[kind]);
        }
    }
    text_string(out, "\n  judged:");
    for (size_t i = 0; i < count; i++) {
        if (audit_judges(catalogue[i])) {
            text_format(out, " %s %" PRIu64, catalogue[i]->id, audit_evaluations(audit, i));
        }
    }
    text_string(out, "\n");
}

/* ---- auditing ---------------------------------------------------------------------------------------- */

/* Findings of a file, in the order of its packets, with their ladders if these are asked for. */
static void show_findings(struct auditing *auditing, const char *path, const struct audit *audit,
                          struct arena *arena)
{
    const struct request *request = auditing->request;
    size_t count = 0;
    const struct audit_finding *findings = audit_findings(audit, &count);
    struct excerpts *excerpts = NULL;
    if (count > 0 && request->wants_ladder) {
        struct capture_sum_up again = {0};
        excerpts = excerpts_create(findings, count, arena);
        (void)walk(path, NULL, excerpts, &again); /* what it complains of was told before */
    }
    for (size_t i = 0; i < count; i++) {
        const struct trace *trace = excerpts == NULL ? NULL : excerpt_of(excerpts, i);
        auditing->of[findings[i].weight] += 1 + findings[i].more;
        if (request->wants_json) {
            show_json(auditing, path, &findings[i], trace);
            continue;
        }
        show(auditing, path, &findings[i]);
        if (trace != NULL) {
            show_ladder(auditing, trace);
        }
    }
}

/* Ladders are made in a second walk. */
static bool can_be_read_again(const char *path)
{
    struct stat status;
    return stat(path_to_read(path), &status) != 0 || !S_ISFIFO(status.st_mode);
}

static int audit_one(struct auditing *auditing, const char *path)
{
    if (auditing->request->wants_ladder && !can_be_read_again(path)) {
        return complain("audit", "--ladder reads a capture twice: not from a pipe", EXIT_USAGE);
    }
    struct arena *arena = arena_create();
    const struct audit_options options = {.is_exact = auditing->request->is_exact,
                                          .sides = auditing->sides,
                                          .side_count = auditing->side_count};
    struct audit *audit = audit_create(&options, arena);
    struct capture_sum_up sum = {0};
    const int code = walk(path, audit, NULL, &sum);
    show_findings(auditing, path, audit, arena);
    if (sum.frames > 0 || code == 0) {
        if (auditing->request->wants_json) {
            show_counts_json(auditing, path, audit, &sum);
        } else if (!auditing->request->is_quiet) {
            show_counts(auditing, path, audit, &sum);
        }
    }
    auditing->segments += sum.kinds[CAPTURE_TCP];
    for (size_t i = 0, count = 0; (void)oracle_catalogue(&count), i < count; i++) {
        auditing->verdicts.of[i] += audit_evaluations(audit, i);
    }
    arena_destroy(arena);
    return code;
}

static bool has_judged(const struct auditing *auditing)
{
    for (size_t i = 0, count = 0; (void)oracle_catalogue(&count), i < count; i++) {
        if (auditing->verdicts.of[i] > 0) {
            return true;
        }
    }
    return false;
}

/* 3 wins over 2, 2 over 1; without TCP there is nothing to be clean. */
static int final_code(const struct auditing *auditing, int worst)
{
    const bool fails = auditing->of[AUDIT_CERTAIN] > 0 ||
                       (auditing->request->is_severe && auditing->of[AUDIT_DOUBTFUL] > 0);
    if (worst != 0) {
        return worst;
    }
    if (auditing->segments == 0) {
        return complain("audit", "there is no TCP in it", EXIT_NOTHING_RAN);
    }
    if (auditing->side_count > 0 && !has_judged(auditing)) {
        return complain("audit", "no host of --side sent anything", EXIT_NOTHING_RAN);
    }
    return fails ? EXIT_FINDINGS : 0;
}

static void show_sum(struct auditing *auditing, int code)
{
    struct text *out = &auditing->words;
    const uint64_t certain = auditing->of[AUDIT_CERTAIN];
    const uint64_t notes = auditing->of[AUDIT_NOTE];
    if (auditing->request->wants_oracle_counts) {
        (auditing->request->wants_json ? oracle_counts_json
                                       : oracle_counts_print)(&auditing->verdicts, out);
    }
    if (auditing->request->wants_json) {
        text_format(out,
                    "{\"type\":\"summary\",\"certain\":%" PRIu64 ",\"doubtful\":%" PRIu64
                    ",\"notes\":%" PRIu64 ",\"exit_code\":%d}\n",
                    certain, auditing->of[AUDIT_DOUBTFUL], notes, code);
        return;
    }
    text_format(out, "%" PRIu64 " %s, %" PRIu64 " doubtful, %" PRIu64 " %s in %zu %s\n", certain,
                certain == 1 ? "finding" : "findings", auditing->of[AUDIT_DOUBTFUL], notes,
                notes == 1 ? "note" : "notes", auditing->request->path_count,
                auditing->request->path_count == 1 ? "capture" : "captures");
}

/* The addresses of --side. False if one is none. */
static bool take_sides(struct auditing *auditing, struct arena *arena)
{
    const char *at = auditing->request->side;
    size_t count = at == NULL ? 0 : 1;
    for (size_t i = 0; at != NULL && at[i] != '\0'; i++) {
        count += at[i] == ',';
    }
    auditing->sides = arena_take(arena, count * sizeof *auditing->sides);
    for (; auditing->side_count < count; auditing->side_count++) {
        struct tcp_address *side = &auditing->sides[auditing->side_count];
        const size_t length = strcspn(at, ",");
        const char *word = arena_copy_text(arena, at, length);
        side->version = strchr(word, ':') == NULL ? 4 : 6;
        if (inet_pton(side->version == 4 ? AF_INET : AF_INET6, word, side->bytes) != 1) {
            return false;
        }
        at += length + 1;
    }
    return true;
}

static int audit_all(struct auditing *auditing, struct arena *arena)
{
    const struct request *request = auditing->request;
    if (request->path_count == 0) {
        return complain("audit", "no capture is named\nTry \"finwait audit --help\".", EXIT_USAGE);
    }
    if (!take_sides(auditing, arena)) {
        return complain("audit", "--side wants the IP address of a host", EXIT_USAGE);
    }
    int worst = 0;
    for (size_t i = 0; i < request->path_count; i++) {
        const int one = audit_one(auditing, request->paths[i]);
        worst = one > worst ? one : worst;
        const int written = write_out("audit", &auditing->words);
        text_clear(&auditing->words);
        if (written != 0) {
            return written;
        }
    }
    const int code = final_code(auditing, worst);
    show_sum(auditing, code);
    const int written = write_out("audit", &auditing->words);
    return written > code ? written : code;
}

int verb_audit(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_AUDIT, argc, argv, arena, &request, NULL, &code)) {
        struct auditing auditing = {.request = &request};
        code = audit_all(&auditing, arena);
        text_free(&auditing.words);
    }
    arena_destroy(arena);
    return code;
}
