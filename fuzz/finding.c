#include "finding.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/block.h"

static void (*explain)(void);

void finding_explain(void (*say)(void))
{
    explain = say;
}

static void say_once(void)
{
    void (*const say)(void) = explain;
    explain = NULL;
    if (say != NULL) {
        say();
        (void)fflush(stderr);
    }
}

_Noreturn void finding(const char *what, const char *detail)
{
    say_once();
    (void)fprintf(stderr, "finding: %s: %s\n", what, detail);
    abort();
}

/* ---- other ways to die ----------------------------------------------------------------------------- */

/* The stack's assertions; this one is linked before finwait::assert_abort. */
_Noreturn void tcp_assert_failed(const char *condition, const char *file, int line)
{
    say_once();
    (void)fprintf(stderr, "%s:%d: Assertion `%s' failed.\n", file, line, condition);
    abort();
}

/* The harness's: the C library's function, which a program may replace. */
_Noreturn void __assert_fail(const char *condition, const char *file, unsigned int line,
                             const char *function);

_Noreturn void __assert_fail(const char *condition, const char *file, unsigned int line,
                             const char *function)
{
    say_once();
    (void)fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, condition);
    abort();
}

/* What ASan and UBSan call when they have found something, if a program has it. */
void __asan_on_error(void);
void __ubsan_on_report(void);

void __asan_on_error(void)
{
    say_once();
}

void __ubsan_on_report(void)
{
    say_once();
}

extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

void finding_explain_death(void)
{
    if (__sanitizer_set_death_callback != NULL) {
        __sanitizer_set_death_callback(say_once);
    }
}

void *finding_block(size_t bytes)
{
    void *const block = block_create(bytes);
    law(block != NULL, "the starting point cannot be reached", "out of memory");
    return block;
}
