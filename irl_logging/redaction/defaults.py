"""The redactor and the registered values that the whole process shares."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.redactor import Redactor
from irl_logging.redaction.registry import KNOWN
from irl_logging.redaction.values import is_secret

_DEFAULT = Redactor()
_NAME = r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*"
_DOTENV = Lazy(_NAME + r"([^\s\"'#][^\n#]*?)[ \t]*(?:[ \t]#[^\n]*)?$", re.MULTILINE)
_QUOTED = Lazy(_NAME + r"([\"'])(.*?)(?<!\\)\2", re.MULTILINE | re.DOTALL)


def default() -> Redactor:
    """Return the redactor that `redact` and `redact_fields` use."""
    return _DEFAULT


def redact(text: str) -> str:
    """Return the text with a placeholder for each secret."""
    return _DEFAULT.redact(text)


def redact_fields(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a copy of a mapping with a placeholder for each secret."""
    return _DEFAULT.redact_fields(fields)


def register_secret(*values: str | bytes) -> None:
    """From now on, redact these values in every redactor of this process, in any usual encoding.

    Raises:
        ConfigurationError: when one is neither text nor bytes; none is registered then.
    """
    KNOWN.add(*values)


def register_environment(environ: Mapping[str, str] | None = None) -> int:
    """Register the values of environment variables whose names say that they are secrets.

    Args:
        environ: The variables; None means those of this process.

    Returns:
        How many values were registered.
    """
    variables = os.environ if environ is None else environ
    values = [value for name, value in variables.items() if _is_secret(name, value)]
    register_secret(*values)
    return len(values)


def _is_secret(name: str, value: str) -> bool:
    verdict = classify(name)
    return verdict is not Verdict.NO and is_secret(verdict, value.encode("utf-8", "surrogateescape"), quoted=True)


def register_dotenv(path: str | os.PathLike[str] = ".env") -> int:
    """Register the values of a `.env` file whose names say that they are secrets.

    Args:
        path: Where it stands.

    Returns:
        How many values were registered; 0 also when there is no such file.

    Raises:
        OSError: It is there and cannot be read.
    """
    try:
        return register_dotenv_text(Path(path).read_text("utf-8", "surrogateescape"))
    except FileNotFoundError:
        return 0


def register_dotenv_text(text: str) -> int:
    """Register the values of a `.env` file's text whose names say that they are secrets.

    Args:
        text: Lines of `NAME=value`, with or without `export`, quotes and comments; reading the file is the caller's.

    Returns:
        How many values were registered.
    """
    return register_environment(dict(_DOTENV.findall(text)) | {name: value for name, _, value in _QUOTED.findall(text)})
