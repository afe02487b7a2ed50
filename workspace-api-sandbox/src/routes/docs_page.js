// Shows what the sandbox contains, and the contract with this sandbox as the server and one of its tokens
// filled in.
const element = (id) => document.getElementById(id);

async function json(path) {
  return (await fetch(path)).json();
}

function fill(table, headings, rows) {
  const row = (cells, tag) => {
    const line = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  };
  table.replaceChildren(row(headings, "th"), ...rows.map((cells) => row(cells, "td")));
}

async function refresh() {
  const { projects } = await json("/_sandbox/state");
  const names = (users) => (users ?? []).map(({ name }) => name).join(", ");
  fill(
    element("desktop-table"),
    ["project", "desktop id", "name", "state", "bound to", "unbound"],
    projects.flatMap(({ id, desktops }) => desktops.slice(0, 50).map((desktop) => [
      id, desktop.id, desktop.name, desktop.state, names(desktop.bound), names(desktop.unbound),
    ])),
  );
  const { requests } = await json("/_sandbox/requests");
  fill(
    element("request-table"),
    ["time", "method", "path", "status", "request id"],
    requests.slice(-20).reverse().map((request) => [
      request.time, request.method, request.path, request.status ?? "none", request.request_id,
    ]),
  );
}

async function reset() {
  const response = await fetch("/_sandbox/state", { method: "DELETE" });
  element("status").textContent = response.ok ? "The desktops are as at the start." : `It failed: ${response.status}.`;
  await refresh();
}

/** Swagger UI leaves some fields without a label, and tables that scroll out of reach of the keyboard. */
function label(root) {
  for (const field of root.querySelectorAll("select, input, textarea")) {
    if (field.getAttribute("aria-label")) continue;
    const row = field.closest("tr, .response, .opblock-section");
    const name = row?.querySelector(".parameter__name, .response-col_status, .opblock-title")?.textContent.trim();
    field.setAttribute("aria-label", name || field.id || field.placeholder || "media type");
  }
  for (const button of root.querySelectorAll(".copy-to-clipboard button:not([aria-label])")) {
    button.setAttribute("aria-label", "Copy");
  }
  for (const block of root.querySelectorAll("pre:not([tabindex])")) block.tabIndex = 0;
}

async function showContract() {
  const root = element("contract");
  new MutationObserver(() => label(root)).observe(root, { childList: true, subtree: true });
  const contract = await json("/openapi.json");
  contract.servers = [{ url: location.origin, description: "This sandbox" }];
  const token = document.querySelector("main").dataset.token;
  const ui = SwaggerUIBundle({
    spec: contract,
    domNode: root,
    displayOperationId: true,
    showExtensions: true,
    tryItOutEnabled: true,
    // Without this, Swagger UI sends the contract to a public validator.
    validatorUrl: null,
    responseInterceptor: (response) => {
      refresh();
      return response;
    },
    onComplete: () => {
      const schemes = contract.components?.securitySchemes ?? {};
      for (const [name, scheme] of Object.entries(schemes)) {
        if (scheme.in === "header" && scheme.name?.toLowerCase() === "x-auth-token" && token) {
          ui.preauthorizeApiKey(name, token);
        }
      }
    },
  });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
element("reset").addEventListener("click", reset);
element("refresh").addEventListener("click", refresh);
refresh();
showContract();
