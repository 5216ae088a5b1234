"""Cells under a name that tells of a secret go; the others, and tables of names and counts, stay."""

import pytest

from irl_logging.redaction import Redactor, redact
from irl_logging.redaction.rule import sample

TOKEN = sample("<alnum 32>")
PASSWORD = sample("<alnum 5>!<digit 2><alnum 3>")


@pytest.mark.parametrize(
    "table",
    [
        "user,api_key,region\njane,{token},eu\njoe,{token},us",
        "user\tapi_key\njane\t{token}\n",
        "   user  region  api_key\n0  jane  eu      {token}\n1  joe   us      {token}",
        " user | api_key | region\n------+---------+--------\n jane | {token} | eu\n",
        "+------+----------+\n| user | password |\n+------+----------+\n| jane | {password} |\n+------+----------+",
        "user;password;active\njane;{password};1",
    ],
)
def test_only_the_cells_under_a_telling_name_go(table):
    out = redact(table.format(token=TOKEN, password=PASSWORD))
    assert out == table.format(token="[REDACTED:secret-key-value]", password="[REDACTED:password]")


@pytest.mark.parametrize(
    "table",
    [
        "NAME      SECRETS  AGE\ndefault   1        42d\nbuilder   2        41d",
        "model,tokens,cost\nsmall-2,1200,0.02\nlarge-3,5200,0.12",
        "NAME              SECRET\ndb-creds-8xk2l    app-token-9zq4m",
        "Rotate the password, then the token\nas of 2026, all of them",
        "id,token_count\n17,512",
        "key,value\nretries,3",
        "user,password_hint\njane,b4dger",
    ],
)
def test_tables_of_names_and_counts_stay(table):
    assert redact(table) == table


def test_columns_are_left_alone_where_names_are_to_say_nothing():
    table = f"user;password;active\njane;{PASSWORD};1"
    assert Redactor(disabled=["password", "secret-key-value"]).redact(table) == table
