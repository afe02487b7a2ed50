require 'workspace_client'

WorkspaceClient.configure do |config|
  config.scheme, config.host = 'http://127.0.0.1:8437'.split('://')
  config.api_key['X-Auth-Token'] = 'sandbox-token'
end
ids = %w[4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004]
request = { desktops: ids.map { |id| { desktop_id: id, is_detach_all_users: true } } }
# Raises WorkspaceClient::ApiError for every status that is not 2xx.
response = WorkspaceClient::DesktopsApi.new.batch_detach_instances('0bec5db98280d2d02fd6c00c2de791ce', request)
(response.failed_operation_list || []).each do |failure|
  puts "#{failure.desktop_id} failed: #{failure.error_code} #{failure.error_msg}"
end
