//! Help texts that belong to no single argument: headings, examples, exit codes, file formats.

pub const SETTINGS: &str = "Settings";
pub const SAFETY: &str = "Safety";
pub const OUTPUT: &str = "Output";

pub const WORKSPACE_SHORT: &str =
    "Run `workspace --help` for details and `workspace tour` for a demo.";

pub const WORKSPACE: &str = "\
Examples:
  workspace tour
  workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001 --user li-na
  workspace detach --from friday.csv --all-users --report friday.jsonl
  workspace detach --resume friday.jsonl

Credentials are never arguments. The first of these sources is used:
  HUAWEICLOUD_OIDC_PROVIDER_URN, HUAWEICLOUD_OIDC_AGENCY_URN, and HUAWEICLOUD_OIDC_ID_TOKEN or
    HUAWEICLOUD_OIDC_TOKEN_FILE
  HUAWEICLOUD_SDK_IDP_ID, HUAWEICLOUD_SDK_ID_TOKEN_FILE
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK (and HUAWEICLOUD_SDK_SECURITY_TOKEN)
  HW_AUTH_TOKEN
  HW_ASSUME_ROLE_IDP_ID, and HW_ASSUME_ROLE_ID_TOKEN or HW_ASSUME_ROLE_ID_TOKEN_FILE
  HW_ACCESS_KEY, HW_SECRET_KEY (and HW_SECURITY_TOKEN)
  HW_USER_NAME, HW_USER_PASSWORD, HW_DOMAIN_NAME
  the profile of KooCLI in HW_SHARED_CONFIG_FILE or with the name in HW_PROFILE
  ~/.huaweicloud/credentials, or the file in HUAWEICLOUD_SDK_CREDENTIALS_FILE
  ~/.hcloud/config.json, if its keys are not encrypted
  the instance metadata service, on an ECS instance
  HC_CONTAINER_CREDENTIALS_FULL_URI, HC_CONTAINER_AUTHORIZATION_TOKEN_FILE, in a pod
Terraform's credentials (HW_…) assume the agency in HW_ASSUME_ROLE_AGENCY_NAME.
`workspace config` shows the source in use, and the proxy and certificates of HTTPS_PROXY, NO_PROXY
and SSL_CERT_FILE.

Results go to stdout, everything else to stderr. Results are a table on a terminal (COLUMNS sets
its width), and in a pipe tab-separated values without a header, with tab, line feed, carriage
return and backslash in a value written as \\t, \\n, \\r and \\\\. --output selects another format. In
CSV, a value that a spreadsheet would run as a formula begins with an apostrophe.

Exit codes:
  0    every desktop is done, or accepted: the service began a job, which --verify follows
  1    nothing was done: the request failed for every desktop, or you answered no
  2    invalid arguments or input file; nothing was sent
  3    some desktops were, or may have been, processed; others failed, are unknown or were not sent;
       or --verify found no proof; or the results could not be written
  130  interrupted; some desktops may have been processed
A resumed run counts all desktops of its report, unless it ends before it sends anything: an error
or a no is then 1.";

pub const DETACH: &str = "\
Examples:
  One user of a desktop, and all users, on a sandbox:
    workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001 --user li-na
    workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002 --all-users
  Show the requests without sending them:
    workspace detach --from friday.csv --all-users --dry-run
  400 desktops, with a report of your choice to resume from:
    workspace detach --from friday.csv --all-users --report friday.jsonl
    workspace detach --resume friday.jsonl

An evening: log off with a message, wait, unbind, verify. A log-off loses unsaved work, so warn the
users by other means before; --dry-run instead of --yes shows it first. The service does not say
when the sessions have ended, hence the wait. A desktop that is switched off cannot be logged off,
so the exit code of the first command may be 3; the third unbinds that desktop nevertheless:
    workspace logoff --yes --from friday.csv \\
        --message 'This desktop is being logged off for maintenance.' || [ $? -eq 3 ]
    sleep 300
    workspace detach --yes --from friday.csv --all-users --verify
    workspace report --list

The ids of desktops come from the service, here of those whose name has `lab` in it. A response has
at most 1000; &offset=1000 has the next ones:
    workspace api GET '/v2/{project_id}/desktops?limit=1000&computer_name=lab' > lab.json
    workspace detach --from lab.json --all-users --dry-run
    workspace api GET '/v2/{project_id}/desktops?limit=1000&computer_name=lab' |
      workspace detach --from - --all-users --yes --verify

