"""Mail that is made of parts, and what is shown of it."""

import base64

from lead_communications.tools.mail import message

HEAD = b"From: Jan <jan@customer.test>\nTo: sales@company.test\nSubject: Doors\n"


def text_of(raw):
    return " ".join(" ".join(one.text for one in message.read(raw).texts).split())


def names(raw):
    return [file.name for file in message.read(raw).files]


def multipart(*parts, kind="mixed", boundary="b", head=HEAD, end=True):
    body = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    end = b"--" + boundary.encode() + b"--\n" if end else b""
    return head + f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode() + body + end


def part(content, kind="text/plain; charset=utf-8", *headers):
    content = content.encode() if isinstance(content, str) else content
    lines = [f"Content-Type: {kind}", *headers]
    return "".join(line + "\n" for line in lines).encode() + b"\n" + content


def mail(content, kind="text/plain; charset=utf-8", *headers):
    return HEAD + part(content, kind, *headers)


PDF = part(base64.b64encode(b"%PDF-1.4"), "application/pdf", "Content-Transfer-Encoding: base64")
