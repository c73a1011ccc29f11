"""Every route of the pod."""

from pod.web import (
    api_accounts,
    api_conversations,
    api_imports,
    api_interactions,
    api_people,
    api_posts,
    api_sharing,
    control,
    discovery,
    federation,
    feeds,
    fetch,
    import_pages,
    pages,
)
from pod.web.http import Router

_MODULES = (
    federation,
    discovery,
    fetch,
    api_accounts,
    api_people,
    api_sharing,
    api_posts,
    api_interactions,
    api_conversations,
    api_imports,
    import_pages,
    feeds,
    pages,
    control,
)

ROUTER = Router(route for module in _MODULES for route in module.ROUTES)
