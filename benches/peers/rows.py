"""Prints a line for each event in a store, so that two listings show which rows were written: `rows.py FILE`."""

import hashlib
import sqlite3
import sys
from pathlib import Path


def main() -> None:
    store = sqlite3.connect(f"{Path(sys.argv[1]).resolve().as_uri()}?mode=ro", uri=True)
    # A row that was deleted and written again has another number.
    for number, *rest in store.execute("SELECT rowid, * FROM events ORDER BY rowid"):
        print(number, hashlib.sha256(repr(rest).encode()).hexdigest())


main()
