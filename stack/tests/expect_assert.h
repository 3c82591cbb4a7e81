/* Lets a cmocka program expect the stack's assertions: defines the hook so that it unwinds into
 * expect_assert_failure(). Include in one file of the program, after cmocka.h. */
#ifndef TESTS_EXPECT_ASSERT_H
#define TESTS_EXPECT_ASSERT_H

#include <stdlib.h>

#include "base/assert.h"

_Noreturn void tcp_assert_failed(const char *condition, const char *file, int line)
{
    mock_assert(0, condition, file, line);
    abort();
}

#endif
