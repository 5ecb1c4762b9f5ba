// Calendars on other websites: in a frame, as a component, with heights that follow; and what websites may not do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, demo, violations, watched, website } from "./stage.mjs";

let bridge, chrome;
const VIEWS = ["month", "week", "day", "agenda", "list", "next"];

before(async () => { [bridge, chrome] = await Promise.all([demo(), browser()]); });
after(async () => { await chrome?.close(); bridge?.stop(); });

/** Runs `look` on a page of a website of its own that holds `body`. */
async function on(body, look, options = {}) {
  const site = await website(`<!doctype html><html lang="en"><title>A website</title><main><h1>Ours</h1>${body}</main>`);
  const context = await chrome.newContext(options);
  try {
    const { page, wrongs } = await watched(context, [bridge.url, new URL(site.url).origin]);
    await page.goto(site.url, { waitUntil: "load" });
    await look(page, wrongs);
  } finally {
    await context.close();
    site.stop();
  }
}

const frame = (view, more = "") =>
  `<iframe src="${bridge.url}/embed/season/${view}" title="Events" width="600" height="300" ${more}></iframe>`;
const component = (more) =>
  `<script type="module" src="${bridge.url}/assets/calendar-bridge.js"></script><calendar-bridge ${more}></calendar-bridge>`;

for (const sandbox of [null, "", "allow-popups allow-popups-to-escape-sandbox", "allow-scripts"]) {
  test(`a frame shows its calendar with ${sandbox === null ? "no sandbox" : `sandbox="${sandbox}"`}`, async () => {
    await on(frame("list", sandbox === null ? "" : `sandbox="${sandbox}"`), async (page, wrongs) => {
      const inside = page.frameLocator("iframe");
      await inside.locator(".cal a").first().waitFor();
      // Chromium tells of each script that a sandbox holds back; that they are not needed is the point.
      assert.deepEqual(wrongs.filter((wrong) => !wrong.includes("sandbox")), []);
    });
  });
}

test("pages that are no embeds cannot be shown in a frame", async () => {
  await on(`<iframe src="${bridge.url}/feeds/season" title="x"></iframe>`, async (page, wrongs) => {
    assert.match(wrongs.join(), /frame-ancestors/);
    assert.equal(await page.frameLocator("iframe").locator("#address").count(), 0);
  });
});

for (const view of VIEWS) {
  test(`the component shows ${view} with its style, and axe finds nothing`, async () => {
    await on(component(`src="${bridge.url}/feeds/season" view="${view}" lang="en"`), async (page, wrongs) => {
      const calendar = page.locator("calendar-bridge .cal");
      await calendar.waitFor();
      const styled = await calendar.evaluate((cal) => getComputedStyle(cal).boxSizing);
      assert.equal(styled, "border-box", "its style sheet has come");
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(wrongs, []);
    });
  });
}

test("moving on stays inside the component, and the page around it stays where it is", async () => {
  await on(component(`src="${bridge.url}/feeds/season" view="month" lang="en"`), async (page, wrongs) => {
    const calendar = page.locator("calendar-bridge .cal");
    await calendar.waitFor();
    const [before, address] = [await calendar.innerText(), page.url()];
    await calendar.locator("a[rel~=next]").first().click();
    await page.waitForFunction((old) =>
      document.querySelector("calendar-bridge").shadowRoot.querySelector(".cal").innerText !== old, before);
    assert.equal(page.url(), address);
    await page.evaluate(() => document.querySelector("calendar-bridge").setAttribute("view", "next"));
    await page.waitForFunction(() => !document.querySelector("calendar-bridge").shadowRoot.querySelector("table"));
    assert.deepEqual(wrongs, []);
  });
});

test("the component shows nothing from elsewhere", async () => {
  const other = await website("<p id=other>other</p>");
  await on(component(`src="${other.url}feeds/season"`), async (page) => {
    const said = page.locator("calendar-bridge p");
    await said.waitFor();
    assert.match(await said.innerText(), /not one of the server/);
    assert.equal(await page.locator("calendar-bridge #other").count(), 0);
  });
  other.stop();
});

test("nothing in an answer runs in the component, whatever it holds", async () => {
  await on(component(`src="${bridge.url}/feeds/season" view="list"`), async (page, wrongs) => {
    await page.locator("calendar-bridge .cal").waitFor();
    await page.route("**/embed/**", (route) => route.fulfill({
      contentType: "text/html; charset=utf-8",
      headers: { "access-control-allow-origin": "*" },
      body: `<!doctype html><body><div class="cal hostile"><script>alert(1)</script><img src=x onerror="alert(2)">
        <a id=js href="javascript:alert(3)">x</a><svg><a id=svg xlink:href="javascript:alert(4)"><text>x</text></a></svg>
        <iframe srcdoc="<script>alert(5)</script>"></iframe><form action="javascript:alert(6)"><button id=go>x</button></form></div>`,
    }));
    await page.evaluate(() => document.querySelector("calendar-bridge").setAttribute("view", "month"));
    await page.locator("calendar-bridge .hostile").waitFor();
    for (const id of ["js", "svg"]) {
      const hrefs = await page.locator(`calendar-bridge #${id}`).evaluate((link) => [...link.attributes].map((one) => one.value));
      assert.ok(!hrefs.join().includes("javascript:"), id);
    }
    assert.equal(await page.locator("calendar-bridge :is(script, iframe)").count(), 0);
    assert.deepEqual(wrongs.filter((wrong) => wrong.startsWith("dialog")), []);
  });
});

for (const [zone, offered] of [["Asia/Tokyo", 1], ["America/New_York", 0]]) {
  test(`who lives by the clock of ${zone} is ${offered ? "" : "not "}offered it`, async () => {
    const body = frame("list?lang=en") + component(`src="${bridge.url}/feeds/season" view="list" lang="en"`);
    await on(body, async (page, wrongs) => {
      for (const within of [page.frameLocator("iframe"), page.locator("calendar-bridge")]) {
        await within.locator(".cal-zone").waitFor();
        const own = within.getByRole("link", { name: "My time" });
        assert.equal(await own.count(), offered);
        if (!offered) continue;
        await own.click();
        await within.getByText("Time zone: Tokyo").waitFor();
        assert.equal(await own.count(), 0);
      }
      assert.deepEqual(wrongs, []);
    }, { timezoneId: zone });
  });
}

const host = () => `<script type="module" src="${bridge.url}/assets/host.js"></script>`;

test("a frame grows with its content, within bounds", async () => {
  await on(host() + frame("list"), async (page, wrongs) => {
    await page.waitForFunction(() => Number(document.querySelector("iframe").height) !== 300);
    const height = await page.evaluate(() => Number(document.querySelector("iframe").height));
    assert.ok(height >= 200 && height <= 4000, `${height}`);
    assert.deepEqual(wrongs, []);
  });
});

test("forged heights are ignored", async () => {
  const liar = await website(`<script>parent.postMessage({ type: "resize", height: 3333 }, "*")</script>`);
  await on(`${host()}<iframe id=liar src="${liar.url}" height="300" title="x"></iframe>`, async (page) => {
    await page.evaluate(async () => {
      for (const height of [3333, "3333", NaN, 1e9, null]) postMessage({ type: "resize", height }, "*");
      // Messages come in the order they were sent.
      await new Promise((done) => {
        addEventListener("message", ({ data }) => data === "last" && done());
        postMessage("last", "*");
      });
    });
    assert.equal(await page.evaluate(() => document.getElementById("liar").height), "300");
  }).finally(() => liar.stop());
});
