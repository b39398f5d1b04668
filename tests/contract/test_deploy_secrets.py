"""Without this file a secret could end in the manifests or the image, or one that a pod needs be made by nobody."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from manifests import DEPLOY, ROOT, Doc, container, of_kind, pods, program

# What an operator makes by hand: only the site knows it.
MADE_BY_HAND = {
    "local": {("notify-smtp", "url")},
    "production": {("notify-smtp", "url"), ("evidence", "url")},
}
# `postgresql://user:word@host`, the seed of an nkey, a private key in PEM or JWK.
LOOKS_SECRET = re.compile(r"://[^/\s:@]*:[^/\s@]+@|\bS[UAC][A-Z2-7]{56}\b|-----BEGIN|\"d\":")
OUR_ADDRESSES = re.compile(r"https?://(gateway|registry|inspection|thirdparty|volunteer|notify|localhost)\b(?!\.)")
THE_SITES_ADDRESS = "https://commonwatch.example.org"


@pytest.fixture
def new_secrets(overlay: str, tmp_path: Path) -> dict[str, dict[str, str]]:
    """What the operator's script prints for the overlay, by name."""
    command = [sys.executable, DEPLOY / "new_secrets.py", overlay, "--keys", tmp_path / "k"]
    first, second = (
        subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    )
    assert first == second
    return {item["metadata"]["name"]: item["stringData"] for item in json.loads(first)["items"]}


def named_in(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the (Secret, key) pairs that a pod cannot start without."""
    match node:
        case {"secretKeyRef": {"optional": True}}:
            pass
        case {"secretKeyRef": {"name": name, "key": key}}:
            yield name, key
        case {"secret": {"secretName": name, "items": items}} | {"secret": {"name": name, "items": items}}:
            yield from ((name, item["key"]) for item in items)
        case dict():
            for inner in node.values():
                yield from named_in(inner)
        case list():
            for inner in node:
                yield from named_in(inner)
        case _:
            pass


def test_manifests_name_secrets_and_hold_none(docs: list[Doc]):
    assert not of_kind(docs, "Secret")
    for doc in docs:
        found = LOOKS_SECRET.search(json.dumps(doc).replace('\\"', '"'))
        assert not found, f"{doc['kind']} {doc['metadata']['name']}: {found}"


def test_what_a_process_must_keep_to_itself_comes_from_a_secret(docs: list[Doc]):
    for name, pod in pods(docs).items():
        for entry in container(pod).get("env", []):
            if entry["name"].endswith("_FILE"):
                assert entry["value"].startswith("/run/secrets/"), name
            elif re.search(r"DATABASE_URL|SMTP|EVIDENCE|PASSWORD|AWS", entry["name"]):
                assert entry["valueFrom"].keys() == {"secretKeyRef"}, (name, entry["name"])


def test_who_is_not_root_can_read_the_secrets_that_are_mounted(docs: list[Doc]):
    for name, pod in pods(docs).items():
        for volume in pod["spec"]["volumes"]:
            if source := volume.get("secret") or volume.get("projected"):
                assert source["defaultMode"] == 0o440, name
                assert pod["spec"]["securityContext"]["fsGroup"] > 0, name


def test_no_pod_is_given_anothers_secret(docs: list[Doc]):
    for name, pod in pods(docs).items():
        given = {secret for secret, _ in named_in(pod)}
        if name not in {"nats", "postgres"}:
            owner = name.removesuffix("-migrate")
            assert {secret for secret in given if not secret.startswith(f"{owner}-")} <= {"evidence"}, name


def test_every_secret_that_a_pod_needs_is_made_by_somebody(
    overlay: str, docs: list[Doc], new_secrets: dict[str, dict[str, str]]
):
    needed = {pair for pod in pods(docs).values() for pair in named_in(pod)}
    made = {(name, key) for name, texts in new_secrets.items() for key in texts}
    databases = {(f"{cluster}-app", "uri") for cluster in of_kind(docs, "Cluster")}

    by_hand = MADE_BY_HAND[overlay]
    assert needed == made | by_hand | databases
    assert not made & (by_hand | databases)


def test_the_broker_starts_with_the_rights_that_were_made(
    docs: list[Doc], new_secrets: dict[str, dict[str, str]], tmp_path: Path
):
    [config] = (doc["data"] for name, doc in of_kind(docs, "ConfigMap").items() if name.startswith("nats-"))
    for name, text in {**config, **new_secrets["nats-users"]}.items():
        (tmp_path / name).write_text(text)

    asked = [program("nats-server"), "-t", "-c", tmp_path / "nats.conf"]
    done = subprocess.run(asked, env={"POD_NAME": "nats-0"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "sync_interval: always" in config["nats.conf"]
    assert new_secrets["nats-users"]["users.conf"].count('"nkey"') == 7


def test_nothing_in_deploy_names_a_registry_or_a_download():
    for path in DEPLOY.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            text = OUR_ADDRESSES.sub("", path.read_text(encoding="utf-8").replace(THE_SITES_ADDRESS, ""))
            assert not re.search(r"https?://\S+", text), path


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_is_built_from_pinned_things_and_runs_as_nobody():
    steps = instructions()
    last_stage = steps[max(i for i, (word, _) in enumerate(steps) if word == "FROM") :]

    bases = {rest.split()[0] for word, rest in steps if word == "FROM"}
    assert all(re.fullmatch(r"[a-z]+:\d[\w.-]*", base) for base in bases), bases
    installs = [rest for word, rest in steps if word == "RUN" and "install" in rest]
    assert installs
    assert all("--require-hashes" in rest and "requirements" in rest for rest in installs)
    assert [rest for word, rest in last_stage if word == "USER"] == ["10001:10001"]
    assert not [rest for word, rest in last_stage if word == "RUN"], "the last stage needs no shell"
    assert json.loads(dict(last_stage)["ENTRYPOINT"]) == ["python", "-m", "services.cli"]
    assert dict(last_stage)["HEALTHCHECK"] == "NONE"
    assert not [rest for word, rest in steps if word == "ADD"]


def test_only_what_the_image_is_made_of_reaches_the_builder():
    rules = [
        line
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    copied = {
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }

    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
