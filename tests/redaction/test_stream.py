"""Output that arrives in pieces: what is given out never holds a secret, and nothing is lost."""

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
