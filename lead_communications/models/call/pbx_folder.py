import errno
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.folders import FolderError, open_folder

ROOT_PARAMETER = "lead_communications.cdr_folder"
# The kind of failure that stands for a folder that cannot be read.
FOLDER_TYPE = "application/x-cdr-folder"


class LeadPbx(models.Model):
    """CDR files in a folder on the server, from which new calls are taken in by a scheduled job."""

    _inherit = "lead.pbx"

    cdr_folder = fields.Char(
        string="CDR Folder",
        copy=False,
        groups="base.group_system",
        help="A folder on this server. New rows of its CSV files are taken in every few minutes;"
        " rotated files are recognized. It has to be in the folder that the system parameter"
        f" {ROOT_PARAMETER} names.",
    )
    cdr_file_ids = fields.One2many(
        comodel_name="lead.pbx.file",
        inverse_name="pbx_id",
        string="CDR Files",
        groups="base.group_system",
    )

    @api.constrains("cdr_folder")
    def _check_cdr_folder(self):
        for pbx in self.filtered("cdr_folder"):
            try:
                with pbx._open_cdr_folder() as folder:
                    folder.cdr_files()
            except UserError as error:
                raise ValidationError(str(error)) from error

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        systems = super().create(vals_list)
        systems._sync_cdr_cron()
        return systems

    def write(self, vals):
        result = super().write(vals)
        if {"cdr_folder", "active"} & vals.keys():
            self._sync_cdr_cron()
        return result

    def unlink(self):
        result = super().unlink()
        self._sync_cdr_cron()
        return result

    def _sync_cdr_cron(self):
        """Let the scheduled job run if any telephone system has a folder."""
        cron = self.env.ref("lead_communications.lead_pbx_cdr_cron", raise_if_not_found=False)
        if cron:
            # sudo: ir.cron - which system has a folder is what decides; the field is guarded
            cron.sudo().toggle(model=self._name, domain=[("cdr_folder", "!=", False)])

    # ---- TAKING CALLS IN ----

    @api.model
    def _cron_import_cdr_folders(self):
        """Take in what is new in the folders of all telephone systems."""
        systems = self.search([("cdr_folder", "!=", False)])
        for done, pbx in enumerate(systems, start=1):
            if not pbx._import_cdr_folder():
                break
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(systems) - done):
                break

    def _import_cdr_folder(self):
        """Take in what is new in the folder; return False when the time of the job is over.

        A folder that cannot be read is a failure, solved when it can be read again.
        """
        self.ensure_one()
        errors = []
        try:
            with self._open_cdr_folder() as folder:
                for name in folder.cdr_files():
                    if not self._import_cdr_file(folder, name, errors):
                        return False
        except UserError as error:
            errors.append(str(error))
        if errors:
            self._keep_folder_error("\n".join(errors))
        else:
            self._folder_errors().state = "solved"
        return True

    def _import_cdr_file(self, folder, name, errors):
        """Take in what is new in a file; one that cannot be read is noted and stops no other."""
        try:
            with folder.open(name) as file:
                return self.env["lead.pbx.file"]._follow(self, name, file)
        except OSError as error:
            # One that was renamed since the folder was listed is found by the next run.
            if error.errno != errno.ENOENT:
                errors.append(f"{name}: {error.strerror}")
            return True

    @contextmanager
    def _open_cdr_folder(self):
        """Open the folder; raises UserError in words if it may not or cannot be read."""
        # sudo: ir.config_parameter, lead.pbx - where the server may read is no secret here
        root = self.env["ir.config_parameter"].sudo().get_param(ROOT_PARAMETER) or ""
        path = self.sudo().cdr_folder or ""
        try:
            with open_folder(root, path) as folder:
                yield folder
        except FolderError as error:
            raise UserError(self._folder_words(error.code, root, path)) from error

    def _folder_words(self, code, root, path):
        """Return in the words of the administrator why a folder cannot be read."""
        if code == "no_root":
            return self.env._(
                "Name a folder of the server in the system parameter %(parameter)s first:"
                " CDR folders have to be in it.",
                parameter=ROOT_PARAMETER,
            )
        reasons = {
            "outside": self.env._(
                "The CDR folder %(path)s is not in %(root)s.", path=path, root=root
            ),
            "not_found": self.env._("There is no folder %(path)s on this server.", path=path),
            "no_access": self.env._("Odoo may not read the folder %(path)s.", path=path),
            "link": self.env._(
                "%(path)s is not a folder, or leads elsewhere by a link.", path=path
            ),
        }
        return reasons.get(code, f"{path}: {code}")

    def _folder_errors(self):
        # sudo: failures are written by the system alone
        return (
            self.env["lead.communication.failure"]
            .sudo()
            .search(
                [
                    ("pbx_id", "=", self.id),
                    ("content_type", "=", FOLDER_TYPE),
                    ("state", "=", "failed"),
                ]
            )
        )

    def _keep_folder_error(self, error):
        """Keep one failure as long as the folder cannot be read, not one for each attempt."""
        if failures := self._folder_errors():
            failures.filtered(lambda failure: failure.error != error).error = error
        else:
            self._keep((self.sudo().cdr_folder or "").encode(), error, FOLDER_TYPE, "folder")

    def _check_folder(self):
        """Look into a folder that could not be read: the scheduled job then takes in its files."""
        with self._open_cdr_folder() as folder:
            folder.cdr_files()
