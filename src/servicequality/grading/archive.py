"""Files of strangers: what a folder or a zip holds, without unpacking or following anything.

Names, sizes and kinds are checked when listing, and again when reading, because a folder that
others may write to can change in between.
"""

import os
import pwd
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from gettext import gettext as _
from pathlib import Path

from .cli import UserError

MOST_BYTES = 10_000_000  # of a notebook, as `max_file_size` in nbgrader_config.py
MOST_RATIO = 200  # unpacked to packed; a notebook full of text has about 10
RATIO_FROM = 1_000_000  # bytes; below that, a high ratio does no harm
MOST_FILES = 1_000  # of one submission
MOST_ENTRIES = 200_000  # of one archive
DEEPEST = 20  # folders in folders
LONGEST = 255  # characters of a name, as on disks

# What `zipfile` raises for a zip that is broken, or of a kind that it does not know.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
)


class RefusedError(Exception):
    """Something that is not taken; the text says why."""


@dataclass(frozen=True)
class File:
    """One file of the source.

    Attributes
    ----------
    path : tuple of str
        Folders and name, inside the source or the submission.
    read : callable
        Returns the content, or raises `RefusedError`.
    modified : datetime
        When it was last changed, in UTC.
    changed : datetime or None
        When the file system last noticed a change, in UTC. Its owner cannot set that back.
    owner : str
        Whose file it is; empty if unknown.
    problem : str
        Why it cannot be taken; empty if it can.
    order : int
        The platform's number of the upload: a later one is higher.
    """

    path: tuple[str, ...]
    read: Callable[[], bytes]
    modified: datetime
    changed: datetime | None = None
    owner: str = ""
    problem: str = ""
    order: int = 0

    @property
    def name(self) -> str:
        """Name without folders."""
        return self.path[-1]


def files_of(source: Path) -> list[File]:
    """List the files of a folder or a zip.

    Raises
    ------
    UserError
        If it is neither, or cannot be opened.
    """
    if source.is_dir():
        return files_of_folder(source)
    if source.is_file() and zipfile.is_zipfile(source):
        return files_of_zip(source)
    if source.exists():
        raise UserError(_("{source} is neither a folder nor a zip.").format(source=source))
    raise UserError(
        _("There is no {source}. Name a zip or a folder of submissions.").format(source=source)
    )


def utc(seconds: float) -> datetime:
    """Return seconds since 1970 as a time that every time zone can write, whatever a file says."""
    return datetime.fromtimestamp(min(max(seconds, 86_400), 253_370_764_799), UTC)


def nothing() -> bytes:
    """Stand for the content of a file that must not be read."""
    raise RefusedError(_("It cannot be read."))


def files_of_folder(root: Path) -> list[File]:
    """List what a folder holds, following no links."""
    files = []
    for entry in sorted(scan(root), key=lambda entry: entry.name):
        inside = list(files_of_entry(root, entry, (entry.name,), [0]))
        if not inside:
            problem = _("An empty folder.")
            inside = [File((entry.name, "."), nothing, utc(0), problem=problem)]
        files += inside
    return files


def scan(path: Path | str) -> list[os.DirEntry[str]]:
    """List a folder."""
    with os.scandir(path) as entries:
        return list(entries)


def files_of_entry(
    root: Path, entry: os.DirEntry[str], path: tuple[str, ...], count: list[int]
) -> Iterator[File]:
    """List one file, or what one folder holds; not much more than `MOST_FILES`."""
    if count[0] > MOST_FILES + 1:
        return
    count[0] += 1
    problem = ""
    try:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode) and len(path) <= DEEPEST:
            for inner in scan(entry.path):
                yield from files_of_entry(root, inner, (*path, inner.name), count)
            return
        problem = kind_problem(status.st_mode)
    except OSError as error:
        problem = _("Cannot be read: {error}.").format(error=error.strerror)
        yield File(path, nothing, utc(0), problem=problem)
        return
    yield File(
        path,
        nothing if problem else partial(read_beneath, root, path),
        utc(status.st_mtime),
        utc(status.st_ctime),
        owner(status.st_uid),
        problem,
    )


def kind_problem(mode: int) -> str:
    """Say why something that is no ordinary file is not taken; empty if it is one."""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return _("A link, which is not followed. Ask for the file itself.")
    if stat.S_ISDIR(mode):
        return _("Too many folders in folders.")
    return _("A pipe, socket or device, which is not read.")


def owner(uid: int) -> str:
    """Return the name of a user of this computer; empty if there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def read_beneath(root: Path, path: tuple[str, ...]) -> bytes:
    """Read a file without following a link, also one that was put there a moment ago."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        place = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in path:
                inner = os.open(part, flags, dir_fd=place)
                os.close(place)
                place = inner
            if problem := kind_problem(os.fstat(place).st_mode):
                raise RefusedError(f"{shown(path[-1])}: {problem}")
            with os.fdopen(os.dup(place), "rb") as file:
                content = file.read(MOST_BYTES + 1)
        finally:
            os.close(place)
    except OSError as error:
        raise RefusedError(
            _("{file} cannot be read: {error}.").format(
                file=shown(path[-1]), error=error.strerror or error
            )
        ) from error
    return within_size(content, path[-1])


