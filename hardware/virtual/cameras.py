#!/usr/bin/python3
"""Network cameras without cameras: a real RTSP server that serves prepared H.264 or H.265 streams, never encoding again.

Each NAME is served from DIR/NAME.h264 or DIR/NAME.h265 (Annex B, an access unit delimiter before every picture) at
rtsp://127.0.0.1:PORT/NAME. The file loops; time stamps go on. Prints one JSON line when it listens.

With --tied, a line {"camera": NAME, "is": "on" | "frozen" | "off"} on standard input switches a camera; the same line on
standard output says that it is done.
"""
import argparse
import json
import os
import signal
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

# An access unit begins at its delimiter: start code and NAL header.
DELIMITER = {"h264": b"\x00\x00\x00\x01\x09", "h265": b"\x00\x00\x00\x01\x46"}
# Key frames come once a second, so that an aligned stream can begin at any full second.
FRAMES_BETWEEN_KEYS = 25


def read_access_units(directory, name):
    for codec, delimiter in DELIMITER.items():
        path = os.path.join(directory, f"{name}.{codec}")
        if os.path.exists(path):
            with open(path, "rb") as stream:
                pieces = stream.read().split(delimiter)
            if len(pieces) < 2:
                sys.exit(f"{path}: holds no access unit delimiter")
            # x265enc sets its parameter sets before the first delimiter and once more behind it.
            return codec, [Gst.Buffer.new_wrapped(delimiter + piece) for piece in pieces[1:]]
    sys.exit(f"no stream is prepared for {name} in {directory}")


class Camera(GstRtspServer.RTSPMediaFactory):
    """One prepared stream, shared by all who watch it."""

    def __init__(self, codec, units, framerate, align_seconds):
        super().__init__()
        self.frame_ns = Gst.SECOND // framerate
        self.units = units[: align_seconds * framerate] if align_seconds else units
        self.aligned = align_seconds > 0
        self.is_frozen = False
        self.set_shared(True)
        self.set_launch(
            f"( appsrc name=src is-live=true format=time max-bytes=400000 "
            f"caps=video/x-{codec},stream-format=byte-stream,alignment=au,framerate={framerate}/1 "
            f"! {codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )"
        )
        self.connect("media-configure", self.on_configure)

    def on_configure(self, _factory, media):
        pipeline = media.get_element()
        # Frames are counted for each pipeline: when the last viewer leaves, the next one starts a new time line.
        line = {"frame": None, "start_ns": 0}

        def push_next(source, _length):
            if line["frame"] is None:
                line["frame"], line["start_ns"] = self.begin(source)
            frame = line["frame"]
            line["frame"] += 1
            if not self.is_frozen:
                line["shown"] = frame
            elif "shown" not in line or line["shown"] % FRAMES_BETWEEN_KEYS:
                # A camera that hangs sends the same picture again and again; one that can be decoded alone.
                shown = line.get("shown", frame)
                line["shown"] = shown - shown % FRAMES_BETWEEN_KEYS
            unit = self.units[line["shown"] % len(self.units)].copy()
            unit.pts = unit.dts = line["start_ns"] + frame * self.frame_ns
            unit.duration = self.frame_ns
            source.emit("push-buffer", unit)

        pipeline.get_by_name("src").connect("need-data", push_next)

    def begin(self, source):
        """The first frame's number and the running time of frame 0."""
        if not self.aligned:
            return 0, 0
        # Frame n leaves at n frames of CLOCK_MONOTONIC, so picture 0 leaves at multiples of the loop's length.
        key_ns = FRAMES_BETWEEN_KEYS * self.frame_ns
        next_key = time.monotonic_ns() // key_ns + 1
        return next_key * FRAMES_BETWEEN_KEYS, -source.get_base_time()


class Switches:
    """Takes cameras off the network and puts them back, while the others go on."""

    def __init__(self, server, factories):
        self.server, self.factories = server, factories
        self.watched = {}
        server.connect("client-connected", self.on_client)

    def on_client(self, _server, client):
        client.connect("describe-request", lambda client, context: self.watched.update({client: context.uri.abspath}))
        client.connect("closed", lambda client: self.watched.pop(client, None))

    def turn(self, name, position):
        path, mounts = f"/{name}", self.server.get_mount_points()
        self.factories[name].is_frozen = position == "frozen"
        mounts.remove_factory(path)
        if position != "off":
            mounts.add_factory(path, self.factories[name])
            return
        gone = [client for client, watched in self.watched.items() if watched == path]
        remove, keep = GstRtspServer.RTSPFilterResult.REMOVE, GstRtspServer.RTSPFilterResult.KEEP
        self.server.client_filter(lambda _server, client: remove if client in gone else keep)

    def listen(self, quit_loop):
        # Unbuffered, so that no line waits in a buffer that the main loop does not see.
        orders = open(0, "rb", buffering=0)

        def on_line(channel, condition):
            # A line that came with the hang-up is nobody's any more.
            line = b"" if condition & GLib.IOCondition.HUP else orders.readline()
            if not line:
                quit_loop()
                return False
            order = json.loads(line)
            self.turn(order["camera"], order["is"])
            print(json.dumps(order), flush=True)
            return True

        GLib.io_add_watch(0, GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP, on_line)


def ask_for_password(server, factories, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", user)
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        for right in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role(user, right, True)
        factory.set_permissions(permissions)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8554, help="0 takes a free one")
    parser.add_argument("--dir", required=True, help="where the prepared streams lie")
    parser.add_argument("--camera", required=True, action="append", metavar="NAME")
    parser.add_argument("--framerate", type=int, default=25)
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--align", type=int, default=0, metavar="SECONDS",
                        help="loop so long, and begin the loop at multiples of it on CLOCK_MONOTONIC")
    parser.add_argument("--tied", action="store_true", help="end when standard input closes, so as not to outlive a test")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    Gst.init(None)
    server = GstRtspServer.RTSPServer(address="127.0.0.1", service=str(arguments.port))
    factories = {
        name: Camera(*read_access_units(arguments.dir, name), arguments.framerate, arguments.align)
        for name in arguments.camera
    }
    for name, factory in factories.items():
        server.get_mount_points().add_factory(f"/{name}", factory)
    switches = Switches(server, factories)
    if arguments.user:
        ask_for_password(server, factories.values(), arguments.user, arguments.password)
    if not server.attach(None):
        sys.exit(f"port {arguments.port} cannot be listened on")

    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, loop.quit)
    if arguments.tied:
        switches.listen(loop.quit)
    port = server.get_bound_port()
    print(json.dumps({"ready": True, "urls": [f"rtsp://127.0.0.1:{port}/{name}" for name in factories]}), flush=True)
    loop.run()
    server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)


main()
