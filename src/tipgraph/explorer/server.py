"""The server: a socket on this machine, and uvicorn on it until a signal ends it."""

import asyncio
import os
import socket
from collections.abc import Callable

from tipgraph.errors import EndpointError, UsageError
from tipgraph.explorer.app import Settings, application
from tipgraph.explorer.site import in_memory
from tipgraph.graph import LocalGraph

# The seconds that connections have to end.
GRACE = 1


def serve(
    graph: LocalGraph,
    settings: Settings,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Serve a graph until SIGINT or SIGTERM, or until a page ends it.

    `ready` gets the address once it answers. A port of 0 is one that is free. Raises
    UsageError when the libraries are not installed, and EndpointError when nothing can listen
    there.
    """
    try:
        import uvicorn

        # It starts processes, so it comes before any thread.
        app = application(in_memory(graph), settings)
    except ImportError:
        raise UsageError(
            "pages for a browser need Starlette and uvicorn; run pip install '.[explorer]' in the"
            " checkout, or pip install starlette uvicorn"
        ) from None

    class Announcing(uvicorn.Server):
        """Announces itself once signals end it cleanly, which is later than it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if sockets and self.started:
                ready(address(settings.host, sockets[0].getsockname()[1]))
                # A page of another distribution is opened first, and would wait.
                if not settings.pages:
                    app.state.prepare()
                app.state.stop = self.stop

        async def stop(self) -> None:
            """End, once a browser had the time to load the style of the last page."""
            await asyncio.sleep(GRACE)
            self.should_exit = True

    with listening(settings.host, port) as opened:
        config = uvicorn.Config(
            app,
            # Nothing about a request is logged: it may be about a case.
            access_log=False,
            log_config=None,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        Announcing(config).run(sockets=[opened])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UsageError for a host that is no name, else EndpointError."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # With its protocol named, unlike `create_server`: else asyncio leaves TCP_NODELAY off, and
        # each answer on a connection that is kept waits 40 ms.
        opened = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(place)
            opened.listen()
        except OSError:
            opened.close()
            raise
    except UnicodeError:
        raise UsageError(f"--host {host}: this is not the name or address of a host") from None
    except OSError as error:
        number = error.errno or 0
        # A name that is unknown has a number below 0.
        reason = os.strerror(number) if number > 0 else error.strerror or str(error)
        options = "--port" if host == Settings.host else "--port or --host"
        raise EndpointError(
            f"cannot listen on {address(host, port)}: {reason}; choose another {options}"
        ) from None
    return opened


def address(host: str, port: int) -> str:
    """The address of the first page."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