def within_size(content: bytes, name: str) -> bytes:
    """Return the content, or raise `RefusedError` if there is too much of it."""
    if len(content) > MOST_BYTES:
        raise RefusedError(too_large(name))
    return content


def too_large(name: str) -> str:
    """Say that a file is too large, and what to do."""
    return _("{file} is larger than {most} MB: ask for it without outputs.").format(
        file=shown(name), most=MOST_BYTES // 1_000_000
    )


def files_of_zip(source: Path) -> list[File]:
    """List what a zip holds, unpacking nothing."""
    try:
        archive = zipfile.ZipFile(source)  # stays open as long as its files are known
    except DAMAGED as error:
        raise UserError(
            _("{source} cannot be opened: {error}. Download it again.").format(
                source=source, error=shown(str(error))
            )
        ) from error
    entries = [each for each in archive.infolist() if not each.filename.endswith("/")]
    if len(entries) > MOST_ENTRIES:
        raise UserError(
            _("{source} has {count} files, more than {most}. Is it the right one?").format(
                source=source, count=len(entries), most=MOST_ENTRIES
            )
        )
    names = zip_names(entries)
    paths = [tuple(part for part in name.split("/") if part != ".") for name in names]
    # A zipped folder holds that folder.
    wrapped = all(len(path) > 1 and path[0] in (source.stem, "__MACOSX") for path in paths)
    files = []
    for entry, name, path in zip(entries, names, paths, strict=True):
        if not path or not all(path) or ".." in path or "\\" in name or ":" in name[:2]:
            path, problem = (name[:LONGEST],), _("Its name leads out of the archive.")
        elif any(len(part) > LONGEST for part in path):
            path, problem = (name[:LONGEST],), _("Its name is too long.")
        else:
            path = path[1:] if wrapped else path
            problem = zip_problem(entry)
        read = nothing if problem else partial(read_entry, archive, entry, path[-1])
        files.append(File(path, read, zip_time(entry), problem=problem))
    return files


def zip_problem(entry: zipfile.ZipInfo) -> str:
    """Say why an entry is not read; empty if it is."""
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) and (problem := kind_problem(mode)):
        return problem
    if entry.flag_bits & 0x1:
        return _("Locked with a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("Packed in an unusual way.")
    return ""


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Read one entry, as far as its size allows."""
    if entry.file_size > MOST_BYTES:
        raise RefusedError(too_large(name))
    if entry.file_size > max(RATIO_FROM, MOST_RATIO * entry.compress_size):
        raise RefusedError(
            _("{file} unpacks to {ratio} times its size: a zip bomb?").format(
                file=shown(name), ratio=entry.file_size // max(entry.compress_size, 1)
            )
        )
    try:
        with archive.open(entry) as file:
            return within_size(file.read(MOST_BYTES + 1), name)
    except DAMAGED as error:
        raise RefusedError(
            _("{file} is damaged in the archive: {error}.").format(
                file=shown(name), error=shown(str(error))
            )
        ) from error


def zip_time(entry: zipfile.ZipInfo) -> datetime:
    """Return when an entry was changed.

    Zips hold local time of wherever they were made, taken as ours; many hold UTC besides, in the
    extra field 0x5455.
    """
    extra = entry.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == 0x5455 and size >= 5 and len(extra) >= 9 and extra[4] & 1:
            return utc(struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + size :]
    try:
        return utc(datetime(*entry.date_time).timestamp())
    except ValueError:
        return utc(0)


def zip_names(entries: list[zipfile.ZipInfo]) -> list[str]:
    """Return the names, also those that were not written in UTF-8 and do not say in what.

    All names of an archive were written by one program, so the first encoding that makes letters
    of one script of all of them is taken: UTF-8, simplified Chinese, the zip format's own,
    Western Windows, Chinese with rare characters.
    """
    raw = [undecoded(entry) for entry in entries]
    known = [name for name in raw if name is not None]
    encoding = next((each for each in SCRIPTS if spells(known, each)), "cp437")
    return [
        entry.filename if name is None else name.decode(encoding)
        for entry, name in zip(entries, raw, strict=True)
    ]


def undecoded(entry: zipfile.ZipInfo) -> bytes | None:
    """Return a name of which `zipfile` had to guess the encoding; None if it knew."""
    if entry.flag_bits & UTF_8:
        return None
    try:
        return entry.filename.encode("cp437")
    except UnicodeEncodeError:  # told by an extra field
        return None


UTF_8 = 0x800  # flag of an entry
SCRIPTS = {"utf-8": "", "gb2312": "CJK", "cp437": "LATIN", "cp1252": "LATIN", "gb18030": "CJK"}


def spells(names: Iterable[bytes], encoding: str) -> bool:
    """Whether the names can be read so, and what is not ASCII are letters of the script."""
    try:
        chars = {char for name in names for char in name.decode(encoding) if not char.isascii()}
    except UnicodeDecodeError:
        return False
    return all(unicodedata.name(char, "").startswith(SCRIPTS[encoding]) for char in chars)


def shown(text: str) -> str:
    """Return a student's text such that it cannot steer the terminal."""
    clean = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return clean if len(clean) <= 100 else clean[:99] + "…"


def listed(names: Iterable[str]) -> str:
    """Return names in one line, the first few of many."""
    names = sorted(shown(name) for name in names)
    return ", ".join(names[:5]) + (f" (+{len(names) - 5})" if len(names) > 5 else "")
