"""Prompts as controlled records: one immutable file a version, released by its hash in `released.toml`.

A file whose bytes differ from the released hash is refused: nothing is drafted from a swapped prompt.
"""

import hashlib
import string
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from audit.errors import NotFound, Tampered

RELEASED = "released.toml"


@dataclass(frozen=True)
class Prompt:
    """A released prompt: `sha256` is the hash of the file's bytes."""

    name: str
    version: str
    text: str
    sha256: str

    def render(self, **values: str) -> str:
        """Fill the named slots; raise KeyError where one is missing. Braces inside values are left as they are."""
        return string.Formatter().vformat(self.text, (), values)


def load_prompt(name: str) -> Prompt:
    """Return the released version of a prompt; raise Tampered where its file is not the released one."""
    released = _released()
    if name not in released:
        raise NotFound(f"There is no released prompt {name}.", remedy=f"Released: {', '.join(released)}.")
    version, expected = released[name]
    raw = (files("prompts") / name / f"{version}.md").read_bytes()
    actual = "sha256:" + hashlib.sha256(raw).hexdigest()
    if actual != expected:
        raise Tampered(
            f"The prompt file prompts/{name}/{version}.md is not the released one.",
            remedy="Restore it, or release the new text as a new version.",
        )
    return Prompt(name, version, raw.decode("utf-8"), actual)


def released_digest() -> str:
    """Return a hash over all released prompts, for the configuration fingerprint; every file is checked on the way."""
    lines = [f"{p.name}/{p.version}:{p.sha256}" for p in map(load_prompt, sorted(_released()))]
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _released() -> dict[str, tuple[str, str]]:
    tree = tomllib.loads((files("prompts") / RELEASED).read_text(encoding="utf-8"))
    return {name: (entry["version"], entry["sha256"]) for name, entry in tree.items()}
