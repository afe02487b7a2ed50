"""Serves responses that the sandbox does not: unusual ones that the contract allows, and statuses
that it does not list.

The project id in the path selects the response. The first line of the output is the base URL.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON = "application/json"
FUTURE_RECORD = {
    "desktop_id": "d",
    "user_name": "bot",
    "type": "ROBOT",
    "user_group": "pilots",
    "detach_time": "yesterday",
    "colour": "blue",
}
NULLS = {"desktop_detach_infos": None, "failed_operation_list": None, "success_job_ids": None}
RESPONSES = {
    "nulls": (200, JSON, NULLS),
    "absent": (200, JSON, {}),
    "future": (200, JSON, {"desktop_detach_infos": [FUTURE_RECORD], "page": 1}),
    "forbidden": (
        403,
        JSON,
        {"error_code": "WKS.00081102", "encoded_authorization_message": "XvVh3bJ5"},
    ),
    "throttled": (
        429,
        JSON,
        {"error_code": "APIGW.0308", "error_msg": "Throttled.", "request_id": "r-1"},
    ),
    "proxy": (502, "text/html", "<html><body>Bad Gateway</body></html>"),
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def respond(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        project_id = self.path.split("/")[2]
        status, content_type, body = RESPONSES[project_id]
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Request-Id", "r-1")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = respond

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
