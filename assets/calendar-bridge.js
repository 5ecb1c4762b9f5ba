// <calendar-bridge src="https://calendars.example/feeds/season" view="month"></calendar-bridge>
//
// Shows an embedded view inside the page, without a frame: the server's own HTML in a shadow tree, with its style sheets.
// The other attributes are the parameters of an embed: theme, lang, tz, accent, week-start, and so on. Moving on from month to month
// stays inside. Only what the server of this script answers is shown, and nothing in it runs.

const HOME = new URL(import.meta.url).origin;
const PARAMETERS = ["tz", "lang", "theme", "accent", "title", "controls", "views", "groups", "q", "past", "next",
  "limit", "week_start", "hours", "details", "density"];
const ADDRESSES = ["href", "xlink:href", "src", "action", "formaction", "poster", "cite"];
const HARMLESS = new Set(["http:", "https:", "mailto:", "tel:", "webcal:", "data:"]);
// What could run, load or redirect beyond the style sheets that are taken over by themselves.
const REFUSED = "script, iframe, frame, object, embed, base, meta, link, style, template, portal";

/** What the paths of a closed calendar begin with: its door. */
const DOOR = /^\/s\/[^/]+(?=\/)/;

/** The embedded view that `element` asks for; nothing if that is not ours. */
function address(element) {
  const given = element.getAttribute("src");
  if (!given) return null;
  let url;
  try { url = new URL(given, document.baseURI); } catch { return null; }
  if (url.origin !== HOME) return null;
  const [door] = DOOR.exec(url.pathname) ?? [""];
  const parts = url.pathname.slice(door.length).replace(/\.(ics|json)$/, "").split("/").filter(Boolean);
  const [kind, ...rest] = parts;
  if (kind === "feeds" && rest.length) url.pathname = `${door}/embed/${rest.at(-1)}`;
  else if (kind === "groups" && rest.length > 1) url.pathname = `${door}/embed/groups/${rest[0]}/${rest[1]}`;
  else if (kind !== "embed" || !rest.length) return null;
  if (kind !== "embed") {
    url.pathname += `/${encodeURIComponent(element.getAttribute("view") || "month")}`;
    const date = element.getAttribute("date");
    if (date) url.pathname += `/${encodeURIComponent(date)}`;
  }
  for (const name of PARAMETERS) {
    const value = element.getAttribute(name.replace("_", "-"));
    if (value !== null) url.searchParams.set(name, value);
  }
  return url;
}

/** Whether `url` is a view that can be shown in place. */
const isView = (url) => url.origin === HOME && url.pathname.replace(DOOR, "").startsWith("/embed/");

/** Takes from `root` whatever could run, and makes its addresses those of `base`. */
function clean(root, base) {
  for (const element of root.querySelectorAll(REFUSED)) element.remove();
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith("on") || name === "style" || name === "srcdoc") element.removeAttribute(name);
      else if (ADDRESSES.includes(name) && !value.startsWith("#")) {
        let url = null;
        try { url = new URL(value, base); } catch { /* no address */ }
        if (url && HARMLESS.has(url.protocol)) element.setAttribute(name, url.href);
        else element.removeAttribute(name);
      }
    }
  }
  return root;
}

/** Offers in `whole` the times of the visitor's own clock where another one's are shown, as the view at `address`. */
function offerOwnTime(whole, address) {
  const zone = whole.querySelector("[data-my-time]");
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !own || own === zone.dataset.zone) return;
  const url = new URL(address);
  url.searchParams.set("tz", own);
  zone.append(" ", Object.assign(document.createElement("a"), { href: url.href, textContent: zone.dataset.myTime }));
}

/** The style sheets of `page`, as far as they are ours. */
function sheets(page, base) {
  return [...page.querySelectorAll('link[rel="stylesheet"][href]')]
    .map((link) => ({ href: new URL(link.getAttribute("href"), base), media: link.media }))
    .filter(({ href }) => href.origin === HOME)
    .map(({ href, media }) => Object.assign(document.createElement("link"), { rel: "stylesheet", href, media }));
}

