/* finwait import: a flow of a capture as a script that passes. */
#include "capture/bless.h"
#include "capture/import.h"
#include "capture/source.h"
#include "cli/verbs.h"
#include "scenario/format.h"
#include "trace/ladder_words.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXIT_REFUSED 1

static int cannot(const char *path, const struct text *why, int code)
{
    (void)fprintf(stderr, "%s: %s%s", path, text_read(why),
                  why->length > 0 && why->bytes[why->length - 1] == '\n' ? "" : "\n");
    return code;
}

/* Gathers the flow. 0, or the exit code after a complaint. */
static int gather(const char *path, struct import *import)
{
    struct text complaint = TEXT_EMPTY;
    struct capture_source *source;
    enum capture_error error = capture_open(path_to_read(path), &source, &complaint);
    struct capture_frame frame;
    while (error == CAPTURE_OK && capture_next(source, &frame, &error, &complaint)) {
        struct capture_packet packet;
        capture_packet_read(frame.link, frame.bytes, frame.count, frame.wire_count, &packet);
        if (packet.kind == CAPTURE_TCP) {
            import_packet(import, (tcp_time){frame.time_us}, &packet);
        }
    }
    capture_close(source);
    int code = 0;
    if (error != CAPTURE_OK) {
        code = cannot(path, &complaint,
                      error == CAPTURE_NO_CAPTURE   ? EXIT_USAGE
                      : error == CAPTURE_UNREADABLE ? unreadable(path)
                                                    : EXIT_BROKEN);
    } else if (import_flows(import) == 0) {
        code = complain("import", "there is no TCP in it", EXIT_NOTHING_RAN);
    }
    text_free(&complaint);
    return code;
}

/* Which end is the stack's: a opened, b was called; or the one with that address. */
static bool find_side(const struct capture_flow *flow, const char *word, enum import_side *out)
{
    *out = IMPORT_ACCEPTOR;
    if (word == NULL || strcmp(word, "b") == 0) {
        return true;
    }
    struct tcp_address address = {.version = strchr(word, ':') == NULL ? 4 : 6};
    const bool is_address =
        inet_pton(address.version == 4 ? AF_INET : AF_INET6, word, address.bytes) == 1;
    for (int end = 0; is_address && end < 2; end++) {
        if (memcmp(&flow->ends[end].address, &address, sizeof address) == 0) {
            *out = end == CAPTURE_A ? IMPORT_OPENER : IMPORT_ACCEPTOR;
            return true;
        }
    }
    *out = IMPORT_OPENER;
    return strcmp(word, "a") == 0;
}

/* In canonical layout, so that what is added to it will be, too. */
static void lay_out(const char *path, struct text *script, struct arena *arena)
{
    struct parse_result parsed;
    scenario_parse(path, text_read(script), script->length, NULL, 0, arena, &parsed);
    if (parsed.scenario != NULL) {
        struct text layout = TEXT_EMPTY;
        scenario_format(&parsed, &layout);
        text_free(script);
        *script = layout;
    }
}

static int code_of(enum bless_result result)
{
    switch (result) {
    case BLESS_SAME:
    case BLESS_CHANGED:
        return 0;
    case BLESS_REFUSED:
        return EXIT_REFUSED;
    case BLESS_INVALID: /* a script of ours */
    case BLESS_BROKEN:
        return EXIT_BROKEN;
    }
    return EXIT_BROKEN;
}

static int bless_and_print(const char *path, struct text *script, struct arena *arena)
{
    lay_out(path, script, arena);
    const struct bless_request request = {
        .path = path, .text = text_read(script), .count = script->length, .takes_results = true};
    struct bless_outcome outcome;
    const enum bless_result result = bless_script(&request, arena, &outcome);
    (void)fputs(text_read(&outcome.complaint), stderr);
    int code = code_of(result);
    if (code == 0) {
        code = write_out("import", result == BLESS_SAME ? script : &outcome.script);
    }
    bless_outcome_free(&outcome);
    return code;
}

static int import_one(const struct request *request, const char *path, struct arena *arena)
{
    struct import *import = import_create(request->flow, arena);
    int code = gather(path, import);
    if (code != 0) {
        return code;
    }
    struct text script = TEXT_EMPTY;
    struct text notes = TEXT_EMPTY;
    enum import_side side = IMPORT_ACCEPTOR;
    const struct capture_flow *flow = import_flow(import);
    if (flow != NULL && !find_side(flow, request->side, &side)) {
        code = complain("import", "--side wants a, b or the address of one end", EXIT_USAGE);
    } else if (!import_write(import, side, path, &script, &notes)) {
        code = cannot(path, &notes, EXIT_USAGE);
    } else {
        if (import_flows(import) > 1) {
            text_format(&notes, "flow %" PRIu64 " of %" PRIu64 "; --flow chooses another\n",
                        flow->number, import_flows(import));
        }
        if (notes.length > 0) {
            (void)cannot(path, &notes, 0);
        }
        code = bless_and_print(path, &script, arena);
    }
    text_free(&script);
    text_free(&notes);
    return code;
}

int verb_import(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_IMPORT, argc, argv, arena, &request, NULL, &code)) {
        code = request.path_count == 1
                   ? import_one(&request, request.paths[0], arena)
                   : complain("import", "name one capture\nTry \"finwait import --help\".",
                              EXIT_USAGE);
    }
    arena_destroy(arena);
    return code;
}
