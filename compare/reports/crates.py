"""A run's record as a Workflow Run RO-Crate, for archives and tools that know nothing of plancompare.

The crate says in JSON-LD what `run.json` says: which notebook was executed (the instrument), on what (the objects),
with what result, when and by which software. Profile: Process Run Crate, RO-Crate 1.1.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compare.reports import records
from compare.reports.records import CRATE

VERSION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
STATUS = dict.fromkeys(records.GOOD, "http://schema.org/CompletedActionStatus")
FAILED = "http://schema.org/FailedActionStatus"


def write_crate(folder: Path, content: Mapping[str, Any]) -> None:
    """Write the crate of a run beside its record, from the record's content."""
    text = json.dumps(crate(content), ensure_ascii=False, indent=1) + "\n"
    (folder / CRATE).write_text(text, encoding="utf-8", newline="\n")


def crate(content: Mapping[str, Any]) -> dict[str, Any]:
    """The crate of a run as JSON-LD: the folder, the software, the action, its inputs, parameters and outputs."""
    title = content["title"].get(content["parameters"].get("language") or "sv", content["name"])
    inputs = [_input(name, digest) for name, digest in content["inputs"].items()]
    parameters = [_parameter(name, value) for name, value in content["parameters"].items()]
    outputs = [_output(name, entry) for name, entry in content["outputs"].items()]
    software = [_software(name, number) for name, number in content["versions"].items()]
    return {
        "@context": [f"{VERSION}/context", "https://w3id.org/ro/terms/workflow-run/context"],
        "@graph": [
            {
                "@id": CRATE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": VERSION},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "conformsTo": {"@id": PROFILE},
                "name": title,
                "description": f"Run {content['name']} of the report {content['report']}",
                "datePublished": content["ended"],
                "license": {"@id": "https://spdx.org/licenses/MIT"},
                "hasPart": _references(outputs),
                "mentions": {"@id": "#run"},
            },
            {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
            {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT License"},
            {
                "@id": "#run",
                "@type": "CreateAction",
                "name": content["name"],
                "instrument": {"@id": "#software-plancompare"},
                "object": _references([*inputs, *parameters]),
                "result": _references(outputs),
                "startTime": content["started"],
                "endTime": content["ended"],
                "actionStatus": {"@id": STATUS.get(content["status"], FAILED)},
                **({"error": content["message"]} if content["message"] else {}),
            },
            *software,
            *inputs,
            *parameters,
            *outputs,
        ],
    }


def _references(entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]


def _input(name: str, digest: str) -> dict[str, Any]:
    return {"@id": f"#input-{name.replace(' ', '-')}", "@type": "CreativeWork", "name": name, "sha256": digest}


def _parameter(name: str, value: Any) -> dict[str, Any]:
    entity: dict[str, Any] = {"@id": f"#parameter-{name}", "@type": "PropertyValue", "name": name}
    return entity if value is None else {**entity, "value": value}


def _output(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    kind = {".ipynb": "application/x-ipynb+json"}.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return {
        "@id": name,
        "@type": "File",
        "sha256": entry["sha256"],
        "contentSize": str(entry["bytes"]),
        **({"encodingFormat": kind} if kind else {}),
    }


def _software(name: str, number: str) -> dict[str, Any]:
    return {"@id": f"#software-{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": number}