/** A stand-in for the root and body of `page`, which a shadow tree has not. */
function body(page, base) {
  const whole = document.createElement("div");
  for (const source of [page.documentElement, page.body]) {
    for (const { name, value } of source.attributes) {
      if (name === "class") whole.classList.add(...source.classList);
      else if (name === "lang" || name === "dir" || name.startsWith("data-")) whole.setAttribute(name, value);
    }
  }
  whole.setAttribute("part", "calendar");
  whole.tabIndex = -1;
  whole.append(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
  // The page around has a main part of its own, and there is only one.
  for (const main of whole.querySelectorAll("main")) {
    const part = document.createElement("div");
    for (const { name, value } of main.attributes) part.setAttribute(name, value);
    part.append(...main.childNodes);
    main.replaceWith(part);
  }
  return clean(whole, base);
}

class CalendarBridge extends HTMLElement {
  static observedAttributes = ["src", "view", "date", ...PARAMETERS.map((name) => name.replace("_", "-"))];
  #root = this.attachShadow({ mode: "open" });
  #asked = null;
  #queued = false;

  connectedCallback() {
    this.#root.addEventListener("click", (event) => this.#clicked(event));
    this.#root.addEventListener("submit", (event) => this.#submitted(event));
    this.#soon();
  }

  disconnectedCallback() { this.#asked?.abort(); }

  attributeChangedCallback() { if (this.isConnected) this.#soon(); }

  // Several attributes set one after the other are one wish.
  #soon() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      const url = address(this);
      if (url) this.#show(url);
      else this.#say("This calendar’s address is not one of the server its script comes from.");
    });
  }

  async #show(url, thenFocus = false) {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    this.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { headers: { accept: "text/html" }, credentials: "omit", signal: asked.signal });
      const kind = answer.headers.get("content-type") ?? "";
      if (new URL(answer.url).origin !== HOME || !kind.startsWith("text/html")) throw new TypeError(kind);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [styles, whole] = [sheets(page, answer.url), body(page, answer.url)];
      offerOwnTime(whole, answer.url);
      await this.#dress(styles);
      if (asked.signal.aborted) return;
      this.#root.replaceChildren(...this.#kept(styles), whole);
      if (thenFocus) whole.focus({ preventScroll: true });
      this.dispatchEvent(new CustomEvent("calendar-bridge:shown", { detail: { url: url.href } }));
    } catch (error) {
      // What is there stays; an empty element says why.
      if (error.name !== "AbortError" && !this.#root.querySelector("[part]")) {
        this.#say("This calendar cannot be shown at the moment.", url);
      }
    } finally {
      if (this.#asked === asked) this.removeAttribute("aria-busy");
    }
  }

  // New sheets are loaded beside what is shown, so that nothing is ever seen without its style.
  async #dress(styles) {
    const here = new Set([...this.#root.querySelectorAll("link")].map((link) => link.href));
    const loads = styles.filter((link) => !here.has(link.href)).map((link) => new Promise((done) => {
      link.addEventListener("load", done);
      link.addEventListener("error", done);
      this.#root.append(link);
    }));
    await Promise.all(loads);
  }

  // The elements that have loaded, for an equal one would load again.
  #kept(styles) {
    const here = [...this.#root.querySelectorAll("link")];
    return styles.map((style) => here.find((link) => link.href === style.href) ?? style);
  }

  #say(text, url) {
    const said = document.createElement("p");
    said.append(text);
    if (url) said.append(" ", Object.assign(document.createElement("a"), { href: url.href, textContent: "Open it by itself." }));
    this.#root.replaceChildren(said);
  }

  #clicked(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (!isView(url) || (link.target && link.target !== "_self") || link.hasAttribute("download")) return;
    event.preventDefault();
    this.#show(url, true);
  }

  #submitted(event) {
    const form = event.target;
    const url = new URL(form.action);
    if (form.method !== "get" || !isView(url)) return;
    event.preventDefault();
    url.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
    this.#show(url, true);
  }
}

if (!customElements.get("calendar-bridge")) customElements.define("calendar-bridge", CalendarBridge);
