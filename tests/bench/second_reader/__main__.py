"""See the package."""

from __future__ import annotations

from tests.bench.second_reader import JUDGED, agreed, read
from tests.bench.unseen import figures, line


def main() -> None:
    for table in JUDGED:
        rows = read(table)
        print(f"\n{table}: {len(rows)} sentences, {agreed(rows):.1%} judged as their writer did")
        for name, (hits, of) in figures(rows).items():
            print(line(name, hits, of))


if __name__ == "__main__":
    main()
