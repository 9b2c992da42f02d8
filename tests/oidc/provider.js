// The provider of accounts for tests: npm oidc-provider with its own pages, where any login and password get in and the
// login becomes the subject. argv[2]: {host, port, ownAddress, secret, method, algorithm}.
// PUT /test/bend {"kind"} bends every ID token from then on in one way; "" ends it.
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import Provider from "oidc-provider";

const { host = "127.0.0.1", port, ownAddress, secret = "", method = "", algorithm = "RS256" } = JSON.parse(process.argv[2]);
const issuer = `http://${host}:${port}`;
const clientId = "vekha & co";

const makeKey = () => (algorithm === "RS256" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" })).privateKey;
const own = makeKey();
const foreign = makeKey();
const kid = randomUUID();
const words = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signed(header, claims, key) {
  const text = `${words(header)}.${words(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

const nowS = () => Math.floor(Date.now() / 1000);
const BENDS = {
  foreign_key: (header, claims) => signed(header, claims, foreign),
  unknown_key: (header, claims) => signed({ ...header, kid: "nobody's" }, claims, foreign),
  none: (header, claims) => `${words({ alg: "none" })}.${words(claims)}.`,
  // The public key, which everybody knows, as the secret of a MAC.
  hmac: (header, claims) => {
    const text = `${words({ ...header, alg: "HS256" })}.${words(claims)}`;
    return `${text}.${createHmac("sha256", createPublicKey(own).export({ type: "spki", format: "pem" })).update(text).digest("base64url")}`;
  },
  changed: (header, claims) => signed(header, claims, own).replace(/\.[^.]+\./, `.${words({ ...claims, sub: "somebody-else" })}.`),
  expired: (header, claims) => signed(header, { ...claims, iat: nowS() - 500, exp: nowS() - 120 }, own),
  issued_long_ago: (header, claims) => signed(header, { ...claims, iat: nowS() - 3600 }, own),
  from_tomorrow: (header, claims) => signed(header, { ...claims, iat: nowS() + 86400, exp: nowS() + 90000 }, own),
  nonce: (header, claims) => signed(header, { ...claims, nonce: "another" }, own),
  no_nonce: (header, { nonce, ...claims }) => signed(header, claims, own),
  issuer: (header, claims) => signed(header, { ...claims, iss: "https://another.example" }, own),
  audience: (header, claims) => signed(header, { ...claims, aud: "another" }, own),
  party: (header, claims) => signed(header, { ...claims, aud: [clientId, "another"], azp: "another" }, own),
  no_subject: (header, claims) => signed(header, { ...claims, sub: "" }, own),
  old_entry: (header, claims) => signed(header, { ...claims, auth_time: nowS() - 3600 }, own),
  no_token: () => undefined,
  // Bent in nothing but the way it is signed again: what the others are refused for is what they are bent in.
  straight: (header, claims) => signed(header, claims, own),
};
let bend = "";

const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    ...(secret ? { client_secret: secret } : {}),
    token_endpoint_auth_method: method || (secret ? "client_secret_basic" : "none"),
    id_token_signed_response_alg: algorithm,
    redirect_uris: [`${ownAddress}/login/external`],
    post_logout_redirect_uris: [`${ownAddress}/`],
  }],
  ...(method ? { clientAuthMethods: [method] } : {}),
  jwks: { keys: [{ ...own.export({ format: "jwk" }), kid, use: "sig", alg: algorithm }] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true, methods: ["S256"] },
  conformIdTokenClaims: false,
  claims: { openid: ["sub"], profile: ["preferred_username"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: `${id}@fisoko` }) }),
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 3600, Grant: 3600 },
});

provider.use(async (context, next) => {
  if (context.method === "PUT" && context.path === "/test/bend") {
    const chunks = [];
    for await (const chunk of context.req) chunks.push(chunk);
    bend = JSON.parse(Buffer.concat(chunks).toString()).kind;
    context.status = 204;
    return;
  }
  await next();
  if (!bend || context.path !== "/token" || !context.body?.id_token) return;
  const [header, claims] = context.body.id_token.split(".").map((part, index) => index < 2 && JSON.parse(Buffer.from(part, "base64url")));
  context.body = { ...context.body, id_token: BENDS[bend](header, claims) };
});

provider.listen(port, "127.0.0.1");
