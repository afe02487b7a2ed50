//! The parts of the help that no single argument owns: headings, examples, exit codes, file formats.

pub const SETTINGS: &str = "Settings";
pub const SAFETY: &str = "Safety";
pub const OUTPUT: &str = "Output";

pub const WORKSPACE_SHORT: &str = "`workspace --help` says more; `workspace tour` shows it.";

pub const WORKSPACE: &str = "\
Examples:
  workspace tour
  workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001 --user li-na
  workspace detach --from friday.csv --all-users --report friday.jsonl
  workspace detach --resume friday.jsonl

Credentials are never arguments. They are taken from the first of these places:
  HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK (and HUAWEICLOUD_SDK_SECURITY_TOKEN)
  HW_AUTH_TOKEN
  HW_ACCESS_KEY, HW_SECRET_KEY (and HW_SECURITY_TOKEN)
  ~/.huaweicloud/credentials, or the file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names
  the metadata service of the ECS instance that this runs on
`workspace config` shows what is used.

Results are written to stdout, everything else to stderr. On a terminal results are tables; in a
pipe they are tab-separated values without a header, with tab, line end and backslash inside a value
written as \\t, \\n, \\r and \\\\.

Exit codes:
  0    all was done
  1    nothing was done: it failed, for all desktops if there are several, or you said no
  2    the arguments or a file that they name are wrong; nothing was sent
  3    something was done or may have been, but not for all desktops: some failed, are unknown or
       were not sent; or the results could not be written
  130  interrupted; something may have been done";

pub const DETACH: &str = "\
Examples:
  One user of a desktop, and everybody, on a sandbox:
    workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001 --user li-na
    workspace detach --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002 --all-users
  What would be sent:
    workspace detach --from friday.csv --all-users --dry-run
  Four hundred desktops, safe against everything, and going on after it:
    workspace detach --from friday.csv --all-users --report friday.jsonl
    workspace detach --resume friday.jsonl

The file of --from is a list of ids, one per line, or CSV with a header. The separator may be comma,
semicolon or tab. Columns:
  desktop_id           the desktop; needed
  user_name            whom to unbind; one row for each user, so a desktop may have several
  type                 USER (if empty) or GROUP
  user_id, domain, user_group
                       more about the user, as in the API
  is_detach_all_users  true to unbind everybody from this desktop
Who is to be unbound is said by the file or by --user, --group, --all-users, not by both. Other
columns are not used. All mistakes are reported, with line numbers, before anything is sent.

The file of --report has a line with all that is to be done, a line before each batch is sent and a
line for each desktop afterwards:
  {\"operation\":\"BatchDetachInstances\",\"desktops\":[…],\"endpoint\":…,\"project_id\":…,\"started\":…}
  {\"sending\":[…],\"time\":…}
  {\"desktop_id\":…,\"outcome\":\"succeeded\"}
  {\"desktop_id\":…,\"outcome\":\"failed\",\"error_code\":…,\"error_msg\":…,\"request_id\":…}
Each is on disk before the next step. So after a crash every desktop is known to be done, known not
to be, or unknown: sent, but without an answer. --resume reads the unbinding records of the unknown
ones. A desktop with a record of it is done; one without any is sent again; what the records cannot
settle stays unknown and is listed. It goes on only at the endpoint (`sandbox` with --sandbox) and
in the project of the report.

Output (table, and in this order the tab-separated values; --json: {\"desktops\":[…],\"job_ids\":[…]}):
  desktop_id  outcome  error_code  error_msg  request_id
The outcome is succeeded, failed (it was not done), unknown (it may have been done) or not_sent.";

pub const DETACH_INFO: &str = "\
Examples:
  workspace detach-info --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
  workspace detach-info --from friday.csv --json
  cut -f1 outcome.tsv | workspace detach-info --from -

Output (table, and in this order the tab-separated values; --json: {\"desktop_detach_infos\":[…]}, and
{\"errors\":[…]} for desktops whose records could not be read):
  desktop_id  user_name  type  detach_time  desktop_name  user_group  user_id";

pub const LOGOFF: &str = "\
Examples:
  workspace logoff --sandbox 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002 --message 'Save your work.'
  workspace logoff --from friday.csv --report logoff.jsonl --yes
  workspace logoff --resume logoff.jsonl

The files of --from, --report and --resume and the output are as of `workspace detach`; of the CSV
only desktop_id is used. A log-off leaves no record, so a desktop that is unknown stays so.";

pub const API: &str = "\
Examples:
  workspace api --sandbox GET \\
    /v2/{project_id}/desktops/4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001/detach-info
  workspace api POST /v2/{project_id}/desktops/logoff --body @logoff.json
  workspace api POST /v2/{project_id}/desktops/logoff --body - < logoff.json

It does not ask, and is sent once. The body of the answer is written as it came, on a terminal with
line breaks. The exit code is 1 unless the status is 2xx, and it may have been done all the same.";

pub const SANDBOX: &str = "\
Examples:
  workspace sandbox
  workspace sandbox --listen 127.0.0.1:0 --latency 100ms..2s
  workspace sandbox --sample-seed > seed.yaml; workspace sandbox --seed seed.yaml
  workspace sandbox --fault status=503,operation=ListDesktopDetachInfo,times=2

The first line on stdout is the base URL. The sandbox's page is there, and its announcement says
which project, desktops and credentials it knows. A fault's options are operation=ID, probability=P,
times=N, after (carry it out first) and, with status, retry-after=SECONDS.";

pub const CONFIG: &str = "\
Output (in this order the tab-separated values; --json: [{\"setting\":…,…}]):
  setting  value  source  skipped
A setting that no place has is listed too: its value is empty, and its source is `not set`. In
skipped is a line for each place that was looked at in vain or comes later, and why.";

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
