"""Whether the plans speak of what a report was asked about: a municipality or year of which nothing was read.

Such a run is no failure, since there is nothing to mend in it, and no success either: it ends as 'no_data', which the
page, the index, the status page and the command line all say in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compare import snapshots
from compare.contract import Tables
from compare.presentation import labels
from compare.presentation.wording import Wording

NAMED_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the municipalities and years that a run was asked about no document was read.

    `lacking` are the codes without a document of those years; `years` are the years asked for; `is_empty` says that
    nothing is left of what was asked for.
    """

    lacking: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    is_empty: bool = False

    def told(self, say: Wording) -> str:
        """What is lacking, in a sentence; empty where nothing is."""
        names = [labels.municipality(code, say) for code in self.lacking]
        said = {"names": say.listed(names, NAMED_AT_MOST), "years": say.years(self.years)}
        if names and self.years:
            return say(
                "No plan of {names} for {years} is among those that were read, which does not mean there is none.",
                **said,
            )
        if names:
            return say("No plan of {names} is among those that were read, which does not mean there is none.", **said)
        if self.is_empty:
            return say("No plan for {years} is among those that were read, which does not mean there is none.", **said)
        return ""


def of_run(parameters: Mapping[str, Any], snapshot: Path | None) -> Scope:
    """What a run with these parameters lacks in the snapshot in that folder; nothing where it is asked about all."""
    codes, years = _codes(parameters), parameters.get("years")
    if snapshot is None or not (codes or years):
        return Scope()
    read = Tables(documents=snapshots.open(snapshot).documents)  # the other tables need not be read for this
    documents = read.select(codes or None, years).documents
    have = set(documents["municipality_code"])
    lacking = tuple(code for code in codes if code not in have)
    is_empty = len(lacking) == len(codes) if codes else documents.empty
    return Scope(lacking, tuple(years or ()), is_empty)


def of_record(content: Mapping[str, Any]) -> Scope:
    """What a kept run lacked, from its record."""
    years = content["parameters"].get("years") or ()
    return Scope(tuple(content.get("lacking", ())), tuple(years), content["status"] == "no_data")


def _codes(parameters: Mapping[str, Any]) -> Sequence[str]:
    one = parameters.get("municipality")
    return parameters.get("municipalities") or ([one] if one else [])
