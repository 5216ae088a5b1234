"""The harness itself, on small documents: what works passes, and each kind of wrong snippet fails."""

from __future__ import annotations

import shutil
import textwrap

import pytest

from tests.docs.snippets import SnippetError, blocks_of, matches, run_document

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")


@pytest.fixture
def run_text(tmp_path):
    """Run a document given as text, with `~~~` for its fences, in a directory below `tmp_path`."""

    def run(text, **arguments):
        document = tmp_path / "guide.md"
        document.write_text(textwrap.dedent(text).replace("~~~", "```"), encoding="utf-8")
        directory = tmp_path / "reader"
        directory.mkdir()
        return run_document(document, directory, **arguments)

    return run


@pytest.mark.parametrize(
    "text",
    [
        "~~~python\nopen('made', 'x').close()\n~~~\n\n~~~python\nopen('made', 'x').close()\n~~~\n",
        "~~~bash\necho one > a\n~~~\n\ntext\n\n~~~console\n$ cat a\none\n~~~\n",
        "~~~console\n$ cd / && pwd\n/\n$ printf 'no newline'\nno newline\n$ echo ignored\n$ false || echo \"exit $?\"\nexit 1\n~~~\n",
        "~~~console\n$ cat <<END\n> one\n> two\n> END\none\ntwo\n$ echo a \\\n    b\na b\n~~~\n",
        "~~~console\n$ echo out; echo err >&2\nout\nerr\n~~~\n",
        "<!-- file: tool/say.py -->\n~~~python\nprint('said')\n~~~\n\n~~~console\n$ python tool/say.py\nsaid\n~~~\n",
        "<!-- file: a.json -->\n~~~json\n[1]\n~~~\n\n~~~python\nassert open('a.json').read() == '[1]\\n'\n~~~\n",
        "<!-- not run: no reason at all -->\n~~~bash\nfalse\n~~~\n",
        "~~~json\n{}\n~~~\n\n~~~toml\na = 1\n~~~\n\n~~~yaml\na: [1]\n~~~\n\n~~~ini\n[a]\nb = %d\n~~~\n\n~~~text\n{\n~~~\n",
        "~~~console\n$ git config user.name\nsamson\n$ echo ~ | grep -c reader/home\n1\n~~~\n",
        "- in a list:\n\n  ~~~console\n  $ echo one\n  one\n  ~~~\n",
        "~~~bash\nsleep 600 &\n~~~\n",
    ],
)
def test_a_right_document_passes(text, run_text):
    """What the conventions allow runs to its end, and nothing is skipped."""
    assert run_text(text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("~~~python\nraise SystemExit(3)\n~~~\n", "guide.md:2: the python block ended with 3"),
        ("text\n\n~~~bash\nfalse\ntrue\n~~~\n", "guide.md:4: the bash block ended with 1"),
        ("~~~bash\necho $unset\n~~~\n", "unset"),
        ("~~~console\n$ false\n$ true\n~~~\n", "guide.md:2: the console block ended with 1"),
        ("~~~console\n$ echo one\ntwo\n~~~\n", "--- the document says\ntwo\n--- it prints\none"),
        ("~~~console\n$ printf 'one\\ntwo\\n'\none\n~~~\n", "--- the document says\none"),
        ("~~~console\necho one\n~~~\n", "starts with a command after"),
        ("~~~console\n~~~\n", "is empty"),
        ("~~~json\n{\n~~~\n", "this is no json"),
        ("~~~toml\na = \n~~~\n", "this is no toml"),
        ("~~~yaml\na: [\n~~~\n", "this is no yaml"),
        ("~~~ini\na\n~~~\n", "this is no ini"),
        ("~~~\nls\n~~~\n", "the language '' is not known"),
        ("~~~shell\nls\n~~~\n", "the language 'shell' is not known"),
        ("text\n\n    ls\n", "an indented block"),
        ("<!-- not run: -->\n~~~bash\nls\n~~~\n", "needs a reason"),
        ("<!-- file -->\n~~~bash\nls\n~~~\n", "needs a name"),
        ("<!-- file: a.py -->\n~~~python\n1\n~~~\n", "no block after this one uses the file a.py"),
        ("<!-- not run: sets up the machine -->\n\ntext\n\n~~~bash\nfalse\n~~~\n", "ended with 1"),
    ],
)
def test_a_wrong_document_fails(text, message, run_text):
    """Each kind of wrong snippet is told, with its place."""
    with pytest.raises(SnippetError) as caught:
        run_text(text)
    assert message in str(caught.value)


def test_a_block_that_hangs_fails(run_text, monkeypatch):
    """A block that does not end is ended, and told."""
    monkeypatch.setattr("tests.docs.snippets.COMMAND_SECONDS", 0.2)
    with pytest.raises(SnippetError, match="did not end in time"):
        run_text("~~~bash\nsleep 600\n~~~\n")


def test_a_missing_tool_skips_the_block(run_text, monkeypatch):
    """A block whose tool is not installed is skipped with a reason, the others are run."""
    monkeypatch.setattr("tests.docs.snippets.OPTIONAL_TOOLS", ("no-such-tool",))
    skipped = run_text("~~~bash\nno-such-tool --version\n~~~\n\n~~~bash\ntouch ran\n~~~\n")
    assert skipped == ["guide.md:2: no-such-tool is not installed"]


def test_conf_is_at_hand(run_text, tmp_path):
    """Each directory has the repository's conf/, so that documents can use it."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "a.ini").write_text("[a]\n")
    text = "~~~bash\ntest -f conf/a.ini\n~~~\n\n~~~python\nopen('conf/a.ini').close()\n~~~\n"
    assert run_text(text, conf=tmp_path / "ours") == []


@pytest.mark.parametrize(
    ("expected", "output", "same"),
    [
        ("a\n...\nb", "a\nb\n", True),
        ("a\n...\nb", "a\nx\ny\nb\n", True),
        ("...\nb", "a\nx\n", False),
        ("took ... in all", "took a while in all", True),
        ("took ... in all", "took a\nwhile in all", False),
        ("[2026-02-08T00:47:25Z] [INFO] x", "[2031-12-24T01:02:03.456Z] [INFO] x", True),
        ("[2026-02-08T00:47:25Z] [INFO] x", "[2031-12-24T01:02:03.456Z] [WARN] x", False),
        ("logs/deploy-2026-02-08-001.log", "logs/deploy-2031-12-24-001.log", True),
        ("logs/deploy-2026-02-08-001.log", "logs/deploy-2031-12-24-002.log", False),
        ("run 20260208T004725Z-00c0ffee", "run 20311224T010203Z-0123abcd", True),
        ("took 0.3 s", "took 1m 2s", True),
        ("3 services", "4 services", False),
        ("a    b", "a b", True),
        ("a b", "a c", False),
        ("a.b", "axb", False),
    ],
)
def test_matches(expected, output, same):
    """Times, ids and durations may differ, words may not."""
    assert matches(expected, output) is same


def test_a_comment_belongs_to_the_next_block_only(tmp_path):
    """An exclusion says nothing about the block after the next one."""
    document = tmp_path / "guide.md"
    document.write_text("<!-- not run: because -->\n```bash\n1\n```\n\n```bash\n2\n```\n")
    assert [block.reason for block in blocks_of(document)] == ["because", ""]