The file of --from is a list of ids, one per line, or CSV with a header. The separator is comma,
semicolon or tab. It can also be JSON, with the columns as keys: JSON lines, an array, or the
service's list of desktops. Columns:
  desktop_id           the desktop; required
  desktop_name         its name, for you to recognize it; also computer_name
  user_name            the user or group to unbind; one row for each, so a desktop can have several
  type                 USER (default) or GROUP
  user_id, domain, user_group
                       more about the user, as in the API
  is_detach_all_users  true to unbind all users from this desktop
Name the users in the file or with --user, --group or --all-users, not both. Other columns are
ignored and listed in the question; one that may name people, such as `owner`, is an error unless
each row names its users. Identical rows are merged; rows that contradict each other are an error.
All errors are reported with line numbers before anything is sent.

Without --report, the report is a new file in $XDG_STATE_HOME/workspace or ~/.local/state/workspace.
The question names it, or a note with --yes; a run with --sandbox has none. `workspace report FILE`
shows a report, and --resume continues the run, also one that was completed: desktops that failed or
were not sent are sent. A report is also the audit trail: JSON lines, the first with the plan and
who started it, one before each batch, and one for each desktop after it, with time and request id:
  {\"format\":1,\"version\":…,\"started\":…,\"by\":{…},\"endpoint\":…,\"project_id\":…,\"plan\":{…}}
  {\"sending\":[…],\"time\":…}
  {\"desktop_id\":…,\"outcome\":\"succeeded\",\"request_id\":…,\"time\":…}
  {\"desktop_id\":…,\"outcome\":\"failed\",\"error_code\":…,\"error_msg\":…,\"request_id\":…,\"time\":…}
  {\"ended\":…,\"result\":\"completed\"}
Each line is on disk before the next step. After a crash, every desktop is therefore done, not done,
or unknown (sent, but no response). --resume reads the unbinding records of the unknown desktops. A
desktop with a new record is done and verified; one without is sent again; where the records are
ambiguous, the desktop stays unknown and is listed. A run resumes only at the endpoint (`sandbox`
with --sandbox) and in the project of its report. A report that is older than a day is resumed only
after a question, also with --yes, because other users may have been bound since; without a
terminal, --max-age allows it.

--verify reads the records of every desktop that is done, and waits up to --verify-timeout for those
that are missing. The exit code is 3 if a desktop is not verified. `--resume FILE --verify` verifies
what an earlier run did.

A desktop to which no one is bound fails, because the service rejects it. It counts to
--max-failures: the service documents no code that distinguishes it from other failures.

Output (columns of table and tab-separated values):
  desktop_id  outcome  error_code  error_msg  request_id  desktop_name  status  job_id  verified
The outcome is succeeded, accepted, failed (not processed), unknown (may have been processed) or
not_sent. Accepted means that the service began a job, which can still fail. Only desktops of a pool
have jobs, but the response does not say which desktop a job is for, so a desktop of a pool makes
every other desktop of its batch accepted, too: use --verify. `status` is the HTTP status of a
request that failed as a whole, `verified` is yes, or no with what is missing. On a terminal, the
table has only the first 20 desktops that failed, are unknown or not verified; --all shows every
desktop.

JSON: {\"desktops\":[…],\"job_ids\":[…]}. A desktop, also as a line of --output jsonl, has these keys,
as far as they have a value:
  desktop_id  desktop_name  outcome  error_kind  status  error_code  error_msg  request_id  job_id
  verified  missing  time
`error_kind` is this program's name for the kind of failure, `verified` true or false, `missing`
what a proof lacks, `time` when the outcome was recorded. With --dry-run, JSON is an array of
requests with method, url and body. To list the desktops that did not succeed:
    workspace report friday.jsonl --json |
      jq -r '.desktops[] | select(.outcome != \"succeeded\") | .desktop_id'";

pub const DETACH_INFO: &str = "\
Examples:
  workspace detach-info --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
  workspace detach-info --from friday.csv --json
  workspace detach-info --from friday.csv --since 1d --latest --output csv > unbound.csv
  cut -f1 outcome.tsv | workspace detach-info --from -

Output (columns of table and tab-separated values):
  desktop_id  user_name  type  detach_time  desktop_name  user_group  user_id

JSON: {\"desktop_detach_infos\":[…]}, and {\"errors\":[…]} for desktops whose records could not be
read. A record, also as a line of --output jsonl, has the columns as keys. An error has these keys,
as far as they have a value:
  desktop_id  status  error_code  error_msg  request_id";

pub const LOGOFF: &str = "\
Examples:
  workspace logoff --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002 \\
    --message 'This desktop is being logged off for maintenance.'
  workspace logoff --from friday.csv --report logoff.jsonl --yes
  workspace logoff --resume logoff.jsonl

--from, --report, --resume and the output work as for `workspace detach`, but the only columns that
are read are desktop_id and desktop_name. A column that names people is an error, because everyone
on a desktop is logged off. A log-off leaves no record, so an unknown desktop stays unknown.";

pub const REPORT: &str = "\
Examples:
  workspace report friday.jsonl
  workspace report --list
  workspace report --list --json

Nothing is sent: a report is a file on this machine. In a pipe, the output is that of the run, with
a line for each desktop: succeeded, accepted, failed, unknown (sent, but without an outcome) or
not_sent.

JSON: who ran it, where, when, and the desktops with the keys that `workspace detach --help` lists:
  report  format  version  command  started  latest  result  by  resumed_by  endpoint  project_id
  counts  desktops
The result is completed, interrupted (Ctrl-C), stopped (by an error), killed, or running. `by` and
`resumed_by` have user, host and credentials, `counts` a number for each outcome. To list the
desktops that did not succeed:
    workspace report friday.jsonl --json |
      jq -r '.desktops[] | select(.outcome != \"succeeded\") | .desktop_id'

Output of --list (columns of the tab-separated values):
  started  command  result  desktops  succeeded  accepted  failed  unknown  not_sent  report

JSON of --list: an array of reports with these keys:
  started  command  result  desktops  counts  report";

pub const API: &str = "\
Examples:
  workspace api --sandbox GET \\
    /v2/{project_id}/desktops/4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001/detach-info
  workspace api POST /v2/{project_id}/desktops/logoff --body @logoff.json
  workspace api POST /v2/{project_id}/desktops/logoff --body - < logoff.json

The request is sent once, without confirmation. The body of the response is printed unchanged, on a
terminal with line breaks. The exit code is 1 unless the status is 2xx; the request may still have
been processed.";

pub const SANDBOX: &str = "\
Examples:
  workspace sandbox
  workspace sandbox --listen 127.0.0.1:0 --latency 100ms..2s
  workspace sandbox --sample-seed > seed.yaml; workspace sandbox --seed seed.yaml
  workspace sandbox --fault status=503,operation=ListDesktopDetachInfo,times=2

The first line on stdout is the base URL, where a browser shows the contract. The lines after it
list the project, desktops and credentials. Options of a fault: operation=ID, probability=P,
times=N, after (process the request first) and, with status, retry-after=SECONDS.";

pub const CONFIG: &str = "\
Examples:
  workspace config
  workspace config --check --sandbox

Output (columns of the tab-separated values):
  setting  value  source  skipped
A setting without a value is listed too, with the source `not set`. `skipped` has a line for each
source that had no value or comes later, with the reason.

JSON: an array of settings with these keys; `error` says why a value is invalid, `value` and
`source` can be null, and `skipped` is an array of objects with source and reason:
  setting  value  source  error  skipped

Only the instance metadata service is sent a request, if no source before it has credentials.

--check adds check_credentials, check_identity (the account, as far as IAM names it), check_project,
check_records, check_clock, check_detach and check_logoff. The last two are not tried, because they
have an effect. It stops at the first request that rejects the credentials.

Exit codes: 0 if every setting is valid and no check failed; 1 if a setting is invalid or a check
failed; 2 if an argument is invalid.";

pub const COMPLETIONS: &str = "\
Examples:
  bash        mkdir -p ~/.local/share/bash-completion/completions
              workspace completions bash > ~/.local/share/bash-completion/completions/workspace
  zsh         workspace completions zsh > \"${fpath[1]}/_workspace\"
  fish        mkdir -p ~/.config/fish/completions
              workspace completions fish > ~/.config/fish/completions/workspace.fish
  PowerShell  workspace completions powershell >> $PROFILE";

pub const MAN: &str = "\
Examples:
  workspace man | man -l -
  workspace man detach > workspace-detach.1";
