"""Every value of a Kubernetes Secret goes, whatever it is called; other objects of the same text stay."""

import base64

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

VALUE = base64.b64encode(b"jdbc:app/" + sample("<alnum 9>").encode()).decode()
GONE = "[REDACTED:secret-key-value]"


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\ndata:\n  app.conf: {}\nkind: Secret\nmetadata:\n  name: db\n",
        "kind: Secret\nmetadata:\n  name: db\nstringData:\n  app.conf: '{}'\ntype: Opaque",
        "items:\n- apiVersion: v1\n  data:\n    app.conf: {}\n  kind: Secret\n- data:\n    a: b2s=\n  kind: ConfigMap\n",
        '{{"apiVersion": "v1", "data": {{"app.conf": "{}"}}, "kind": "Secret"}}',
        '{{"kind":"Secret","metadata":{{"name":"db"}},"stringData":{{"app.conf":"{}"}}}}',
    ],
)
def test_a_value_goes(text):
    assert redact(text.format(VALUE)) == text.format(GONE)


def test_a_block_of_text_goes_and_what_all_may_know_stays():
    text = "kind: Secret\nstringData:\n  app.yaml: |\n    {}\n  username: jane-of-ops\n  ca.crt: TUlJQ3h6Q0NBYQ==\n  n: x\n"
    assert redact(text.format("dsn: x\n    port: 5")) == text.format(GONE)


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\ndata:\n  app.conf: aGVsbG8gd29ybGQ=\nkind: ConfigMap",
        "data:\n  app.conf: aGVsbG8gd29ybGQ=\nkind: ConfigMap\n---\nkind: Secret\ntype: Opaque",
        "kind: SealedSecret\ndata:\n  app.conf: aGVsbG8gd29ybGQ=",
        "kind: Secret\nstringData:\n  dsn: {{ .Values.dsn }}\n  other: <fill in>",
        '{"data":{"a":"aGVsbG8="},"kind":"ConfigMap"} {"kind":"Secret","type":"Opaque"}',
    ],
)
def test_other_objects_and_templates_stay(text):
    assert redact(text) == text
