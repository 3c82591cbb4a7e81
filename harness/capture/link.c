/* Walks through link headers. */
#include "capture/link.h"

#define VLAN_TAGS_MAX 4

enum ether_type {
    ETHER_IPV4 = 0x0800,
    ETHER_IPV6 = 0x86dd,
    ETHER_VLAN = 0x8100,
    ETHER_VLAN_SERVICE = 0x88a8,
    ETHER_VLAN_OLD = 0x9100,
};

bool capture_knows_link(int link)
{
    switch (link) {
    case CAPTURE_LINK_NULL:
    case CAPTURE_LINK_ETHERNET:
    case CAPTURE_LINK_RAW:
    case CAPTURE_LINK_RAW_BSD:
    case CAPTURE_LINK_RAW_FILE:
    case CAPTURE_LINK_LOOP:
    case CAPTURE_LINK_SLL:
    case CAPTURE_LINK_IPV4:
    case CAPTURE_LINK_IPV6:
    case CAPTURE_LINK_SLL2:
        return true;
    default:
        return false;
    }
}

static unsigned word_at(const uint8_t *bytes)
{
    return (unsigned)(bytes[0] << 8 | bytes[1]);
}

/* Behind an EtherType at `type`, whose payload begins at `*offset`; VLAN tags stand between. */
static bool skip_tags(const uint8_t *frame, size_t count, size_t type, size_t *offset)
{
    for (int tags = 0; tags <= VLAN_TAGS_MAX; tags++) {
        if (type + 2 > count || *offset > count) {
            return false;
        }
        switch (word_at(frame + type)) {
        case ETHER_IPV4:
        case ETHER_IPV6:
            return true;
        case ETHER_VLAN:
        case ETHER_VLAN_SERVICE:
        case ETHER_VLAN_OLD:
            type = *offset + 2;
            *offset += 4;
            break;
        default:
            return false;
        }
    }
    return false;
}

/* Is there an IP packet at `offset`, as its version says? */
static bool is_ip(const uint8_t *frame, size_t count, size_t offset)
{
    return offset < count && (frame[offset] >> 4 == 4 || frame[offset] >> 4 == 6);
}

bool capture_find_ip(int link, const uint8_t *frame, size_t count, size_t *offset)
{
    switch (link) {
    case CAPTURE_LINK_ETHERNET:
        *offset = 14;
        return skip_tags(frame, count, 12, offset) && is_ip(frame, count, *offset);
    case CAPTURE_LINK_SLL:
        *offset = 16;
        return skip_tags(frame, count, 14, offset) && is_ip(frame, count, *offset);
    case CAPTURE_LINK_SLL2:
        *offset = 20;
        return skip_tags(frame, count, 0, offset) && is_ip(frame, count, *offset);
    case CAPTURE_LINK_NULL:
    case CAPTURE_LINK_LOOP: /* the family's number differs between systems; the version does not */
        *offset = 4;
        return is_ip(frame, count, *offset);
    case CAPTURE_LINK_RAW:
    case CAPTURE_LINK_RAW_BSD:
    case CAPTURE_LINK_RAW_FILE:
    case CAPTURE_LINK_IPV4:
    case CAPTURE_LINK_IPV6:
        *offset = 0;
        return is_ip(frame, count, *offset);
    default:
        return false;
    }
}
