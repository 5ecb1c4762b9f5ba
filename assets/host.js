// On a website: makes each frame of ours as high as its content.
//
// A height is taken only from the window of such a frame while our own page is in it, only as a number, and only between
// 200 and 4000 CSS pixels: no other frame, and no page that a frame was led to, can resize anything.
const HOME = new URL(import.meta.url).origin;
const [LOWEST, HIGHEST] = [200, 4000];

addEventListener("message", ({ data, origin, source }) => {
  if (origin !== HOME || data?.type !== "resize" || !Number.isFinite(data.height)) return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source) frame.height = Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(data.height)));
  }
});
