/* Initial sequence numbers (RFC 9293 3.4.1, RFC 6528). */
#ifndef TCP_HOST_ISN_H
#define TCP_HOST_ISN_H

#include "host/block.h"

/* ISN = M + F(flow, secret), M ticking every 4 us; or the configured one. */
tcp_seqno host_isn(const struct tcp_host *host, const struct tcp_flow *flow);

#endif
