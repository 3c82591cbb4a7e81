/* Writes a dictionary for fuzzing engines, from the tables themselves, so that none is copied by hand.
 *
 *   fuzz_dictionary options            each TCP option as it stands in a header
 *   fuzz_dictionary script SOURCE...   the words of the language: its tables, and every literal word
 *                                      of the parser's sources
 *
 * Exit codes: 0 written, 2 usage, 3 a source cannot be read. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "scenario/names.h"
#include "scenario/option_names.h"
#include "tcp/config.h"
#include "tcp/socket.h"
#include "tcp/state.h"
#include "wire/options.h"

#define WORD_MAX 32

static void write_entry(const uint8_t *bytes, size_t count)
{
    (void)putchar('"');
    for (size_t index = 0; index < count; index++) {
        const bool is_plain = isgraph(bytes[index]) && bytes[index] != '"' && bytes[index] != '\\';
        (void)printf(is_plain ? "%c" : "\\x%02x", bytes[index]);
    }
    (void)puts("\"");
}

static void write_word(const char *word)
{
    if (word != NULL && word[0] != '\0') {
        write_entry((const uint8_t *)word, strlen(word));
    }
}

/* ---- options ------------------------------------------------------------------------------------- */

static void write_option(const struct tcp_options *options)
{
    uint8_t bytes[TCP_OPTION_BYTES_MAX];
    const uint32_t count = tcp_wire_options_bytes(options);
    options_write(options, bytes);
    uint32_t start = 0;
    while (bytes[start] == OPTION_NOP) {
        start++;
    }
    write_entry(bytes + start, count - start);
}

static void write_options(void)
{
    static const uint16_t mss[] = {0, 1, 47, 48, 536, 1220, 1460, 32767, 65535};
    static const uint8_t scale[] = {0, 1, 7, 14, 15, 255};
    for (size_t index = 0; index < sizeof mss / sizeof *mss; index++) {
        write_option(&(struct tcp_options){.has_mss = true, .mss = mss[index]});
    }
    for (size_t index = 0; index < sizeof scale / sizeof *scale; index++) {
        write_option(&(struct tcp_options){.has_window_scale = true, .window_scale = scale[index]});
    }
    write_option(&(struct tcp_options){.sack_permitted = true});
    write_option(&(struct tcp_options){.has_timestamps = true, .timestamp_value = 1});
    for (uint8_t blocks = 1; blocks <= TCP_SACK_BLOCKS_MAX; blocks++) {
        write_option(&(struct tcp_options){.sack_count = blocks});
    }
}

/* ---- the language -------------------------------------------------------------------------------- */

static void write_tables(void)
{
    size_t count;
    const char *const *names = scenario_base_names(&count);
    for (size_t index = 0; index < count; index++) {
        write_word(names[index]);
    }
    names = option_names(&count);
    for (size_t index = 0; index < count; index++) {
        write_word(names[index]);
    }
    const struct tcp_config_field *fields = tcp_config_fields(&count);
    for (size_t index = 0; index < count; index++) {
        write_word(fields[index].name);
    }
    for (int kind = SCENARIO_OPTION_NOP; kind < SCENARIO_OPTION_RAW; kind++) {
        write_word(scenario_option_name((enum scenario_option_kind)kind));
    }
    for (int ecn = SCENARIO_ECN_NONE; ecn <= SCENARIO_ECN_ECT01; ecn++) {
        write_word(scenario_ecn_name((enum scenario_ecn)ecn));
    }
    for (int compare = SCENARIO_EQ; compare <= SCENARIO_GE; compare++) {
        write_word(scenario_compare_name((enum scenario_compare)compare));
    }
    for (int state = 0; state < TCB_STATE_COUNT; state++) {
        write_word(tcb_state_name((enum tcb_state)state));
    }
    for (int error = TCP_SOCKET_EAGAIN; error <= TCP_SOCKET_EPERM; error++) {
        write_word(tcp_socket_error_name((enum tcp_socket_error)error));
    }
}

/* Is it something that a script may contain, rather than a sentence or the name of a header? */
static bool is_literal(const char *word, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if (!isgraph((unsigned char)word[index]) || strchr("%\\\"/", word[index]) != NULL) {
            return false;
        }
    }
    return count > 0;
}

/* Every short string literal of a C source, comments aside as far as they hold an even number of
 * quotation marks. */
static int write_literals(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return 3;
    }
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || strstr(line, "/*") == line) {
            continue;
        }
        for (const char *at = strchr(line, '"'); at != NULL; at = strchr(at + 1, '"')) {
            const char *end = strchr(at + 1, '"');
            if (end == NULL) {
                break;
            }
            const size_t count = (size_t)(end - at - 1);
            if (count <= WORD_MAX && is_literal(at + 1, count)) {
                write_entry((const uint8_t *)at + 1, count);
            }
            at = end;
        }
    }
    const int status = ferror(file) ? 3 : 0;
    (void)fclose(file);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "options") == 0) {
        write_options();
        return 0;
    }
    if (argc < 3 || strcmp(argv[1], "script") != 0) {
        (void)fprintf(stderr, "usage: %s options | script SOURCE...\n", argv[0]);
        return 2;
    }
    write_tables();
    int status = 0;
    for (int index = 2; index < argc && status == 0; index++) {
        status = write_literals(argv[index]);
    }
    return status;
}
