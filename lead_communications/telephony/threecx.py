"""3CX V18 and V20: the server-side CRM integration, which asks about numbers and reports calls.

Sources: 3CX's description of CRM templates, and templates that are in use.

3CX reports a call once, when it ended, for each agent who took part, and names no id. The id is
therefore made of what a repeated report has in common with the first one; the reports of a group
that rang, and of a transfer, are joined by party and time.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from string import Template
from typing import Any
from xml.sax.saxutils import quoteattr

from .call_event import CallEvent
from .inbound import Answer, Contact, InboundRequest
from .payload import Parsed, PayloadError
from .reading import (
    LONGEST_CALL,
    NAME_LENGTH,
    RECORDING_LENGTH,
    contact_name,
    load_object,
    moment_of,
    parse_one,
    talk_between,
    text_of,
    zone_of,
)
from .signature import require_match

LABEL = "3CX"
SECRET_IS_GIVEN = False

#: What 3CX calls a call: the direction, and whether somebody answered.
_CALL_TYPES = {
    "inbound": ("incoming", "answered"),
    "missed": ("incoming", "missed"),
    "outbound": ("outgoing", "answered"),
    "notanswered": ("outgoing", "no_answer"),
}
_ZONE = zone_of("UTC")

# ---- PASSWORD ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the request carries one of the secrets."""
    require_match(request.credentials("Bearer"), secrets)


# ---- LOOKUP ----


def asked_number(request: InboundRequest) -> str | None:
    """Return the number that 3CX wants to know the name of; None if it reports a call."""
    if request.method != "GET":
        return None
    # A plus that was not encoded arrives as a blank.
    return re.sub("^ ", "+", request.query.get("number", ""))


def answer_lookup(number: str, contacts: Iterable[Contact]) -> Answer:
    """Return who has the number; with the number as 3CX wrote it, for it drops any other."""
    found = [
        {
            "id": contact.id,
            "type": contact.kind,
            "name": contact.name,
            "company": contact.company,
            "email": contact.email,
            "phone": number,
            "url": contact.url,
        }
        for contact in contacts
    ]
    return Answer(json.dumps({"contacts": found}), "application/json")


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a report.

    :param tz: the time zone of the PBX, for a release that gives local times only.
    """
    document, zone = load_object(body), zone_of(tz)
    return parse_one(lambda: _event(_resolved(document), zone), body)


def _resolved(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields without those that 3CX left as it found them: ``[Transcription]``."""
    return {
        key: value
        for key, value in fields.items()
        if not (isinstance(value, str) and re.match(r"\s*\[.*\]\s*$", value, re.DOTALL))
    }


def _event(fields: Mapping[str, Any], zone: tzinfo) -> CallEvent:
    kind = _CALL_TYPES.get(text_of(fields, "call_type").lower())
    if not kind:
        raise PayloadError("call_type", "call_type is none of those that 3CX reports.")
    direction, result = kind
    answer, end = (_moment(fields, name, _ZONE) for name in ("answered_at", "ended_at"))
    talk = (_duration(fields) or talk_between(answer, end)) if result == "answered" else 0
    start = _moment(fields, "started_at", _ZONE) or _moment(fields, "started_local", zone)
    if start is None:
        raise PayloadError("started_at", "started_at is missing.")
    end = end or start + timedelta(seconds=talk)
    number, agent = text_of(fields, "number"), _agent(fields)
    return CallEvent(
        external_id=_call_id(start, agent, number, direction),
        direction=direction,
        number=number,
        contact_name=contact_name(text_of(fields, "name", NAME_LENGTH)),
        extension=agent,
        result=result,
        start=start,
        answer=(answer or end - timedelta(seconds=talk)) if result == "answered" else None,
        end=end,
        talk_seconds=talk,
        recording=text_of(fields, "recording_url", RECORDING_LENGTH) if talk else "",
        is_joined=True,
    )


def _call_id(start: datetime, agent: str, number: str, direction: str) -> str:
    """Return an id that the same report gets again; it tells nobody the number."""
    parts = [start.isoformat(), agent, re.sub(r"\D", "", number), direction]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _agent(fields: Mapping[str, Any]) -> str:
    return text_of(fields, "agent") or text_of(fields, "agent_email", NAME_LENGTH).lower()


def _moment(fields: Mapping[str, Any], key: str, zone: tzinfo) -> datetime | None:
    """Return the moment; the year 1 is how 3CX writes that there was none."""
    return None if text_of(fields, key).startswith("0001-") else moment_of(fields, key, zone)


def _duration(fields: Mapping[str, Any]) -> int:
    """Return the seconds in ``hh:mm:ss``, also after days (``1.02:03:04``)."""
    text = text_of(fields, "duration")
    if not text:
        return 0
    match = re.fullmatch(r"(?:(\d{1,2})\.)?(\d{1,3}):(\d\d):(\d\d)(?:\.\d+)?", text, re.ASCII)
    error = PayloadError("duration", f"duration is no duration: {text[:40]}")
    if not match:
        raise error
    days, hours, minutes, seconds = map(int, match.groups("0"))
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if total > LONGEST_CALL:
        raise error
    return total


