"""Commands that start, stop and look: up, down, status, demo."""

from contextlib import nullcontext
from datetime import datetime
from typing import Annotated

import typer

from shian.config import lifecycle
from shian.config.home import Home, chosen_port
from shian.config.printing import AsJson, print_json, print_line
from shian.config.steps import Steps

Port = Annotated[int | None, typer.Option(help="Where the web server listens; SHIAN_PORT, else 8600.")]


def up(
    port: Port = None,
    foreground: Annotated[bool, typer.Option("--foreground", help="Show the logs; Ctrl-C stops everything.")] = False,
    dev: Annotated[
        bool, typer.Option("--dev", help="Reload on changed code, rebuild scripts; in the foreground.")
    ] = False,
) -> None:
    """Start Shian, or adopt what runs already: database, web server, worker."""
    home, stays = Home.current(), foreground or dev
    with Steps() as steps, lifecycle.until_interrupted(home, steps) if stays else nullcontext():
        served = lifecycle.up(home, chosen_port(port), steps, develops=dev)
        steps.rest()
        print_line(f"Shian {'runs already' if served.was_running else 'is ready'}: {served.address}")
        if stays:
            lifecycle.show_logs(home, steps)


def down() -> None:
    """Stop Shian; nothing is left running, also of a killed earlier run. No data is removed."""
    found = lifecycle.down(Home.current())
    print_line(f"Stopped: {', '.join(found)}." if found else "Nothing was running.")


def status(json: AsJson = False) -> None:
    """What runs, and where; exit status 3 when Shian is not up."""
    state = lifecycle.state_of(Home.current())
    if json:
        print_json(state)
    else:
        print_line(f"Shian is up: {state['address']}" if state["running"] else "Shian is down.")
        for name, service in state["services"].items():
            restarts = f", {service['restarts']} restarts" if service["restarts"] else ""
            print_line(f"  {name:<8} {'pid ' + str(service['pid']) if service['pid'] else 'down'}{restarts}")
        database = state["database"]
        where = (
            "the server of DATABASE_URL"
            if database["operator"]
            else f"pid {database['pid'] or '-'}, {database['folder']}"
        )
        print_line(f"  database {where}")
    if not state["running"]:
        raise typer.Exit(3)


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Start the web server at the end.")] = True,
    stay: Annotated[bool, typer.Option("--stay", help="Then show the logs; Ctrl-C stops everything.")] = False,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the demo city lives in.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(min=0.001, max=1.0, help="Share of the operators; 1 is the real size.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo's database away and make it anew.")] = False,
    port: Port = None,
) -> None:
    """Make the demo city, import, evaluate, report and serve it. A second run changes nothing."""
    from shian.config.demo import Wish, run_demo

    home = Home.current()
    wish = Wish(
        today=today.date() if today else None, scale=scale, fresh=fresh, port=chosen_port(port) if serve else None
    )
    with Steps() as steps, lifecycle.until_interrupted(home, steps) if serve and stay else nullcontext():
        run_demo(home, wish, steps)
        if serve and stay:
            print_line("Ctrl-C stops everything.")
            lifecycle.show_logs(home, steps)
