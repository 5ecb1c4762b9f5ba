// Inside a frame: tells the page around it how high its content is. A number, and nothing else.
if (parent !== window) {
  const root = document.documentElement;
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ type: "resize", height }, "*");
  }).observe(root);
}
