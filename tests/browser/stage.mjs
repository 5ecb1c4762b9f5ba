// What every test of the pages stands on: the real binary with its demo, a real browser, and websites around it.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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
  const child = spawn(PROGRAM, ["demo"], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((found, failed) => {
    lines.on("line", (line) => line.startsWith("listening on ") && found(line.slice("listening on ".length)));
    child.on("exit", (code) => failed(new Error(`${PROGRAM} demo ended with ${code}`)));
    child.on("error", failed);
  });
  // The first reader of a feed waits for its source.
  await fetch(`${url}/feeds/season.ics`);
  return { url, stop: () => child.kill("SIGTERM") };
}

/** A browser; `close` ends it. */
export const browser = () => chromium.launch({
  executablePath: BROWSER,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});

/** A website with one page, at an origin of its own. */
export async function website(html) {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(html);
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
