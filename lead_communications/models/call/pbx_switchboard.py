from odoo import models
from odoo.tools import ormcache

from ...telephony.switchboard import Line, Period, Switchboard, split_names


class LeadPbx(models.Model):
    """The lines of a telephone system as plain data, kept between requests."""

    _inherit = "lead.pbx"

    @ormcache("self.id")
    def _switchboard(self):
        """Return the lines as plain data, to record any number of calls by them.

        Kept between requests: whatever changes the system or a line, or deletes what they refer to,
        clears the cache.
        """
        self.ensure_one()
        # sudo: lead.pbx, its lines and rules - what follows from a call is the same for everybody
        pbx, lines = self.sudo(), self.env["lead.pbx.line"].sudo()
        names = ["extension", "number", "number_sanitized", "user_id", "team_id", "company_id"]
        names += ["date_from", "date_until"]
        lines = lines.search_fetch([("pbx_id", "=", self.id)], names, order="id")
        dated = lines.filtered(lambda line: line.date_from or line.date_until)
        lines -= dated
        return Switchboard(
            country_code=pbx.country_id.code or "",
            company_id=pbx.company_id.id,
            team_id=pbx.team_id.id or None,
            tz=pbx.tz or "UTC",
            trunks=frozenset(name.lower() for name in split_names(pbx.trunks)),
            outside_digits=tuple(split_names(pbx.outside_digits)),
            start=pbx._start_moment(),
            rewrites=pbx.rewrite_ids._as_rules(),
            fetches_recordings=pbx.fetch_recordings,
            users={line.extension: _present(line.user_id) for line in lines if line.extension},
            lines={line.number_sanitized: _line(line) for line in lines if line.number_sanitized},
            user_periods={
                extension: tuple(_period(line, _present(line.user_id)) for line in some)
                for extension, some in dated.filtered("extension").grouped("extension").items()
            },
            line_periods={
                number: tuple(_period(line, _line(line)) for line in some)
                for number, some in dated.filtered("number_sanitized")
                .grouped("number_sanitized")
                .items()
            },
        )

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()  # of _switchboard()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()  # of _switchboard(), also for the lines that went along
        return result


def _line(line):
    return Line(
        id=line.id,
        company_id=line.company_id.id,
        team_id=line.team_id.id or None,
        user_id=_present(line.user_id),
    )


def _period(line, value):
    return Period(value, line.date_from or None, line.date_until or None)


def _present(user):
    """Return the id of a person who is still there, else None: line and team take over."""
    return user.id if user.active else None
