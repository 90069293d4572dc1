"""A flash chip in memory, on which power fails between any two writes, and its file system."""

import os

import vfs

_BLOCK = 512


class Chip:
    """A block device without power once `left` blocks are written."""

    def __init__(self):
        self.data = bytearray(128 * _BLOCK)
        self.left = -1

    def readblocks(self, number, buffer, offset=0):
        start = number * _BLOCK + offset
        buffer[:] = self.data[start : start + len(buffer)]

    def writeblocks(self, number, buffer, offset=0):
        if self.left == 0:
            raise OSError(5)
        self.left -= 1
        start = number * _BLOCK + offset
        self.data[start : start + len(buffer)] = buffer

    def ioctl(self, request, argument):
        return {4: len(self.data) // _BLOCK, 5: _BLOCK, 6: 0}.get(request)


class Mounted:
    def __init__(self, file_system, chip):
        self._system, self._chip = file_system, chip

    def __enter__(self):
        vfs.mount(self._system(self._chip), "/chip")
        os.chdir("/chip")

    def __exit__(self, *error):
        os.chdir("/")
        vfs.umount("/chip")
