/** What the system itself tells, where it was allowed to: seen beside other windows, too. */

/** `none`: this browser has no notices. */
export type Allowed = NotificationPermission | "none";

export const allowed = (): Allowed => ("Notification" in window ? Notification.permission : "none");

/** Tells it if nobody looks at this page; a click leads here. Gives what takes it back. */
export function notify(title: string, body: string, tag: string, onClick: () => void): () => void {
  if (document.hasFocus()) return () => {};
  return tell(title, body, tag, onClick);
}

/** Tells it in any case. */
export function tell(title: string, body: string, tag: string, onClick: () => void): () => void {
  if (allowed() !== "granted") return () => {};
  try {
    const notice = new Notification(title, { body, tag, icon: "/icon.svg", requireInteraction: true });
    notice.onclick = () => {
      window.focus();
      notice.close();
      onClick();
    };
    return () => notice.close();
  } catch {
    // Browsers of telephones know the word, and refuse it.
    return () => {};
  }
}

/** Puts a sign before the tab's title and changes its picture, whichever page is opened meanwhile. */
export function mark(title: string): () => void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  let before = document.title;
  document.title = title;
  icon?.setAttribute("href", "/icon-ringing.svg");
  // A page that is opened meanwhile says its own title: it is kept for later.
  const watch = new MutationObserver(() => {
    if (document.title === title) return;
    before = document.title;
    document.title = title;
  });
  const node = document.querySelector("title");
  if (node) watch.observe(node, { childList: true, characterData: true, subtree: true });
  return () => {
    watch.disconnect();
    document.title = before;
    icon?.setAttribute("href", "/icon.svg");
  };
}
