from devkit import cli


def test_what_follows_the_dashes_is_passed_to_pytest():
    options = cli.parse(["test", "-k", "phone", "tests", "--", "-x", "--lf"])
    assert options.keyword == "phone"
    assert options.paths == ["tests"]
    assert options.extra == ["-x", "--lf"]
