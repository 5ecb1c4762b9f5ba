"""Checks the three readers against the samples: `check.py DIRECTORY`, the directory holding the executables.

A reader that is wrong would pass a feed that is wrong, so they are tested before anything they judge.
"""

import json
import subprocess
import sys
from pathlib import Path

READERS = ("python-icalendar", "ical-js", "libical")
SAMPLES = Path(__file__).parent / "samples"


def run(reader: Path, sample: Path) -> subprocess.CompletedProcess:
    return subprocess.run([reader], input=sample.read_bytes(), capture_output=True, check=False, timeout=60)


def faults(reader: Path) -> list[str]:
    found = []
    for sample in sorted(SAMPLES.glob("*.ics")):
        want = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
        answer = run(reader, sample)
        if answer.returncode != 0:
            found.append(f"{sample.name}: refused: {answer.stderr.decode().strip()}")
        elif (got := json.loads(answer.stdout)) != want:
            found.append(f"{sample.name}: reads {json.dumps(got, indent=2, ensure_ascii=False)}")
    for sample in sorted((SAMPLES / "malformed").glob("*.ics")):
        answer = run(reader, sample)
        if answer.returncode == 0:
            found.append(f"{sample.name}: accepted")
        elif not answer.stderr.strip():
            found.append(f"{sample.name}: refused without a word")
    return found


def main() -> int:
    directory = Path(sys.argv[1])
    wrong = [f"{name}: {fault}" for name in READERS for fault in faults(directory / name)]
    print("\n".join(wrong) or f"{len(READERS)} readers agree on {len(list(SAMPLES.rglob('*.ics')))} samples")
    return 1 if wrong else 0


sys.exit(main())
