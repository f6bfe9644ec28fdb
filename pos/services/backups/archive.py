"""The file of a backup: a manifest and the books in one archive, encrypted to a public key.

The form is age's, so that any age program opens it: docs/adr says why. The key that opens it
is not on the shop's machine.
"""

import hashlib
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pyrage

from pos.errors import BackupFailed

FORM = "khqr-pos-backup-1"
MANIFEST, BOOKS = "manifest.json", "books"

_AGE = b"age-encryption.org/"
_CHUNK = 1024 * 1024
_DAMAGED = "The file is damaged or not whole: nothing of it is used. Take another backup."


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `sha256` and `size` are those of the books in it."""

    form: str
    taken_at: str
    revision: str
    version: str
    database: str
    size: int
    sha256: str

    @property
    def instant(self) -> datetime:
        """When the books were copied."""
        return datetime.fromisoformat(self.taken_at)


def new_key() -> tuple[str, str]:
    """Return a new pair: the secret identity that opens backups, and its public recipient."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(books: Path, manifest: Manifest, work: Path, target: Path, recipients: list[str]) -> None:
    """Write manifest and books into `target`, for its owner alone, and see that it is on disk.

    Encrypted to the recipients; plain where there are none. `work` is a folder to work in.
    """
    told = work / MANIFEST
    told.write_text(json.dumps(asdict(manifest), indent=1))
    packed = work / "packed"
    with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
        archive.add(told, MANIFEST)
        archive.add(books, BOOKS)
    keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    with _private(target) as out, packed.open("rb") as plain:
        if keys:
            pyrage.encrypt_io(plain, out, keys)
        else:
            while part := plain.read(_CHUNK):
                out.write(part)
        out.flush()
        os.fsync(out.fileno())


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def is_sealed(path: Path) -> bool:
    """Return whether a file is encrypted; BackupFailed where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_AGE)) == _AGE
    except OSError as problem:
        raise BackupFailed(f"{path}: {problem.strerror}.") from None


def read_identity(path: Path) -> str:
    """Return the identity in a key file; BackupFailed where there is none in it."""
    try:
        lines = path.read_text().split()
    except (OSError, ValueError):
        raise BackupFailed(f"The key file {path} cannot be read.") from None
    found = [line for line in lines if line.startswith("AGE-SECRET-KEY-1")]
    if not found:
        raise BackupFailed(f"There is no AGE-SECRET-KEY in {path}.")
    return found[0]


def unseal(file: Path, identity: str, work: Path) -> tuple[Manifest, Path]:
    """Return the manifest of a backup and its books, laid into `work`, each proven whole.

    BackupFailed where the identity is another's, and where anything of it is not as it was.
    """
    packed = work / "packed"
    if is_sealed(file):
        _decrypt(file, identity, packed)
    else:
        packed = file
    manifest, books = _unpack(packed, work)
    if (books.stat().st_size, digest_of(books)) != (manifest.size, manifest.sha256):
        raise BackupFailed(_DAMAGED)
    return manifest, books


def _decrypt(file: Path, identity: str, packed: Path) -> None:
    if not identity:
        raise BackupFailed("This backup is encrypted: name the file with its key by --identity.")
    try:
        key = pyrage.x25519.Identity.from_str(identity)
        with file.open("rb") as sealed, _private(packed) as plain:
            pyrage.decrypt_io(sealed, plain, [key])
    except pyrage.IdentityError:
        raise BackupFailed("The key file holds no whole AGE-SECRET-KEY.") from None
    except pyrage.DecryptError as problem:
        if "No matching keys" in str(problem):
            raise BackupFailed("This key does not open this backup: it is another's.") from None
        raise BackupFailed(_DAMAGED) from None
    except OSError as problem:
        # What the library raises of a broken file has no number; of a full disk it has.
        raise BackupFailed(str(problem) if problem.errno else _DAMAGED) from None


def _unpack(packed: Path, work: Path) -> tuple[Manifest, Path]:
    """Take the two members out, by their names alone: no path of an archive is followed."""
    books = work / BOOKS
    try:
        with tarfile.open(packed, "r:gz") as archive:
            told = archive.extractfile(MANIFEST)
            inside = archive.extractfile(BOOKS)
            assert told is not None and inside is not None
            manifest = Manifest(**json.loads(told.read(_CHUNK)))
            with _private(books) as out:
                while part := inside.read(_CHUNK):
                    out.write(part)
            while archive.fileobj is not None and archive.fileobj.read(_CHUNK):
                pass  # To its end, where the checksum of the whole is.
    except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError, AssertionError):
        raise BackupFailed(_DAMAGED) from None
    except OSError as problem:
        raise BackupFailed(str(problem) if problem.errno else _DAMAGED) from None
    if manifest.form != FORM:
        raise BackupFailed(f"This program does not know backups of the form {manifest.form}.")
    return manifest, books
