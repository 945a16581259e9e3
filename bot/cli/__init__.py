"""The command line `peipao`.

A command is imported only when it is called: `peipao decide` must not wait for the web framework,
and a command whose package cannot be imported takes only itself down.
"""

from __future__ import annotations

import importlib
import logging
import sys

import click
import structlog

#: command name -> where its click command lives, and the line shown in the list of commands
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("bot.cli.serve:serve", "start everything and print the addresses"),
    "chat": ("bot.cli.chat:chat", "the same dialogue in the terminal"),
    "understand": (
        "bot.cli.understand:understand",
        "what sentences say: intent, facts, products, aspect",
    ),
    "match": ("bot.cli.decide:match", "rank the products for a firm"),
    "check": ("bot.cli.decide:check", "pre-check one product, clause by clause"),
    "answer": ("bot.cli.answer:answer", "find the passages that answer a policy question"),
    "catalog": ("bot.cli.catalog:catalog", "check the policy data and run the cases shipped with it"),
    "doctor": ("bot.cli.doctor:doctor", "check the settings of every channel and say what is wrong"),
    "officer": ("bot.cli.officer:officer", "add and list the officers who may log in at the desk"),
    "visits": ("bot.cli.visits:visits_", "places and times at which firms can be received"),
    "audit": ("bot.cli.audit:audit", "check that the log of who did what is whole"),
    "wechat": ("bot.cli.wechat:wechat", "set up the Official Account: its menu"),
    "outreach": ("bot.cli.outreach:outreach", "firms that may be called after a change of policy"),
    "eval": ("bot.cli.evaluate:evaluate", "measure understanding on sentences never trained on"),
    "train": ("bot.cli.train:train", "train the model if its inputs changed"),
    "migrate": ("bot.cli.migrate:migrate", "create the database or bring it up to date"),
    "bench": ("bot.cli.bench:bench", "measure speed, memory and start time beside a stock Rasa bot"),
}


class LazyGroup(click.Group):
    """A click group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module_name, attribute = COMMANDS[cmd_name][0].split(":")
        try:
            command = getattr(importlib.import_module(module_name), attribute)
        except ImportError as error:
            raise click.ClickException(
                f"命令 {cmd_name} 载入不了（{error}），请运行 make setup 修复安装"
            ) from error
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The table has the one-line helps, so that --help imports nothing.
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peipao")
def main() -> None:
    """Peipao (陪跑): matches tech firms with the financial products of Chongqing High-tech Zone."""
    # Standard output belongs to the answers; a command that serves sets up its own logging.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
