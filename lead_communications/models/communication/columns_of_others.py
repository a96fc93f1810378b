"""What other modules have added to a table that is filled by statements, past ``create``."""

from psycopg2.extras import Json

ADDON = "lead_communications"


def columns_of_others(model):
    """Return the names of the columns that other modules added, for which there is a default."""
    set_by_users = model.env["ir.default"]._get_model_defaults(model._name)
    return [
        name
        for name, field in model._fields.items()
        if field.store
        and field.column_type
        and not field.compute
        and ADDON not in field._modules
        and (field.default or name in set_by_users)
    ]


def values_of_others(model, names):
    """Return the columns ``names`` of a new row, as JSON can hold them.

    Asked for each row: a default may be another one each time.
    """
    defaults = model.default_get(names) if names else {}
    return {name: _column(model, name, defaults.get(name)) for name in names}


def compute_those_of_others(records):
    """Have the stored fields computed that other modules added, as ``create`` would."""
    for field in records._fields.values():
        if field.compute and field.store and ADDON not in field._modules:
            records.env.add_to_compute(field, records)


def _column(model, name, value):
    field = model._fields[name]
    column = field.convert_to_column_insert(value, model)
    return column.adapted if isinstance(column, Json) else column
