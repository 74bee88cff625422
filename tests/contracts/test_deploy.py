"""What deploy/ promises, read as text: accounts, what each sees, what is never taken along."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PRODUCT = (".streamlit", "commands", "dashboards", "data", "expectations", "pipelines", "sql")
# What lay beside compose.yml by the instructions of an earlier version, and what may lie there.
NEVER = (
    "deploy/client_secret",
    "deploy/cookie_secret",
    "deploy/.env",
    "deploy/serving/removed.txt",
    "deploy/inbox/january.csv",
    "deploy/kept.sealed",
)
SERVICES = ("web", "pipeline", "dagster")
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.service"))


def git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split()


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return found


def mounts(service: str) -> dict[str, str]:
    """Place in the container, and what lies there; `:ro` stays with it."""
    found = {}
    for each in compose()["services"][service]["volumes"]:
        matched = re.fullmatch(r"(\$\{.*?\}[^:]*|[^:]+):([^:]+)(:ro)?", each)
        assert matched, each
        found[matched[2]] = matched[1] + (matched[3] or "")
    return found


def taken_into_the_image() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith("#")]
    assert said[0] == "*", "all is left out but what is named"
    return [line.removeprefix("!") for line in said if line.startswith("!")]


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines():
        key, is_set, value = line.partition("=")
        if is_set and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def environment() -> dict[str, str]:
    lines = (DEPLOY / "environment").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


# ---- what git and the image never take ---------------------------------------------------------


@pytest.mark.parametrize("name", NEVER)
def test_neither_git_nor_the_image_takes_a_secret_or_a_file_that_lies_beside_the_starting_files(
    name: str,
) -> None:
    assert git("check-ignore", "--no-index", name) == [name]
    assert not [part for part in taken_into_the_image() if f"{name}/".startswith(f"{part}/")]


def test_the_files_of_deploy_are_themselves_committed() -> None:
    files = [str(path.relative_to(ROOT)) for path in DEPLOY.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert git("check-ignore", "--no-index", *files) == []


def test_the_image_has_all_of_the_product_and_nothing_else() -> None:
    parts = taken_into_the_image()
    tracked = [name for name in git("ls-files") if name.split("/")[0] in PRODUCT]
    assert len(tracked) > 500
    assert [name for name in tracked if not any(name.startswith(f"{p}/") for p in parts)] == []
    assert [part for part in parts if not (ROOT / part).exists()] == []
    assert not {"tests", "bench", "deploy", "docs", ".git"} & set(parts)


def test_compose_takes_nothing_out_of_the_checkout() -> None:
    content = compose()
    files = [secret["file"] for secret in content["secrets"].values()]
    binds = [source for name in SERVICES for source in mounts(name).values()]
    named = [*files, *(source for source in binds if source.split(":ro")[0] not in VOLUMES)]
    assert len(named) > 4
    assert [path for path in named if not re.match(r"\$\{[A-Z_]+:-/", path)] == []


VOLUMES = compose()["volumes"]

# ---- the image and its containers --------------------------------------------------------------


def test_the_image_runs_as_nobody_who_may_do_more_knows_its_commit_and_tells_its_health() -> None:
    last = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["send-web"]
    assert "/healthz" in last.partition("HEALTHCHECK")[2]
    assert 'ARG SEND_CODE_VERSION=""\nENV SEND_CODE_VERSION=$SEND_CODE_VERSION\n' in last
    assert "SEND_CODE_VERSION" in compose()["services"]["web"]["build"]["args"]


def test_what_a_server_installs_is_compiled_for_its_accounts_may_not_write_beside_it() -> None:
    for file in (DEPLOY / "Dockerfile", ROOT / ".ci" / "setup"):
        text = file.read_text(encoding="utf-8").replace("\\\n", "")
        installs = [line for line in text.splitlines() if "uv pip install" in line]
        assert installs, file
        assert [line for line in installs if "--compile-bytecode" not in line] == []
        assert "-m compileall -q commands dashboards pipelines" in text


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_closed(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert service["user"].split(":") in (["10001", "10100"], ["10002", "10100"])
    assert "privileged" not in service
    assert "cap_add" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_pages_see_releases_only_and_share_no_account_with_what_writes() -> None:
    services = compose()["services"]
    assert services["web"]["user"] != services["pipeline"]["user"] == services["dagster"]["user"]
    seen = mounts("web")
    assert seen["/workspace/releases"] == "releases:ro"
    assert not {"workspace", "keys"} & {source.split(":")[0] for source in seen.values()}
    assert set(seen) == {"/workspace/releases", "/run/serving", "/signed_out"}


@pytest.mark.parametrize("name", ["pipeline", "dagster"])
def test_what_writes_has_no_network_and_finds_inbox_keys_and_backups(name: str) -> None:
    service = compose()["services"][name]
    assert service["network_mode"] == "none"
    places = {"/workspace", "/workspace/releases", "/workspace/inbox", "/keys", "/backups"}
    assert set(mounts(name)) == places
    # The image's health check asks for the pages, which neither of them serves.
    assert "8501" not in str(service["healthcheck"])
    assert service["healthcheck"].get("disable") or service["healthcheck"]["test"]


def test_dagster_makes_its_home_and_builds_by_itself_in_both_ways_of_running_it() -> None:
    service, there = compose()["services"]["dagster"], unit("send-dagster.service")
    assert 'install -d -m 0700 "$$DAGSTER_HOME" &&' in service["entrypoint"][2]
    assert service["environment"]["SEND_SCHEDULES"] == "on"
    said = " ".join(there["Environment"]).split()
    assert "SEND_SCHEDULES=on" in said
    home = next(word.partition("=")[2] for word in said if word.startswith("DAGSTER_HOME="))
    assert there["ExecStartPre"] == [f"/usr/bin/install -d -m 0700 {home}"]
    assert home == environment()["SEND_WORKSPACE"] + "/.dagster"


def test_dagster_is_on_loopback_and_sends_no_usage_figures_in_both_ways_of_running_it() -> None:
    service, there = compose()["services"]["dagster"], unit("send-dagster.service")
    (started,) = there["ExecStart"]
    for words in (service["command"], started.split()):
        assert words.count("--host") == 1
        assert words[words.index("--host") + 1] == "127.0.0.1"
    assert service["environment"]["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    for name in ("send-dagster.service", "send-build.service"):
        assert "DAGSTER_DISABLE_TELEMETRY=yes" in " ".join(unit(name)["Environment"]).split()


def test_dagster_by_hand_is_as_closed_as_the_service(tmp_path: Path) -> None:
    """`make lineage`, which docs/serving.md names, with another program in the place of Python."""
    told = tmp_path / "told"
    told.write_text('#!/bin/sh\nenv; umask; ulimit -c; printf "%s|" "$@"\n')
    told.chmod(0o700)
    home = tmp_path / "a workspace" / ".dagster"
    home.mkdir(parents=True, mode=0o755)
    # As where core dumps are on. -o: what is installed here does not matter.
    words = 'ulimit -Sc "$(ulimit -Hc)"; exec make -o .venv/.installed lineage VENV_PYTHON="$0"'
    done = subprocess.run(
        ["sh", "-c", words, str(told)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SEND_WORKSPACE": str(home.parent),
            "DAGSTER_WEBSERVER_PATH_PREFIX": "/dagster",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[-3:-1] == ["0077", "0"]
    assert lines[-1].startswith("-m|dagster|dev|--host|127.0.0.1|")
    for name in ("DAGSTER_DISABLE_TELEMETRY=yes", f"DAGSTER_HOME={home}"):
        assert name in lines
    assert "DAGSTER_WEBSERVER_PATH_PREFIX=/dagster" in lines
    assert home.stat().st_mode & 0o777 == 0o700
    guides = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert "DAGSTER_WEBSERVER_PATH_PREFIX=/dagster make lineage" in guides
    assert "dagster dev --" not in guides


# ---- services of systemd -----------------------------------------------------------------------


@pytest.mark.parametrize("name", UNITS)
def test_a_service_is_closed_and_knows_the_installation(name: str) -> None:
    said = unit(name)
    assert said["User"] == ["send-web" if name.startswith("send-web") else "send-pipeline"]
    assert said["Group"] == [environment()["SEND_READERS"]]
    assert said["EnvironmentFile"] == ["/etc/send-monitor/environment"]
    for key in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert said[key] == ["yes"], key
    assert said["ProtectSystem"] == ["strict"]
    assert said["CapabilityBoundingSet"] == [""]
    assert said["LimitCORE"] == ["0"]
    assert said["UMask"] == ["0077"]


def test_only_the_pages_and_dagster_have_any_network_and_only_what_writes_may_write() -> None:
    open_to_some = {name for name in UNITS if "PrivateNetwork" not in unit(name)}
    assert open_to_some == {"send-web@.service", "send-dagster.service"}
    assert unit("send-dagster.service")["IPAddressDeny"] == ["any"]
    writing = {name for name in UNITS if "ReadWritePaths" in unit(name)}
    assert writing == {"send-build.service", "send-dagster.service", "send-retain.service"}
    named = environment()
    hidden = " ".join(unit("send-web@.service")["InaccessiblePaths"])
    assert f"-{named['SEND_KEYS']}" in hidden.split()
    for folder in ("raw", "landing", "warehouse", "inbox"):
        assert f"-{named['SEND_WORKSPACE']}/{folder}" in hidden.split()


def test_every_timer_starts_a_service_that_is_there() -> None:
    timers = sorted(path.stem for path in (DEPLOY / "systemd").glob("*.timer"))
    assert timers == ["send-build", "send-heads", "send-retain"]
    assert {f"{name}.service" for name in timers} <= set(UNITS)


def test_the_head_of_the_audit_log_is_kept_where_the_pipeline_may_not_write() -> None:
    said = unit("send-heads.service")
    (place,) = said["StandardOutput"]
    folder = place.removeprefix("append:").rpartition("/")[0]
    named = environment()
    assert place.startswith("append:/")
    assert not any(folder.startswith(named[key]) for key in ("SEND_WORKSPACE", "SEND_KEYS"))
    assert said["ExecStart"][-1].endswith("/send releases verify")
    installed = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert f"sudo install -d -m 0755 {folder}\n" in installed


@pytest.mark.parametrize(("ended", "mailed"), [(0, 0), (1, 1)])
def test_cron_keeps_the_head_of_the_audit_log_of_the_containers(
    tmp_path: Path, ended: int, mailed: int
) -> None:
    """The line that the guide shows; cron mails what it says, and it speaks only where it fails."""
    line = (DEPLOY / "cron.d" / "send-heads").read_text(encoding="utf-8").splitlines()[-1]
    command = line.removeprefix("30 23 * * * root ")
    guide = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"`(\(date -Is; [^`]*)`", guide)
    assert shown in command != line
    assert "deploy/cron.d/send-heads /etc/cron.d/`" in guide
    # In a cron table it ends the command.
    assert "%" not in line
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*"\necho a fault >&2\nexit {ended}\n')
    docker.chmod(0o700)
    command = command.replace("/srv/send-monitor", '"$CHECKOUT"')
    done = subprocess.run(
        ["sh", "-c", command.replace("/var/backups/send-monitor-heads", "$HEADS")],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "CHECKOUT": str(ROOT), "HEADS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (mailed, "")
    kept = tmp_path / "heads.txt"
    day, words, fault = kept.read_text(encoding="utf-8").splitlines()
    assert re.match(r"\d{4}-\d\d-\d\dT", day)
    assert words == "compose -f deploy/compose.yml run --rm -T pipeline releases verify"
    assert fault == "a fault"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (ROOT / "deploy" / "compose.yml").is_file()


def test_dagster_lies_under_the_path_at_which_the_proxy_asks_for_it() -> None:
    block = (DEPLOY / "nginx" / "send-dagster.inc").read_text(encoding="utf-8")
    path = re.search(r"^location (/\w+) ", block, re.MULTILINE)
    assert path
    said = " ".join(unit("send-dagster.service")["Environment"]).split()
    assert f"DAGSTER_WEBSERVER_PATH_PREFIX={path[1]}" in said
    assert block.index("auth_request /access-officer;") < block.index("proxy_pass http://127")


def test_send_at_the_terminal_knows_what_the_services_know(tmp_path: Path) -> None:
    """sudo hands no environment on."""
    (tmp_path / "workspace").mkdir()
    (tmp_path / "environment").write_text(
        f"SEND_WORKSPACE={tmp_path}/workspace\nSEND_READERS=readers\nSEND_KEYS=/keys\n"
    )
    told = tmp_path / "told"
    told.write_text('#!/bin/sh\nenv; pwd; umask; ulimit -c; printf "%s|" "$@"\n')
    told.chmod(0o700)
    text = (DEPLOY / "send").read_text(encoding="utf-8")
    text = text.replace("/etc/send-monitor/environment", f"{tmp_path}/environment")
    text = text.replace("/srv/send-monitor/.venv/bin/send", str(told))
    done = subprocess.run(
        ["sh", "-c", text, "send", "publish", "--reason", "two words"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    for name in ("SEND_READERS=readers", "SEND_KEYS=/keys", f"SEND_WORKSPACE={tmp_path}/workspace"):
        assert name in lines
    assert lines[-4:] == [f"{tmp_path}/workspace", "0077", "0", "publish|--reason|two words|"]
