/* One row for each program, one function for each other thing. */
#include "cli/doctor.h"

#include "cli/options.h"
#include "cli/scripts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX 512

/* AddressSanitizer and its like, up to gcc 13 and clang 16, expect no more random bits than this. */
#define RANDOM_BITS_MAX 28

struct look {
    const struct doctor_place *place;
    struct arena *arena;
    struct doctor_findings *out;
};

static const struct program {
    const char *name;
    const char
        *version_words;      /* makes it tell its version, or NULL: it is enough that it is there */
    int major, minor;        /* at least; 0: any */
    enum doctor_level level; /* of its absence */
    const char *use;         /* "... needs it" */
    const char *mend;
} programs[] = {
    {"gcc", "-dumpfullversion", 9, 0, DOCTOR_NOTE, "building with gcc, the usual compiler,",
     "apt-get install gcc"},
    {"clang", "--version", 11, 0, DOCTOR_NOTE, "fuzzing with libFuzzer, and MemorySanitizer,",
     "apt-get install clang"},
    {"cmake", "--version", 3, 25, DOCTOR_WRONG, "building", "apt-get install cmake"},
    {"pkg-config", "--version", 0, 0, DOCTOR_NOTE, "building the tests",
     "apt-get install pkg-config libcmocka-dev"},
    {"clang-format-14", NULL, 0, 0, DOCTOR_NOTE, "the test of the layout of sources",
     "apt-get install clang-format-14"},
    {"afl-fuzz", NULL, 0, 0, DOCTOR_NOTE, "fuzzing with AFL++", "apt-get install afl++"},
    {"llvm-symbolizer", NULL, 0, 0, DOCTOR_NOTE, "a readable report of clang's sanitizers",
     "apt-get install llvm"},
    {"tshark", "--version", 0, 0, DOCTOR_NOTE, "looking at packets that --pcapng wrote",
     "apt-get install tshark"},
    {"gdb", "--version", 0, 0, DOCTOR_NOTE, "looking into a crash", "apt-get install gdb"},
};

static void find(struct look *look, enum doctor_level level, const char *what, const char *mend)
{
    struct doctor_findings *out = look->out;
    void *items = out->items;
    arena_grow(look->arena, &items, &out->capacity, out->count, sizeof *out->items);
    out->items = items;
    out->items[out->count++] = (struct doctor_finding){level, what, mend};
}

/* ---- programs -------------------------------------------------------------------------------------- */

/* The path of a program, or NULL. */
static const char *program_path(const struct look *look, const char *name)
{
    for (const char *at = look->place->path; *at != '\0';) {
        const size_t length = strcspn(at, ":");
        const char *path = arena_format(look->arena, "%.*s/%s", (int)length, at, name);
        if (length > 0 && access(path, X_OK) == 0) {
            return path;
        }
        at += length;
        at += *at == ':';
    }
    return NULL;
}

/* What a program prints first. */
static const char *output_of(const struct look *look, const char *path, const char *words)
{
    struct text command = TEXT_EMPTY;
    shell_word(path, &command);
    text_format(&command, " %s 2>/dev/null </dev/null", words);
    char *output = arena_take(look->arena, OUTPUT_MAX);
    FILE *pipe = popen(text_read(&command), "r");
    text_free(&command);
    if (pipe != NULL) {
        output[fread(output, 1, OUTPUT_MAX - 1, pipe)] = '\0';
        (void)pclose(pipe);
    }
    return output;
}

/* The first "12.2" or "12.2.0" in some words; "" when there is none. */
static const char *version_in(const struct look *look, const char *words)
{
    for (const char *at = words; *at != '\0'; at++) {
        const size_t length = strspn(at, "0123456789.");
        const char *dot = memchr(at, '.', length);
        if (*at != '.' && length > 0 && dot != NULL && dot[1] >= '0' && dot[1] <= '9') {
            return arena_copy_text(look->arena, at, length);
        }
        at += length > 0 ? length - 1 : 0;
    }
    return "";
}

static bool is_at_least(const char *version, int major, int minor)
{
    char *end = NULL;
    const long has_major = strtol(version, &end, 10);
    const long has_minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    return has_major > major || (has_major == major && has_minor >= minor);
}

static void look_at_program(struct look *look, const struct program *program)
{
    const char *path = program_path(look, program->name);
    if (path == NULL) {
        find(look, program->level,
             arena_format(look->arena, "no %s: %s needs it", program->name, program->use),
             program->mend);
        return;
    }
    const char *version = program->version_words == NULL
                              ? ""
                              : version_in(look, output_of(look, path, program->version_words));
    if (version[0] != '\0' && !is_at_least(version, program->major, program->minor)) {
        find(look, program->level,
             arena_format(look->arena, "%s is %s: %s needs %d.%d", program->name, version,
                          program->use, program->major, program->minor),
             program->mend);
        return;
    }
    find(look, DOCTOR_OK,
         arena_format(look->arena, "%s%s%s", program->name, version[0] == '\0' ? "" : " ", version),
         NULL);
}

static bool is_either_there(const struct look *look, const char *one, const char *other)
{
    return program_path(look, one) != NULL || program_path(look, other) != NULL;
}

static void look_for_compiler(struct look *look)
{
    if (!is_either_there(look, "gcc", "clang")) {
        find(look, DOCTOR_WRONG, "no C compiler: building needs one", "apt-get install gcc");
    }
}

