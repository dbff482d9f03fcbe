"""`python -m drafting` is `verascribe`."""

from drafting.cli import main

main()
