"""What a call is; telephone systems, lines, recordings, dialling, call-backs, health.

Uses: communication, lead.
"""

from . import pbx
from . import pbx_part
from . import pbx_line
from . import pbx_line_period
from . import access
from . import agent
from . import call
from . import callback
from . import callback_party
from . import crm_team
from . import failure
from . import history
from . import ir_http
from . import join
from . import open_end
from . import outcome
from . import pbx_api
from . import pbx_dial
from . import pbx_dial_web
from . import pbx_file
from . import pbx_folder
from . import pbx_health
from . import pbx_intake
from . import pbx_lookup
from . import pbx_mapping
from . import pbx_mapping_row
from . import pbx_numbers
from . import pbx_recording
from . import pbx_rewrite
from . import pbx_secret
from . import pbx_setup
from . import pbx_switchboard
from . import pbx_upload
from . import pbx_upload_report
from . import proof
from . import record
from . import recording
from . import report_values
from . import res_users
from . import retention
from . import ringing
