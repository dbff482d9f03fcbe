"""The command line. `main` is the console script; each file holds one group of commands."""


def main() -> None:
    """Run the command line."""
    from drafting.cli.app import run  # noqa: PLC0415 - keeps `import drafting` light

    run()
