"""Connections one after the other, text one way until its end.

    transfer.py server ADDRESS CONNECTIONS
    transfer.py client ADDRESS CONNECTIONS MEGABYTES
"""
import socket
import sys

PORT = 5000


def serve(address, connections):
    listener = socket.create_server((address, PORT))
    for _ in range(connections):
        with listener.accept()[0] as connection:
            while connection.recv(65536):
                pass


def send(address, connections, megabytes):
    for _ in range(connections):
        with socket.create_connection((address, PORT)) as connection:
            connection.sendall(bytes(megabytes * 1_000_000))
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)


role, address, *numbers = sys.argv[1:]
(serve if role == "server" else send)(address, *map(int, numbers))
