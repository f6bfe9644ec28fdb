import os
import stat
import subprocess
import time
from datetime import timedelta

import pytest

from pos.errors import BackupFailed
from pos.extensions import settings
from pos.services.backups import folder, taking
from tests.alerting import changed_settings
from tests.backing import TOOLS, opened
from tests.conftest import SECRET_KEY, VAULT_KEY
from tests.factories import PASSWORD, charge, open_shift

pytestmark = pytest.mark.usefixtures("context", "clock", "shop")


def names():
    return sorted(one.name for one in folder.usual().iterdir())


def without_key(app, **more):
    return changed_settings(app, backup_recipient="", **more)


def text_of(books, database):
    """All that a backup's books say, as one would read it who has the key."""
    if database.startswith("sqlite"):
        return books.read_bytes()
    command = [TOOLS / "pg_restore", "--file=-", books]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_a_backup_is_one_file_for_its_owner_alone_named_by_time_and_revision(tmp_path):
    taken = taking.take()
    manifest, _ = opened(taken.path, tmp_path)
    assert names() == [f"khqr-pos-20261122T020000Z-{manifest.revision}.tar.gz.age"]
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600
    assert (taken.size, taken.is_encrypted) == (taken.path.stat().st_size, True)
    assert (manifest.instant, manifest.size > 50_000) == (taken.at, True)
    assert not list(settings().instance.glob(".backup-*"))


def test_a_thief_of_a_backup_reads_nothing_and_its_owner_no_secret(shop, tmp_path, database):
    payment = charge(open_shift(shop))
    taken = taking.take()
    sealed = taken.path.read_bytes()
    _, books = opened(taken.path, tmp_path)
    inside = text_of(books, database)
    assert payment.tran_id.encode() in inside and payment.tran_id.encode() not in sealed
    for secret in (SECRET_KEY, VAULT_KEY, PASSWORD, "no-key"):
        assert secret.encode() not in inside and secret.encode() not in sealed


def test_without_a_key_a_copy_stays_in_the_shops_own_folder(app, tmp_path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("stick")
    with without_key(app):
        assert not taking.take().is_encrypted
        with pytest.raises(BackupFailed, match="There is no key to encrypt with"):
            taking.take(outside)
        assert list(outside.iterdir()) == []
        assert not taking.take(outside, is_plain_allowed=True).is_encrypted


def test_backups_of_the_newest_days_are_kept_and_other_files_stay(app, clock):
    with changed_settings(app, backup_days=2):
        for hours in (8, 8, 8, 72):
            taking.take()
            clock.advance(hours=hours)
            (folder.usual() / "notes.txt").write_text("mine")
        assert len(names()) == 5
        # Of the first day there were two, of the second two as well.
        assert taking.take().pruned == 2
    assert names()[-1] == "notes.txt" and len(names()) == 4


def test_a_full_disk_is_seen_before_anything_is_written():
    folder.prepare(folder.usual())
    with pytest.raises(BackupFailed, match=r"MB free; the backup wants \d+ MB"):
        folder.refuse_full(folder.usual(), 10**15)
    assert names() == []


def test_two_backups_of_one_second_do_not_overwrite_each_other():
    first = taking.take().path.read_bytes()
    with pytest.raises(BackupFailed, match="is there already"):
        taking.take()
    assert [one.read_bytes() for one in folder.usual().iterdir()] == [first]


def test_what_a_killed_program_left_is_swept_away_after_a_while():
    folder.prepare(folder.usual())
    left = folder.usual() / ".khqr-pos-1-x.partial"
    fresh = folder.usual() / ".khqr-pos-2-x.partial"
    for one in (left, fresh):
        one.write_text("half")
    old = time.time() - timedelta(hours=7).total_seconds()
    os.utime(left, (old, old))
    taking.take()
    assert (left.exists(), fresh.exists()) == (False, True)
