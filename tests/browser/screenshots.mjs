// Takes the pictures of the README: node screenshots.mjs FOLDER
import { browser, demo } from "./stage.mjs";

const [folder] = process.argv.slice(2);
const [bridge, chrome] = await Promise.all([demo(), browser()]);
try {
  const page = await chrome.newPage({ viewport: { width: 1024, height: 760 } });
  for (const [path, name] of [["/feeds/season", "subscribe"], ["/embed/season/month?lang=en", "month"]]) {
    await page.goto(bridge.url + path, { waitUntil: "load" });
    await page.screenshot({ path: `${folder}/${name}.png` });
  }
} finally {
  await chrome.close();
  bridge.stop();
}
