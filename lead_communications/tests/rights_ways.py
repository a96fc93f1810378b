"""The ways to what there is, made from the registry: models, fields, methods, wizards.

A way is ``(how, model, method, args, kwargs)``, as the web client would send it.
"""

import inspect

OURS = "odoo.addons.lead_communications."
TEXTS = ("char", "text", "html")
RELATIONS = ("many2one", "one2many", "many2many", "reference", "many2one_reference")
GROUPS_AT_ONCE = 6
# What stands for any canary.
ANY = "zq"
MAIL = (
    "From: Eve <eve@evil.test>\nTo: sales@company.test\nSubject: Hostile\n"
    "Message-ID: <hostile-1@evil.test>\nDate: Mon, 02 Nov 2026 10:15:00 +0100\n\nHello\n"
)


def is_ours(model_class):
    return model_class._original_module == "lead_communications"


def public_methods(model_class, ours_only):
    """Return ``{name: method}`` of what a client can call.

    :param ours_only: what this addon defines or extends, not what it inherits.
    """
    found = {}
    ours = {
        name for cls in model_class.mro() if cls.__module__.startswith(OURS) for name in vars(cls)
    }
    for name in sorted(ours) if ours_only else dir(model_class):
        method = inspect.getattr_static(model_class, name, None)
        if name.startswith("_") or not callable(getattr(model_class, name)):
            continue
        if isinstance(method, property | type):
            continue
        classes = [cls for cls in model_class.mro() if name in vars(cls)]
        if any(getattr(vars(cls)[name], "_api_private", False) for cls in classes):
            continue
        found[name] = getattr(model_class, name)
    return found


def is_defined_by_us(model_class, name):
    return any(name in vars(cls) for cls in model_class.mro() if cls.__module__.startswith(OURS))


def methods_of_registry(registry):
    """Yield ``(model, name, method)`` of all that this addon defines, and of its own models.

    Wizards have ways of their own, and what all threads have is tried on leads.
    """
    for model, model_class in sorted(registry.items()):
        if model_class._abstract or model_class._transient:
            continue
        for name, method in public_methods(model_class, not is_ours(model_class)).items():
            is_of_threads = name.startswith("message_") and not is_ours(model_class)
            if name not in DONE_ELSEWHERE and (model == "crm.lead" or not is_of_threads):
                yield model, name, method


def relations_to(registry, models, wizards):
    """Yield ``(model, field)`` of the relations to ``models``: of ours, or of models of ours.

    :param wizards: those of wizards, or those of the others.
    """
    for model, model_class in sorted(registry.items()):
        if model_class._abstract or bool(model_class._transient) != wizards:
            continue
        for field in model_class._fields.values():
            if field.type not in RELATIONS or (field.comodel_name or "") not in models:
                continue
            if is_ours(model_class) or "lead_communications" in (field._modules or ()):
                yield model, field


def arguments(method, records, partner_ids):
    """Return plausible arguments for the parameters of a method that have no default.

    :param partner_ids: those of the person who calls.
    """
    values = {
        "domain": [],
        "fields": ["id"],
        "field_names": ["id"],
        "fields_spec": {"display_name": {}},
        "specification": {"display_name": {}},
        "groupby": ["create_uid"],
        "grouping_sets": [["create_uid"]],
        "aggregates": ["__count"],
        "fields_to_export": ["display_name"],
        "vals": {},
        "values": {},
        "vals_list": [{}],
        "name": ANY,
        "operator": "ilike",
        "operation": "read",
        "body": "Hostile",
        "message": MAIL,
        "message_dict": {"subject": "Hostile", "body": "Hostile", "message_id": "<h2@evil.test>"},
        "msg_dict": {"subject": "Hostile", "body": "Hostile", "message_id": "<h3@evil.test>"},
        "update_vals": {},
        "model": records._name,
        "model_name": records._name,
        "new_thread": records[:1].id,
        "number": "+48221234567",
        "calls": [{"linkedid": "hostile-1", "src": "+48221230000", "event": "hangup"}],
        "progress_bar": {"field": "state", "colors": {"ready": "warning"}},
        "group_by": "state",
        "group_ext_id": "base.group_user",
        "field_name": "user_id",
        "field": "state",
        "full_name": "state",
        "lang": "en_US",
        "langs": ["en_US"],
        "translations": {"en_US": "Hostile"},
        "source_ref": "<p>Hostile</p>",
        "res_ids": records.ids,
        "data": [],
        "views": [[False, "list"], [False, "form"], [False, "search"]],
        "access_uid": None,
        "act_type_xmlids": ["mail.mail_activity_data_todo"],
        "activity_type_id": 1,
        "template_id": 1,
        "notification_type": "email",
        "view_id": None,
        "view_type": "form",
        "partner_ids": partner_ids,
    }
    args = []
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        is_positional = parameter.kind in (
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
        )
        if is_positional and parameter.default is parameter.empty:
            args.append(values.get(parameter.name, False))
    return args


