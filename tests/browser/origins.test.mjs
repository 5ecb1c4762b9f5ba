// Which websites may show a calendar that names them; and a calendar that a website has taken into its own page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, demo, guarded, violations, watched, website } from "./stage.mjs";

let season, chrome;

before(async () => { [season, chrome] = await Promise.all([demo(), browser()]); });
after(async () => { await chrome?.close(); season?.stop(); });

/** A page that shows the calendar of `bridge` in a frame and as a component. */
const body = (bridge) => `<!doctype html><html lang="en"><title>A website</title><main><h1>Ours</h1>
  <iframe src="${bridge.url}/embed/season/list" title="Events" width="600" height="300"></iframe>
  <script type="module" src="${bridge.url}/assets/calendar-bridge.js"></script>
  <calendar-bridge src="${bridge.url}/feeds/season" view="list"></calendar-bridge></main>`;

test("a calendar is shown by the website that its operator names, and by no other", async () => {
  let bridge;
  const [named, other] = await Promise.all([1, 2].map(() => website(() => body(bridge))));
  bridge = await guarded(`embed_origins = ["${new URL(named.url).origin}"]`);
  const context = await chrome.newContext();
  try {
    for (const [site, shown] of [[named, true], [other, false]]) {
      const { page, wrongs } = await watched(context, [bridge.url, new URL(site.url).origin]);
      await page.goto(site.url, { waitUntil: "load" });
      const component = page.locator("calendar-bridge");
      await component.locator("[part], p").first().waitFor();
      const framed = await page.frameLocator("iframe").locator(".cal").count();
      assert.equal(framed, shown ? 1 : 0, "the frame");
      assert.equal(await component.getByText("An evening for members").count(), shown ? 1 : 0, "the component");
      const read = await page.evaluate((url) => fetch(url).then((answer) => answer.text(), () => null),
        `${bridge.url}/fragment/season/list`);
      assert.equal(read?.includes("An evening for members") ?? false, shown, "the fragment");
      if (shown) {
        assert.deepEqual(wrongs, []);
      } else {
        assert.match(await component.locator("p").innerText(), /cannot be shown/);
        assert.match(wrongs.join(), /frame-ancestors/);
      }
      await page.close();
    }
  } finally {
    await context.close();
    for (const one of [named, other, bridge]) one.stop();
  }
});

for (const view of ["month", "week", "day", "agenda", "list", "next"]) {
  test(`a website that has taken ${view} into its own page shows it without scripts`, async () => {
    const part = await (await fetch(`${season.url}/fragment/season/${view}?lang=en`)).text();
    const site = await website(`<!doctype html><html lang="en"><title>A website</title>
      <main><h1>Ours</h1>${part}</main>`);
    try {
      for (const javaScriptEnabled of [true, false]) {
        const context = await chrome.newContext({ javaScriptEnabled });
        const { page, wrongs } = await watched(context, [season.url, new URL(site.url).origin]);
        await page.goto(site.url, { waitUntil: "load" });
        assert.equal(await page.locator("section.cal a[href]").first().isVisible(), true);
        const hidden = await page.locator(".cal-hidden").first().boundingBox();
        assert.ok(!hidden || hidden.width <= 1, "its style sheet has come");
        if (javaScriptEnabled) assert.deepEqual(await violations(page), []);
        assert.deepEqual(wrongs, []);
        await context.close();
      }
    } finally {
      site.stop();
    }
  });
}
