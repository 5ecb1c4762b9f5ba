"""Calls a webhook with garbage, at a steady rate: `hooks.py URL COUNT CALLS-PER-SECOND`.

Prints how many of the calls were answered with 200, and the seconds all of them took.
"""

import random
import socket
import sys
import time
from urllib.parse import urlsplit

CONNECTIONS = 8
BATCH = 5
BODY_MAX = 600
BATCHES = 64


def batch(chance: random.Random, host: str, path: str) -> bytes:
    calls = []
    for _ in range(BATCH):
        body = chance.randbytes(chance.randrange(BODY_MAX))
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        calls.append(head.encode() + body)
    return b"".join(calls)


def answers(connection: socket.socket) -> int:
    """Reads the answers of one batch, and counts those with 200."""
    read = b""
    while read.count(b"HTTP/1.1 ") < BATCH or not read.endswith(b"ok\n"):
        piece = connection.recv(65536)
        if not piece:
            sys.exit(f"the server closed a connection after {read[-200:]!r}")
        read += piece
    return read.count(b"HTTP/1.1 200 ")


def main() -> None:
    url, count, rate = urlsplit(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    chance = random.Random(5545)
    batches = [batch(chance, url.netloc, url.path) for _ in range(BATCHES)]
    connections = [socket.create_connection((url.hostname, url.port), timeout=30) for _ in range(CONNECTIONS)]
    began = time.monotonic()
    sent = right = 0
    while sent < count:
        connection = connections[sent // BATCH % CONNECTIONS]
        if sent >= BATCH * CONNECTIONS:
            right += answers(connection)
        connection.sendall(chance.choice(batches))
        sent += BATCH
        time.sleep(max(0.0, began + sent / rate - time.monotonic()))
    right += sum(answers(connection) for connection in connections)
    print(f"{right}\t{sent}\t{time.monotonic() - began:.1f}")


main()
