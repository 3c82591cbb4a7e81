"""Hands frames on from one interface to the other and back, and loses some of those that carry text.

    lossy_relay.py DEVICE DEVICE SHARE SEED
"""
import random
import select
import socket
import sys

ETH_P_ALL = 3
LARGER_THAN_AN_ACK = 200  # octets of a frame


def listen_on(device):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    link.bind((device, 0))
    return link


def main(left, right, share, seed):
    dice = random.Random(int(seed))
    links = [listen_on(left), listen_on(right)]
    while True:
        for link in select.select(links, [], [])[0]:
            frame, (_, _, kind, *_) = link.recvfrom(65536)
            is_lost = len(frame) > LARGER_THAN_AN_ACK and dice.random() < float(share)
            if kind != socket.PACKET_OUTGOING and not is_lost:
                links[1 - links.index(link)].send(frame)


main(*sys.argv[1:])
