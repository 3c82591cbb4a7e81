/* Frames as links carry them: where the IP packet stands in one. Link types are numbered as libpcap
 * numbers them (DLT_*). */
#ifndef FINWAIT_CAPTURE_LINK_H
#define FINWAIT_CAPTURE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum capture_link {
    CAPTURE_LINK_NULL = 0, /* BSD loopback: four octets say which protocol */
    CAPTURE_LINK_ETHERNET = 1,
    CAPTURE_LINK_RAW = 12, /* an IP packet and nothing else; 14 on some systems, 101 in files */
    CAPTURE_LINK_RAW_BSD = 14,
    CAPTURE_LINK_RAW_FILE = 101,
    CAPTURE_LINK_LOOP = 108, /* OpenBSD's loopback */
    CAPTURE_LINK_SLL = 113,  /* Linux's "any" */
    CAPTURE_LINK_IPV4 = 228,
    CAPTURE_LINK_IPV6 = 229,
    CAPTURE_LINK_SLL2 = 276,
};

bool capture_knows_link(int link);

/* Where the IP packet begins in a frame of which `count` octets are there, behind VLAN tags too.
 * False: there is none, the link is unknown, or too little of the frame is there. */
bool capture_find_ip(int link, const uint8_t *frame, size_t count, size_t *offset);

#endif
