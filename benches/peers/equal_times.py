"""Whether the time of a 404 tells why it is one: `equal_times.py CALBRIDGE [ROUNDS]`.

Starts a sandbox and a server over it, asks for what does not exist and for what a reader may not know of, in an order shuffled anew
in every round, and compares the times of each kind with those of its counterpart that does not exist (Mann-Whitney, two-sided,
with the normal approximation). One line for each, tab-separated: kind, counterpart, both medians in µs, their difference, the
probability of a difference as great if there were none. Exit code 1 if some difference is both sure and large.
"""

import hashlib
import http.client
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

# Rounds until everything is in memory and the processor has its speed.
WARM_UP = 300
# A difference counts if chance alone would bring one as great less often than this ...
SURE = 0.001
# ... and if it is a greater part of the time than one could take for the noise of a loopback.
LARGE = 0.05
OPEN, OVER = (hashlib.sha256(word.encode()).hexdigest()[:32] for word in ("open", "over"))


def first_line(process: subprocess.Popen) -> str:
    line = process.stdout.readline()
    return re.search(r"http\S+", line).group(0)


def configuration(sandbox: subprocess.Popen) -> tuple[str, dict[str, str], str]:
    """What the sandbox prints for its only upstream, with feeds of our own; the secrets it says to export; its name."""
    printed, secrets = [], {}
    for line in sandbox.stdout:
        if secret := re.match(r"# export (\w+)='(.*)'$", line):
            secrets[secret.group(1)] = secret.group(2)
        if printed or line.startswith("["):
            printed.append(line)
        if line.startswith("[feeds."):
            break
    text = "".join(printed[:-1])
    text = re.sub(r"(?m)^listen *=.*$", 'listen = "127.0.0.1:0"', text)
    text = re.sub(r"(?m)^group_feeds *=.*$", 'group_feeds = "token"', text)
    source = re.search(r"(?m)^\[sources\.([a-z0-9-]+)\]", text).group(1)
    digests = [hashlib.sha256(token.encode()).hexdigest() for token in (OPEN, OVER)]
    ours = f"""{text}
[store]
url = "memory"

[feeds.everything]
sources = ["{source}"]

[feeds.nobody]
sources = ["{source}"]
groups = ["a group that nobody has"]

[feeds.locked]
sources = ["{source}"]
access = "token"
tokens = [
    {{ label = "open", sha256 = "{digests[0]}" }},
    {{ label = "over", sha256 = "{digests[1]}", until = 2020-01-01 }},
]
"""
    return ours, secrets, source


def kinds(uid: str, source: str) -> dict[str, tuple[str | None, str]]:
    """By kind: its counterpart that does not exist, and an address."""
    strange = uuid.UUID(int=random.getrandbits(128))
    return {
        "unknown feed": (None, "/feeds/absent.ics"),
        "closed feed": ("unknown feed", "/feeds/locked.ics"),
        "unknown group": (None, f"/groups/absent/{strange}/a.ics"),
        "closed group": ("unknown group", f"/groups/{source}/{strange}/a.ics"),
        "wrong token": (None, f"/s/{'0123456789abcdef' * 2}/feeds/locked.ics"),
        "revoked token": ("wrong token", f"/s/{OVER}/feeds/locked.ics"),
        "token of another feed": ("wrong token", f"/s/{OPEN}/feeds/absent.ics"),
        "unknown event": (None, f"/events/nobody/{strange}.ics"),
        "private event": ("unknown event", f"/events/nobody/{uid}.ics"),
    }


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure(connection: http.client.HTTPConnection, paths: dict[str, str], rounds: int) -> dict[str, list[float]]:
    times = {kind: [] for kind in paths}
    want = None
    for number in range(WARM_UP + rounds):
        for kind in random.sample(list(paths), len(paths)):
            began = time.perf_counter_ns()
            answer = get(connection, paths[kind])
            took = (time.perf_counter_ns() - began) / 1e3
            want = want or answer
            if answer != want or answer[0] != 404:
                sys.exit(f"{kind}: {answer[0]}, and not the same 404 as all others")
            if number >= WARM_UP:
                times[kind].append(took)
    return times


def probability(one: list[float], other: list[float]) -> float:
    """Of ranks as unequal as these if both came from the same distribution."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        shared = (at + 1 + end) / 2
        ranks += shared * sum(1 for _, which in ranked[at:end] if which == 0)
        at = end
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def report(asked: dict[str, tuple[str | None, str]], times: dict[str, list[float]]) -> bool:
    """Prints the table; whether no difference is both sure and large."""
    equal = True
    for kind, (like, _) in asked.items():
        if like is None:
            continue
        mine, its = statistics.median(times[kind]), statistics.median(times[like])
        chance = probability(times[kind], times[like])
        equal &= chance > SURE or abs(mine - its) < LARGE * its
        print(f"{kind}\t{like}\t{mine:.1f}\t{its:.1f}\t{mine - its:+.1f}\t{chance:.3f}")
    return equal


def main(calbridge: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        running = []

        def start(*arguments: str, **secrets: str) -> subprocess.Popen:
            process = subprocess.Popen(
                [calbridge, *arguments],
                cwd=folder,
                env={**os.environ, **secrets},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            running.append(process)
            return process

        try:
            sandbox = start("sandbox", "--kind", "ics")
            first_line(sandbox)
            text, secrets, source = configuration(sandbox)
            Path(folder, "calbridge.toml").write_text(text, encoding="utf-8")
            url = urlsplit(first_line(start("serve", **secrets)))
            connection = http.client.HTTPConnection(url.hostname, url.port)
            status, calendar = get(connection, "/feeds/everything.ics")
            if status != 200:
                sys.exit(f"the server answers {status}")
            uid = re.search(rb"\r\nUID:(\S+)", calendar).group(1).decode()
            if get(connection, f"/s/{OPEN}/feeds/locked.ics")[0] != 200:
                sys.exit("the token does not open its feed")
            asked = kinds(uid, source)
            times = measure(connection, {kind: path for kind, (_, path) in asked.items()}, rounds)
        finally:
            for process in running:
                process.kill()
                process.wait()
    sys.exit(0 if report(asked, times) else 1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3_000)