# Reading and searching have ways of their own.
DONE_ELSEWHERE = {
    "copy",
    "copy_data",
    "export_data",
    "fields_get",
    "formatted_read_group",
    "formatted_read_grouping_sets",
    "get_empty_list_help",
    "get_view",
    "get_views",
    "is_transient",
    "load",
    "name_search",
    "read",
    "read_group",
    "search",
    "search_count",
    "search_read",
    "unlink",
    "web_name_search",
    "web_read",
    "web_read_group",
    "web_search_read",
    "write",
}
# Given beside, by the name of the method.
MORE = {
    "message_post": {"body": "Hostile", "message_type": "comment"},
    "message_subscribe": {},
    "activity_schedule": {"act_type_xmlid": "mail.mail_activity_data_todo", "summary": "Hostile"},
}


def reads(env, model, ids):
    """Yield the ways to read ``ids``: by one for one record, by another for a mixed set."""
    fields = env[model].fields_get(attributes=["type", "relation"])
    if len(ids) == 2:
        yield "read", model, "read", [ids, list(fields)], {}
        return
    yield "web_read", model, "web_read", [ids], {"specification": specification(fields)}
    if len(ids) > 2:
        yield "read", model, "read", [ids, list(fields)], {}
        yield "export_data", model, "export_data", [ids, export_names(fields)], {}
        yield "copy_data", model, "copy_data", [ids], {}
        yield "copy", model, "copy", [ids], {}
        yield "get_metadata", model, "get_metadata", [ids], {}
        yield "write", model, "write", [ids, {some_text(env[model]): "Hostile"}], {}
        yield "unlink", model, "unlink", [ids], {}


def changes(env, model, ids):
    """Yield the ways to change ``ids``."""
    yield "write", model, "write", [ids, {some_text(env[model]): "Hostile"}], {}
    yield "unlink", model, "unlink", [ids], {}


def some_text(records):
    """Return a field that can be written."""
    for name in ("subject", "name", "summary", "note", "value", "body", "extension"):
        if name in records._fields:
            return name
    return records._rec_name or "id"


def specification(fields):
    """Return what the web client asks for: each field, and the names of what it refers to."""
    spec = {}
    for name, field in fields.items():
        spec[name] = {"fields": {"display_name": {}}} if field["type"] in RELATIONS[:3] else {}
    return spec


def export_names(fields):
    return [
        f"{name}/display_name" if field["type"] in RELATIONS[:3] else name
        for name, field in fields.items()
    ]


def searches(env, model, ids):
    """Yield all ways to find records of a model."""
    fields = env[model].fields_get(attributes=["type", "groupable", "searchable", "store"])
    names = list(fields)
    domain = [("id", "in", ids)]
    yield (
        "",
        model,
        in_parts(model, "search_read", names, lambda some: ([domain, some], {})),
        [],
        {},
    )
    spec = specification(fields)
    yield (
        "",
        model,
        in_parts(
            model,
            "web_search_read",
            names,
            lambda some: ([domain, {name: spec[name] for name in some}], {}),
        ),
        [],
        {},
    )
    yield "search_count", model, "search_count", [domain], {}
    yield "name_search", model, "name_search", [ANY], {"limit": None}
    yield (
        "web_name_search",
        model,
        "web_name_search",
        [ANY, {"display_name": {}}],
        {"limit": 1000},
    )
    groups = [groupby(name, field) for name, field in fields.items() if field.get("groupable")]
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        some = groups[start : start + GROUPS_AT_ONCE]
        yield (
            f"grouped by {', '.join(some)}",
            model,
            in_parts(
                model,
                "formatted_read_grouping_sets",
                some,
                lambda some: ([domain, [[group] for group in some]], {"aggregates": ["__count"]}),
            ),
            [],
            {},
        )
    yield (
        "grouped by id",
        model,
        "formatted_read_group",
        [[]],
        {
            "groupby": ["id"],
            "aggregates": ["__count"],
        },
    )
    some = [groupby(name, fields[name]) for name in fields if fields[name].get("groupable")][:3]
    yield "read_group", model, "read_group", [[], ["id:count"], some], {"lazy": False}
    yield "web_read_group", model, "web_read_group", [[], some[:2], ["__count"]], {}


