/* finwait: finds the verb and lets it do the rest. */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
} verbs[] = {
    {"run", verb_run},           {"ladder", verb_ladder}, {"help", verb_help},
    {"version", verb_version},   {"--help", verb_help},   {"-h", verb_help},
    {"--version", verb_version},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

/* How many of them are no spellings of options: what a wrong verb may have meant. */
#define VERB_WORDS 4

static int complain_of_verb(const char *word)
{
    const char *names[VERB_WORDS];
    for (size_t i = 0; i < VERB_WORDS; i++) {
        names[i] = verbs[i].name;
    }
    (void)fprintf(stderr, "finwait: unknown verb \"%s\"", word);
    const char *near = diagnostic_nearest(word, names, VERB_WORDS);
    if (near != NULL) {
        (void)fprintf(stderr, "; did you mean \"%s\"?", near);
    } else if (access(word, F_OK) == 0) {
        (void)fprintf(stderr, "; did you mean \"finwait run %s\"?", word);
    }
    (void)fputs("\nTry \"finwait help\".\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("finwait: no verb\nTry \"finwait help\".\n", stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return verbs[i].run(argc - 1, argv + 1);
        }
    }
    return complain_of_verb(argv[1]);
}
