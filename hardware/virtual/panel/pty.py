#!/usr/bin/python3
"""A serial port without hardware: makes a pseudo terminal, links it as LINK, and passes bytes between it and stdin and
stdout. It is gone when this program is. Node cannot make pseudo terminals by itself.

    pty.py LINK
"""
import os
import selectors
import signal
import sys
import tty

link = sys.argv[1]
master, slave = os.openpty()
tty.setraw(slave)
os.set_blocking(master, False)
if os.path.lexists(link):
    os.remove(link)
os.symlink(os.ttyname(slave), link)


def end(*_):
    try:
        os.remove(link)
    except FileNotFoundError:
        pass
    os._exit(0)


signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
# The slave stays open here, so that the port lives on when whoever used it has closed it.
ways = selectors.DefaultSelector()
ways.register(master, selectors.EVENT_READ, 1)
ways.register(0, selectors.EVENT_READ, master)
while True:
    for key, _ in ways.select():
        try:
            data = os.read(key.fd, 4096)
        except OSError:
            end()
        if not data:
            end()
        try:
            os.write(key.data, data)
        except BlockingIOError:
            pass  # nobody reads the port; a real one drops bytes too
        except OSError:
            end()
