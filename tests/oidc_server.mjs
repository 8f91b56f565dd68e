// A real OpenID provider, npm's oidc-provider, as a process of its own; for the tests alone.
//
//     node tests/oidc_server.mjs CLIENT_PUBLIC_KEY.pem REDIRECT_ADDRESS
//
// It prints its address and serves until it is ended. Nobody sits at its log-in page: who logs in,
// and at which level, a test says by a POST to /control. All the rest is the provider's own doing:
// the client's key, PKCE, that a code is used once, what stands in the id_token and who signs it.

import * as crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

if (!crypto.hash) {
  console.error(`oidc-provider needs Node.js 20.12 or newer, this is ${process.version}`);
  process.exit(1);
}
// The first line of stdout is the address; what the provider has to say goes elsewhere.
console.info = console.error;
// The provider is written for Node.js 22 and uses this one thing that 20 lacks.
URL.parse ??= (...address) => (URL.canParse(...address) ? new URL(...address) : null);
const { Provider, errors } = await import("oidc-provider");

const DETAIL_TYPE = "ansattporten:altinn:resource";
const [keyFile, redirectAddress] = process.argv.slice(2);
const clientKey = crypto.createPublicKey(readFileSync(keyFile)).export({ format: "jwk" });
const ownKey = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

let person = {}; // sub, acr, claims and organisations of the next log-in
let asked = {}; // what the last log-in asked for

const configuration = {
  clients: [
    {
      client_id: "lupplan",
      redirect_uris: [redirectAddress],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "RS256",
      authorization_details_types: [DETAIL_TYPE],
      jwks: { keys: [{ ...clientKey, kid: "client", use: "sig", alg: "RS256" }] },
    },
  ],
  clientAuthMethods: ["private_key_jwt"],
  jwks: { keys: [{ ...ownKey.export({ format: "jwk" }), kid: "own", use: "sig", alg: "RS256" }] },
  cookies: { keys: [crypto.randomBytes(32).toString("hex")] },
  pkce: { required: () => true },
  acrValues: ["low", "substantial", "high"],
  // As Ansattporten has it: the claims, and whom one represents, in the id_token.
  conformIdTokenClaims: false,
  claims: {
    acr: null,
    openid: ["sub", "authorization_details"],
    profile: ["name"],
    email: ["email", "email_verified"],
  },
  features: {
    devInteractions: { enabled: false },
    // The provider takes authorization_details for a resource alone; Ansattporten's have their own.
    resourceIndicators: {
      defaultResource: (ctx) => ctx.oidc.params?.authorization_details && "urn:lupplan",
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: "", accessTokenFormat: "opaque" }),
    },
    richAuthorizationRequests: {
      enabled: true,
      types: { [DETAIL_TYPE]: { validate: checkDetail } },
      authorizationDetailsForGrantSource: (ctx) => represented(ctx.oidc.params),
      authorizationDetailsForAccessToken: (ctx, token, source) => source.rar,
      authorizationDetailsForIntrospection: (ctx, token) => token.rar,
    },
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, sub, source) => ({
    accountId: sub,
    claims: () => ({ sub, ...person.claims, authorization_details: source?.rar }),
  }),
};

function checkDetail(ctx, detail) {
  if (typeof detail.resource !== "string") {
    throw new errors.InvalidAuthorizationDetails("resource is needed");
  }
}

// What was asked for, with those whom the person may act for.
function represented(params) {
  const parties = person.organisations.map((number) => ({
    orgno: { authority: "iso6523-actorid-upis", ID: `0192:${number}` },
  }));
  const details = JSON.parse(params.authorization_details ?? "[]");
  return parties.length
    ? details.map((detail) => ({ ...detail, authorized_parties: parties }))
    : undefined;
}

// Log in, or say yes, in place of somebody at the page.
async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  asked = params;
  if (prompt.name === "login") {
    const login = { accountId: person.sub, acr: person.acr, remember: false };
    return provider.interactionFinished(request, response, { login });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  for (const detail of prompt.details.rar ?? []) grant.addRar(detail);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent });
}

function answer(response, what, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(what));
}

async function serve(request, response) {
  if (request.url === "/control") {
    person = await json(request);
    answer(response, {});
  } else if (request.url === "/asked") {
    answer(response, asked);
  } else if (request.url.startsWith("/interaction/")) {
    await interact(request, response);
  } else {
    await handle(request, response);
  }
}

const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    answer(response, { error: String(error) }, 500);
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, configuration);
const handle = provider.callback();
process.stdout.write(`${issuer}\n`);
