"""The rooms of the addon, by theme, and which of the tests without Odoo belong to each."""

# From the bottom up: a room uses those before it. Neither of call and event uses the other.
ROOMS = ("lead", "communication", "call", "event", "email")
# These tests lie by what they test, and belong to the room that uses it: paths within tests/.
PURE_TESTS_OF_ROOMS = {
    "lead": (
        "tools/test_company_name.py",
        "tools/test_person_name.py",
        "tools/test_tax_number.py",
        "tools/test_website.py",
    ),
    "communication": (
        "tools/test_address.py",
        "tools/test_charset.py",
        "tools/test_charset_guess.py",
        "tools/test_exception_key.py",
        "tools/test_direct_lines.py",
        "tools/test_phone.py",
        "tools/test_phone_text.py",
        "tools/test_ranking.py",
        "tools/test_spreadsheet.py",
    ),
    "call": (
        "telephony",
        "tools/test_folders.py",
        "tools/test_remote_file.py",
        "tools/test_remote_message.py",
        "tools/test_rewrite.py",
    ),
    "event": (),
    "email": ("tools/mail",),
}
