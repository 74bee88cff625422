"""`send`: composes the verbs and turns errors into messages and exit codes.

Exit codes: 0 done, 1 checks failed or findings, 2 wrong use or unreadable input. Heavy packages
are imported by the verbs that need them, so that `send --help` answers at once.
"""

from __future__ import annotations

import os
import resource
import sys

import typer

from commands import (
    build,
    demo,
    fetch,
    figures,
    files,
    forecast,
    keys,
    lists,
    plan,
    privacy,
    releases,
    report,
    serve,
    template,
    upkeep,
    validate,
)
from pipelines.errors import EXIT_UNREADABLE, InputError, SendError
from pipelines.faults import fault_of, is_no_room

app = typer.Typer(
    name="send",
    help="Account for a council's promises to children with SEND, from checked figures.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("ingest")(files.ingest)
app.command("template")(template.template)
app.command("inspection-lists")(lists.inspection_lists)
app.command("validate")(validate.validate)
app.command("build")(build.build)
app.command("forget")(privacy.forget)
app.command("backup")(upkeep.backup)
app.command("restore")(upkeep.restore)
app.command("retain")(upkeep.retain)
app.command("publish")(releases.publish)
app.add_typer(releases.app, name="releases")
app.command("kpi")(figures.kpi)
app.command("claims")(figures.claims)
app.command("forecast")(forecast.forecast)
app.command("report")(report.report)
app.add_typer(plan.app, name="plan")
app.add_typer(keys.app, name="keys")
app.add_typer(fetch.fetch_app, name="fetch")
app.command("dashboard")(serve.dashboard)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)


def main() -> None:
    """Entry point of the command `send`. What it writes is for its owner only."""
    os.umask(0o077)
    # What is in memory while a file is taken in must not land on disk when the process falls.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Set before NumPy is imported: many small fits are slower on several threads than on one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except SendError as error:
        typer.echo(f"send: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        told = InputError(
            str(error.strerror),
            where=error.filename or "the workspace",
            remedy="Look whether the folder exists and may be written.",
        )
        typer.echo(f"send: {fault_of(error) if is_no_room(error) else told}", err=True)
        sys.exit(EXIT_UNREADABLE)
    except Exception as error:  # noqa: BLE001
        typer.echo(f"send: {fault_of(error)}", err=True)
        sys.exit(EXIT_UNREADABLE)


if __name__ == "__main__":
    main()
