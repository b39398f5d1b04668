import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nkeys
import pytest
from joserfc import jwt

from shared.embedded.faults import Misconfigured
from shared.embedded.keys import Keyring


def everything(keys: Keyring) -> list[object]:
    return [
        keys.nats_seed(),
        keys.nats_public("volunteer"),
        keys.database_password("volunteer"),
        keys.operator_secret(),
        keys.signing_key().as_dict(private=True),
        keys.vault_key(),
        keys.secret("demo-officer"),
    ]


def test_a_second_start_finds_the_same_keys(tmp_path: Path):
    assert everything(Keyring(tmp_path)) == everything(Keyring(tmp_path))


def test_no_two_installations_share_a_key(tmp_path: Path):
    for one, other in zip(everything(Keyring(tmp_path / "a")), everything(Keyring(tmp_path / "b")), strict=True):
        assert one != other


def test_nobody_else_may_read_a_key(tmp_path: Path):
    everything(Keyring(tmp_path))
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_the_seed_signs_for_the_public_key_that_nats_is_told(tmp_path: Path):
    keys = Keyring(tmp_path)
    pair = nkeys.from_seed(keys.nats_seed("notify").encode())
    assert pair.public_key.decode() == keys.nats_public("notify")
    assert keys.nats_public("notify").startswith("U")
    assert pair.verify(b"nonce", pair.sign(b"nonce"))


def test_the_signing_key_signs_what_its_public_half_verifies(tmp_path: Path):
    key = Keyring(tmp_path).signing_key()
    token = jwt.encode({"alg": "Ed25519", "kid": key.kid}, {"sub": "ada"}, key, algorithms=["Ed25519"])
    public = type(key).import_key(key.as_dict(private=False))
    assert jwt.decode(token, public, algorithms=["Ed25519"]).claims == {"sub": "ada"}
    assert "d" not in key.as_dict(private=False)


def test_the_vault_key_has_32_bytes(tmp_path: Path):
    assert len(Keyring(tmp_path).vault_key()) == 32


def test_processes_that_ask_at_the_same_moment_get_one_key(tmp_path: Path):
    Keyring(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: Keyring(tmp_path).vault_key(), range(16)))
    assert len(set(answers)) == 1
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["vault.key"]


def test_a_damaged_key_file_is_named_and_never_replaced(tmp_path: Path):
    everything(Keyring(tmp_path))
    for file in (tmp_path / "keys").iterdir():
        whole = file.read_bytes()
        for damage in (b"", whole[: len(whole) // 2], b"\xff\x00" + whole, whole[:-3] + b"!!\n", b"[]", b"{}"):
            file.write_bytes(damage)
            with pytest.raises(Misconfigured, match=f"{file.name} is damaged: put back"):
                everything(Keyring(tmp_path))
            assert file.read_bytes() == damage
        file.write_bytes(whole)
    everything(Keyring(tmp_path))


def test_a_key_file_open_to_others_is_refused(tmp_path: Path):
    Keyring(tmp_path).vault_key()
    (tmp_path / "keys" / "vault.key").chmod(0o644)
    with pytest.raises(Misconfigured, match=r"open to other users: run `chmod 600 .*vault.key`"):
        Keyring(tmp_path).vault_key()


def test_a_file_in_the_place_of_the_directory_is_a_sentence(tmp_path: Path):
    (tmp_path / "keys").write_text("")
    with pytest.raises(Misconfigured, match=r"keys cannot be used: a file stands where a directory is needed"):
        Keyring(tmp_path)


def test_a_name_cannot_leave_the_directory(tmp_path: Path):
    with pytest.raises(ValueError, match="no name for a key"):
        Keyring(tmp_path).secret("../stolen")
