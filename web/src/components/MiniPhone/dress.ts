/** Makes another window of this page look like it: its styles, its scheme, its language, its keys. */

/** What of the root element says how all looks. */
const LOOKS = ["lang", "dir", "data-mantine-color-scheme"];

/** Gives what ends it. Styles that this page gets later are not passed on. */
export function dress(other: Window, title: string): () => void {
  const { document: to } = other;
  to.title = title;
  for (const sheet of document.querySelectorAll<HTMLLinkElement | HTMLStyleElement>('link[rel="stylesheet"], style')) {
    to.head.append(copy(sheet, to));
  }
  const follow = () => {
    for (const name of LOOKS) {
      const value = document.documentElement.getAttribute(name);
      if (value === null) to.documentElement.removeAttribute(name);
      else to.documentElement.setAttribute(name, value);
    }
  };
  follow();
  const looks = new MutationObserver(follow);
  looks.observe(document.documentElement, { attributeFilter: LOOKS });
  // A key that is pressed there is meant for the page.
  const pass = (event: KeyboardEvent) => {
    const { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
    if (!altKey) return;
    event.preventDefault();
    window.dispatchEvent(new KeyboardEvent("keydown", { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat }));
  };
  other.addEventListener("keydown", pass);
  return () => {
    looks.disconnect();
    other.removeEventListener("keydown", pass);
  };
}

/** A sheet as it is now: the policy lets in what comes from the server, and what carries its word. */
function copy(sheet: HTMLLinkElement | HTMLStyleElement, to: Document): HTMLElement {
  if (sheet instanceof HTMLLinkElement) {
    const link = to.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet.href;
    return link;
  }
  const style = to.createElement("style");
  style.nonce = sheet.nonce;
  style.textContent = sheet.textContent || rules(sheet);
  return style;
}

/** What a script wrote into a sheet stands in no text. */
const rules = ({ sheet }: HTMLStyleElement): string => (sheet ? [...sheet.cssRules].map(({ cssText }) => cssText).join("\n") : "");
