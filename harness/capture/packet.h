/* A captured frame read as a TCP segment. Other than the stack, which drops what is not sound, this
 * reads what is there: packets that were cut short by the capture, or whose checksums and sizes a
 * network card was still to make. A pure function from bytes to values. */
#ifndef FINWAIT_CAPTURE_PACKET_H
#define FINWAIT_CAPTURE_PACKET_H

#include "tcp/wire.h"

/* What the frame holds. */
enum capture_kind {
    CAPTURE_TCP,
    CAPTURE_OTHER,     /* no IP, or another protocol */
    CAPTURE_FRAGMENT,  /* of an IP packet: not looked into */
    CAPTURE_TOO_SHORT, /* the capture holds less than the headers without options, or of a SYN less
                        * than all options */
};
#define CAPTURE_KINDS 4

/* What is known of the checksums. */
enum capture_sum {
    CAPTURE_SUM_RIGHT,
    CAPTURE_SUM_WRONG,
    CAPTURE_SUM_OFFLOADED, /* left to the network card: TCP's sum covers the pseudo header only, or
                            * IPv4's sum or length is 0 */
    CAPTURE_SUM_UNKNOWN,   /* not all octets are there */
};

struct capture_packet {
    enum capture_kind kind;
    const uint8_t *bytes; /* the IP packet, as far as it was captured */
    size_t count;         /* without padding of the link */
    bool is_whole;        /* all of it is there */
    bool options_are_cut; /* some of TCP's options are not; never those of a SYN */
    enum capture_sum sum;

    /* OK; BAD_OPTION; BAD_DATA_OFFSET, with little but endpoints in `segment`; TRUNCATED, an IP header
     * that claims more than was sent, with a segment as it claims. BAD_CHECKSUM is told by `sum`. */
    enum tcp_wire_result wire;
    struct tcp_segment segment; /* payload is NULL unless it is there in full */
    struct tcp_wire_layout layout;
};

/* Reads a frame of which `count` octets were captured and `wire_count` were sent. Everything of *out
 * but `kind` is zero unless it is CAPTURE_TCP. */
void capture_packet_read(int link, const uint8_t *frame, size_t count, size_t wire_count,
                         struct capture_packet *out);

#endif
