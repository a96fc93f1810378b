"""The ways to what there is, made from the registry: models, fields, methods, wizards.

A way is ``(how, model, method, args, kwargs)``, as the web client would send it.
"""

import inspect

OURS = "odoo.addons.lead_communications."
TEXTS = ("char", "text", "html")
RELATIONS = ("many2one", "one2many", "many2many", "reference", "many2one_reference")
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
    for name in dir(model_class):
        method = inspect.getattr_static(model_class, name, None)
        if name.startswith("_") or not callable(getattr(model_class, name)):
            continue
        if isinstance(method, property | type):
            continue
        classes = [cls for cls in model_class.mro() if name in vars(cls)]
        if any(getattr(vars(cls)[name], "_api_private", False) for cls in classes):
            continue
        if not ours_only or any(cls.__module__.startswith(OURS) for cls in classes):
            found[name] = getattr(model_class, name)
    return found


def methods_of_registry(registry):
    """Yield ``(model, name, method)`` of all that this addon defines, and of its own models."""
    for model, model_class in sorted(registry.items()):
        if model_class._abstract:
            continue
        for name, method in public_methods(model_class, not is_ours(model_class)).items():
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


def arguments(env, method, records, person):
    """Return plausible arguments for the parameters of a method that have no default."""
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
        "partner_ids": person.partner_id.ids,
    }
    args = []
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        is_positional = parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        if is_positional and parameter.default is parameter.empty:
            args.append(values.get(parameter.name, False))
    return args


# Given beside, by the name of the method.
MORE = {
    "message_post": {"body": "Hostile", "message_type": "comment"},
    "message_subscribe": {},
    "activity_schedule": {"act_type_xmlid": "mail.mail_activity_data_todo", "summary": "Hostile"},
}


def reads(env, model, ids, is_whole=True):
    """Yield all ways to read ``ids``, one way each."""
    fields = env[model].fields_get(attributes=["type", "relation"])
    names = [name for name in fields if name != "id"]
    yield "read", model, "read", [ids, names], {}
    yield "web_read", model, "web_read", [ids], {"specification": specification(env, model, fields)}
    if is_whole:
        yield "export_data", model, "export_data", [ids, export_names(fields)], {}
        yield "copy_data", model, "copy_data", [ids], {}
        yield "copy", model, "copy", [ids], {}
        yield "get_metadata", model, "get_metadata", [ids], {}


def specification(env, model, fields):
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
    yield "search_read", model, "search_read", [], {"domain": domain, "fields": names}
    spec = specification(env, model, fields)
    yield "web_search_read", model, "web_search_read", [domain, spec], {}
    yield "search_count", model, "search_count", [domain], {}
    yield "name_search", model, "name_search", [ANY], {"limit": None}
    yield (
        "web_name_search",
        model,
        "web_name_search",
        [ANY, {"display_name": {}}],
        {"limit": 1000},
    )
    for name, field in fields.items():
        if field.get("groupable"):
            yield f"formatted_read_group by {name}", model, "formatted_read_group", [[]], {
                "groupby": [groupby(name, field)],
                "aggregates": ["__count"],
            }
    some = [groupby(name, fields[name]) for name in fields if fields[name].get("groupable")][:3]
    yield "read_group", model, "read_group", [[], ["id:count"], some], {"lazy": False}
    yield "web_read_group", model, "web_read_group", [[], some[:2], ["__count"]], {}


def groupby(name, field):
    return f"{name}:month" if field["type"] in ("date", "datetime") else name


def hidden_paths(env, model, models):
    """Yield the paths by which texts can be looked for: of the model, and of what it refers to."""
    for name, field in env[model].fields_get(attributes=["type", "searchable", "relation"]).items():
        if not field.get("searchable"):
            continue
        if field["type"] in TEXTS:
            yield name
        elif field.get("relation") in models:
            others = env[field["relation"]].fields_get(attributes=["type", "searchable"])
            for other, of_other in others.items():
                if of_other["type"] in TEXTS and of_other.get("searchable"):
                    yield f"{name}.{other}"
