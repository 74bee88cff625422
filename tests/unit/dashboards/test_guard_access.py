"""Who has which role, until when, and who is out: claims, cookie, list of the removed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from dashboards.serving.access import (
    EXPIRED,
    HERE,
    NO_ROLE,
    REMOVED,
    SIGNED_OUT,
    Access,
    Doorkeeper,
    roles_of,
)
from dashboards.serving.config import Provider, RoleMap, Secrets, Serving
from tests.integration.serving import signed

NOW = 1_790_000_000.0
KEY = "k" * 40
ADDRESS = "https://send.example.org"
MAP = RoleMap(claim="roles", cabinet=("C",), officer=("O", "Head"), auditor=("A",))


class Clock:
    """Seconds that a test moves."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def removed(tmp_path: Path) -> Path:
    path = tmp_path / "removed.txt"
    path.touch()
    return path


@pytest.fixture
def keeper(removed: Path, clock: Clock) -> Doorkeeper:
    return Doorkeeper(serving(removed), Secrets(cookie=KEY), clock)


def serving(removed: Path, *, public: bool = False) -> Serving:
    provider = Provider(metadata_url="https://id.example.org/x", client_id="send")
    return Serving(
        mode="oidc",
        address=ADDRESS,
        public_pages=public,
        removed=removed,
        provider=provider,
        roles=MAP,
    )


def cookies(at: float = NOW, key: str = KEY, **claims: object) -> dict[str, str]:
    told = {"origin": ADDRESS, "is_logged_in": True, "iss": "i", "sub": "s", "roles": ["O"]}
    return signed(json.dumps(told | claims), key, at)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["O"]}, {"officer"}),
        ({"roles": "O"}, {"officer"}),
        ({"roles": ["A", "C", "x"]}, {"auditor", "cabinet"}),
        ({"roles": []}, set()),
        ({"roles": ["officer"]}, set()),
        ({"roles": ["o"]}, set()),
        ({"roles": {"O": True}}, set()),
        ({"roles": [["O"], None, 1]}, set()),
        ({"groups": ["O"]}, set()),
        ({}, set()),
    ],
    ids=lambda case: str(case) if isinstance(case, dict) else f"{len(case)}-roles",
)
def test_only_a_value_that_the_map_names_gives_a_role(
    claims: dict[str, object], roles: set[str]
) -> None:
    assert roles_of(claims, MAP) == roles
    assert roles_of(claims, None) == frozenset()


def test_a_claim_may_lie_deeper_or_have_a_dot_in_its_name() -> None:
    deep = MAP.model_copy(update={"claim": "realm_access.roles"})
    assert roles_of({"realm_access": {"roles": ["A"]}}, deep) == {"auditor"}
    assert roles_of({"realm_access.roles": ["C"]}, deep) == {"cabinet"}
    assert roles_of({"realm_access": ["A"]}, deep) == frozenset()


def test_a_sign_in_holds_eight_hours_and_not_a_second_more(
    keeper: Doorkeeper, clock: Clock
) -> None:
    given = cookies()
    access = keeper.access(given)
    assert (access.roles, access.refusal) == ({"officer"}, "")
    clock.now = NOW + 8 * 3600 - 1
    assert keeper.still(access)
    clock.now = NOW + 8 * 3600
    assert not keeper.still(access)
    assert (keeper.access(given).roles, keeper.access(given).refusal) == (frozenset(), EXPIRED)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({}, SIGNED_OUT),
        ({"_streamlit_user": ""}, SIGNED_OUT),
        ({"_streamlit_user": "x.y.z"}, SIGNED_OUT),
        (cookies(key="l" * 40), SIGNED_OUT),
        (cookies(at=NOW + 3600), SIGNED_OUT),
        (cookies(origin="https://other.example.org"), SIGNED_OUT),
        (cookies(is_logged_in=False), SIGNED_OUT),
        (signed("[]", KEY, NOW), SIGNED_OUT),
        (signed("not json", KEY, NOW), SIGNED_OUT),
        (cookies(roles=["x"]), NO_ROLE),
    ],
    ids=[
        *("none", "empty", "nonsense", "another key", "tomorrow", "another address"),
        *("logged out", "no claims", "no json", "no role"),
    ],
)
def test_whatever_is_not_our_cookie_opens_nothing(
    keeper: Doorkeeper, given: dict[str, str], refusal: str
) -> None:
    access = keeper.access(given)
    assert (access.roles, access.refusal) == (frozenset(), refusal)
    assert not keeper.still(access)


@pytest.mark.parametrize(
    ("line", "is_out"),
    [
        ("s", True),
        ("S  # left in May", True),
        ("head@example.org", True),
        (" HEAD@Example.org ", True),
        ("object-1", True),
        ("# s", False),
        ("ss", False),
        ("someone@example.org", False),
        ("", False),
    ],
)
def test_the_removed_are_named_by_subject_object_or_address(
    keeper: Doorkeeper, removed: Path, line: str, is_out: bool
) -> None:
    given = cookies(email="Head@example.org", oid="object-1")
    access = keeper.access(given)
    removed.write_text(f"another\n{line}\n", encoding="utf-8")
    assert keeper.still(access) is not is_out
    assert keeper.access(given).refusal == (REMOVED if is_out else "")


