"""Without this file each test of the deployment would render and read the manifests in its own way."""

import shutil
import subprocess
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ("gateway", "registry", "inspection", "thirdparty", "volunteer", "notify")
OVERLAYS = ("local", "production")

Doc = dict[str, Any]


def program(name: str) -> str:
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    assert found, f"{name} is not installed: install requirements/dev.txt"
    return found


@cache
def rendered(overlay: str) -> list[Doc]:
    done = subprocess.run(
        [program("kubectl"), "kustomize", DEPLOY / "k8s/overlays" / overlay],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return list(yaml.safe_load_all(done.stdout))


def of_kind(docs: list[Doc], *kinds: str) -> dict[str, Doc]:
    return {doc["metadata"]["name"]: doc for doc in docs if doc["kind"] in kinds}


def pods(docs: list[Doc]) -> dict[str, Doc]:
    return {name: doc["spec"]["template"] for name, doc in of_kind(docs, "Deployment", "StatefulSet", "Job").items()}


def container(pod: Doc) -> Doc:
    [only] = pod["spec"]["containers"]
    assert "initContainers" not in pod["spec"]
    return only


def selects(selector: Doc, labels: dict[str, str]) -> bool:
    def holds(wish: Doc) -> bool:
        match wish["operator"]:
            case "In":
                return labels.get(wish["key"]) in wish["values"]
            case "Exists":
                return wish["key"] in labels
            case other:
                raise AssertionError(f"this test does not read {other}")

    named = selector.get("matchLabels", {}).items() <= labels.items()
    return named and all(map(holds, selector.get("matchExpressions", [])))


def platform(docs: list[Doc]) -> dict[str, str]:
    """Give the settings that every process of the platform shares."""
    [config] = (doc for name, doc in of_kind(docs, "ConfigMap").items() if name.startswith("platform-"))
    return config["data"]