def in_parts(model, method, names, arguments):
    """Return what asks for all ``names``, and for fewer of them as long as it is refused.

    One field that is refused would hide what the others tell.

    :param arguments: returns the ``(args, kwargs)`` of the call for some names.
    """

    def parts(call):
        waiting = [names]
        while waiting:
            some = waiting.pop()
            args, kwargs = arguments(some)
            if call(model, method, args, kwargs) is None and len(some) > 1:
                half = len(some) // 2
                waiting += [some[:half], some[half:]]

    parts.__name__ = method
    return parts


def groupby(name, field):
    return f"{name}:month" if field["type"] in ("date", "datetime") else name


def hidden_paths(env, model, texts):
    """Yield the paths by which a model can be searched for texts that hold canaries.

    :param texts: ``{model: names of fields that hold some}``
    """
    for name, field in env[model].fields_get(attributes=["type", "searchable", "relation"]).items():
        if not field.get("searchable") or is_odoo_calendar(env[model]._fields[name]):
            continue
        if name in texts.get(model, ()):
            yield name
        for other in texts.get(field.get("relation"), ()):
            yield f"{name}.{other}"


def is_odoo_calendar(field):
    """Tell whether a field is Odoo's own, to its own calendar.

    Private meetings are found by their text there by everybody, in Odoo itself: who searches
    meetings, or what Odoo links to them, learns what they would learn without this addon. Fields
    of this addon are tried.
    """
    return field.comodel_name == "calendar.event" and "lead_communications" not in field._modules


def required_values(env, model, allowed):
    """Return values for what a record of a model needs.

    :param allowed: ``{model: id of a record that the user may see}``
    """
    values = {}
    for name, field in env[model]._fields.items():
        if not field.required or field.default or not field.store:
            continue
        if field.compute and name != env[model]._rec_name:
            continue
        if field.type == "many2one":
            values[name] = allowed.get(field.comodel_name) or False
        elif field.type == "selection":
            values[name] = field.get_values(env)[0]
        elif field.type in TEXTS:
            values[name] = "hostile@evil.test"
    return values


def pointed(field, record_id):
    """Return the value that points a field at a record."""
    if field.type in ("one2many", "many2many"):
        return [[4, record_id, 0]]
    if field.type == "reference":
        return f"{field.comodel_name},{record_id}"
    return record_id


def attack(model, field, record_id, values, actions):
    """Return what points a new record of a model at ``record_id``, then reads and uses it."""

    def a_new_record(call):
        spec = specification(call(model, "fields_get", [], {"attributes": ["type"]}))
        given = values | {field.name: pointed(field, record_id)}
        call(model, "onchange", [[], given, [field.name], spec], {})
        call(
            model,
            "onchange",
            [[], {}, [], spec],
            {"context": {f"default_{field.name}": given[field.name]}},
        )
        made = call(model, "create", [given], {})
        if made is None:
            return
        call(model, "web_read", [[made], spec], {})
        call(model, "formatted_read_group", [[["id", "=", made]], [field.name], ["__count"]], {})
        call(model, "export_data", [[made], [f"{field.name}/display_name", "display_name"]], {})
        for action in actions:
            call(model, action, [[made]], {}, is_undone=True)

    return a_new_record


def retarget(model, field, ids, record_id):
    """Return what points existing records of a model at ``record_id``, then reads them."""

    def a_changed_record(call):
        spec = {field.name: {"fields": {"display_name": {}}}, "display_name": {}}
        call(model, "web_save", [ids, {field.name: pointed(field, record_id)}, spec], {})

    return a_changed_record
