/* The words of a command that does again what this one did. */
#include "cli/options.h"

#include <inttypes.h>
#include <string.h>

void shell_word(const char *word, struct text *out)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-./=:,+@%";
    if (word[0] != '\0' && strspn(word, safe) == strlen(word)) {
        text_string(out, word);
        return;
    }
    text_string(out, "'");
    for (const char *at = word; *at != '\0'; at++) {
        text_add(out, at, 1);
        text_string(out, *at == '\'' ? "\\''" : "");
    }
    text_string(out, "'");
}

void options_replay(const struct request *request, struct text *out)
{
    static const char *const modes[] = {"strict", "compat", "portable"};
    if (request->has_mode) {
        text_format(out, " --mode %s", modes[request->mode]);
    }
    if (request->profile != NULL) {
        text_string(out, " --profile ");
        shell_word(request->profile, out);
    }
    for (size_t i = 0; i < request->setting_count; i++) {
        text_string(out, " --set ");
        shell_word(request->settings[i], out);
    }
    for (size_t i = 0; i < request->definition_count; i++) {
        const struct parse_definition *definition = &request->definitions[i];
        text_format(out, " -D %s=", definition->name);
        shell_word(definition->value, out);
    }
    if (request->has_tolerance) {
        text_format(out, " --tolerance_usecs %" PRIu32, request->tolerance_us);
    }
    if (request->oracles != NULL) {
        text_format(out, " --oracles %s", request->oracles);
    }
    if (request->relocates) {
        text_string(out, " --relocate");
    }
}
