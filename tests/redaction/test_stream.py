"""Output that arrives in pieces: what is given out never holds a secret, and nothing is lost."""

import base64

import pytest

from irl_logging.redaction import StreamRedactor
from irl_logging.redaction.rule import sample

TOKEN = sample("ghp_<alnum 36>")


def feed(redactor, *pieces):
    stream = StreamRedactor(redactor)
    return "".join([stream.feed(piece) for piece in pieces] + [stream.flush()])


def test_a_secret_across_two_writes_is_gone_wherever_it_is_cut(redactor):
    text = f"using {TOKEN} now\nnext line\n"
    for cut in range(len(text)):
        assert feed(redactor, text[:cut], text[cut:]) == "using [REDACTED:github-token] now\nnext line\n"


def test_a_private_key_block_is_held_until_its_end(redactor):
    rows = [sample(f"<b64 {64 - i}>") for i in range(3)]
    lines = ["start", "-----BEGIN " + "PRIVATE KEY-----", *rows, "-----END PRIVATE KEY-----", "done", ""]
    assert feed(redactor, *(line + "\n" for line in lines[:-1])) == "start\n[REDACTED:private-key-block]\ndone\n"


def test_ordinary_lines_come_out_as_they_complete(redactor):
    stream = StreamRedactor(redactor)
    assert stream.feed("one\ntwo") == "one\n"
    assert stream.feed("\n") == "two\n"
    assert stream.flush() == ""


def test_a_line_without_end_does_not_grow_without_end(redactor):
    stream = StreamRedactor(redactor)
    out = "".join(stream.feed("x " * 5000) for _ in range(20))
    assert len(out) > 100_000
    assert len(out + stream.flush()) == 200_000


def test_what_is_held_back_can_be_seen(redactor):
    stream = StreamRedactor(redactor)
    assert stream.feed("one\ntw") == "one\n"
    assert stream.held == "tw"


def test_a_key_block_without_end_holds_nothing_back_after_a_line_that_is_none_of_it(redactor):
    body = "MIIEpAIBAAKCAQEA7bq1" * 3 + "\n"
    stream = StreamRedactor(redactor)
    assert stream.feed("-----BEGIN " + "RSA PRIVATE KEY-----\n" + body) == ""
    assert stream.feed(body + "that was all of it\n") == "[REDACTED:private-key-block]\nthat was all of it\n"
    assert stream.feed("more\n") == "more\n"
    assert stream.held == ""


def test_a_secret_where_a_long_line_is_parted_is_gone(redactor):
    for before in range(61_850, 61_950, 2):
        text = "x " * (before // 2) + f'password="two {sample("<alnum 9>")} words" and ' + "y " * 3000
        out = feed(redactor, text[:66_000], text[66_000:])
        assert out == redactor.redact(text), before


def test_a_name_and_its_value_on_two_sides_of_a_part_are_gone(redactor):
    value = sample("<alnum 20>")
    for before in range(61_850, 61_950, 2):
        text = "x " * (before // 2) + f"Authorization: Bearer {value} " + "y " * 3000
        assert value not in feed(redactor, text[:66_000], text[66_000:]), before


def test_a_block_of_ssh2_is_held_until_its_end(redactor):
    lines = [
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
        sample("<b64 70>"),
        "---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        "done",
    ]
    assert feed(redactor, *(line + "\n" for line in lines)) == "[REDACTED:private-key-block]\ndone\n"


@pytest.mark.parametrize("size", [90, 100, 101])  # no padding, one sign of it, two
@pytest.mark.parametrize("prefix", ["", "      "])
def test_the_wrapped_base64_of_a_value_is_one_secret_however_it_is_written(known, redactor, size, prefix):
    value = sample(f"<alnum {size}>")
    known.add(value)
    lines = [f"{prefix}{line}\n" for line in base64.encodebytes(value.encode()).decode().splitlines()]
    assert len(lines) == 2
    for pieces in (lines, ["".join(lines)], list("".join(lines))):
        out = feed(redactor, "blob:\n", *pieces, "end\n")
        assert out.startswith(f"blob:\n{prefix}[REDACTED:registered]")
        assert out.endswith("\nend\n")
        assert lines[1].strip().rstrip("=")[:-2] not in out


def test_what_may_be_the_beginning_of_a_value_waits_for_what_follows(known, redactor):
    value = sample("<lower 24>")
    known.add(value)
    stream = StreamRedactor(redactor)
    assert stream.feed("one\n") == "one\n"
    assert stream.feed(f"so {value[:10]}\n") == ""
    assert stream.feed("and no more\n") == f"so {value[:10]}\nand no more\n"
    assert stream.feed(f"{value[:3]}\n") == f"{value[:3]}\n"  # which tells nothing


@pytest.mark.parametrize(
    "prefix",
    ["api-1  | ", "2026-01-01T00:00:00Z ", "\x1b[36mapi-1  |\x1b[0m ", "host app[123]: ", "+", "> ", "\t", "12 "],
)
@pytest.mark.parametrize("end", ["whole", "cut", "more"])
def test_a_key_block_behind_a_prefix_is_one_secret(redactor, prefix, end):
    rows = [sample("<b64 64>"), "", sample("<b64 64>"), sample("<b64 30>")]
    lines = ["-----BEGIN " + "RSA PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", *rows]
    lines += {"whole": ["-----END " + "RSA PRIVATE KEY-----"], "cut": [], "more": ["that was all of it"]}[end]
    text = "".join(f"{prefix}{line}\n" for line in lines)
    for pieces in ([text], text.splitlines(keepends=True)):
        out = feed(redactor, "start\n", *pieces, "done with it\n")
        assert out.startswith(f"start\n{prefix}[REDACTED:private-key-block]\n"), out
        assert out.endswith("done with it\n")
        assert not [row for row in rows if row and row in out]
        assert ("that was all of it" in out) == (end == "more")


def test_lines_behind_a_prefix_end_a_block_where_they_are_none_of_it(redactor):
    stream = StreamRedactor(redactor)
    mention = "see -----BEGIN " + "PRIVATE KEY----- in the file\n"
    assert stream.feed(mention) == mention
    assert stream.feed("12:00 it says -----BEGIN " + "PRIVATE KEY-----\n") == ""
    assert stream.feed("12:01 and that is all there is of it\n").endswith("12:01 and that is all there is of it\n")
