/* finwait encode: what a script does, as the octets that a fuzzer changes. */
#include "causes/encoding.h"
#include "cli/cause_input.h"
#include "cli/verbs.h"

#include <stdio.h>

static int encode(const struct request *request, struct arena *arena)
{
    struct cause_list list;
    struct text out = TEXT_EMPTY;
    int code = cause_input_read("encode", request->paths[0], arena, &list);
    if (code == 0) {
        const size_t count = cause_encode(&list, (struct tcp_room){0});
        uint8_t *const bytes = arena_take(arena, count);
        (void)cause_encode(&list, (struct tcp_room){bytes, count});
        text_add(&out, (const char *)bytes, count);
        code = write_file("encode", request->output == NULL ? "-" : request->output, &out);
    }
    text_free(&out);
    return code;
}

int verb_encode(int argc, char **argv)
{
    struct arena *const arena = arena_create();
    struct request request;
    int code = 0;
    if (verb_begin(VERB_ENCODE, argc, argv, arena, &request, NULL, &code)) {
        code = request.path_count == 1
                   ? encode(&request, arena)
                   : complain("encode", "one script is to be named", EXIT_USAGE);
    }
    arena_destroy(arena);
    return code;
}
