"""Exits with 0 when this container's service is ready; images use it as their health check."""

import os
import sys
from http.client import HTTPConnection


def main() -> int:
    """Asks the service's own readiness probe."""
    connection = HTTPConnection("127.0.0.1", int(os.environ["NOTYET_PROBE_PORT"]), timeout=4)
    try:
        connection.request("GET", "/readyz")
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
