#!/usr/bin/env python3
"""Learn from the labelled reports how sure the reader may be of a statement, and write `extract/confidence.toml`.

    python bench/calibrate.py             learn from all labelled reports, write the file, print how well it does
    python bench/calibrate.py --check     print only; nothing is written
    python bench/calibrate.py --check --on FOLDER     also test the weights of all reports on other labels

The figures are by leaving one report out: the weights that judge a report have never seen it. A statement is right
where the scorer agrees with all that it scores: value, unit, comparator, kind, measure, period and indicator.

The model is logistic regression over traits that hold or do not, with a ridge; it is fitted by cyclic Newton steps in
plain Python, so that learning needs nothing that reading does not.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from material import ROOT, SHARED, Row, labelled, progress, read_rows, require, scorer

from taizhang.extract import make_statement
from taizhang.extract.confidence import SELDOM, Trait, Weights, traits
from taizhang.extract.context import read_sentences
from taizhang.extract.ids import Ids
from taizhang.extract.quantity import scan
from taizhang.model import Document
from taizhang.read import read
from taizhang.structure import frame_document
from taizhang.views.record import encode, record

WEIGHTS = ROOT / "src" / "taizhang" / "extract" / "confidence.toml"
DECAY = 4.0
FEWEST = 6
"""Names that fewer readings have share the weight of `*`: they would be learned by heart."""
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 1.0)


@dataclass(frozen=True)
class Case:
    """One reading with a label: its report, its traits, and whether it was right."""

    report: str
    traits: tuple[Trait, ...]
    right: bool


@dataclass(frozen=True)
class Labels:
    """A text, its labels and the stretch that was labelled."""

    name: str
    text: Path
    gold: Path
    start: int = 0
    end: int = 10**9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print the figures, write nothing")
    parser.add_argument(
        "--on", metavar="FOLDER", type=Path, action="append", default=[],
        help="other labels to test on: NAME.gold.jsonl and ranges*.json (NAME: [text, start, end])",
    )  # fmt: skip
    parser.add_argument("--decay", type=float, default=DECAY, help=f"ridge (default {DECAY:g})")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with real/ and eval/")
    options = parser.parse_args()

    module = scorer("score", options.shared)
    known = [Labels(text.name, text.text, text.gold) for text in labelled(options.shared)]
    cases = [case for some in progress(known, "reading") for case in cases_of(module, some)]
    reports = sorted({case.report for case in cases})
    guesses: list[tuple[float, bool]] = []
    for report in progress(reports, "leaving out"):
        left_in = [case for case in cases if case.report != report]
        guesses += judged(fit(left_in, options.decay), [case for case in cases if case.report == report])
    print(f"leaving one report out: {len(reports)} reports")
    print("\n".join(table(guesses)))

    learned = fit(cases, options.decay)
    for folder in options.on:
        others = [case for some in labels_in(folder, options.shared) for case in cases_of(module, some)]
        print(f"\n{folder.name}: {len({case.report for case in others})} reports, weights of all given reports")
        print("\n".join(table(judged(learned, others))))
    if not options.check:
        WEIGHTS.write_text(written(learned), encoding="utf-8")


def labels_in(folder: Path, shared: Path) -> list[Labels]:
    """The labels of a folder where `ranges*.json` names for each text its file and the stretch labelled."""
    found = []
    for ranges in sorted(require(folder, "Labels").glob("ranges*.json")):
        for name, (file, start, end) in json.loads(ranges.read_text(encoding="utf-8")).items():
            found.append(Labels(name, shared / "corpus" / file, folder / f"{name}.gold.jsonl", start, end))
    return found


def cases_of(module: ModuleType, labels: Labels) -> list[Case]:
    """Every reading of the labelled stretch that the labels can judge.

    Labels of kind context are optional, so a number read as context where nothing is labelled is left out.
    """
    document = read(labels.text)
    rows, found = read_with_traits(document)
    inside = [index for index, row in enumerate(rows) if labels.start <= row["start"] < labels.end]
    place = {id(rows[index]): index for index in inside}
    pairs, _, extra = module.pair_up(read_rows(labels.gold), [rows[index] for index in inside])
    right = {
        place[id(guess)]: module.same_quantity(gold, guess)
        and all(module.agree(field, gold, guess) for field in module.FIELDS)
        for gold, guess in pairs
    }
    right |= {place[id(guess)]: False for guess in extra if guess["kind"] != "context"}
    return [Case(labels.name, found[index], right[index]) for index in sorted(right)]


def read_with_traits(document: Document) -> tuple[list[Row], list[tuple[Trait, ...]]]:
    """The statements of a document as rows, with the traits of each."""
    frame, folded = frame_document(document)
    quantities, _ = scan(folded)
    readings = read_sentences(frame, folded, quantities)
    ids = Ids(document, frame)
    statements = [make_statement(document, frame, folded, reading, ids) for reading in readings]
    return [json.loads(encode(record(one, ""))) for one in statements], traits(frame, folded, readings)


def fit(cases: Sequence[Case], decay: float, rounds: int = 60, enough: float = 1e-3) -> Weights:
    """Weights by cyclic Newton steps on the ridge-penalised log-likelihood, one trait after the other."""
    holders: dict[Trait, list[int]] = defaultdict(list)
    often = Counter(trait for case in cases for trait in case.traits)
    for index, case in enumerate(cases):
        for group, name in case.traits:
            holders[(group, name if often[group, name] >= FEWEST else SELDOM)].append(index)
    total = len(cases)
    rate = sum(case.right for case in cases) / total
    base = math.log(rate / (1 - rate))
    logits = [base] * total
    wanted = [float(case.right) for case in cases]
    weight = dict.fromkeys(sorted(holders), 0.0)
    for _ in range(rounds):
        moved = 0.0
        for trait in weight:
            where = holders[trait]
            gradient, curve = -decay * weight[trait], decay
            for index in where:
                chance = 1 / (1 + math.exp(-logits[index]))
                gradient += wanted[index] - chance
                curve += chance * (1 - chance)
            step = gradient / curve
            weight[trait] += step
            for index in where:
                logits[index] += step
            moved = max(moved, abs(step))
        chances = [1 / (1 + math.exp(-logit)) for logit in logits]
        step = (sum(wanted) - sum(chances)) / sum(chance * (1 - chance) for chance in chances)
        base += step
        logits = [logit + step for logit in logits]
        if moved < enough:
            break
    groups: dict[str, dict[str, float]] = defaultdict(dict)
    for (group, name), value in weight.items():
        groups[group][name] = round(value, 2)
    return Weights(
        reports=len({case.report for case in cases}),
        rows=total,
        right=round(rate, 4),
        decay=decay,
        base=round(base, 3),
        traits=dict(groups),
    )


def judged(weights: Weights, cases: Sequence[Case]) -> list[tuple[float, bool]]:
    """Confidence and truth of each case."""
    return [(weights.confidence(case.traits), case.right) for case in cases]


def table(guesses: Sequence[tuple[float, bool]]) -> list[str]:
    """Reliability in bins, then Brier score, area under the curve, and what the doubtful hold of the errors."""
    lines = [f"{'confidence':>12}{'rows':>7}{'said':>8}{'right':>8}"]
    for low, high in pairwise(BINS):
        some = [(said, right) for said, right in guesses if low <= said < high or (high == 1.0 == said)]
        if some:
            mean, share = sum(said for said, _ in some) / len(some), sum(right for _, right in some) / len(some)
            lines.append(f"{low:>7.2f}-{high:.2f}{len(some):>7}{mean:>8.3f}{share:>8.3f}")
    sure = [right for said, right in guesses if said >= 0.9]
    rate = sum(right for _, right in guesses) / len(guesses)
    lines.append(f"at 0.9 or more: {len(sure)} of {len(guesses)}, right {sum(sure) / max(1, len(sure)):.3f}")
    lines.append(
        f"right {rate:.3f}, said {sum(said for said, _ in guesses) / len(guesses):.3f}, "
        f"Brier {sum((said - right) ** 2 for said, right in guesses) / len(guesses):.4f} "
        f"(always {rate:.2f}: {rate * (1 - rate):.4f}), AUC {area(guesses):.3f}"
    )
    wrong = len(guesses) - sum(right for _, right in guesses)
    for share in (0.05, 0.1, 0.2):
        lowest = sorted(guesses)[: round(share * len(guesses))]
        caught = sum(not right for _, right in lowest)
        lines.append(f"the {share:.0%} least sure hold {caught / max(1, wrong):.0%} of the errors")
    return lines


def area(guesses: Sequence[tuple[float, bool]]) -> float:
    """Chance that of a right and a wrong one the right one has the higher confidence; ties count half."""
    by: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for said, right in guesses:
        by[said][right] += 1
    below, won = 0, 0.0
    for said in sorted(by):
        lower, higher = by[said]
        won += higher * (below + lower / 2)
        below += lower
    pairs = below * (len(guesses) - below)
    return won / pairs if pairs else 0.5


def written(weights: Weights) -> str:
    """The file: one table for each group of traits, names in order."""
    lines = [
        "# What each trait of a reading adds to the log-odds that its statement is right; see confidence.py.",
        "# Written by bench/calibrate.py from the labelled reports. Change the rules, not the weights.",
        f"reports = {weights.reports}",
        f"rows = {weights.rows}",
        f"right = {weights.right}",
        f"decay = {weights.decay}",
        f"base = {weights.base}",
    ]
    for group, names in sorted(weights.traits.items()):
        lines += ["", f"[traits.{group}]"]
        lines += [f"{json.dumps(name, ensure_ascii=False)} = {value}" for name, value in sorted(names.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
