/** Secrets that links carry after the `#`. */

/** Takes it out of the address bar, so that it is in no history and over nobody's shoulder. */
export function takeSecret(): string {
  const secret = location.hash.slice(1);
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}
