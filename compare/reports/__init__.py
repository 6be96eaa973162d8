"""Runs of reports: what a controller starts, leaves alone and shares.

`catalogue` reads which reports there are, `parameters` checks what they are given, `planning` makes requests of it.
`runs` makes one run: `execution` executes the notebook (in a kernel, or in the `shell` of a fork of the `warm`
process), `rendering` and `markup` make the page, `pdf` the print, `changes` what it begins with, `records` and
`crates` its record. `batches` makes many runs in the processes of `workers` or on a `cluster`. `publishing` makes the
site around them, `sites` puts it on object storage where asked. `schedules` say when, `notices` tell people, `reruns`
make a kept run again, `desk` speaks for the command line.
"""

import sys

# jsonschema, which reading notebooks needs, asks for this parser of internationalised addresses; that takes 0.8 s to
# load, and nothing here needs it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: cannot be imported
