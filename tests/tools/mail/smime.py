"""Values as S/MIME packs them (BER)."""


def der(tag, *values):
    content = b"".join(values)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def ber(tag, *values):
    """A value whose end is marked instead of its length told."""
    return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


def oid(last):
    return der(6, bytes.fromhex("2a864886f70d0107") + bytes([last]))


def signed(content, value=der, pieces=1):
    size = -(-len(content) // pieces)
    octets = [der(4, content[at : at + size]) for at in range(0, len(content), size)]
    return signed_value(octets[0] if pieces == 1 else value(0x24, *octets), value)


def signed_value(data, value=der):
    inner = value(0x30, oid(1), value(0xA0, data))
    return value(0x30, oid(2), value(0xA0, value(0x30, der(2, b"\1"), der(0x31), inner, der(0x31))))


def compressed(packed):
    inner = der(0x30, oid(1), der(0xA0, der(4, packed)))
    name = der(6, bytes.fromhex("2a864886f70d0109100109"))
    return der(0x30, name, der(0xA0, der(0x30, der(2, b"\0"), der(0x30), inner)))
