"""The `shian` command. Each command is a few lines here; the work is in lifecycle.py, demo.py and verbs.py."""

from typing import Any

from shian.config.loading import undisturbed

with undisturbed():
    import typer
    from rich.console import Console
    from rich.markup import escape
    from typer.core import TyperGroup

    from shian.config.cli import answers, draws, ledgers, log, operation, running, traces
    from shian.config.home import Home
    from shian.config.problems import Problem, disk_full, is_disk_full, is_refusal


class OneSentence(TyperGroup):
    """Tells a problem in one sentence on standard error; a traceback is left for what is our mistake."""

    def invoke(self, ctx: Any) -> Any:
        console = Console(stderr=True, highlight=False)
        try:
            return super().invoke(ctx)
        except Problem as problem:
            said = problem
        except KeyboardInterrupt:
            console.print("Interrupted; run the same command again to go on, or `shian down` to stop everything.")
            raise typer.Exit(130) from None
        except Exception as error:
            if is_disk_full(error):
                said = disk_full(Home.current().folder)
            elif is_refusal(error):
                said = Problem(str(error) or type(error).__name__)
            else:
                raise
        console.print(f"[red]✗[/red] {escape(str(said))}", soft_wrap=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=OneSentence,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shian (食安): a city's registers become its score, its gaps and its report.",
)

app.command("up")(running.up)
app.command("down")(running.down)
app.command("status")(running.status)
app.command("demo")(running.demo)
app.command("import")(answers.import_files)
app.command("evaluate")(answers.evaluate)
app.command("figure")(answers.figure)
app.command("report")(answers.report)
app.command("archive")(answers.archive)
app.command("createadmin")(answers.create_admin)
app.command("migrate")(operation.migrate)
app.command("backup")(operation.backup)
app.command("restore")(operation.restore)
app.command("verify")(log.verify)
app.command("seal-export")(log.seal_export)
app.command("log-key")(log.log_key)
app.add_typer(ledgers.app, name="ledger")
app.add_typer(draws.app, name="draw")
app.add_typer(traces.app, name="trace")
