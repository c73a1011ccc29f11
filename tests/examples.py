"""How many examples hypothesis tries: some in the gate, many more at night.

`pytest --hypothesis-profile nightly` chooses many; each test says how many are some.
"""

from typing import Final

from hypothesis import settings

NIGHTLY: Final = "nightly"
MORE: Final = 20
"""How many times as many examples are tried at night."""

settings.register_profile(NIGHTLY, deadline=None, max_examples=100 * MORE)


def examples(some: int) -> settings:
    """Settings for a test.

    Args:
        some: How many examples are tried in the gate.
    """
    is_night = settings.get_current_profile_name() == NIGHTLY
    return settings(max_examples=some * (MORE if is_night else 1), deadline=None)
