import email
import email.policy

from lead_communications.tools.mail.policy import remember_headers

RAW = (
    b"From: =?utf-8?q?Zo=C3=AB?= <zoe@customer.test>\r\nSubject: Hi\r\n"
    b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    b"--x\r\nContent-Type: text/plain\r\n\r\nOne\r\n--x\r\n"
    b"Content-Type: application/pdf; name=a.pdf\r\n\r\nTwo\r\n--x--\r\n"
)


def test_message_reads_as_before_and_each_header_is_parsed_once():
    plain, message = (email.message_from_bytes(RAW, policy=email.policy.SMTP) for _ in range(2))
    remember_headers(message)
    assert message["From"] == plain["From"] == "Zoë <zoe@customer.test>"
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "application/pdf"]
    assert parts[1].get_filename() == "a.pdf"
    assert message["Subject"] is message["Subject"]


def test_message_can_be_changed():
    message = email.message_from_bytes(RAW, policy=email.policy.SMTP)
    remember_headers(message)
    part = message.get_payload(0)
    part.set_charset("utf-8")
    part.replace_header("Content-Type", "text/html")
    assert part.get_content_type() == "text/html"
    assert part["MIME-Version"] == "1.0"
