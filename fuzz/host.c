#include "host.h"

#include "finding.h"

void start_host_make(struct start_host *start, const struct tcp_limits *limits,
                     const struct tcp_config *config)
{
    struct tcp_config rfc;
    law(tcp_config_profile("rfc", &rfc), "the starting point cannot be reached", "no profile rfc");
    start->block_bytes = tcp_host_bytes(limits);
    start->block = finding_block(start->block_bytes);
    const enum tcp_error error =
        tcp_host_init(finding_block(start->block_bytes), start->block_bytes, limits,
                      config != NULL ? config : &rfc, (tcp_time){HOST_START_US}, &start->host);
    law(error == TCP_OK, "the starting point cannot be reached", tcp_error_name(error));
}

struct tcp_host *start_host_copy(struct start_host *start)
{
    return tcp_host_copy(start->block, start->block_bytes, start->host);
}