static void look_for_build_tool(struct look *look)
{
    if (is_either_there(look, "ninja", "make")) {
        find(look, DOCTOR_OK, program_path(look, "ninja") != NULL ? "ninja" : "make", NULL);
    } else {
        find(look, DOCTOR_WRONG, "neither ninja nor make: building needs one",
             "apt-get install ninja-build");
    }
}

/* What building finds with pkg-config; `use` is what goes without it, `package` what brings it. */
static void look_for_library(struct look *look, const char *name, const char *use,
                             const char *package)
{
    const char *path = program_path(look, "pkg-config");
    if (path == NULL) {
        return; /* said already */
    }
    const char *words = arena_format(look->arena, "--modversion %s", name);
    const char *version = version_in(look, output_of(look, path, words));
    if (version[0] == '\0') {
        find(look, DOCTOR_NOTE, arena_format(look->arena, "no %s: %s needs it", name, use),
             arena_format(look->arena, "apt-get install %s", package));
    } else {
        find(look, DOCTOR_OK, arena_format(look->arena, "%s %s", name, version), NULL);
    }
}

/* ---- the kernel ------------------------------------------------------------------------------------ */

/* The first line of a file; NULL when it cannot be read. */
static const char *first_line(const struct look *look, const char *path)
{
    struct text bytes = TEXT_EMPTY;
    const char *full = arena_format(look->arena, "%s%s", look->place->root, path);
    const char *line = NULL;
    if (file_read(full, &bytes) == NULL) {
        const size_t length = strcspn(text_read(&bytes), "\n");
        line = arena_copy_text(look->arena, text_read(&bytes), length);
    }
    text_free(&bytes);
    return line;
}

static void look_at_random_bits(struct look *look)
{
    const char *bits = first_line(look, "/proc/sys/vm/mmap_rnd_bits");
    if (bits == NULL) {
        return; /* a kernel without the setting */
    }
    if (atoi(bits) > RANDOM_BITS_MAX) {
        find(look, DOCTOR_NOTE,
             arena_format(look->arena,
                          "vm.mmap_rnd_bits is %s: programs built with the sanitizers of gcc 13, "
                          "clang 16 or older sometimes die at their start above %d",
                          bits, RANDOM_BITS_MAX),
             "sysctl -w vm.mmap_rnd_bits=28");
    } else {
        find(look, DOCTOR_OK, arena_format(look->arena, "vm.mmap_rnd_bits is %s", bits), NULL);
    }
}

static void look_at_core_pattern(struct look *look)
{
    const char *pattern = first_line(look, "/proc/sys/kernel/core_pattern");
    if (pattern == NULL) {
        return;
    }
    if (pattern[0] == '|') {
        find(look, DOCTOR_NOTE,
             "crashes are handed to another program (core_pattern begins with |): AFL++ takes that "
             "for hangs and refuses to start",
             "sysctl -w kernel.core_pattern=core");
    } else {
        find(look, DOCTOR_OK, "crashes are left to the system (core_pattern)", NULL);
    }
}

static void look_at_governor(struct look *look)
{
    const char *governor =
        first_line(look, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (governor != NULL && strcmp(governor, "performance") != 0) {
        find(look, DOCTOR_NOTE,
             arena_format(look->arena,
                          "the processor's speed is governed by \"%s\": AFL++ asks "
                          "for \"performance\"",
                          governor),
             "cpupower frequency-set -g performance   # or: export AFL_SKIP_CPUFREQ=1");
    }
}

static void look_at_tun(struct look *look)
{
    const char *path = arena_format(look->arena, "%s/dev/net/tun", look->place->root);
    const int file = open(path, O_RDWR | O_CLOEXEC);
    if (file >= 0) {
        (void)close(file);
        find(look, DOCTOR_OK, "/dev/net/tun can be opened", NULL);
    } else if (access(path, F_OK) == 0) {
        find(look, DOCTOR_NOTE, "/dev/net/tun may not be opened: testing the kernel's TCP needs it",
             "sudo finwait ...   # or give yourself CAP_NET_ADMIN");
    } else {
        find(look, DOCTOR_NOTE, "no /dev/net/tun: testing the kernel's TCP needs it",
             "modprobe tun");
    }
}

static void look_at_locale(struct look *look)
{
    const char *locale = look->place->locale;
    if (strcasestr(locale, "utf-8") == NULL && strcasestr(locale, "utf8") == NULL) {
        find(look, DOCTOR_NOTE,
             arena_format(look->arena,
                          "the locale is \"%s\": ladders are drawn with characters of UTF-8",
                          locale[0] == '\0' ? "C" : locale),
             "export LC_ALL=C.UTF-8   # or use --ascii");
    } else {
        find(look, DOCTOR_OK, arena_format(look->arena, "the locale is %s", locale), NULL);
    }
}

void doctor_look(const struct doctor_place *place, struct arena *arena, struct doctor_findings *out)
{
    *out = (struct doctor_findings){0};
    struct look look = {place, arena, out};
    look_for_compiler(&look);
    look_for_build_tool(&look);
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        look_at_program(&look, &programs[i]);
    }
    look_for_library(&look, "cmocka", "building the tests", "libcmocka-dev");
    look_for_library(&look, "libpcap", "reading captures (audit, import)", "libpcap-dev");
    look_at_random_bits(&look);
    look_at_core_pattern(&look);
    look_at_governor(&look);
    look_at_tun(&look);
    look_at_locale(&look);
}
