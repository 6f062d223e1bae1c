"""Serving the contest, and the worker that goes with it."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server.mp import MPServer

from quizapp import worker
from quizapp.cli import door
from quizapp.kit import log, migrate
from quizapp.kit.metrics import Metrics
from quizapp.kit.store import Store
from quizapp.settings import Settings
from quizapp.web import assets

TARGET = "quizapp.serving:app"
BACKLOG = 4096  # connections the system keeps until a worker takes them
CONNECTIONS = 20_000  # connections one worker keeps, most of them silent
PERIOD = 2.0  # seconds between two turns of the worker
PATIENCE = 60  # seconds a request under way may still take once the server is told to stop


def _cores() -> int:
    return min(os.cpu_count() or 1, 8)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=_cores, show_default="un par cœur, 8 au plus"
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=16,
    show_default=True,
    help="Demandes traitées en même temps par processus.",
)
@click.option(
    "--drain",
    type=click.IntRange(0, 300),
    default=0,
    show_default=True,
    help="À l’arrêt, secondes pendant lesquelles /readyz dit non avant de ne plus rien accepter.",
)
def serve(host: str, port: int, workers: int, threads: int, drain: int) -> None:
    """Servir le concours, avec le serveur de production et son travail de fond.

    SIGTERM l’arrête sans perdre une demande en cours.
    """
    store = door.store()
    if not migrate.is_current(store):
        door.refuse("La base n’est pas à jour. Lancez d’abord : quizapp db upgrade")
    door.ensure_keys(store)
    store.dispose()  # the workers are forked: they inherit no connection
    run_server(host, port, workers, threads=threads, drain=drain)


@click.command("worker")
def work() -> None:
    """Faire seul le travail de fond : clore ce dont le temps est écoulé.

    « serve » le fait déjà. Plusieurs peuvent tourner : la base en laisse travailler un à la fois.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.run(door.store(), every=PERIOD, stop=stop)


def run_server(host: str, port: int, workers: int, *, threads: int = 16, drain: int = 0) -> None:
    """Serve until stopped; the worker takes its turns meanwhile, in this process."""
    settings = Settings()
    settings.secret()  # made once, before the workers ask for it
    assets.prepare(settings.instance)  # compressed once, before the workers ask for them
    _refuse_taken(host, port)
    _allow_connections()
    # A worker begins with its parent's way of being told to stop, and would hear nothing while it
    # loads. It has taken no request yet: it may simply end.
    os.register_at_fork(after_in_child=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL))
    stop = threading.Event()
    clock = threading.Thread(
        target=worker.run,
        args=(Store(settings.database),),
        kwargs={"every": PERIOD, "stop": stop},
    )
    with tempfile.TemporaryDirectory(prefix="quizapp-") as run:
        os.environ["QUIZAPP_RUN"] = run  # where the workers count what they answer
        server = _server(host, port, workers, threads)
        _drain_first(server, Metrics(Path(run)), drain)
        server.on_startup(clock.start)
        try:
            server.serve()
        finally:
            stop.set()
            if clock.is_alive():
                clock.join()


def _server(host: str, port: int, workers: int, threads: int) -> MPServer:
    return MPServer(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        workers_kill_timeout=PATIENCE,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]
        log_dictconfig=log.FOR_LIBRARIES,
        respawn_failed_workers=True,
    )


def _drain_first(server: MPServer, metrics: Metrics, seconds: int) -> None:
    """When told to stop, say so to the proxy (/readyz, Connection: close) before stopping."""
    stop_now: Callable[[], None] = server.signal_handler_interrupt

    def told(*_: object) -> None:
        second_time = metrics.draining
        metrics.draining = True
        if seconds and not second_time:
            later = threading.Timer(seconds, stop_now)
            later.daemon = True  # told a second time, the server does not wait for it
            later.start()
        else:
            stop_now()

    server.signal_handler_interrupt = told  # type: ignore[method-assign]


def _refuse_taken(host: str, port: int) -> None:
    """Refuse a port that another server has; the workers share theirs and would not notice."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                door.refuse(
                    f"Le port {port} est déjà pris, peut-être par un autre serveur quizapp. "
                    "Arrêtez-le, ou choisissez un autre port avec --port."
                )
            door.refuse(f"Impossible d’écouter sur {host}, port {port} : {error.strerror}.")


def _allow_connections() -> None:
    """Let each worker keep as many connections as the system grants."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
