# Calls the three operations with the Ruby client that openapi-generator generates, and checks typed
# results and errors.
require 'workspace_client'

PROJECT = ENV.fetch('SANDBOX_PROJECT_ID')
SINGLE, MULTI, POOL, BUSY = (1..4).map { |number| "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f000#{number}" }

def connect(url, token)
  config = WorkspaceClient::Configuration.new
  config.scheme, config.host = url.split('://')
  config.api_key['X-Auth-Token'] = token
  WorkspaceClient::DesktopsApi.new(WorkspaceClient::ApiClient.new(config))
end

def check(condition, value)
  raise "unexpected: #{value.inspect}" unless condition
end

# Returns the body of the error with this status that the block raises.
def error_of(status)
  result = yield
rescue WorkspaceClient::ApiError => error
  check(error.code == status, error)
  WorkspaceClient::ErrorResponse.build_from_hash(JSON.parse(error.response_body))
else
  raise "expected status #{status}, got #{result.inspect}"
end

API = connect(ENV.fetch('SANDBOX_URL'), ENV.fetch('SANDBOX_TOKEN'))

def names(desktop)
  records = API.list_desktop_detach_info(PROJECT, desktop).desktop_detach_infos || []
  records.map(&:user_name).sort
end

def log_off(desktop)
  request = WorkspaceClient::LogoffDesktopsReq.new(desktop_ids: [desktop], message: '请保存您的工作。')
  API.batch_logoff_desktops(PROJECT, request)
end

check(names(SINGLE) == %w[omar], names(SINGLE))

# A user, a user group and all users. For a busy and an unknown desktop, the unbinding fails with
# status 200. An id in a body is any text.
user = WorkspaceClient::DetachInstancesUserInfo
desktop = WorkspaceClient::DetachInstancesDesktopInfo
request = WorkspaceClient::BatchDetachInstancesReq.new(desktops: [
  desktop.new(desktop_id: SINGLE, detach_user_infos: [user.new(user_name: 'li-na')]),
  desktop.new(desktop_id: MULTI, detach_user_infos: [user.new(user_name: 'designers', type: 'GROUP')]),
  desktop.new(desktop_id: POOL, is_detach_all_users: true),
  desktop.new(desktop_id: BUSY, is_detach_all_users: true),
  desktop.new(desktop_id: '测试', is_detach_all_users: true)
])
result = API.batch_detach_instances(PROJECT, request)
failed = result.failed_operation_list
check(failed.map(&:desktop_id) == [BUSY, '测试'], failed)
check(failed.first.error_code == 'WKS.00010032', failed)
check(result.job_id != '', result)
check(names(SINGLE) == %w[li-na omar], names(SINGLE))
check(names(POOL) == %w[tomas 测试组], names(POOL))

check(log_off(MULTI).nil?, 'a log-off has no body')
conflict = error_of(409) { log_off(BUSY) }
check(conflict.error_code == 'WKS.00010032', conflict)
missing = error_of(404) { API.list_desktop_detach_info(PROJECT, 'unknown') }
check(missing.error_msg, missing)
wrong = connect(ENV.fetch('SANDBOX_URL'), 'wrong')
unauthorized = error_of(401) { wrong.list_desktop_detach_info(PROJECT, SINGLE) }
check(unauthorized.error_code == 'APIGW.0301', unauthorized)

# Unusual responses that the contract allows, and statuses that it does not list.
edge = connect(ENV.fetch('EDGE_URL'), 'any')
%w[nulls absent].each { |project| check((edge.list_desktop_detach_info(project, 'd').desktop_detach_infos || []).empty?, project) }
future = edge.list_desktop_detach_info('future', 'd').desktop_detach_infos
check(future.first.type == 'ROBOT', future)
check(error_of(429) { edge.list_desktop_detach_info('throttled', 'd') }.error_code == 'APIGW.0308', 'throttled')
