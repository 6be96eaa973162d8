"""What a reader sees: wording, figures, tables and the page that a notebook fills.

Frames come in from `compare.measures`; nothing is computed here beyond what drawing and phrasing need.
"""

# The environment variable that says into which folder the files of a report run go.
RUN_FOLDER = "PLANCOMPARE_RUN_FOLDER"
