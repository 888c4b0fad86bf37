// A certified OpenID provider, and browsers that log in to the server by it: rightly, and in every wrong way.

import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import Provider from "oidc-provider";

const [server, issuer] = process.argv.slice(2);

const people = {
  ann: { email: "1001@acme.test", email_verified: true },
  bob: { email: "1002@acme.test", email_verified: false },
  stranger: { email: "nobody@acme.test", email_verified: true },
  elsewhere: { email: "1001@evil.test", email_verified: true },
};

// What the next browser meets.
let who = "ann";
let refuses = false;
let codeLives = 60;

const provider = new Provider(issuer, {
  clients: [{
    client_id: "cordboard",
    client_secret: "provider-secret",
    redirect_uris: [`${server}/v1/auth/oidc/callback`],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["only for a test"] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  ttl: { AuthorizationCode: () => codeLives, AccessToken: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  // Nobody is asked whether the server may know who she is.
  loadExistingGrant: async ({ oidc }) => {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

// In place of a form: whoever is next logs in, or does not want to.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const result = refuses ? { error: "access_denied", error_description: "no, thank you" } : { login: { accountId: who } };
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
});

class Browser {
  jars = new Map();

  jar(url) {
    const { origin } = new URL(url);
    if (!this.jars.has(origin)) this.jars.set(origin, new Map());
    return this.jars.get(origin);
  }

  // Follows from one page to the next, up to the server's own page or to one for which `stop` is true.
  async go(url, stop = () => false) {
    for (let hops = 0; hops < 12; hops += 1) {
      if (url.startsWith(`${server}/#`) || stop(url)) return url;
      const jar = this.jar(url);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
      this.keep(jar, answer);
      if (answer.status < 300 || answer.status > 399) return `${answer.status} ${await answer.text()}`;
      url = new URL(answer.headers.get("location"), url).href;
    }
    return "round and round";
  }

  keep(jar, answer) {
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
  }

  // To the moment in which the provider sends her back.
  toCallback() {
    return this.go(`${server}/v1/auth/oidc/start`, (url) => url.startsWith(`${server}/v1/auth/oidc/callback`));
  }

  // Changes a part of the server's cookie: 0 state, 1 nonce, 2 PKCE's verifier.
  tamper(part) {
    const jar = this.jar(server);
    for (const [name, value] of jar) {
      const parts = value.split(".");
      parts[part] = parts[part].split("").reverse().join("");
      jar.set(name, parts.join("."));
    }
  }
}

const shown = (url) => url.replace(server, "").replace(/#oidc=.*/, "#oidc=…");

async function post(path, body, browser) {
  const jar = browser.jar(server);
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await fetch(`${server}${path}`, { method: "POST", headers: { cookie }, body: JSON.stringify(body) });
  browser.keep(jar, answer);
  return { status: answer.status, body: await answer.json() };
}

async function wrongly(name, how) {
  const browser = new Browser();
  const back = await browser.toCallback();
  console.log(`${name}: ${shown(await how(browser, back))}`);
}

const listening = provider.listen(new URL(issuer).port, "127.0.0.1");
await once(listening, "listening");

const offered = await (await fetch(`${server}/v1/auth/oidc`)).json();
console.log(`offered: ${offered.offered} ${offered.name}`);

const ann = new Browser();
const back = await ann.toCallback();
const jar = new Map(ann.jar(server));
const at = await ann.go(back);
console.log(`in: ${shown(at)}`);
const code = at.split("#oidc=")[1];
const led = await post("/v1/auth/oidc/redeem", { code }, new Browser());
console.log(`redeemed by another browser: ${led.status} ${led.body.type}`);
const redeemed = await post("/v1/auth/oidc/redeem", { code }, ann);
console.log(`redeemed: ${redeemed.status} ${redeemed.body.name} ${redeemed.body.extension}`);
const me = await fetch(`${server}/v1/auth/me`, { headers: { authorization: `Bearer ${redeemed.body.token}` } });
console.log(`logged in: ${me.status}`);
const again = await post("/v1/auth/oidc/redeem", { code }, ann);
console.log(`redeemed again: ${again.status} ${again.body.type}`);
console.log(`cookie afterwards: ${ann.jar(server).size}`);
ann.jars.set(new URL(server).origin, jar);
console.log(`code used again: ${shown(await ann.go(back))}`);

await wrongly("wrong state", (browser, url) => browser.go(url.replace(/state=[^&]*/, "state=guess")));
await wrongly("another browser", (_, url) => new Browser().go(url));
await wrongly("wrong nonce", (browser, url) => (browser.tamper(1), browser.go(url)));
await wrongly("wrong verifier", (browser, url) => (browser.tamper(2), browser.go(url)));
await wrongly("another issuer", (browser, url) => browser.go(url.replace(/iss=[^&]*/, "iss=https%3A%2F%2Fevil.test")));
codeLives = 1;
await wrongly("late", async (browser, url) => {
  // A code's age is counted in whole seconds.
  await pause(2_500);
  return browser.go(url);
});
codeLives = 60;
for (const next of ["stranger", "bob", "elsewhere"]) {
  who = next;
  await wrongly(next, (browser, url) => browser.go(url));
}
refuses = true;
await wrongly("refuses", (browser, url) => browser.go(url));
listening.close();
listening.closeAllConnections();
