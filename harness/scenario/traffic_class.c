/* See traffic_class.h. */
#include "scenario/traffic_class.h"

uint8_t scenario_traffic_class(const struct scenario_ip_info *ip)
{
    const uint8_t octet = ip->has_tos ? ip->tos : 0;
    switch (ip->ecn) {
    case SCENARIO_ECN_UNSAID:
        return octet;
    case SCENARIO_ECN_NONE:
        return octet & 0xfc;
    case SCENARIO_ECN_ECT01:
    case SCENARIO_ECN_ECT0:
        return (uint8_t)((octet & 0xfc) | 2);
    case SCENARIO_ECN_ECT1:
        return (uint8_t)((octet & 0xfc) | 1);
    case SCENARIO_ECN_CE:
        return (uint8_t)(octet | 3);
    }
    return octet;
}
