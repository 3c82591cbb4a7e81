#include "new_packets.h"

#include "new_numbers.h"

static uint16_t any_flags(struct chance *chance)
{
    static const uint16_t usual[] = {
        TCP_FLAG_ACK,
        TCP_FLAG_ACK | TCP_FLAG_PSH,
        TCP_FLAG_ACK | TCP_FLAG_FIN,
        TCP_FLAG_SYN,
        TCP_FLAG_SYN | TCP_FLAG_ACK,
        TCP_FLAG_RST,
        TCP_FLAG_RST | TCP_FLAG_ACK,
        TCP_FLAG_ACK | TCP_FLAG_URG,
        TCP_FLAG_FIN,
    };
    const uint32_t kind = chance_below(chance, 12);
    return kind < sizeof usual / sizeof *usual ? usual[kind]
                                               : (uint16_t)(chance_draw(chance) & 0x1ff);
}

static void add_syn_options(struct chance *chance, struct cause_packet *out)
{
    out->options = CAUSE_OPTION_MSS;
    out->mss = chance_below(chance, 4) != 0 ? 1460 : any_size(chance);
    if (chance_below(chance, 3) == 0) {
        out->options |= (uint8_t)(chance_draw(chance) &
                                  (CAUSE_OPTION_WINDOW_SCALE | CAUSE_OPTION_SACK_PERMITTED |
                                   CAUSE_OPTION_TIMESTAMPS));
        out->window_scale = (uint8_t)chance_below(chance, 16);
        out->timestamp_value = chance_of_any_order(chance);
    }
}

static void add_sack_blocks(struct chance *chance, struct cause_packet *out)
{
    out->options |= CAUSE_OPTION_SACK;
    out->sack_count = (uint8_t)(1 + chance_below(chance, cause_sack_most(out->options)));
    for (uint8_t block = 0; block < out->sack_count; block++) {
        out->sack[block].left = any_number(chance, SCENARIO_BASE_SND_UNA);
        out->sack[block].right = any_number(chance, SCENARIO_BASE_SND_NXT);
    }
}

/* What few packets have: SACK blocks, timestamps, octets of other options, a congestion mark, damage. */
static void add_rarity(struct chance *chance, struct cause_packet *out)
{
    switch (chance_below(chance, 5)) {
    case 0:
        add_sack_blocks(chance, out);
        break;
    case 1:
        out->options |= CAUSE_OPTION_TIMESTAMPS;
        out->timestamp_value = chance_of_any_order(chance);
        out->timestamp_echo = chance_of_any_order(chance);
        break;
    case 2:
        out->options |= CAUSE_OPTION_RAW;
        out->raw_count = (uint8_t)(1 + chance_below(chance, CAUSE_RAW_BYTES_MAX));
        for (uint8_t place = 0; place < out->raw_count; place++) {
            out->raw_bytes[place] = (uint8_t)chance_below(chance, 16);
        }
        break;
    case 3:
        out->traffic_class = (uint8_t)chance_draw(chance);
        break;
    default:
        out->damage = (uint8_t)chance_below(chance, CAUSE_DAMAGE_COUNT);
        out->damage_value = (uint8_t)chance_draw(chance);
    }
}

void make_packet(struct chance *chance, struct cause_packet *out)
{
    out->flags = any_flags(chance);
    const bool is_syn = (out->flags & TCP_FLAG_SYN) != 0;
    out->seq = any_number(chance, is_syn ? SCENARIO_BASE_ABSOLUTE : SCENARIO_BASE_RCV_NXT);
    out->ack = any_number(chance, SCENARIO_BASE_SND_NXT);
    out->window = chance_below(chance, 3) != 0 ? UINT16_MAX : any_size(chance);
    out->ttl = CAUSE_TTL_USUAL;
    if (chance_below(chance, 2) != 0) {
        out->has_text = 1;
        out->payload_bytes = any_size(chance);
    }
    if (is_syn) {
        add_syn_options(chance, out);
    }
    if (chance_below(chance, 10) == 0) {
        add_rarity(chance, out);
    }
    out->from = any_target(chance);
}

void change_packet(struct chance *chance, struct cause_packet *packet)
{
    switch (chance_below(chance, 9)) {
    case 0:
        packet->flags = any_flags(chance);
        break;
    case 1:
        packet->seq = any_number(chance, SCENARIO_BASE_RCV_NXT);
        break;
    case 2:
        packet->ack = any_number(chance, SCENARIO_BASE_SND_NXT);
        break;
    case 3:
        packet->window = any_size(chance);
        break;
    case 4:
        packet->has_text = !packet->has_text;
        packet->payload_bytes = any_size(chance);
        break;
    case 5:
        packet->is_joined = !packet->is_joined;
        break;
    case 6:
        add_rarity(chance, packet);
        break;
    case 7:
        packet->from = any_target(chance);
        break;
    default:
        packet->seq.offset = (int32_t)((uint32_t)packet->seq.offset + chance_below(chance, 5) - 2u);
        packet->urgent = any_size(chance);
    }
}
