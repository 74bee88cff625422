"""The only readers of the pages: frames from one release, cached by release and role.

One module a subject; `frozen` opens the file. No page sees SQL, and nothing here knows who is
asking: a cached frame is shared by all readers of the same release and role, so no function may
look at a session. Values are read as published and never computed again.
"""
