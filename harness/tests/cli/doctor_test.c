/* The doctor, shown machines made for the purpose: a folder with programs that tell any version, and
 * one that stands for the root of the file system. */
#include "cli/doctor.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

struct machine {
    struct arena *arena;
    char folder[64];
    struct doctor_place place;
};

static void make(const struct machine *machine, const char *path, const char *bytes, mode_t mode)
{
    char *full = arena_format(machine->arena, "%s%s", machine->folder, path);
    for (char *at = full + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(full, 0777);
            *at = '/';
        }
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(bytes, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(full, mode), 0);
}

/* A program that prints some words, whatever it is asked. */
static void make_program(const struct machine *machine, const char *name, const char *words)
{
    make(machine, arena_format(machine->arena, "/bin dir/%s", name),
         arena_format(machine->arena, "#!/bin/sh\necho '%s'\n", words), 0755);
}

static int set_up(void **state)
{
    static struct machine machine;
    machine.arena = arena_create();
    (void)snprintf(machine.folder, sizeof machine.folder, "/tmp/finwait-doctor-XXXXXX");
    assert_non_null(mkdtemp(machine.folder));
    machine.place = (struct doctor_place){
        .root = machine.folder,
        .path = arena_format(machine.arena, "/nowhere::%s/bin dir", machine.folder),
        .locale = "C.UTF-8"};
    make_program(&machine, "gcc", "12.2.0");
    make_program(&machine, "cmake", "cmake version 3.25.1");
    make_program(&machine, "make", "");
    *state = &machine;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static int tear_down(void **state)
{
    struct machine *machine = *state;
    arena_destroy(machine->arena);
    return nftw(machine->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The finding whose words begin so; NULL: there is none. */
static const struct doctor_finding *finding(struct machine *machine, const char *start)
{
    struct doctor_findings findings;
    doctor_look(&machine->place, machine->arena, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        assert_true((findings.items[i].level == DOCTOR_OK) == (findings.items[i].mend == NULL));
        if (strncmp(findings.items[i].what, start, strlen(start)) == 0) {
            return &findings.items[i];
        }
    }
    return NULL;
}

static void expect(void **state, enum doctor_level level, const char *start)
{
    const struct doctor_finding *found = finding(*state, start);
    assert_non_null(found);
    assert_int_equal(found->level, level);
}

static void what_building_needs_is_enough(void **state)
{
    struct doctor_findings findings;
    struct machine *machine = *state;
    doctor_look(&machine->place, machine->arena, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        assert_int_not_equal(findings.items[i].level, DOCTOR_WRONG);
    }
    expect(state, DOCTOR_OK, "gcc 12.2.0");
    expect(state, DOCTOR_OK, "cmake 3.25.1");
    expect(state, DOCTOR_OK, "make");
    expect(state, DOCTOR_NOTE, "no afl-fuzz");
    expect(state, DOCTOR_NOTE, "no clang");
}

static void one_compiler_is_needed_and_either_will_do(void **state)
{
    struct machine *machine = *state;
    (void)remove(arena_format(machine->arena, "%s/bin dir/gcc", machine->folder));
    expect(state, DOCTOR_WRONG, "no C compiler");
    make_program(machine, "clang", "Debian clang version 14.0.6");
    assert_null(finding(machine, "no C compiler"));
    expect(state, DOCTOR_OK, "clang 14.0.6");
}

static void one_build_tool_is_needed_and_either_will_do(void **state)
{
    struct machine *machine = *state;
    (void)remove(arena_format(machine->arena, "%s/bin dir/make", machine->folder));
    expect(state, DOCTOR_WRONG, "neither ninja nor make");
    make_program(machine, "ninja", "1.11.1");
    assert_null(finding(machine, "neither ninja nor make"));
    expect(state, DOCTOR_OK, "ninja");
}

static void versions_are_compared_as_numbers(void **state)
{
    struct machine *machine = *state;
    make_program(machine, "cmake", "cmake version 3.9.6");
    expect(state, DOCTOR_WRONG, "cmake is 3.9.6: building needs 3.25");
    make_program(machine, "cmake", "cmake version 3.24.99");
    expect(state, DOCTOR_WRONG, "cmake is 3.24.99");
    make_program(machine, "cmake", "cmake version 4.0.0-rc1");
    expect(state, DOCTOR_OK, "cmake 4.0.0");
    make_program(machine, "cmake", "no number 7 here.");
    expect(state, DOCTOR_OK, "cmake");
}

static void too_many_random_bits_break_old_sanitizers(void **state)
{
    make(*state, "/proc/sys/vm/mmap_rnd_bits", "28\n", 0644);
    expect(state, DOCTOR_OK, "vm.mmap_rnd_bits is 28");
    make(*state, "/proc/sys/vm/mmap_rnd_bits", "29\n", 0644);
    expect(state, DOCTOR_NOTE, "vm.mmap_rnd_bits is 29");
}

static void a_program_that_takes_crashes_is_told(void **state)
{
    make(*state, "/proc/sys/kernel/core_pattern", "core\n", 0644);
    expect(state, DOCTOR_OK, "crashes are left");
    make(*state, "/proc/sys/kernel/core_pattern", "|/usr/share/apport %p\n", 0644);
    expect(state, DOCTOR_NOTE, "crashes are handed");
}

static void device_speed_and_locale_are_looked_at(void **state)
{
    struct machine *machine = *state;
    expect(state, DOCTOR_NOTE, "no /dev/net/tun");
    make(machine, "/dev/net/tun", "", 0666);
    expect(state, DOCTOR_OK, "/dev/net/tun");
    make(machine, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n", 0644);
    expect(state, DOCTOR_NOTE, "the processor's speed is governed by \"powersave\"");
    expect(state, DOCTOR_OK, "the locale is C.UTF-8");
    machine->place.locale = "";
    expect(state, DOCTOR_NOTE, "the locale is \"C\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_building_needs_is_enough),
        TEST(one_compiler_is_needed_and_either_will_do),
        TEST(one_build_tool_is_needed_and_either_will_do),
        TEST(versions_are_compared_as_numbers),
        TEST(too_many_random_bits_break_old_sanitizers),
        TEST(a_program_that_takes_crashes_is_told),
        TEST(device_speed_and_locale_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
