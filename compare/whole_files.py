"""Files that are written together or not at all: a full disk or Ctrl-C leaves what was there, not half of something."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from compare.problems import PlanError, Told, told


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into; at the end of the block it becomes `folder`, or its files move over those that are there.

    Raises `PlanError` where they cannot be written; what was there is then as it was.
    """
    is_new = not os.path.lexists(folder)
    draft = (folder.parent if is_new else folder) / f".unfinished-{os.getpid()}-{folder.name}"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        yield draft
        if is_new:
            draft.rename(folder)
        else:
            for path in sorted(draft.iterdir()):
                path.replace(folder / path.name)
    except OSError as error:
        raise PlanError(unwritable(folder, error)) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def unwritable(place: object, error: OSError) -> Told:
    """What is said where something cannot be written: a place, the system's reason, what to do."""
    return told(
        "{place} cannot be written ({reason}); nothing was changed; make room, ask for the rights, or choose another",
        place=place,
        reason=(error.strerror or str(error)).lower(),
    )
