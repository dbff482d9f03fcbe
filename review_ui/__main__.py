"""Serve the screens of the home that the VERASCRIBE_* variables name: `python -m review_ui --port 8501`."""

import argparse
import os
from typing import NoReturn

from drafting.bootstrap import settings_from
from review_ui.server import serve


def main() -> NoReturn:
    """Read the port, serve until stopped."""
    parser = argparse.ArgumentParser(prog="review_ui", description="Serve the screens on this machine.")
    parser.add_argument("--port", type=int, default=8501)
    serve(settings_from(os.environ), port=parser.parse_args().port)


if __name__ == "__main__":
    main()
