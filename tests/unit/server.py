"""A mirror on the loopback that can break off, cut short, swap and forget files."""
# SPDX-License-Identifier: BSD-3-Clause
from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server:
    """Serves `files` (path -> bytes). `breaks` answers stop after `stop_at` bytes, as a lost connection does."""

    def __init__(self, files: Mapping[str, bytes], breaks: int = 0, stop_at: int = 100) -> None:
        self.files = dict(files)
        self.breaks = breaks
        self.stop_at = stop_at
        self.asked: list[tuple[str, str]] = []  # (path, Range header)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One GET."""
        path, span = request.path.lstrip("/"), request.headers.get("Range", "")
        self.asked.append((path, span))
        data = self.files.get(path)
        if data is None:
            request.send_error(404)
            return
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        request.send_response(206 if span else 200)
        request.send_header("Content-Length", str(len(data) - start))
        if span:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        request.end_headers()
        if self.breaks > 0:
            self.breaks -= 1
            request.wfile.write(data[start:start + self.stop_at])
            request.wfile.flush()
            request.connection.shutdown(2)
            return
        request.wfile.write(data[start:])
