/* Assertions on our own mistakes; no packet, script or user may reach one. They stay on in release
 * builds. The stack itself does no I/O: whoever links it provides the hook, or takes the ready one
 * (finwait::assert_abort). */
#ifndef TCP_BASE_ASSERT_H
#define TCP_BASE_ASSERT_H

/* Called when `condition` does not hold. Must not return. */
_Noreturn void tcp_assert_failed(const char *condition, const char *file, int line);

#define TCP_ASSERT(condition)                                                                      \
    ((condition) ? (void)0 : tcp_assert_failed(#condition, __FILE__, __LINE__))

#endif
