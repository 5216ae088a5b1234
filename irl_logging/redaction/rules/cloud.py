"""Clouds."""

from __future__ import annotations

from irl_logging.redaction.rule import Rule, shape

_AWS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"

RULES: tuple[Rule, ...] = (
    shape("aws-access-key", "AWS access key id", _AWS, "(AKIA|ASIA|ABIA|ACCA)<b32 16>", floor=3.0),
    shape(
        "gcp-api-key", "Google Cloud API key", "https://cloud.google.com/docs/authentication/api-keys", "AIza<url 35>"
    ),
)
