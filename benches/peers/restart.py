"""Starts calbridge over what it stored while its upstream is gone: `restart.py CALBRIDGE CONFIG FEED CORE ROUNDS`.

Prints a line for each round: milliseconds from the start of the process to the first byte of FEED, a path, and KiB of resident
memory three seconds later, when what reading the store took has been given back.
"""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

SETTLED = 3.0


def resident_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def first_byte(address: str, path: str) -> bytes:
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        return connection.recv(64)


def measure(command: list[str], path: str, core: int) -> tuple[float, int]:
    began = time.monotonic()
    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        line = next(line for line in server.stdout if line.startswith("listening on http"))
        answer = first_byte(line.split()[2], path)
        took = time.monotonic() - began
        if not answer.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"{path} answers {answer[:40]!r} where a stored copy was expected")
        time.sleep(SETTLED)
        return took * 1e3, resident_kib(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def main() -> None:
    calbridge, config, path, core, rounds = sys.argv[1:]
    for _ in range(int(rounds)):
        took, resident = measure([calbridge, "serve", "--config", config], path, int(core))
        print(f"{took:.1f}\t{resident}", flush=True)


main()
