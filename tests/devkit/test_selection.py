"""Which tests a command line means."""

import pytest

from devkit import selection
from devkit.errors import DevError


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    for name in (
        "tests/tools/test_phone.py",
        "lead_communications/tests/test_lead.py",
        "lead_communications/tests/call/test_call.py",
        "README",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "lead_communications" / "__manifest__.py").touch()
    monkeypatch.setattr(selection, "ROOT", tmp_path)
    monkeypatch.setattr(selection, "ADDON", tmp_path / "lead_communications")
    monkeypatch.setattr(selection, "PURE_TESTS", tmp_path / "tests")
    monkeypatch.setattr(selection, "ADDON_TESTS", tmp_path / "lead_communications" / "tests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_paths_go_to_the_step_that_can_run_them(checkout):
    pure, models = selection.split_paths(
        ["tests/tools", "lead_communications/tests/test_lead.py::TestLead::test_x"]
    )
    assert pure == [f"{checkout}/tests/tools"]
    assert models == [f"{checkout}/lead_communications/tests/test_lead.py::TestLead::test_x"]


def test_the_addons_folder_means_its_tests(checkout):
    tests = f"{checkout}/lead_communications/tests"
    assert selection.split_paths(["lead_communications"]) == ([], [tests])
    assert selection.split_paths(["."]) == ([f"{checkout}/tests"], [tests])


def test_paths_are_seen_from_the_current_folder_too(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "tests")
    assert selection.split_paths(["tools/test_phone.py"])[0] == [
        f"{checkout}/tests/tools/test_phone.py"
    ]


def test_a_room_means_its_tests_with_and_without_odoo(checkout):
    assert selection.split_paths(["call"]) == (
        [
            f"{checkout}/tests/telephony",
            f"{checkout}/tests/tools/test_folders.py",
            f"{checkout}/tests/tools/test_remote_file.py",
            f"{checkout}/tests/tools/test_remote_message.py",
            f"{checkout}/tests/tools/test_rewrite.py",
        ],
        [f"{checkout}/lead_communications/tests/call"],
    )
    pure, models = selection.split_paths(["event", "tests/tools"])
    assert pure == [f"{checkout}/tests/tools"]
    assert models == [f"{checkout}/lead_communications/tests/event"]


def test_an_unknown_name_is_told_with_the_rooms(checkout):
    with pytest.raises(DevError, match=r"no cal: .*lead, communication, call, event, email"):
        selection.split_paths(["cal"])


def test_tests_that_need_another_module_run_beside_it(checkout):
    tests = checkout / "lead_communications" / "tests"
    (tests / "call" / "with_sale").mkdir()
    test = str(tests / "test_lead.py")
    of_sale = tests / "call" / "with_sale" / "test_sale.py"
    of_sale.touch()
    assert selection.by_module([test]) == {None: [test]}
    assert selection.by_module([f"{of_sale}::TestSale"]) == {"sale": [f"{of_sale}::TestSale"]}
    for folder in (tests, tests / "call"):
        assert selection.by_module([str(folder)]) == {
            None: [str(folder)],
            "sale": [str(of_sale.parent)],
        }
    assert selection.find_test_files(tests) == [
        tests / "call" / "test_call.py",
        tests / "test_lead.py",
    ]


@pytest.mark.parametrize("path", ["tests/test_missing.py", "README"])
def test_a_path_without_tests_is_refused(checkout, path):
    with pytest.raises(DevError, match=path.rpartition("/")[2]):
        selection.split_paths([path])
