// Every embedded view, in every width, and in languages of other scripts and directions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, browser, demo, overflows, shift, violations, watched } from "./stage.mjs";

const VIEWS = ["month", "week", "day", "agenda", "list", "next"];

let bridge, chrome;

before(async () => {
  [bridge, chrome] = await Promise.all([demo(), browser()]);
});

after(async () => {
  await chrome?.close();
  bridge?.stop();
});

for (const lang of ["en", "de", "ja", "ar"]) {
  test(`embedded views are whole in ${lang}`, async () => {
    for (const width of WIDTHS) {
      const context = await chrome.newContext({ viewport: { width, height: 800 } });
      for (const view of VIEWS) {
        const row = `${view} at ${width}`;
        const { page, wrongs } = await watched(context, [bridge.url]);
        await page.goto(`${bridge.url}/embed/season/${view}?lang=${lang}`, { waitUntil: "load" });
        assert.deepEqual(wrongs, [], row);
        assert.equal(await overflows(page), false, `${row} scrolls sideways`);
        assert.ok(await shift(page) < 0.01, `${row} moves while it loads`);
        if (width === WIDTHS.at(-1)) assert.deepEqual(await violations(page), [], row);
        await page.close();
      }
      await context.close();
    }
  });
}
