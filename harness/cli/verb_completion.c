/* finwait completion bash|zsh. */
#include "cli/completion.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

int verb_completion(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct request request;
    struct text words = TEXT_EMPTY;
    int code = 0;
    if (verb_begin(VERB_COMPLETION, argc, argv, arena, &request, NULL, &code)) {
        const char *shell = request.path_count == 1 ? request.paths[0] : "";
        if (strcmp(shell, "bash") == 0) {
            completion_bash(&words);
        } else if (strcmp(shell, "zsh") == 0) {
            completion_zsh(&words);
        } else {
            code = complain("completion", "which shell? bash or zsh", EXIT_USAGE);
        }
    }
    if (code == 0) {
        code = write_out("completion", &words);
    }
    text_free(&words);
    arena_destroy(arena);
    return code;
}
