"""The ways to what there is by address: the routes of this addon, and those of Odoo to files."""

import json
import threading
from unittest.mock import patch

from .rights_ways import OURS

JSON = {"Content-Type": "application/json"}


def own_rules(env):
    """Return the routes of this addon: the werkzeug rules."""
    # As in a request, of which the map of routes asks for the database.
    with patch.object(threading.current_thread(), "dbname", env.cr.dbname, create=True):
        rules = env["ir.http"].routing_map().iter_rules()
    return [rule for rule in rules if rule.endpoint.func.__module__.startswith(OURS)]


def own_paths(rule, targets):
    """Yield ``(thing, path)`` of a route of ours for each record that its parameters can name.

    :param targets: ``{model: [(thing, id)]}``
    """
    for name, converter in rule._converters.items():
        model = getattr(converter, "model", None)
        if model is None and name.endswith("_id"):
            model = f"lead.{name.removesuffix('_id')}"
        for thing, record_id in targets.get(model, [("nothing", "1")]):
            yield (
                thing,
                rule.rule.replace(rule.rule[rule.rule.index("<") :].split("/")[0], str(record_id)),
            )


def file_paths(env, targets):
    """Yield ``(thing, path)`` of each file: as an attachment, and as the field of its record."""
    for thing, file_id in targets.get("ir.attachment", ()):
        yield thing, f"/web/content/{file_id}"
        yield thing, f"/web/content/ir.attachment/{file_id}/raw"
        yield thing, f"/web/image/{file_id}"
    for model, records in targets.items():
        fields = env[model]._fields.values()
        for field in fields if model.startswith("lead.") else ():
            if field.type == "binary":
                for thing, record_id in records:
                    yield thing, f"/web/content/{model}/{record_id}/{field.name}"
                    yield thing, f"/web/image/{model}/{record_id}/{field.name}"


def json_calls(targets):
    """Yield ``(thing, path, parameters)`` of what the web client asks for beside methods."""
    for model in ("crm.lead", "lead.communication"):
        for thing, record_id in targets.get(model, ()):
            thread = {"thread_model": model, "thread_id": record_id}
            yield thing, "/mail/thread/messages", thread
            yield thing, "/mail/thread/recipients", thread
            yield (
                thing,
                "/mail/message/post",
                thread | {"post_data": {"body": "Hostile", "message_type": "comment"}},
            )
            yield (
                thing,
                "/mail/data",
                {
                    "fetch_params": [
                        [
                            "mail.thread",
                            thread
                            | {
                                "request_list": [
                                    "activities",
                                    "attachments",
                                    "followers",
                                    "suggestedRecipients",
                                ]
                            },
                        ]
                    ]
                },
            )
            if model == "crm.lead":
                continue  # which Odoo names in debug mode with this addon or without it
            yield (
                thing,
                "/web/dataset/call_kw",
                {
                    "model": model,
                    "method": "read",
                    "args": [[record_id], ["display_name"]],
                    "kwargs": {},
                },
            )
    for thing, file_id in targets.get("ir.attachment", ()):
        yield thing, "/mail/attachment/delete", {"attachment_id": file_id}


def export(model, ids, names):
    """Return the form with which the web client exports records."""
    data = {
        "model": model,
        "fields": [{"name": name, "label": name} for name in names],
        "ids": ids,
        "domain": [],
        "import_compat": False,
        "context": {},
    }
    return {"data": json.dumps(data)}