# ---- SET-UP ----

_UTC_FORMAT = '[[%s].ToString("yyyy-MM-ddTHH:mm:ssZ")]'

#: What 3CX is told to report: the name in our report, and 3CX's expression.
_REPORT = {
    "call_type": "[CallType]",
    "number": "[Number]",
    "name": "[Name]",
    "agent": "[Agent]",
    "agent_email": "[AgentEmail]",
    "duration": "[Duration]",
    "started_at": _UTC_FORMAT % "CallStartTimeUTC",
    "answered_at": _UTC_FORMAT % "CallEstablishedTimeUTC",
    "ended_at": _UTC_FORMAT % "CallEndTimeUTC",
    "recording_url": "[RecordingUrl]",
}

_TEMPLATE = Template(
    """<?xml version="1.0" encoding="utf-8"?>
<Crm Name="Odoo" Version="1" Country="US" SupportsEmojis="true">
    <Number Prefix="AsIs" MaxLength="" />
    <Connection MaxConcurrentRequests="8" />
    <Parameters>
        <Parameter Name="Secret" Type="Password" Parent="General Configuration" Editor="String" Title="Secret:" Default=$secret />
        <Parameter Name="ReportCallEnabled" Type="Boolean" Parent="General Configuration" Editor="String" Title="Report calls" Default="True" />
    </Parameters>
    <Authentication Type="No" />
    <Scenarios>
        <Scenario Id="" Type="REST">
            <Request Url=$lookup_url MessagePasses="0" RequestEncoding="UrlEncoded" RequestType="Get" ResponseType="Json">
                <Headers>
                    <Value Key="Authorization" Passes="1" Type="String">Bearer [Secret]</Value>
                </Headers>
            </Request>
            <Rules>
                <Rule Type="Any">contacts.id</Rule>
            </Rules>
            <Variables>
$variables
            </Variables>
            <Outputs AllowEmpty="false">
$outputs
            </Outputs>
        </Scenario>
        <Scenario Id="ReportCall" Type="REST">
            <Request SkipIf="[ReportCallEnabled]!=True" Url=$url MessagePasses="0" RequestEncoding="Json" RequestType="Post" ResponseType="Json">
                <Headers>
                    <Value Key="Authorization" Passes="1" Type="String">Bearer [Secret]</Value>
                </Headers>
                <PostValues>
$values
                </PostValues>
            </Request>
        </Scenario>
    </Scenarios>
</Crm>
"""  # noqa: E501 - an element of the file is a line
)

#: What an answer to a lookup tells: the name in it, and 3CX's names for that.
_OUTPUTS = {
    "id": "EntityId",
    "type": "EntityType",
    "name": "FirstName",
    "company": "CompanyName",
    "email": "Email",
    "phone": "PhoneBusiness",
    "url": "ContactUrl",
}


def configuration(url: str, secret: str, env) -> tuple[str, str]:
    """Return name and content of the template that 3CX takes in; it has the secret in it."""
    variables = (
        f'                <Variable Name="{output}" Path="contacts.{name}" />'
        for name, output in _OUTPUTS.items()
    )
    outputs = (
        f'                <Output Type="{output}" Passes="0" Value="[{output}]" />'
        for output in _OUTPUTS.values()
    )
    values = (
        f'                    <Value Key="{name}" Passes="{2 if "ToString" in value else 1}"'
        f' Type="String">{value}</Value>'
        for name, value in _REPORT.items()
    )
    content = _TEMPLATE.substitute(
        secret=quoteattr(secret),
        url=quoteattr(url),
        lookup_url=quoteattr(f"{url}?number=[Number]"),
        variables="\n".join(variables),
        outputs="\n".join(outputs),
        values="\n".join(values),
    )
    return "odoo-3cx.xml", content


def setup_steps(url: str, env) -> str:
    """Return what the administrator does in the management console of 3CX."""
    return "\n\n".join(
        [
            env._(
                "1. Download the configuration with the button on this page. It has the secret in"
                " it: give it to nobody."
            ),
            env._(
                "2. In the 3CX Admin Console open Integrations > CRM (V18: Settings > CRM), and add"
                " the file as a new template. Leave Secret as it is; if it is empty, enter the"
                " secret of this page. Save."
            ),
            env._(
                "3. Call one of your numbers: the caller's name shows on the telephone if a lead or"
                " contact has the number, and the call is in Calls when it ended."
            ),
            env._("3CX asks and reports at:"),
            f"    {url}",
            env._("After a change of the secret download the file again and replace the template."),
            env._("In Lines, the extension of a salesperson is the 3CX extension."),
        ]
    )
