"""Who a page is read as, and so which frozen files its queries may open.

On one's own machine the reader chooses: whoever runs `send dashboard` holds the workspace. Behind
the guard of `send serve` a reader has the roles that the sign-in gives, and chooses among those.
The choice stands in the address, so that a link opens the page as it was seen.
"""

from __future__ import annotations

from enum import StrEnum

import streamlit as st

from dashboards.serving import connections

PARAMETER = "role"
# Where the guard has no name for the reader: the pages are open to all.
_ANYBODY = "anonymous"
_HERE = "local"


class Role(StrEnum):
    """A reader's role: cabinet members and the public see the same."""

    CABINET = "cabinet"
    OFFICER = "officer"
    AUDITOR = "auditor"


WORDS = {
    Role.CABINET: "Cabinet and public",
    Role.OFFICER: "Strategy officer",
    Role.AUDITOR: "Auditor",
}


def held() -> list[Role]:
    """The roles that this reader has now, the least first; the run ends where there is none."""
    if not connections.is_guarded():
        return list(Role)
    access = connections.reader(st.context.headers.get(connections.HEADER))
    if access is None:
        # The page was closed, or its reader removed, while it ran.
        st.stop()
    return [role for role in Role if role.value in access.roles]


def chosen() -> Role:
    """The role of this run: as chosen on the page, else as the address says, else the least."""
    kept = st.session_state.get(PARAMETER)
    asked = kept if isinstance(kept, Role) else of_text(st.query_params.get(PARAMETER))
    roles = held()
    return asked if asked in roles else roles[0]


def of_text(text: str | None) -> Role:
    """A role by its word; anything else sees what the public sees."""
    return Role(text) if text in set(Role) else Role.CABINET


def in_address() -> dict[str, str]:
    """The role as a parameter of the address; nothing for the least one."""
    role = chosen()
    return {} if role is Role.CABINET else {PARAMETER: role.value}


def choice() -> Role:
    """The control beside the list of pages, where there is something to choose."""
    roles = held()
    if len(roles) > 1:
        st.session_state[PARAMETER] = chosen()
        st.sidebar.selectbox(
            "Read the pages as", roles, format_func=WORDS.__getitem__, key=PARAMETER
        )
    _say_who(roles)
    return chosen()


def _say_who(roles: list[Role]) -> None:
    """Under the list of pages, for people who sign in: as what, and the way in or out."""
    access = connections.reader(st.context.headers.get(connections.HEADER))
    if access is None or access.subject == _HERE:
        return
    if access.subject == _ANYBODY:
        st.sidebar.html('<p class="sm-note"><a href="/sign-in" target="_self">Sign in</a></p>')
        return
    words = " and ".join(WORDS[role] for role in roles)
    st.sidebar.html(
        f'<p class="sm-note">Signed in: {words}. '
        '<a href="/auth/logout" target="_self">Sign out</a></p>'
    )
