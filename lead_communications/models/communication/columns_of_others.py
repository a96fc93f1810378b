"""What other modules have added to a table that is filled by statements, past ``create``."""

from psycopg2.extras import Json

ADDON = "lead_communications"


def add_values_of_others(model, rows):
    """Add to the columns of new ``rows`` those of other modules, as ``create`` would fill them.

    That is what has a default, which is asked for each row, as it may be another one each time; and
    what is computed before the row is there, which may be required.

    :param list rows: dictionaries of columns, as JSON can hold them; changed.
    :return: the names of the columns that were added.
    """
    with_default = [name for name in _with_default(model) if model._fields[name].column_type]
    computed = [
        field.name
        for field in _of_others(model)
        if field.precompute and field.name not in with_default
    ]
    for row in rows if with_default else ():
        defaults = model.default_get(with_default)
        row |= {name: _column(model, name, defaults.get(name)) for name in with_default}
    for row in rows if computed else ():
        new = model.new(row)
        row |= {
            name: _column(model, name, model._fields[name].convert_to_write(new[name], new))
            for name in computed
        }
    return with_default + computed


def complete_those_of_others(records, added):
    """Let ``records`` that were inserted have what is no column, and what is computed afterwards.

    :param added: what :func:`add_values_of_others` returned: what is there.
    """
    for field in _of_others(records):
        if field.compute and field.name in added:
            records.env.remove_to_compute(field, records)
        elif field.compute:
            records.env.add_to_compute(field, records)
    names = [name for name in _with_default(records) if not records._fields[name].column_type]
    for record in records if names else ():
        record.write(records.default_get(names))


def _of_others(model):
    """Return the stored fields that other modules have added, or people by hand."""
    return [
        field for field in model._fields.values() if field.store and ADDON not in field._modules
    ]


def _with_default(model):
    """Return the names of those for which there is a default that counts at creation.

    It wins over what a field computes that people may change, as Odoo has it.
    """
    set_by_users = model.env["ir.default"]._get_model_defaults(model._name)
    return [
        field.name
        for field in _of_others(model)
        if (field.default or field.name in set_by_users) and not (field.compute and field.readonly)
    ]


def _column(model, name, value):
    field = model._fields[name]
    column = field.convert_to_column_insert(value, model)
    return column.adapted if isinstance(column, Json) else column
