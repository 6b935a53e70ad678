"""`python -m dotsbook` is `dotsbook`."""

from dotsbook.cli import main

main()
