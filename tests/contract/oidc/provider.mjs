// A certified OpenID provider on loopback with a few people. Usage: node provider.mjs REDIRECT_URI; tells its port.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const people = {
  "s-li": { preferred_username: "李雷", groups: ["staff", "care"] },
  "s-boss": { preferred_username: "老板", groups: ["owners"] },
  "s-nobody": { preferred_username: "路人", groups: ["guests"] },
  "s-thief": { preferred_username: "admin", groups: ["owners"] },
};
const key = (type, options, alg) =>
  ({ ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }), use: "sig", alg, kid: alg });
const client = { redirect_uris: [process.argv[2]], response_types: ["code"], grant_types: ["authorization_code"] };

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      { ...client, client_id: "hub", client_secret: "secret-of-the-hub" },
      { ...client, client_id: "hub-es", client_secret: "secret-of-the-hub", id_token_signed_response_alg: "ES256" },
      { ...client, client_id: "hub-public", token_endpoint_auth_method: "none" },
      { ...client, client_id: "hub-hs", client_secret: "a secret that is long enough for HS256 here",
        id_token_signed_response_alg: "HS256" },
    ],
    jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256")] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "HS256"] },
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"], email: ["email"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["for tests"] },
    findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  });
  server.on("request", provider.callback());
  console.log(port);
});
