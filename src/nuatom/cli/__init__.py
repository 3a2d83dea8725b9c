"""The command line: thin verbs over the Python interface, one module each."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from nuatom.cli.common import Group
from nuatom.cli.streams import spell_out_what_cannot_be_written
from nuatom.errors import NuatomError, shown

__all__ = ["main"]

_VERBS: Final = {
    "limit": "Best fit and confidence interval from real data: the main job.",
    "spectrum": "Expected counts of an experiment for given couplings, beside its data.",
    "scan": "Likelihood curve or surface of one or more parameters.",
    "coverage": "How often intervals hold the truth, by simulated experiments.",
    "fit": "Best fit of parameters and nuisances: pulls, correlations, impacts.",
    "export": "A likelihood for pyhf, its numbers, or a spectrum as a table.",
    "explore": "A page with sliders: couplings, spectrum beside data, likelihood.",
    "cross-section": "Differential cross section per atom.",
    "rate": "Differential rate before the detector.",
    "atom": "Ground state of an atom: orbitals and energies.",
    "response": "Response functions of an atom's electrons.",
    "photoabsorption": "Photoabsorption cross section: the response on the photon line.",
    "optical": "Dielectric function of a crystal, a liquid or a gas, with its sum rules.",
    "table": "Build, list, verify and show tables of response functions.",
    "paper": "Reproduce a source paper, equation by equation.",
    "data": "Experiments and data files that the package ships; releases to fetch.",
    "cite": "BibTeX of what a result used.",
    "doctor": "Check the installation.",
}


class _LazyGroup(Group):
    """A group whose verbs are imported when they are called, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _VERBS:
            return None
        module = import_module(f"nuatom.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nuatom")
def cli() -> None:
    """Neutrino electromagnetic properties in atoms and detectors, and what data allow.

    \b
    nuatom limit xenonnt-sr0 magnetic-moment --plot limit.png
    nuatom spectrum xenonnt-sr0 --magnetic-moment 2e-11 --plot spectrum.png
    """  # noqa: D301  the escape tells click to keep the lines


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a mistake in the input is one line on stderr and exit status 2."""
    spell_out_what_cannot_be_written(sys.stdout, sys.stderr)
    try:
        code = cli.main(args=arguments, prog_name="nuatom", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(2)
    except click.MissingParameter as error:
        where = error.ctx.command_path if error.ctx else "nuatom"
        _fail(f"{error.format_message().rstrip('.')}: {where} --help says what is accepted")
    except click.ClickException as error:
        _fail(error.format_message())
    except NuatomError as error:
        _fail(str(error))
    except OSError as error:
        _fail(str(error) if error.filename is None else f"{shown(error.filename)}: {error.strerror}")
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> None:
    click.echo("nuatom: " + " ".join(message.split()), err=True)
    sys.exit(2)
