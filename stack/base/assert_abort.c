/* The ready-made assertion hook: say what failed, then abort, so that a debugger or a sanitizer has
 * the stack. Not a part of the pure library. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void tcp_assert_failed(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
    abort();
}
