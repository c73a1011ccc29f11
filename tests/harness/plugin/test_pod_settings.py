"""Scenarios say by a marker how single pods are set."""

import pytest

from harness.errors import UsageError
from harness.plugin.pod_settings import settings_of

FORMS = {"POD_KNOWS_FORMS": "none"}


def item(request: pytest.FixtureRequest) -> pytest.Item:
    found = request.node
    assert isinstance(found, pytest.Item)
    return found


@pytest.mark.pod_settings(pod1={"POD_WORKERS": "2"}, pod3={"POD_WORKERS": "1"})
@pytest.mark.pod_settings(pod3=FORMS)
def test_what_several_markers_say_is_put_together(request: pytest.FixtureRequest) -> None:
    assert settings_of(item(request)) == {
        "pod1": {"POD_WORKERS": "2"},
        "pod3": {"POD_WORKERS": "1", **FORMS},
    }


@pytest.mark.pod_settings(pod3={"POD_WORKERS": "1"})
@pytest.mark.parametrize("_", [pytest.param(0, marks=pytest.mark.pod_settings(pod3=FORMS))])
def test_each_of_several_parameters_may_have_settings_of_its_own(
    request: pytest.FixtureRequest, _: int
) -> None:
    assert settings_of(item(request)) == {"pod3": {"POD_WORKERS": "1", **FORMS}}


def test_without_a_marker_pods_are_set_as_usual(request: pytest.FixtureRequest) -> None:
    assert settings_of(item(request)) == {}


@pytest.mark.pod_settings(pod5=FORMS)
def test_a_pod_that_is_none_is_named(request: pytest.FixtureRequest) -> None:
    with pytest.raises(UsageError, match="pod_settings is about 'pod5', which is no pod"):
        settings_of(item(request))


@pytest.mark.pod_settings(pod3={"KNOWS_FORMS": "none"})
def test_a_setting_that_is_none_of_a_pods_is_named(request: pytest.FixtureRequest) -> None:
    with pytest.raises(UsageError, match="pod3 cannot be given KNOWS_FORMS='none'"):
        settings_of(item(request))


@pytest.mark.pod_settings(pod3="none")
def test_settings_that_are_no_pairs_are_named(request: pytest.FixtureRequest) -> None:
    with pytest.raises(UsageError, match="pod3 cannot be given ='none'"):
        settings_of(item(request))
