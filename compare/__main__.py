"""`python -m compare` is `plancompare`."""

from compare.cli import main

main()
