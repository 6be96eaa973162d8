"""What a reader sees: wording, figures, tables and the page that a notebook fills.

Frames come in from `compare.measures`; nothing is computed here beyond what drawing and phrasing need.
"""
