"""The two stories: the whole practice shop opens and closes, or the practice bank alone."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

from pos.errors import PosError
from pos.launch import commands, terminal
from pos.launch.asking import READY_SECONDS, is_bank_open, is_shop_open
from pos.launch.children import Children, Stop, Stopped
from pos.launch.instance import Instance, open_instance
from pos.launch.place import Place, read_bank, read_place

Environ = Mapping[str, str]


def main(arguments: Sequence[str] = ()) -> int:
    """Open what the arguments name, until an end is asked for; return the exit status."""
    story = run_sandbox if list(arguments) == ["sandbox"] else run_shop
    if arguments and story is run_shop:
        terminal.complain("usage: python -m pos.launch [sandbox]")
        return 2
    return story(os.environ)


def run_shop(environ: Environ = os.environ) -> int:
    """Run the practice shop until an end is asked for: 0; or until something fails: 1."""
    return _run(_open_shop, environ)


def run_sandbox(environ: Environ = os.environ) -> int:
    """Run the practice bank alone until an end is asked for: 0; or until it fails: 1."""
    return _run(_open_sandbox, environ)


def _run(story: Callable[[Environ, Stop], None], environ: Environ) -> int:
    """Tell a story to its end. Whatever it meets is one line on the terminal, no trace."""
    stop = Stop()
    stop.listen()
    try:
        story(environ, stop)
    except Stopped:
        return 0
    except PosError as problem:
        terminal.complain(str(problem))
        return 1
    return 0


def _open_shop(environ: Environ, stop: Stop) -> None:
    place = read_place(environ)
    place.shop.check_free()
    place.bank.check_free()
    instance = open_instance(environ)
    instance.prepare()
    settings = _settings(environ, instance, place)
    if note := terminal.warning(place.shop):
        terminal.complain(note)
    with closing(instance.lock("shop")), Children(instance.logs, stop) as children:
        _start_shop(children, place, settings)
        terminal.say(terminal.shop_is_open(place, instance, instance.read_logins()))
        _watch(children)


def _start_shop(children: Children, place: Place, settings: Environ) -> None:
    """Start the parts in the order in which each needs the one before."""
    children.start("practice bank", commands.bank_server(place.bank), settings)
    children.wait_done(children.start("set-up", commands.prepare(place), settings))
    web = children.start("web app", commands.web_server(place.shop), settings)
    children.start("worker", commands.worker(), settings)
    children.wait_ready(web, lambda: is_shop_open(place.shop.url), READY_SECONDS)


def _open_sandbox(environ: Environ, stop: Stop) -> None:
    address = read_bank(environ)
    address.check_free()
    instance = open_instance(environ)
    instance.prepare()
    if note := terminal.warning(address):
        terminal.complain(note)
    settings = instance.settings(environ)
    with closing(instance.lock("shop")), Children(instance.logs, stop) as children:
        bank = children.start("practice bank", commands.bank_server(address), settings)
        children.wait_ready(bank, lambda: is_bank_open(address.url), READY_SECONDS)
        terminal.say(terminal.bank_is_open(address, instance))
        _watch(children)


def _settings(environ: Environ, instance: Instance, place: Place) -> Environ:
    shop = {"POS_HOST": place.shop.host, "POS_PORT": str(place.shop.port)}
    # Who practises has the other system on the same machine.
    shop |= {"POS_WEBHOOK_LOOPBACK": "true"}
    return instance.settings(environ) | shop


def _watch(children: Children) -> None:
    try:
        children.watch()
    finally:
        terminal.say("\nEnding." if sys.stdout.isatty() else "Ending.")
