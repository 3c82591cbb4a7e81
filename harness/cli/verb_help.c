/* finwait help [VERB] and finwait version. */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#ifndef FINWAIT_VERSION
#error "the build says which version this is"
#endif

static void overview(struct text *out)
{
    text_string(out, "usage: finwait VERB [OPTION]... [PATH]...\n\n"
                     "Runs TCP scripts (.pkt) against a stack in virtual time.\n\n"
                     "  run PATH...      run scripts and report\n"
                     "  ladder PATH...   run scripts and draw what was seen\n"
                     "  help [VERB]      this text, or that of a verb\n"
                     "  version          which finwait this is\n");
}

int verb_help(int argc, char **argv)
{
    struct text words = TEXT_EMPTY;
    if (argc > 1 && strcmp(argv[1], "run") == 0) {
        verb_run_help(&words);
    } else if (argc > 1 && strcmp(argv[1], "ladder") == 0) {
        verb_ladder_help(&words);
    } else {
        overview(&words);
    }
    const bool is_written = fputs(text_read(&words), stdout) >= 0 && fflush(stdout) == 0;
    text_free(&words);
    return is_written ? 0 : EXIT_BROKEN;
}

int verb_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return puts("finwait " FINWAIT_VERSION) >= 0 ? 0 : EXIT_BROKEN;
}
