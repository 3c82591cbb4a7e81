/* A name that was spelled wrong would be replaced nowhere, and the run would tell of another value than the one
 * that was meant. With a folder it is enough that one script has the word. */
#include "cli/definitions.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == text || !is_of_word(at[-1])) && !is_of_word(at[length])) {
            return true;
        }
    }
    return false;
}

static bool is_plain_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

const char *definitions_unused(const struct request *request, const struct script_list *scripts)
{
    struct text file = TEXT_EMPTY;
    const char *unused = NULL;
    for (size_t i = 0; i < request->definition_count && unused == NULL; i++) {
        unused = request->definitions[i].name;
        for (size_t j = 0; j < scripts->count && unused != NULL; j++) {
            if (!is_plain_file(scripts->paths[j]) || file_read(scripts->paths[j], &file) != NULL ||
                has_word(text_read(&file), unused)) {
                unused = NULL;
            }
        }
    }
    text_free(&file);
    return unused;
}
