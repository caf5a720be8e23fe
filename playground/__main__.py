"""`python -m playground`, the same as the command `playground`."""

import sys


def main() -> int:
    """Run the program by its command line."""
    try:
        from playground.disk import language, log

        language.install()  # before any declaration is imported: they are translated when they are made
        log.install("playground")
        from playground.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while the parts were still being loaded
        return 130


if __name__ == "__main__":
    sys.exit(main())
