"""Run as a program inside a network namespace of its own: starts a server where nothing but this machine can be reached.

`python offline.py PROJECT DATA PORT`; prints the status of the home page, or why there was none.
"""

from __future__ import annotations

import fcntl
import http.client
import signal
import socket
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

_SET_FLAGS, _UP = 0x8914, 0x1


def raise_loopback() -> None:
    """A new namespace has a loopback interface that is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def reaches_outside() -> bool:
    """Whether any address beyond this machine can be reached."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # A datagram socket only looks for a route; nothing is sent.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return False
    return True


def main() -> int:
    """Start, ask, stop."""
    project, port = Path(sys.argv[1]), int(sys.argv[3])
    raise_loopback()
    if reaches_outside():
        sys.stdout.write("the network is not refused\n")
        return 1
    server = subprocess.Popen(
        [project / "script" / "server", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout
    said = []
    for line in server.stdout:
        said.append(line)
        if "按 Ctrl+C 停止" in line:
            break
    else:
        sys.stdout.write("".join(said))
        return 1
    with closing(http.client.HTTPConnection("localhost", port, timeout=20)) as connection:
        connection.request("GET", "/")
        sys.stdout.write(f"status {connection.getresponse().status}\n")
    server.send_signal(signal.SIGTERM)
    return server.wait(30)


if __name__ == "__main__":
    raise SystemExit(main())
