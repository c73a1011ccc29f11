"""Makes hypothesis' profiles known before pytest chooses one."""

from tests import examples as examples
