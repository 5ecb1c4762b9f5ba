// What every test of the pages stands on: the real binary with its demo, a real browser, and websites around it.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The program as built, and the browser. */
const PROGRAM = process.env.CALBRIDGE ?? "target/debug/calbridge";
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** The widths pages are looked at in, in CSS pixels. */
export const WIDTHS = [320, 768, 1280];

/** `calbridge demo`, once it has read its sources; `stop` ends it. */
export async function demo() {
  const { url, stop } = await started(["demo"]);
  // The first reader of a feed waits for its source.
  await fetch(`${url}/feeds/season.ics`);
  return { url, stop };
}

/** A bridge over one evening of today, with `lines` in the table of its only feed, `season`; `stop` ends it. */
export async function guarded(lines) {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const evening = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VEVENT", "UID:evening@website.example",
    `DTSTAMP:${day}T080000Z`, `DTSTART;VALUE=DATE:${day}`, "SUMMARY:An evening for members", "END:VEVENT", "END:VCALENDAR", ""];
  const source = await website(() => evening.join("\r\n"), "text/calendar");
  const folder = mkdtempSync(join(tmpdir(), "calbridge-"));
  writeFileSync(join(folder, "calbridge.toml"), `
    server.listen = "127.0.0.1:0"
    store.url = "memory"
    sources.website = { kind = "ics", url = "${source.url}", zone = "UTC", allow_private_addresses = true }
    [feeds.season]
    sources = ["website"]
    ${lines}`);
  const bridge = await started(["serve", "--config", join(folder, "calbridge.toml")]);
  const stop = () => {
    bridge.stop();
    source.stop();
    rmSync(folder, { recursive: true });
  };
  return { url: bridge.url, stop };
}

/** The program, once it listens. */
async function started(words) {
  const child = spawn(PROGRAM, words, { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((found, failed) => {
    lines.on("line", (line) => line.startsWith("listening on ") && found(line.slice("listening on ".length)));
    child.on("exit", (code) => failed(new Error(`${PROGRAM} ${words[0]} ended with ${code}`)));
    child.on("error", failed);
  });
  return { url, stop: () => child.kill("SIGTERM") };
}

/** A browser; `close` ends it. */
export const browser = () => chromium.launch({
  executablePath: BROWSER,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});

/** A website with one page, at an origin of its own: `text` as it is asked for, since it may name what starts later. */
export async function website(text, kind = "text/html") {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", `${kind}; charset=utf-8`);
    answer.end(typeof text === "function" ? text() : text);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/** A page in `context` that takes down what it should never do. */
export async function watched(context, ours) {
  const page = await context.newPage();
  const wrongs = [];
  page.on("pageerror", (error) => wrongs.push(`script: ${error.message}`));
  page.on("console", (said) => {
    if (["error", "warning"].includes(said.type())) wrongs.push(`console: ${said.text()}`);
  });
  page.on("dialog", (dialog) => { wrongs.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
  page.on("request", (request) => {
    const url = new URL(request.url());
    const known = url.protocol === "data:" || url.protocol === "blob:" || ours.includes(url.origin);
    if (!known) wrongs.push(`third party: ${request.url()}`);
  });
  return { page, wrongs };
}

/** What axe-core finds wrong on `page`, one line each. */
export async function violations(page) {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { iframes: false }));
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`));
}

/** How far content moved while `page` loaded: the sum that is called cumulative layout shift. */
export const shift = (page) => page.evaluate(() => new Promise((told) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  // Observers are told between two frames.
  requestAnimationFrame(() => requestAnimationFrame(() => told(sum)));
}));

/** Whether `page` must be scrolled sideways. */
export const overflows = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
