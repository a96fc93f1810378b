"""Files in Outlook's own format (TNEF), made of attributes and properties."""

import struct

#: Types of values whose length is told.
VARIABLE = (0x1E, 0x1F, 0x0D, 0x102)
MANY = 0x1000


def attribute(level, name, value):
    return (
        struct.pack("<BII", level, name, len(value))
        + value
        + struct.pack("<H", sum(value) & 0xFFFF)
    )


def padded(value):
    return struct.pack("<I", len(value)) + value + bytes(-len(value) % 4)


def properties(*values, count=None):
    """Return properties of a name, a type and a value; of several values if it is a list."""
    found = struct.pack("<I", len(values) if count is None else count)
    for name, kind, value in values:
        # the name may be followed by what stands for it: bytes that are ready
        number, more = name if isinstance(name, tuple) else (name, b"")
        found += struct.pack("<HH", kind, number) + more
        is_variable = kind & ~MANY in VARIABLE
        several = value if isinstance(value, list) else [value]
        if is_variable or kind & MANY:
            found += struct.pack("<I", len(several))
        found += b"".join(map(padded, several) if is_variable else several)
    return found


def winmail(*attributes, code_page=1250):
    return (
        b"\x78\x9f\x3e\x22\1\0"
        + attribute(1, 0x69007, struct.pack("<II", code_page, 0))
        + b"".join(attributes)
    )


def tnef_file(title, data, *values):
    return (
        attribute(2, 0x69002, bytes(14))
        + attribute(2, 0x18010, title)
        + attribute(2, 0x6800F, data)
        + (attribute(2, 0x69005, properties(*values)) if values else b"")
    )


def rtf(text):
    return struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text
