"""User API: signing up, logging in, the account itself."""

import secrets

from pod.domain import closing, registering, sharing
from pod.domain.errors import Invalid, NameTaken, NotAllowed
from pod.domain.people import Account
from pod.jobs.context import Context
from pod.jobs.passwords import hash_password, verify_password
from pod.store.unit_of_work import UnitOfWork
from pod.web.auth import account_of, act_of, token_of
from pod.web.fields import needed_text, optional_text
from pod.web.http import Request, Response, Route, json_response

_FLAGS = ("disable_mail", "show_community_spotlight", "auto_follow_back")


def _sign_up(context: Context, request: Request) -> Response:
    body = request.json()
    username = registering.check_username(needed_text(body, "username"))
    email = registering.check_email(needed_text(body, "email"))
    password = registering.check_password(needed_text(body, "password"))
    with context.work() as work:
        if not registering.is_available(work, username):
            raise NameTaken(f"username {username} is taken, or was once; choose another")
    registration = registering.Registration(
        username=username,
        email=email,
        password_hash=hash_password(password, fast=context.settings.test_mode),
        private_key=context.new_private_key(),
        first_name=optional_text(body, "first_name"),
        last_name=optional_text(body, "last_name"),
    )
    with context.work(act_of(context, request)) as work:
        account = registering.register(work, registration)
        token = _open_session(work, account)
    person = account.person
    answer = {"diaspora_id": person.diaspora_id, "guid": person.guid, "token": token}
    return json_response(answer, 201)


def _open_session(work: UnitOfWork, account: Account) -> str:
    token = secrets.token_urlsafe(32)
    work.accounts.open_session(account, token)
    return token


def _log_in(context: Context, request: Request) -> Response:
    body = request.json()
    username, password = needed_text(body, "username"), needed_text(body, "password")
    with context.work() as work:
        account = work.accounts.by_username(username.strip().lower())
        stored = None if account is None else work.accounts.password_hash(account)
        moved_to = None if account is None else work.people.newest(account.person).diaspora_id
    if account is None or stored is None:
        raise NotAllowed("wrong username or password")
    if account.state == "closed":
        moved = moved_to != account.person.diaspora_id
        raise NotAllowed(f"moved to {moved_to}" if moved else f"account {username} is closed")
    if not verify_password(password, stored):
        raise NotAllowed("wrong username or password")
    if account.state == "locked":
        raise NotAllowed("locked, import running: you will get a mail when the account is ready")
    with context.work() as work:
        return json_response({"token": _open_session(work, account)})


def _log_out(context: Context, request: Request) -> Response:
    account_of(context, request)
    with context.work() as work:
        work.accounts.close_session(token_of(request) or "")
    return Response(204)


def _me(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    return json_response(
        {
            "diaspora_id": account.person.diaspora_id,
            "guid": account.person.guid,
            "username": account.username,
            "email": account.email,
            "state": account.state,
        }
    )


def _delete_me(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    password = needed_text(request.json(), "password")
    with context.work() as work:
        stored = work.accounts.password_hash(account)
    if not verify_password(password, stored):
        raise NotAllowed("wrong password: the account stays")
    with context.work(act_of(context, request)) as work:
        closing.delete_account(work, work.need_account(account))
    return Response(204)


# --- settings ------------------------------------------------------------------------------------


def _settings(context: Context, request: Request) -> Response:
    return json_response(_settings_of(account_of(context, request)))


def _settings_of(account: Account) -> dict[str, object]:
    return {
        "email": account.email,
        "language": account.language,
        "disable_mail": account.disable_mail,
        "show_community_spotlight": account.show_community_spotlight,
        "auto_follow_back": account.auto_follow_back,
        "auto_follow_back_aspect": account.auto_follow_back_aspect,
    }


def _change_settings(context: Context, request: Request) -> Response:
    account = account_of(context, request)
    changes = request.json()
    unknown = sorted(set(changes) - set(_settings_of(account)))
    if unknown:
        raise Invalid(f"settings: {', '.join(unknown)} unknown")
    with context.work(act_of(context, request)) as work:
        checked = {name: _checked(work, account, name, changes[name]) for name in changes}
        work.accounts.update(account, checked)
        return json_response(_settings_of(work.need_account(account)))


def _checked(work: UnitOfWork, account: Account, name: str, value: object) -> object:
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise Invalid(f"{name}: true or false is needed")
        return value
    if name == "auto_follow_back_aspect":
        aspect = optional_text({name: value}, name)
        return None if aspect is None else sharing.need_aspect(work, account, aspect).name
    text = needed_text({name: value}, name)
    return registering.check_email(text) if name == "email" else _language(text)


def _language(text: str) -> str:
    if len(text) > 16:
        raise Invalid(f"language {text[:20]!r}: a short code such as en or pt-BR is needed")
    return text


ROUTES = (
    Route("POST", "/api/accounts", _sign_up),
    Route("POST", "/api/sessions", _log_in),
    Route("DELETE", "/api/sessions", _log_out),
    Route("GET", "/api/me", _me),
    Route("DELETE", "/api/me", _delete_me),
    Route("GET", "/api/settings", _settings),
    Route("PATCH", "/api/settings", _change_settings),
)
