"""The folders of the embedded servers."""

import os
import stat
from pathlib import Path

from oms_project.environment import ConfigurationError


def data_folder(path: Path) -> Path:
    """``path``, made with mode 0700 where it is missing; one that is there keeps its owner and mode."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"OMS_DATA_DIR {path} cannot be made a folder: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise ConfigurationError(f"OMS_DATA_DIR {path} cannot be written to by this user.")
    return path


def private_folder(path: Path) -> Path:
    """``path`` in a folder that is there, of this user with mode 0700; refused where somebody else owns it."""
    path.mkdir(mode=0o700, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise ConfigurationError(f"{path} must be a folder of this user; set OMS_DATA_DIR to another place.")
    path.chmod(0o700)
    return path
