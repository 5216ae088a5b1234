"""JSON documents: what is written can be read, and a mistake is found where it stands."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import pickle
from pathlib import PurePosixPath

import pytest

from irl_logging.errors import DocumentError
from irl_logging.storage import documents
from irl_logging.storage.documents import check_schema, decode_document, encode_document, read_document


def test_documents_are_for_people_too():
    """Indented, in UTF-8, with a line feed at the end."""
    assert encode_document({"größe": [1]}) == '{\n  "größe": [\n    1\n  ]\n}\n'.encode()


def test_times_are_iso_8601():
    """As everywhere else in the directory; what JSON does not know otherwise is text."""
    when = dt.datetime(2026, 2, 8, 0, 47, 25, tzinfo=dt.UTC)
    content = {"when": when, "day": when.date(), "at": when.time(), "path": PurePosixPath("/srv")}
    assert json.loads(encode_document(content)) == {
        "when": "2026-02-08T00:47:25+00:00",
        "day": "2026-02-08",
        "at": "00:47:25",
        "path": "/srv",
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"a": 1, "rates": {"approval": math.nan}}, "rates.approval is nan"),
        ({"rates": [1.0, math.inf]}, r"rates\[1\] is inf"),
        ({"rates": {("a", "b"): 1}}, "a key of rates is a tuple, expected a text"),
        ({("a", "b"): 1}, "a key of it is a tuple, expected a text"),
    ],
)
def test_what_is_no_json_is_named(content, said):
    """The key says which value it was; the value of another key is not told."""
    with pytest.raises(DocumentError, match=f"the content is not JSON: {said}"):
        encode_document(content)


def test_a_content_that_holds_itself_is_refused():
    """It has no end."""
    content = {}
    content["self"] = content
    with pytest.raises(DocumentError, match="holds itself or is nested too deeply"):
        encode_document(content)


def test_a_content_that_could_not_be_read_again_is_not_written(monkeypatch):
    """The limit of reading is that of writing."""
    monkeypatch.setattr(documents, "MAX_BYTES", 20)
    with pytest.raises(DocumentError, match="has 24 bytes as JSON, 20 at most"):
        encode_document({"a": "x" * 10})


@pytest.mark.parametrize(
    ("data", "line", "column", "said"),
    [
        (b'{\n  "total": 12,\n  "oldest" "x"\n}\n', 3, 12, "Expecting ':' delimiter"),
        (b'{"rate": NaN}', 1, 10, "NaN, which JSON does not have"),
        (b'{"note": "NaN is \\" no number",\n "rate": -Infinity}', 2, 10, "-Infinity, which JSON does not have"),
        (b'{"name": "gr\xf6\xdfe"}', 1, 13, "a byte that is not UTF-8"),
        (b"<<<<<<< HEAD\n{}\n", 1, 1, "Expecting value"),
        (b"", 1, 1, "Expecting value"),
        (b"[1, 2]", 1, 1, "holds a list, expected an object"),
        (b"null", 1, 1, "holds null, expected an object"),
        (b"[" * 100_000, None, None, "nested too deeply"),
        (b'{"n": ' + b"9" * 5000 + b"}", None, None, "cannot be read: Exceeds the limit"),
    ],
)
def test_a_mistake_is_found_where_it_stands(data, line, column, said, tmp_path):
    """File, line and column, from 1, in the message and as attributes; also after pickling."""
    path = tmp_path / "quarantine.json"
    with pytest.raises(DocumentError, match=said) as caught:
        decode_document(data, path)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.path, error.line, error.column) == (path, line, column)
    assert str(error) == str(caught.value)
    assert str(path) in str(error)


def test_what_editors_add_is_read(tmp_path):
    """A byte order mark and line ends of Windows are no mistake."""
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{\r\n"a": 1}\r\n')
    assert read_document(tmp_path / "a.json") == {"a": 1}


def test_no_file_is_no_document(tmp_path):
    """That there is none is no error; that it leads elsewhere, or is none, is."""
    assert read_document(tmp_path / "a.json") is None
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("link.json", "pipe.json"):
        with pytest.raises(OSError):
            read_document(tmp_path / name)


def test_a_file_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    """What is beyond the limit is not even looked at."""
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    (tmp_path / "a.json").write_text('{"a": 12345}')
    with pytest.raises(DocumentError, match="longer than 10 bytes"):
        read_document(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            {"properties": {"total": {"type": "integer"}}},
            r"state.json does not conform to a.schema.json: \$.total: 'x' is not",
        ),
        ({"type": "no type"}, r"a.schema.json is not a JSON Schema: \$.type"),
        ({"$ref": "https://example.org/other.json"}, "refers to what it does not contain"),
    ],
)
def test_what_does_not_fit_its_schema_is_refused(schema, said, tmp_path):
    """Which value, why, and by which schema; no reference is fetched."""
    (tmp_path / "a.schema.json").write_text(json.dumps(schema))
    with pytest.raises(DocumentError, match=said):
        check_schema({"total": "x"}, tmp_path / "state.json", tmp_path / "a.schema.json")


def test_what_fits_passes(tmp_path):
    """A schema that it fits, and none at all."""
    check_schema({"total": 1}, tmp_path / "state.json", tmp_path / "none.schema.json")
    (tmp_path / "a.schema.json").write_text('{"required": ["total"]}')
    check_schema({"total": 1}, tmp_path / "state.json", tmp_path / "a.schema.json")


def test_without_jsonschema_the_install_line_is_told(tmp_path, run_python):
    """A schema that cannot be looked at is not passed over."""
    (tmp_path / "a.schema.json").write_text("{}")
    done = run_python(
        "import sys; sys.modules['jsonschema'] = None\n"
        "from pathlib import Path\n"
        "from irl_logging.storage.documents import check_schema\n"
        "try: check_schema({}, Path('a.json'), Path('a.schema.json'))\n"
        "except ImportError as error: print(error)\n"
    )
    assert done.stdout.endswith("pip install 'irl_logging[schema]'\n"), done.stderr
