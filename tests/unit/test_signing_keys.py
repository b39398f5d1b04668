"""The order of the keys that sign, and the commands that change it."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey
from typer.testing import CliRunner

from services.cli.commands import app
from shared.embedded.keys import Keyring
from shared.errors import Conflict
from shared.jwks import keys_of
from shared.settings import ROOT
from shared.signing_keys import SigningKeys, Standing

NOW = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def standings(ring: SigningKeys) -> list[Standing]:
    return [ring.standing(key) for key in ring.keys]


def test_a_key_is_prepared_then_signs_and_the_former_one_verifies_until_its_last_token_is_over():
    first = SigningKeys.new()
    prepared = first.prepare(NOW)
    assert prepared.active.kid == first.active.kid
    assert standings(prepared) == [Standing.ACTIVE, Standing.NEXT]
    assert len(json.loads(prepared.published(NOW))["keys"]) == 2, "readers know it before it signs"

    with pytest.raises(Conflict, match="Wait 1 minutes"):
        prepared.activate(NOW + timedelta(minutes=14), HOUR)
    turned = prepared.activate(NOW + timedelta(minutes=15), HOUR)

    assert standings(turned) == [Standing.ACTIVE, Standing.FORMER]
    assert turned.keys[1].kid == first.active.kid
    over = NOW + timedelta(minutes=15) + HOUR + timedelta(minutes=10)
    assert turned.keys[1].expires_at == over, "a token signed at the last moment, by a process that read the ring late"
    with pytest.raises(Conflict, match="in use until 2026-09-30 02:25"):
        turned.retire(first.active.kid, over - timedelta(seconds=1))
    assert len(turned.retire(None, over - timedelta(seconds=1)).keys) == 2
    assert len(json.loads(turned.published(over))["keys"]) == 1
    assert len(turned.retire(None, over).keys) == 1


def test_only_one_key_waits_and_the_one_that_signs_cannot_be_taken_away():
    ring = SigningKeys.new()
    with pytest.raises(Conflict, match="prepare one"):
        ring.activate(NOW, HOUR)
    with pytest.raises(Conflict, match="waits already"):
        ring.prepare(NOW).prepare(NOW)
    with pytest.raises(Conflict, match="signs; activate another"):
        ring.retire(ring.active.kid, NOW, at_once=True)
    with pytest.raises(Conflict, match="no key nobody"):
        ring.retire("nobody", NOW)


def test_a_ring_is_the_same_after_it_was_written_and_never_publishes_what_is_private():
    ring = SigningKeys.new().prepare(NOW).activate(NOW, HOUR, at_once=True)
    again = SigningKeys.read(ring.written())
    assert [(key.kid, key.made_at, key.expires_at) for key in again.keys] == [
        (key.kid, key.made_at, key.expires_at) for key in ring.keys
    ]
    assert "\n" not in ring.written()
    for public in json.loads(again.published(NOW))["keys"]:
        assert set(public) == {"kty", "crv", "x", "use", "alg", "kid"}
        assert OKPKey.import_key(public).thumbprint() == public["kid"]


def test_one_private_key_is_a_ring_of_one_also_of_the_other_algorithm():
    alone = OKPKey.generate_key("Ed25519", {"kid": "as-it-was"})
    assert SigningKeys.read(json.dumps(alone.as_dict(private=True))).active.kid == "as-it-was"
    curve = ECKey.generate_key("P-256")
    ring = SigningKeys.read(json.dumps(curve.as_dict(private=True)))
    assert (ring.active.algorithm, ring.active.kid) == ("ES256", curve.thumbprint())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False)),
        json.dumps(OctKey.generate_key(256).as_dict(private=True)),
        json.dumps({"keys": [SigningKeys.new().active.private() | {"exp": 1}]}),
        json.dumps({"keys": [SigningKeys.new().active.private()] * 1 + [{"kty": "OKP"}]}),
    ],
    ids=["empty", "a list", "no key", "an empty ring", "a public key", "a secret", "its signer expires", "half a key"],
)
def test_what_is_no_ring_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        SigningKeys.read(text)


def test_a_reader_passes_over_keys_that_do_not_sign_tokens():
    good = SigningKeys.new().active
    shared_secret = OctKey.generate_key(256, {"kid": good.kid}).as_dict(private=True)
    assert list(keys_of({"keys": [shared_secret, {"kty": "RSA"}, None, good.public()]})) == [good.kid]
    with pytest.raises(ValueError, match="without a key"):
        keys_of({"keys": [shared_secret]})


def test_the_commands_turn_the_ring_of_an_installation(tmp_path: Path):
    file = Keyring(tmp_path).signing_keys_file
    first = Keyring(tmp_path).signing_keys().active.kid

    def keys(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["keys", *words, "--var", str(tmp_path)])
        return done.exit_code, done.output

    assert keys("list")[0] == 0
    code, said = keys("prepare")
    assert (code, said.count("signs"), said.count("waits")) == (0, 1, 1)
    assert keys("activate")[0] == 1, "not every reader knows it"
    assert Keyring(tmp_path).signing_keys().active.kid == first
    code, said = keys("activate", "--now")
    assert (code, said.count("verifies "), first in said) == (0, 2, True)
    assert keys("retire", first)[0] == 1
    assert keys("retire", first, "--now")[0] == 0
    ring = Keyring(tmp_path).signing_keys()
    assert len(ring.keys) == 1
    assert ring.active.kid != first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_commands_that_the_operators_page_names_exist():
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = page.split("## Rotating the signing keys", 1)[1].split("\n## ", 1)[0]
    named = {line.split("#")[0].split()[2] for line in section.splitlines() if line.startswith("commonwatch keys ")}
    assert named == {"list", "prepare", "activate", "retire"}
    for line in section.splitlines():
        if line.startswith("commonwatch keys "):
            words = [word for word in line.split("#")[0].split()[1:] if word != "KEY"]
            assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0, line
