"""``python -m mesokwant``: the command line, where the script is not on the path."""

from .cli import main

if __name__ == "__main__":  # workers may import this module
    main()
