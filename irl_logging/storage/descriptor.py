"""An open file that several threads use without a lock, in programs that may close every descriptor they find."""

from __future__ import annotations

import os


class Descriptor:
    """A file descriptor that is closed when the last reference to it goes.

    Who uses it holds a reference, so another thread can replace it without a lock, and without the number being given
    to another file in between.

    Args:
        fd: The number.

    Attributes:
        fd: The number.
        inode: Device and inode of the file.
    """

    __slots__ = ("_close", "_fstat", "fd", "inode")

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._close, self._fstat = os.close, os.fstat  # the module's globals may be gone at teardown
        status = os.fstat(fd)
        self.inode = (status.st_dev, status.st_ino)

    def still_ours(self) -> bool:
        """Return whether the number still stands for the file: a program that becomes a daemon closes every number."""
        try:
            status = self._fstat(self.fd)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self.inode

    def __del__(self) -> None:
        try:
            if self.still_ours():
                self._close(self.fd)
        except OSError:
            return  # what a network file system says at closing is of writes that were answered for already
