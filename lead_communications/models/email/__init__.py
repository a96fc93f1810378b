"""What an email is; mailboxes, folders, fetching, the gateway, conversations, originals,
writing and answering, retention.

Uses: call, event, communication, lead.
"""

from . import mailbox
from . import mailbox_folder
from . import access
from . import answer
from . import awaiting
from . import candidate
from . import conversation
from . import crm_lead_answer
from . import crm_lead_contact
from . import crm_lead_email
from . import crm_lead_email_tab
from . import crm_lead_history
from . import crm_lead_messages
from . import email
from . import failure
from . import fetchmail_server
from . import header_only
from . import ir_attachment
from . import lead_values
from . import mail_activity
from . import mail_alias_domain
from . import mail_message
from . import mail_message_account
from . import mail_message_body
from . import mail_scheduled_message
from . import mail_template
from . import mail_thread
from . import mailbox_account
from . import mailbox_alias
from . import mailbox_deletion
from . import mailbox_fetch
from . import mailbox_folder_imap
from . import mailbox_folder_pop
from . import mailbox_health
from . import mailbox_intake
from . import mailbox_member
from . import mailbox_pop_message
from . import mailbox_retention
from . import original
from . import reply
from . import res_users
from . import response
from . import retention
from . import rule
from . import written
from . import written_mail
from . import received_mail
