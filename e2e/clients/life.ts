// The whole life of a queue, by the client that is generated from openapi/v1.json: what does not fit the document
// does not compile. Prints a line for each step; `node life.js <address>`.
import createClient from "openapi-fetch";
import type { components, paths } from "./v1.js";

type Queue = components["schemas"]["QueueShape"];

declare const process: { argv: string[] };
const [address, email, password] = process.argv.slice(2);
// Lists can be had in other forms too; this client reads them whole.
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: address });
const domain = "~";
const say = (step: string, found: unknown) => console.log(`${step}: ${found}`);

const login = await client.POST("/v1/auth/login", { body: { email, password } });
if (!login.data) throw new Error(`no login: ${JSON.stringify(login.error)}`);
const token = login.data.token;
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
  },
});
say("logged in as", login.data.role);

const queue: Queue = {
  number: "8100",
  name: "Orders",
  ring_time: 12,
  on_no_answer: { hangup: { message: "goodbye" } },
  members: [],
};
const section = "/v1/domains/{domain}/provisioning/{section}";
const made = await client.POST(section, {
  params: { path: { domain, section: "queues" }, header: { "Idempotency-Key": "orders-1" } },
  body: queue,
});
say("made", made.response.status);
const again = await client.POST(section, {
  params: { path: { domain, section: "queues" }, header: { "Idempotency-Key": "orders-1" } },
  body: queue,
});
say("made again", `${again.response.status} ${again.response.headers.get("idempotency-replayed")}`);

const entry = "/v1/domains/{domain}/provisioning/{section}/{key}";
const path = { domain, section: "queues", key: "8100" };
const read = await client.GET(entry, { params: { path } });
const tag = read.response.headers.get("etag") ?? "";
say("read", (read.data as Queue).name);

const changed = await client.PATCH(entry, {
  params: { path },
  headers: { "If-Match": tag },
  body: { ring_time: 20 },
});
say("changed", changed.data?.plan.join("; "));
const late = await client.PATCH(entry, {
  params: { path },
  headers: { "If-Match": tag },
  body: { ring_time: 25 },
});
say("changed too late", `${late.response.status} ${late.error?.type}`);
const wrong = await client.PATCH(entry, { params: { path }, body: { ring_time: 0 } });
say("changed wrongly", `${wrong.response.status} ${wrong.error?.faults?.[0].pointer}`);

const member = "/v1/domains/{domain}/provisioning/queues/{queue}/members/{agent}";
const added = await client.PUT(member, {
  params: { path: { domain, queue: "8100", agent: "1001" } },
  body: { agent: "1001" },
});
say("member", added.data?.plan.join("; "));

const live = await client.GET("/v1/domains/{domain}/queues/{number}", {
  params: { path: { domain, number: "8100" } },
});
say("live", `${live.data?.name}, ${live.data?.waiting} waiting`);
const state = await client.POST("/v1/domains/{domain}/agents/{extension}/login", {
  params: { path: { domain, extension: "1001" } },
  body: { queue: "8100" },
});
say("agent logged in", state.response.status);
const figures = await client.GET("/v1/domains/{domain}/queues/{number}/statistics", {
  params: { path: { domain, number: "8100" } },
});
say("offered", figures.data?.offered);

const people = await client.GET("/v1/domains/{domain}/agents", {
  params: { path: { domain }, query: { sort: "-extension", limit: 1 } },
});
say("last agent", people.data?.items[0].extension);

const gone = await client.DELETE(entry, { params: { path } });
say("removed", gone.data?.plan.join("; "));
const after = await client.GET(entry, { params: { path } });
say("afterwards", `${after.response.status} ${after.error?.type}`);
await client.POST("/v1/auth/logout");
