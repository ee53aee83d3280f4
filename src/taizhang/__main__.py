"""The command `taizhang`, also as `python -m taizhang`.

Loading takes a second, and an interrupt in it must not end in a traceback: so nothing is loaded outside `main`.
"""

import sys


def main() -> None:
    """Entry point of the `taizhang` command."""
    try:
        from taizhang import cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
