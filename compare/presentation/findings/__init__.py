"""What each report found, as sentences: one module per report, from the frames of measures to `Finding`s.

A sentence is written only where the data carries it; it says its n, its interval and its reservation, and leads to
the places it rests on. `METHOD` and `LIMITS` of each module say how its figures came about and what they cannot tell.
"""
