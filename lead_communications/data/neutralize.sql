-- read no mailbox: the incoming mail servers are deactivated by the host
UPDATE lead_mailbox
   SET mode = 'off';
-- take no calls out of folders, which are those of the real server, and forget where it has them
UPDATE lead_pbx
   SET cdr_folder = NULL;
DELETE FROM ir_config_parameter
    WHERE key = 'lead_communications.cdr_folder';
-- call no telephone system: do not dial, do not read recordings
UPDATE lead_pbx
   SET ami_host = NULL,
       ami_user = NULL,
       ami_secret = NULL,
       api_url = NULL,
       api_user = NULL,
       api_secret = NULL,
       fetch_recordings = false,
       recording_url = NULL,
       recording_hosts = NULL,
       recording_user = NULL,
       recording_secret = NULL;
-- take no calls of the real telephone systems: neither their addresses nor their secrets are here
UPDATE lead_pbx
   SET key = 'neutralized-' || id,
       live_secret = NULL,
       previous_secret = NULL,
       is_secret_shown = false;
UPDATE lead_communication
   SET recording_fetch_date = NULL
 WHERE recording_fetch_date IS NOT NULL;
