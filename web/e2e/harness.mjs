/**
 * A real browser in front of a real server, for tests: pages that must not complain, looked at in every width and
 * scheme, by eye (pictures) and by rule (axe).
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

/** The server, and the folder for pictures; without one none are taken. */
export const URL = process.env.CORDBOARD_URL ?? "http://127.0.0.1:8080";
const PICTURES = process.env.CORDBOARD_PICTURES;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/** A microphone and a speaker that are not there, so that calls need no sound card. */
const FLAGS = [
  "--no-sandbox",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--disable-features=WebRtcHideLocalIpsWithMdns",
];

if (PICTURES) mkdirSync(PICTURES, { recursive: true });

/** Starts the browser; call `close` at the end. */
export const launch = (flags = []) =>
  chromium.launch({ executablePath: CHROMIUM, headless: true, args: [...FLAGS, ...flags] });

/** A person's own browser: nothing is shared with another one. Whatever a page complains of is in `complaints`. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({
    viewport: WIDE,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
    permissions: ["microphone", "notifications"],
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const complaints = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !expected(message)) complaints.push(`${message.text()} (${message.location().url})`);
  });
  return { context, page: await context.newPage(), complaints };
}

/** The browser itself says of each refused request that it was refused; the page tells the person. */
const expected = (message) => /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());

/** Nothing was complained of: no failed script, nothing that the policy holds back. */
export const silent = ({ complaints }) => assert.deepEqual(complaints, []);

export async function logIn(page, { email, password }) {
  await page.goto(`${URL}/login`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

/** Runs in a page, which has another scheme or size: colours go from each box to those within, a frame each time. */
async function drawn() {
  const FRAMES_MAX = 60;
  for (let [frame, quiet] = [0, 0]; quiet < 2 && frame < FRAMES_MAX; frame += 1) {
    await new Promise(requestAnimationFrame);
    const moving = document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === "running");
    quiet = moving ? 0 : quiet + 1;
  }
}

/** Whether a page is asked for its rules in this width and scheme: each of them once, for that is what takes time. */
const ruled = (widths, size, scheme) => widths.length === 1 || (size === widths[0]) === (scheme === "light");

/** Looks at a page in both widths and both schemes: nothing sticks out, axe finds nothing, and a picture if wished. */
export async function look(page, name, { widths = [WIDE, NARROW] } = {}) {
  const before = page.viewportSize();
  for (const size of widths) {
    await page.setViewportSize(size);
    for (const scheme of ["light", "dark"]) {
      const rules = ruled(widths, size, scheme);
      if (!rules && !PICTURES) continue;
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.waitForFunction((now) => document.documentElement.dataset.mantineColorScheme === now, scheme);
      await page.evaluate(drawn);
      const which = `${name}-${size.width}-${scheme}`;
      if (PICTURES) await page.screenshot({ path: path.join(PICTURES, `${which}.png`), fullPage: true });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${which}: ${over} px stick out to the right`);
      if (rules) await accessible(page, which);
    }
  }
  if (before) await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
}

/** What axe finds is a failure; it says where and how to mend it. */
export async function accessible(page, which) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")} — ${node.failureSummary?.split("\n").slice(1).join("; ")}`),
  );
  assert.deepEqual(found, [], which);
}
