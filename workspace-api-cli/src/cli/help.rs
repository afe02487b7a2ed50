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
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK (and HUAWEICLOUD_SDK_SECURITY_TOKEN)
  HW_AUTH_TOKEN
  HW_ACCESS_KEY, HW_SECRET_KEY (and HW_SECURITY_TOKEN)
  ~/.huaweicloud/credentials, or the file in HUAWEICLOUD_SDK_CREDENTIALS_FILE
  the instance metadata service, on an ECS instance
`workspace config` shows the source in use.

Results go to stdout, everything else to stderr. Results are a table on a terminal, and in a pipe
tab-separated values without a header, with tab, line feed, carriage return and backslash in a value
written as \\t, \\n, \\r and \\\\.

Exit codes:
  0    everything was done
  1    nothing was done: the request failed for every desktop, or you answered no
  2    invalid arguments or input file; nothing was sent
  3    some desktops were, or may have been, processed; others failed, are unknown or were not sent;
       or the results could not be written
  130  interrupted; some desktops may have been processed";

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
The question names it, or a note with --yes; a run with --sandbox has none. A report has a line with
the plan, a line before each batch, and a line for each desktop after it:
  {\"operation\":\"BatchDetachInstances\",\"desktops\":[…],\"endpoint\":…,\"project_id\":…,\"started\":…}
  {\"sending\":[…],\"time\":…}
  {\"desktop_id\":…,\"outcome\":\"succeeded\"}
  {\"desktop_id\":…,\"outcome\":\"failed\",\"error_code\":…,\"error_msg\":…,\"request_id\":…}
Each line is on disk before the next step. After a crash, every desktop is therefore done, not done,
or unknown (sent, but no response). --resume reads the unbinding records of the unknown desktops. A
desktop with a new record is done; one without is sent again; where the records are ambiguous, the
desktop stays unknown and is listed. A run resumes only at the endpoint (`sandbox` with --sandbox)
and in the project of its report.

Output (columns of table and tab-separated values; --json: {\"desktops\":[…],\"job_ids\":[…]}):
  desktop_id  outcome  error_code  error_msg  request_id
The outcome is succeeded, failed (not processed), unknown (may have been processed) or not_sent.";

pub const DETACH_INFO: &str = "\
Examples:
  workspace detach-info --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
  workspace detach-info --from friday.csv --json
  cut -f1 outcome.tsv | workspace detach-info --from -

Output (columns of table and tab-separated values; --json: {\"desktop_detach_infos\":[…]}, and
{\"errors\":[…]} for desktops whose records could not be read):
  desktop_id  user_name  type  detach_time  desktop_name  user_group  user_id";

pub const LOGOFF: &str = "\
Examples:
  workspace logoff --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002 --message 'Save your work.'
  workspace logoff --from friday.csv --report logoff.jsonl --yes
  workspace logoff --resume logoff.jsonl

--from, --report, --resume and the output work as for `workspace detach`, but the only column that is
read is desktop_id. A column that names people is an error, because everyone on a desktop is logged
off. A log-off leaves no record, so an unknown desktop stays unknown.";

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
Output (columns of the tab-separated values; --json: [{\"setting\":…,…}]):
  setting  value  source  skipped
A setting without a value is listed too, with the source `not set`. `skipped` has a line for each
source that had no value or comes later, with the reason.";

pub const COMPLETIONS: &str = "\
Examples:
  bash        workspace completions bash > ~/.local/share/bash-completion/completions/workspace
  zsh         workspace completions zsh > \"${fpath[1]}/_workspace\"
  fish        workspace completions fish > ~/.config/fish/completions/workspace.fish
  PowerShell  workspace completions powershell >> $PROFILE";

pub const MAN: &str = "\
Examples:
  workspace man | man -l -
  workspace man detach > workspace-detach.1";
