"""`./dev clean`: stop our server and remove the private folder."""

import fcntl
import os
import shutil

from .console import say
from .errors import DevError
from .locks import locked, open_lock, try_lock
from .paths import dev_home
from .postgres import Cluster, cluster_folder_of, unprivileged_identity


def clean_up():
    """Remove everything that the commands have made, unless one of them is at work.

    Databases on a server of somebody else's (`PGHOST`) are left, and it is said.
    """
    if not dev_home().is_dir():
        say("There is nothing to remove.")
        return 0
    lease = open_lock("postgres-lease")
    with locked("postgres-start"):
        if not try_lock(lease, fcntl.LOCK_EX):
            raise DevError("Another ./dev command is at work: stop it before './dev clean'.")
        cluster = cluster_folder_of(unprivileged_identity())
        if cluster.is_dir():
            Cluster().stop()
            shutil.rmtree(cluster)
        shutil.rmtree(dev_home())
    if os.environ.get("PGHOST"):
        say("The databases on the server of PGHOST are still there: their names begin with lc.")
    say(f"Removed {dev_home()}")
    return 0
