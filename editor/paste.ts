// What comes from Word, WPS and web pages: its structure stays, everything else goes before the editor looks at it.
//
// Styles are read as text, never applied: the page's security policy forbids inline styles.

import { webAddress } from "./address";

const DROPPED =
  "script, style, meta, link, title, base, xml, template, noscript, img, picture, source, video, audio, canvas, object, embed, iframe, frame, svg, math, button, input, select, textarea, option";
const KEPT: Record<string, readonly string[]> = {
  A: ["href"],
  TD: ["colspan", "rowspan"],
  TH: ["colspan", "rowspan"],
  SPAN: ["data-chip"],
  DIV: ["data-detail-table"],
};
const ALWAYS_KEPT = ["data-pm-slice", "data-align"];
const LINES = "p, h1, h2, h3, h4, h5, h6, div, td, th, li";

/** HTML from the clipboard with nothing in it but structure. */
export function cleanPastedHtml(html: string): string {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  removeComments(page);
  for (const element of page.querySelectorAll(DROPPED)) {
    element.remove();
  }
  rebuildLists(page);
  for (const element of [...page.body.querySelectorAll<HTMLElement>("*")]) {
    keepStyleAsStructure(element);
    keepAttributes(element);
  }
  return page.body.innerHTML;
}

/** Lays styles and handlers aside before anything is parsed: the page's policy would refuse each of them with a complaint. */
function withoutStyles(html: string): string {
  return html
    .replace(/<style\b[^>]*>[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(["'\s])(style|on[a-z]+)\s*=/gi, "$1data-$2="));
}

function removeComments(page: Document): void {
  const walker = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) {
    comments.push(walker.currentNode);
  }
  for (const comment of comments) {
    comment.parentNode?.removeChild(comment);
  }
}

function styleOf(element: Element): Map<string, string> {
  const declarations = (element.getAttribute("data-style") ?? "").toLowerCase().split(";");
  return new Map(declarations.map((each) => [each.slice(0, each.indexOf(":")).trim(), each.slice(each.indexOf(":") + 1).trim()]));
}

/** Word writes list items as paragraphs with a marker in front: made a list again, on one level. */
function rebuildLists(page: Document): void {
  let list: HTMLElement | undefined;
  for (const paragraph of [...page.body.querySelectorAll<HTMLElement>("p")]) {
    if (!styleOf(paragraph).has("mso-list")) {
      continue;
    }
    const markers = [...paragraph.querySelectorAll("span")].filter((span) => styleOf(span).get("mso-list") === "ignore");
    const marker = markers.map((each) => each.textContent ?? "").join("").trim();
    for (const each of markers) {
      each.remove();
    }
    const kind = /^[(（]?[0-9a-z一二三四五六七八九十]+[.)、）．]/i.test(marker) ? "OL" : "UL";
    if (!list || list.tagName !== kind || paragraph.previousElementSibling !== list) {
      list = page.createElement(kind);
      paragraph.before(list);
    }
    const item = page.createElement("li");
    item.append(paragraph);
    list.append(item);
  }
}

/** Bold, italic, underlined and centred by style become so by element. */
function keepStyleAsStructure(element: HTMLElement): void {
  const style = styleOf(element);
  const align = style.get("text-align") ?? element.getAttribute("align")?.toLowerCase();
  if ((align === "center" || align === "right" || align === "end") && element.matches(LINES)) {
    element.setAttribute("data-align", align === "center" ? "center" : "right");
  }
  const weight = style.get("font-weight") ?? "";
  const wrap = [
    [weight === "bold" || weight === "bolder" || Number(weight) >= 600, "b"],
    [style.get("font-style") === "italic", "i"],
    [/underline/.test(`${style.get("text-decoration") ?? ""} ${style.get("text-decoration-line") ?? ""}`), "u"],
  ] as const;
  // Headings and header cells are bold by what they are.
  if (element.matches("h1, h2, h3, h4, h5, h6, th, table, tr, ul, ol, tbody, thead")) {
    return;
  }
  for (const [on, tag] of wrap) {
    if (on && element.childNodes.length > 0 && !element.querySelector("p, div, ul, ol, table")) {
      const mark = element.ownerDocument.createElement(tag);
      mark.append(...element.childNodes);
      element.append(mark);
    }
  }
}

function keepAttributes(element: HTMLElement): void {
  const kept = KEPT[element.tagName] ?? [];
  for (const { name } of [...element.attributes]) {
    if (!kept.includes(name) && !ALWAYS_KEPT.includes(name)) {
      element.removeAttribute(name);
    }
  }
  if (element.tagName === "A" && !webAddress(element.getAttribute("href") ?? "").address) {
    element.removeAttribute("href");
  }
  // An empty line of Word holds one hard blank.
  if (element.tagName === "P" && element.textContent === "\u00a0" && !element.querySelector("[data-chip]")) {
    element.textContent = "";
  }
}
