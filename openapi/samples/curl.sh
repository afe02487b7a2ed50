# The token is in the header; failures are in the body of a 200.
curl --fail-with-body --silent --show-error http://127.0.0.1:8437/v2/0bec5db98280d2d02fd6c00c2de791ce/desktops/batch-detach \
  --header 'X-Auth-Token: sandbox-token' --header 'Content-Type: application/json' --data '{
    "desktops": [
      { "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "is_detach_all_users": true },
      { "desktop_id": "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004", "is_detach_all_users": true }
    ]
  }'