def test_a_list_that_cannot_be_read_lets_nobody_in(keeper: Doorkeeper, removed: Path) -> None:
    access = keeper.access(cookies())
    removed.unlink()
    assert not keeper.still(access)
    removed.write_bytes(b"\xff\xfe\xff")
    assert not keeper.still(access)
    removed.write_text("nobody", encoding="utf-8")
    assert keeper.still(access)


def test_a_list_that_is_replaced_within_the_same_second_is_read(
    keeper: Doorkeeper, removed: Path, tmp_path: Path
) -> None:
    access = keeper.access(cookies())
    assert keeper.still(access)
    new = tmp_path / "new"
    new.write_text("s", encoding="utf-8")
    os.utime(new, ns=(0, removed.stat().st_mtime_ns))
    new.replace(removed)
    assert not keeper.still(access)


def test_signing_out_ends_this_sign_in_and_not_the_next(keeper: Doorkeeper, clock: Clock) -> None:
    given = cookies()
    access = keeper.access(given)
    keeper.end(access)
    assert not keeper.still(access)
    assert keeper.access(given).refusal == SIGNED_OUT
    clock.now = NOW + 10
    assert keeper.access(cookies(at=NOW + 10)).roles == {"officer"}


def test_public_pages_give_the_least_role_to_whoever_has_no_other(
    removed: Path, clock: Clock
) -> None:
    keeper = Doorkeeper(serving(removed, public=True), Secrets(cookie=KEY), clock)
    for given in ({}, cookies(roles=["x"]), cookies(at=NOW - 9 * 3600), cookies(key="l" * 40)):
        access = keeper.access(given)
        assert (access.subject, access.roles) == ("anonymous", {"cabinet"})
        assert keeper.still(access)
    assert keeper.access(cookies()).roles == {"officer"}


def test_on_this_machine_alone_the_reader_has_every_role() -> None:
    keeper = Doorkeeper(Serving(mode="local"), Secrets())
    assert keeper.access({}) == HERE
    assert keeper.still(HERE)
    assert HERE.roles == {"cabinet", "officer", "auditor"}


def test_a_subject_is_the_same_person_and_tells_nobody_who(keeper: Doorkeeper) -> None:
    one = keeper.access(cookies()).subject
    assert one == keeper.access(cookies(at=NOW - 60, email="x@example.org")).subject
    assert one != keeper.access(cookies(sub="t")).subject
    assert one != keeper.access(cookies(iss="j")).subject
    assert len(one) == 16
    shown = repr(keeper.access(cookies(email="x@example.org")))
    assert "x@example.org" not in shown


def test_a_cookie_in_parts_is_as_old_as_its_oldest_part(keeper: Doorkeeper) -> None:
    text = cookies_text = json.dumps(
        {"origin": ADDRESS, "is_logged_in": True, "sub": "s", "roles": ["O"], "x": "y" * 50}
    )
    half = len(text) // 2
    parts = {
        **signed("chunks-2", KEY, NOW),
        **part(1, cookies_text[:half], NOW - 9 * 3600),
        **part(2, cookies_text[half:], NOW),
    }
    assert keeper.access(parts).refusal == EXPIRED
    parts |= part(1, cookies_text[:half], NOW)
    assert keeper.access(parts).roles == {"officer"}
    del parts["_streamlit_user_2"]
    assert keeper.access(parts).refusal == SIGNED_OUT


def part(number: int, text: str, at: float) -> dict[str, str]:
    name = f"_streamlit_user_{number}"
    return {name: signed(text, KEY, at, name)[name]}


def test_an_access_without_roles_never_holds(keeper: Doorkeeper) -> None:
    assert not keeper.still(Access("someone"))
    assert keeper.still(replace(Access("someone"), roles=frozenset({"cabinet"})))


def test_a_sign_out_is_known_to_another_process_over_the_same_folder(
    removed: Path, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "signed-out"
    folder.mkdir(mode=0o700)
    shared = serving(removed).model_copy(update={"signed_out": folder})
    here, there = (Doorkeeper(shared, Secrets(cookie=KEY), clock) for _ in range(2))
    mine, other = cookies(), cookies(sub="other")
    open_page = there.access(mine)
    assert there.still(open_page)
    here.end(here.access(mine))
    assert (there.access(mine).refusal, there.still(open_page)) == (SIGNED_OUT, False)
    assert there.access(other).roles == {"officer"}
    (kept,) = folder.iterdir()
    assert (kept.stat().st_size, kept.stat().st_mode & 0o077) == (0, 0)
    clock.now += 9 * 3600
    here.end(here.access(cookies(at=clock.now)))
    assert kept not in set(folder.iterdir())


def test_without_the_shared_folder_of_sign_outs_nobody_is_let_in(
    removed: Path, clock: Clock, tmp_path: Path
) -> None:
    gone = serving(removed).model_copy(update={"signed_out": tmp_path / "gone"})
    keeper = Doorkeeper(gone, Secrets(cookie=KEY), clock)
    assert keeper.access(cookies()).refusal == SIGNED_OUT
    with pytest.raises(OSError, match="gone"):
        keeper.end(Access("x", frozenset({"officer"}), sign_in="a" * 64))
    assert not keeper.still(Access("x", frozenset({"officer"}), sign_in="a" * 64))
