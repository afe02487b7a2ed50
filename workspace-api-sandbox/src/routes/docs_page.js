// Shows the contract, with this sandbox as the server and one of its tokens filled in.
(async () => {
  const root = document.getElementById("contract");
  const contract = await (await fetch("/openapi.json")).json();
  contract.servers = [{ url: location.origin, description: "This sandbox" }];
  const ui = SwaggerUIBundle({
    spec: contract,
    domNode: root,
    deepLinking: true,
    displayOperationId: true,
    tryItOutEnabled: true,
    // Without this, Swagger UI sends the contract to a public validator.
    validatorUrl: null,
    onComplete: () => {
      const schemes = contract.components?.securitySchemes ?? {};
      for (const [name, scheme] of Object.entries(schemes)) {
        if (scheme.in === "header" && scheme.name?.toLowerCase() === "x-auth-token" && root.dataset.token) {
          ui.preauthorizeApiKey(name, root.dataset.token);
        }
      }
    },
  });
})();
