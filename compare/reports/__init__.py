"""Runs of reports: what a controller starts, leaves alone and shares.

`catalogue` reads what reports there are; `parameters` checks what they are given; `runs` executes one; `batches`
executes many; `rendering` and `pdf` make the pages; `publishing` makes the site around them.
"""
