// Every page of our own, in every width and colour scheme, with and without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, browser, demo, overflows, shift, violations, watched, website } from "./stage.mjs";

let bridge, chrome, paths;

before(async () => {
  [bridge, chrome] = await Promise.all([demo(), browser()]);
  const [event] = await (await fetch(`${bridge.url}/feeds/season.json`)).json();
  paths = ["/", "/feeds/season", "/feeds/today/season", new URL(event.url).pathname, "/feeds/nothing"];
});

after(async () => {
  await chrome?.close();
  bridge?.stop();
});

for (const colorScheme of ["light", "dark"]) {
  for (const javaScriptEnabled of [true, false]) {
    test(`pages are whole with scripts ${javaScriptEnabled ? "on" : "off"}, ${colorScheme}`, async () => {
      for (const width of WIDTHS) {
        const context = await chrome.newContext({ javaScriptEnabled, colorScheme, viewport: { width, height: 800 } });
        for (const path of paths) {
          const row = `${path} at ${width}`;
          const { page, wrongs } = await watched(context, [bridge.url]);
          const answer = await page.goto(bridge.url + path, { waitUntil: "load" });
          // A browser tells of a page that is not there; that is what was asked for.
          const told = answer.status() === 404 ? wrongs.filter((wrong) => !wrong.includes("404")) : wrongs;
          assert.deepEqual(told, [], row);
          assert.equal(await page.locator("h1").count(), 1, row);
          if (javaScriptEnabled) {
            assert.equal(await overflows(page), false, `${row} scrolls sideways`);
            assert.ok(await shift(page) < 0.01, `${row} moves while it loads`);
            assert.deepEqual(await violations(page), [], row);
          }
          await page.close();
        }
        assert.deepEqual(await context.cookies(), []);
        await context.close();
      }
    });
  }
}

for (const lang of ["de", "ja", "ar"]) {
  test(`pages are whole in ${lang}`, async () => {
    for (const width of WIDTHS) {
      const context = await chrome.newContext({ locale: lang, viewport: { width, height: 800 } });
      for (const path of paths) {
        const row = `${path} at ${width}`;
        const { page, wrongs } = await watched(context, [bridge.url]);
        const answer = await page.goto(bridge.url + path, { waitUntil: "load" });
        assert.deepEqual(answer.status() === 404 ? [] : wrongs, [], row);
        assert.equal(await page.locator("html").getAttribute("lang"), lang, row);
        assert.equal(await overflows(page), false, `${row} scrolls sideways`);
        if (width === WIDTHS[0]) assert.deepEqual(await violations(page), [], row);
        await page.close();
      }
      await context.close();
    }
  });
}

test("a feed's page can be walked with the keyboard, and its address copied", async () => {
  const context = await chrome.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(`${bridge.url}/feeds/season`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  const seen = new Set();
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return { name: element.id || element.textContent.trim(), shown: style.outlineStyle !== "none", tag: element.tagName };
    });
    if (focus.tag === "BODY" || focus.tag === "IFRAME") break;
    assert.ok(focus.shown, `${focus.name} shows that it has the focus`);
    seen.add(focus.name);
  }
  for (const name of ["address", "Copy", "Subscribe in Apple Calendar", "view", "frame"]) {
    assert.ok(seen.has(name), `${name} is reached; only ${[...seen].join(", ")}`);
  }
  await page.getByRole("button", { name: "Copy" }).first().click();
  await page.getByText("Copied. Now paste it").waitFor();
  // Our own pages may not read the clipboard.
  const reader = await website("<title>Reads</title>");
  await page.goto(reader.url);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, `${bridge.url}/feeds/season.ics`);
  await context.close();
  reader.stop();
});
