"""The command line: one file a command. Nothing heavy is imported before a command needs it, and never Qt."""

import logging
import sys
from typing import Any

import typer

from playground.cli import check, data, devices, export, info, lab, lesson, presets, runs, train
from playground.core.problem import Problem
from playground.core.text import _
from playground.disk import folders

# The base of all that a command line can be wrong with. Newer versions of typer carry a click of their own, whose
# errors are not those of the package click, so the class is taken from typer itself.
_UsageError: Any = typer.BadParameter.__base__

app = typer.Typer(
    help=_("See a neural network learn. Without a command, `playground [PROJECT]` opens the window."),
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("check")(check.check)
app.command("train")(train.train)
app.command("export")(export.export)
app.command("presets")(presets.presets)
app.command("info")(info.info)
app.command("devices")(devices.devices)
app.command("lab")(lab.lab)
app.command("lesson")(lesson.lesson)
app.add_typer(data.app, name="data")
app.add_typer(runs.app, name="runs")


@app.command()
def window(
    project: str = typer.Argument("", help=_("a project file or preset:NAME; the default example without")),
) -> None:
    """Open the window."""
    from playground.app import run_window

    raise typer.Exit(run_window(project or None))


def run(words: list[str]) -> int:
    """Run a command line. Exit codes: 0 done, 1 failed (one line says why), 2 usage, 130 interrupted."""
    try:
        command = typer.main.get_command(app)
        if not words or (not words[0].startswith("-") and words[0] not in command.commands):  # type: ignore[attr-defined]
            words = ["window", *words]
        code = command.main(words, prog_name="playground", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        print(_("interrupted"), file=sys.stderr)
        return 130
    except _UsageError as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # whoever read us has gone, as `playground check | head` does: no fault, and no second one at exit
        sys.stderr.close()
        return 1
    except Exception as error:  # a bug: the traceback is for the log, one line for the person
        logging.getLogger(__name__).exception("%s", words)
        said = _("something went wrong inside the program ({error}); the details are in {log}")
        print(said.format(error=f"{type(error).__name__}: {error}", log=folders.log()), file=sys.stderr)
        return 1
